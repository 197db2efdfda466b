"""What an analysis of themes stands on, read in one snapshot: counts, and a bounded number of comments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np

from feedback_core.db.session import Session
from feedback_core.themes.analysis import queries
from feedback_core.themes.analysis.calc.shares import hidden_themes
from feedback_core.themes.analysis.calc.tallies import Counted, ThemeTally
from feedback_core.themes.analysis.queries import CodedRespondent, CommentCounts, CommentQuery
from feedback_core.themes.analysis.types import MOST_MODELLED, MOST_SUGGESTED_FROM, Example, Source, ThemesParameters
from feedback_core.themes.analysis.use_cases import AskedThemes
from feedback_core.themes.codings.calc.settling import settle_codings
from feedback_core.themes.codings.queries import current_codings
from feedback_core.themes.codings.types import Coding, SettledCoding
from feedback_core.themes.lots import place_of

EXAMPLES_FROM: Final = 200
"""Comments of a theme among which those are looked for that show what it is about."""

Said = Sequence[tuple[Example, str]]


@dataclass(frozen=True, slots=True)
class HandCoding:
    """What people gave to comments.

    Attributes:
        codings: the latest of each coder in each role.
        settled: what holds of each comment.
        texts: of the settled, for a model to learn from; empty where none is asked for.
        rules: what the rules give to the settled comments.
    """

    codings: Sequence[Coding]
    settled: Sequence[SettledCoding]
    texts: Mapping[Example, str]
    rules: Mapping[Example, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Material:
    """What the analysis is made of.

    Attributes:
        comments: by language and tone.
        respondents: who gave them.
        left_out: who commented in the period and was left out by groups or language.
        counts: respondents by theme, period and score.
        candidates: comments of each theme that may be shown, with what they say.
        unthemed: comments that new themes are looked for in.
    """

    comments: Sequence[CommentCounts]
    respondents: int
    left_out: int
    counts: Sequence[Counted]
    candidates: Mapping[str, Said]
    unthemed: Said


def query_of(asked: AskedThemes, language: str | None) -> CommentQuery:
    """Which comments are looked at."""
    return CommentQuery(asked.organisation.organisation_id, asked.survey_id, asked.questions, asked.selection, language)


async def load_hand_coding(session: Session, asked: AskedThemes, source: Source) -> HandCoding:
    """What was coded by hand of the questions that are looked at, of any time: it tells how right a source is."""
    organisation_id = asked.organisation.organisation_id
    found = await current_codings(session, organisation_id, asked.survey_id)
    codings = [coding for coding in found if coding.comment.question in asked.questions]
    settled = settle_codings(codings)
    refs = [Example(coding.comment.response_id, coding.comment.question) for coding in settled]
    texts, rules = {}, {}
    if refs and source is Source.MODEL:
        texts = await queries.texts_of(session, organisation_id, refs)
    if refs and source is Source.RULES and asked.history:
        version = asked.history.codebook.version
        rules = await queries.rule_themes(session, organisation_id, refs, codebook_version=version)
    return HandCoding(codings, settled, texts, rules)


async def load_to_be_modelled(session: Session, asked: AskedThemes, parameters: ThemesParameters, seed: int) -> Said:
    """The comments that a model is to code: all, or as many as it codes at most, drawn at random."""
    query = query_of(asked, parameters.language)
    return await queries.drawn_comments(session, query, place_of(seed), most=MOST_MODELLED + 1)


async def load_material(
    session: Session,
    asked: AskedThemes,
    parameters: ThemesParameters,
    *,
    coded: Sequence[CodedRespondent] | None,
    seed: int,
) -> Material:
    """All that the analysis needs; ``coded``: by the source, ``None`` for rules."""
    query = query_of(asked, parameters.language)
    everybody = replace(query, selection=replace(query.selection, where={}), language=None)
    respondents = await queries.respondents(session, query)
    left_out = 0
    if everybody != query:
        left_out = await queries.respondents(session, everybody) - respondents
    counts: list[Counted] = []
    if asked.history is not None:
        counts = await queries.theme_counts(
            session,
            query,
            parameters.bucket,
            asked.kpi.target if asked.kpi else None,
            codebook_version=asked.history.codebook.version,
            coded=coded,
        )
    return Material(
        comments=await queries.comment_counts(session, query),
        respondents=respondents,
        left_out=left_out,
        counts=counts,
        candidates=await _candidates(session, asked, parameters, query, counts, coded, seed),
        unthemed=await _unthemed(session, asked, parameters, query, seed),
    )


async def _candidates(
    session: Session,
    asked: AskedThemes,
    parameters: ThemesParameters,
    query: CommentQuery,
    counts: Sequence[Counted],
    coded: Sequence[CodedRespondent] | None,
    seed: int,
) -> dict[str, Said]:
    if asked.history is None:
        return {}
    tally = ThemeTally(counts, asked.history.since, parameters.source)
    mentions = {key: tally.mentions(key) for key in asked.history.codebook.keys}
    minimum = asked.organisation.minimum_cell_size
    hidden, _ = hidden_themes(mentions, tally.uncoded, minimum=minimum)
    found: dict[str, Said] = {}
    for theme, n in mentions.items():
        if theme in hidden or n < minimum:
            continue
        among = None if coded is None else _some([c.response_id for c in coded if theme in c.themes], seed)
        found[theme] = await queries.drawn_comments(
            session,
            query,
            place_of(seed),
            most=EXAMPLES_FROM,
            theme=theme if coded is None else None,
            among=among,
        )
    return found


async def _unthemed(
    session: Session, asked: AskedThemes, parameters: ThemesParameters, query: CommentQuery, seed: int
) -> Said:
    if not parameters.suggestions:
        return ()
    by_rules = asked.history.codebook.version if asked.history and asked.history.codebook.has_rules else None
    return await queries.drawn_comments(session, query, place_of(seed), most=MOST_SUGGESTED_FROM, uncoded_by=by_rules)


def _some(responses: Collection[UUID], seed: int) -> list[UUID]:
    ordered = sorted(responses)
    chosen = np.random.default_rng(seed).permutation(len(ordered))[:EXAMPLES_FROM]
    return [ordered[index] for index in chosen.tolist()]
