"""What the hosted questionnaire does with a request: show a page, or take a form and say where to go."""

from dataclasses import replace

from fastapi import Response

from feedback_api.hosted_pages import AGAIN, COOKIE, Following, keep_known, one, posted_form, posted_of, shown, told
from feedback_core.collectors.answering import THANKS, Taken, take_form
from feedback_core.collectors.links import path_of
from feedback_core.collectors.showing import NO_COOKIE, Again, Asked, page_wanted
from feedback_core.collectors.visits import Finds, Visit
from feedback_core.kit.clock import Clock
from feedback_core.responses.open_responses.types import OpenResponseClosed
from feedback_core.responses.types import SurveyClosed


async def see(following: Following, clock: Clock) -> Response:
    """The page that was asked for, or the one where this reader is; nothing is written."""
    now = clock.now()
    found = await following.visit(now, nonce=following.nonce, holds=False)
    asked = following.asked
    if found.finds is Finds.QUESTIONS:
        page = page_wanted(found, asked)
        response = told(NO_COOKIE, found, asked) if page is None else shown(found, page, asked)
        if following.nonce is None:
            keep_known(response, following, found, asked.form, now)
        return response
    if _is_thanked(found, asked.page):
        return following.go(THANKS) if asked.page != THANKS else told(Finds.THANKS, found, asked)
    what = Finds.ANSWERED if found.finds is Finds.THANKS else found.finds
    return told(what, found, asked)


async def take(following: Following, clock: Clock, request_id: str) -> Response:
    """Take a form; what comes back sends the browser on, or shows the page again with what is wrong."""
    fields, nonce = await posted_form(following)
    following = following.read_in(one(fields, "lang"))
    now, state = clock.now(), following.request.app.state
    found = await following.visit(now, nonce=nonce, holds=True)
    if one(fields, "go") == AGAIN and found.link.collector.on_shared_device:
        response = following.go(None)
        response.delete_cookie(COOKIE, path=path_of(following.link))
        return response
    if found.finds is not Finds.QUESTIONS:
        return following.go(THANKS) if found.finds is Finds.THANKS else told(found.finds, found, following.asked)
    posted, asked = posted_of(fields, nonce, following, found)
    session = await following.request.state.unit_of_work.session(found.link.organisation_id)
    taken = await take_form(
        session,
        found,
        posted,
        invitations=state.invitations,
        request_id=request_id,
        privacy=state.privacy,
        clock=clock,
    )
    if taken.is_lost:
        return told(NO_COOKIE, found, asked)
    found = found.with_draft(taken.draft, taken.survey)
    if taken.page is None:
        response = shown(found, posted.page, asked, Again(fields, taken.troubles, taken.is_changed))
    else:
        onward = following.read_in(one(fields, "to")).asked.wish
        asked = replace(asked, wish=onward, is_check=taken.is_incomplete)
        response = _onward(following, found, taken, asked)
    if taken.is_begun or following.nonce is None:
        keep_known(response, following, found, asked.form, now)
    return response


async def take_or_look_again(following: Following, clock: Clock, request_id: str) -> Response:
    """Take a form; if its response has ended meanwhile, have the reader shown what became of it."""
    try:
        return await take(following, clock, request_id)
    except (OpenResponseClosed, SurveyClosed):
        return following.go(THANKS)


def _onward(following: Following, found: Visit, taken: Taken, asked: Asked) -> Response:
    """To the next page; by GET, unless the browser keeps no cookie and would not be known there."""
    assert taken.page is not None
    if following.nonce is not None:
        return following.go(taken.page, language=asked.wish, is_check=asked.is_check)
    return told(Finds.THANKS, found, asked) if taken.page == THANKS else shown(found, taken.page, asked)


def _is_thanked(found: Visit, page: str | None) -> bool:
    """Whether somebody is thanked, rather than told that they have answered: they come from sending the answers.

    The link of one person, followed anew, is used up.
    """
    if found.finds is Finds.ANSWERED:
        return page == THANKS
    return found.finds is Finds.THANKS and (page is not None or found.link.invited is None)
