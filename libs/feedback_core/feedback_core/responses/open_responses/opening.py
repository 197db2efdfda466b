"""Opening a response, once, and who may then answer in it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Unauthenticated
from feedback_core.kit.ids import new_id
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.open_responses.changes import draft_of, given_answers, refuse
from feedback_core.responses.open_responses.queries import answering
from feedback_core.responses.open_responses.queries.answering import EarlierOpening
from feedback_core.responses.open_responses.types import (
    MOST_TOKENS,
    RESPONDENT_REQUESTS_PER_MINUTE,
    Opened,
    Opener,
    Opening,
    OpenResponse,
    OpenState,
)
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.quotas.use_cases import reserve_places
from feedback_core.responses.submission_keys.credentials import PublicCredential, PublicKind
from feedback_core.responses.submission_keys.queries import live_origins
from feedback_core.responses.submission_keys.types import KeyFault, PublicCaller
from feedback_core.responses.submission_keys.use_cases import own_idempotency_key
from feedback_core.responses.types import NewResponse, Rejected, ResponseFault, StillSettling
from feedback_core.responses.use_cases import check_responses, survey_taking_answers
from feedback_core.responses.versions import versions
from feedback_core.surveys.references import SurveyReferences
from feedback_core.surveys.types import ResponseStatus
from feedback_core.surveys.validation import RefusedAnswers

_ROUNDS: Final = 5


async def open_response(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    said: Opening,
    *,
    by: Opener,
    secret: bytes,
    privacy: Privacy,
    clock: Clock,
) -> Opened:
    """Begin a response to the version that takes answers now; it stays with that version.

    The same request again (by ``idempotency_key`` or ``external_id``) gets the same open response, and another token.

    Args:
        session: bound to the organisation.
        organisation_id: whose survey it is.
        survey_id: which survey.
        said: what is known of the response by now.
        by: with what it is opened.
        secret: 24 random bytes of the respondent's token.
        privacy: for what identifies people.
        clock: for the time at which it is opened.

    Raises:
        NotFound: no such survey here.
        SurveyNotPublished: it has no version yet.
        SurveyClosed: it takes no more answers.
        ResponseRefused: everything wrong with it is named. Its subclasses: another one was opened, or recorded, under
            a name that was used, or it would keep more of the respondent than it may.
        QuotaFull: places were to be kept, and one of its cells has none left.
        StillSettling: others open and close the same response all the time.
    """
    survey = await survey_taking_answers(session, organisation_id, survey_id)
    now = clock.now()
    hashes = privacy.references.of_survey(organisation_id, survey_id)
    idempotency_ref = opening_reference(hashes, by, said.idempotency_key)
    envelope = NewResponse(
        answers={},
        attributes=said.attributes,
        external_id=said.external_id,
        method=said.method,
        confidentiality=said.confidentiality,
        status=ResponseStatus.PARTIAL,
        respondent=said.respondent,
    )
    (checked,) = check_responses(organisation_id, survey, [envelope], privacy=privacy, received_at=now)
    values = versions.validator(survey.version_id, survey.questionnaire).check_values(said.answers, {})
    faults = _public_faults(said) if by.is_public else ()
    faults += checked.faults if isinstance(checked, Rejected) else ()
    faults += values.faults if isinstance(values, RefusedAnswers) else ()
    if isinstance(checked, Rejected) or isinstance(values, RefusedAnswers) or faults:
        raise refuse(faults)
    content_hash = hashes.content(_content(said, checked))
    row = OpenResponse(
        id=new_id(),
        survey_id=survey_id,
        survey_version_id=survey.version_id,
        state=OpenState.OPEN,
        opened_by=by.id,
        opened_publicly=by.is_public,
        external_id=checked.external_id,
        external_ref=checked.external_ref,
        respondent_ref=checked.respondent_ref,
        identity=privacy.identities.seal(checked.respondent) if checked.respondent else None,
        method=checked.method,
        confidentiality=checked.confidentiality,
        attributes=json.loads(checked.attributes),
        opened_at=now,
        updated_at=now,
        closes_at=now + await answering.auto_close_after(session, organisation_id, survey_id),
        closed_at=None,
        response_id=None,
        revision=1,
    )
    credential = PublicCredential(PublicKind.RESPONDENT, organisation_id, survey_id, row.id, secret)
    for _ in range(_ROUNDS):
        is_new = await answering.add(
            session,
            organisation_id,
            row,
            token_hash=credential.secret_hash(),
            idempotency_ref=idempotency_ref,
            content_hash=content_hash,
        )
        if is_new:
            answers = given_answers(values.answers, {}, at=now)
            await answering.add_answers(session, organisation_id, row.id, answers)
            opened = Opened(await draft_of(session, organisation_id, row, answers), credential.token(), is_new=True)
            return await _with_places(session, organisation_id, opened, said, clock=clock)
        earlier = await answering.earlier_openings(
            session, organisation_id, survey_id, idempotency_ref=idempotency_ref, external_ref=row.external_ref
        )
        if earlier:
            opened = await _again(session, organisation_id, earlier, secret, content_hash=content_hash)
            return await _with_places(session, organisation_id, opened, said, clock=clock)
    raise StillSettling("Others keep opening and closing this response: try again.")


def opening_reference(hashes: SurveyReferences, by: Opener, idempotency_key: str | None) -> bytes | None:
    """By what an opening with a key is known among those of a survey; ``None``: it has none.

    Raises:
        Invalid: everybody may open with this key, and somebody could guess it.
    """
    key = own_idempotency_key(by.id, idempotency_key, is_public=by.is_public)
    return None if key is None else hashes.idempotency_key(f"open:{key}")


async def respondent_caller(session: Session, credential: PublicCredential, *, clock: Clock) -> PublicCaller:
    """Who holds the token of an open response, in a session bound to the organisation that it names.

    Raises:
        Unauthenticated: no such open response, or not its token; the answer does not say which.
    """
    organisation_id, survey_id = credential.organisation_id, credential.survey_id
    found = await answering.with_tokens(session, organisation_id, survey_id, credential.id)
    if found is None or not credential.matches(found[1]):
        raise Unauthenticated("This respondent token is not valid.")
    return PublicCaller(
        organisation_id=organisation_id,
        api_key_id=credential.id,
        name="respondent",
        scopes=frozenset(),
        expires_at=None,
        survey_id=survey_id,
        open_response_id=credential.id,
        origins=await live_origins(session, organisation_id, survey_id, now=clock.now()),
        requests_per_minute=RESPONDENT_REQUESTS_PER_MINUTE,
    )


async def _again(
    session: Session, organisation_id: UUID, earlier: Sequence[EarlierOpening], secret: bytes, *, content_hash: bytes
) -> Opened:
    """What the request got that came first, with a token of its own: the first one is not kept, only its hash."""
    first = earlier[0]
    if first.content_hash != content_hash:
        raise refuse((_KEY_REUSED if first.has_key else _NAME_REUSED,))
    opened = first.opened
    credential = PublicCredential(PublicKind.RESPONDENT, organisation_id, opened.survey_id, opened.id, secret)
    tokens = [*first.token_hashes, credential.secret_hash()][-MOST_TOKENS:]
    await answering.save_tokens(session, organisation_id, opened.id, tokens)
    answers = await answering.answers_of(session, organisation_id, opened.id)
    return Opened(await draft_of(session, organisation_id, opened, answers), credential.token(), is_new=False)


async def _with_places(
    session: Session, organisation_id: UUID, opened: Opened, said: Opening, *, clock: Clock
) -> Opened:
    this = opened.draft.opened
    if not said.reserve or this.state is not OpenState.OPEN or this.closes_at <= clock.now():
        return opened
    kept = await reserve_places(session, organisation_id, this.survey_id, this.id, clock=clock)
    return replace(opened, reserved_until=kept.expires_at)


def _public_faults(said: Opening) -> tuple[Fault, ...]:
    if said.external_id is None:
        return ()
    detail = "With a submission key nothing is named: whoever guesses a name would learn that it is taken."
    return (Fault("/external_id", KeyFault.NOT_FROM_THE_PUBLIC.value, detail),)


def _content(said: Opening, row: ResponseRow) -> str:
    """Everything that a repetition must say again to open the same response."""
    who = said.respondent
    return json.dumps(
        [
            "open",
            said.external_id,
            row.method,
            row.confidentiality,
            (who.id, who.name, who.email, who.phone) if who else None,
            row.attributes,
            said.answers,
            *(["reserve"] if said.reserve else []),
        ],
        sort_keys=True,
    )


_KEY_REUSED: Final = Fault(
    "/header/idempotency-key",
    ResponseFault.IDEMPOTENCY_KEY_REUSED.value,
    "This Idempotency-Key came before with another opening: use a new key for a new response.",
)
_NAME_REUSED: Final = Fault(
    "/external_id",
    ResponseFault.EXTERNAL_ID_REUSED.value,
    "A response of this external_id is open, and was opened with other content: use a new external_id.",
)
