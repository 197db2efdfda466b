"""How sure we are, what we recommend, and what happens next."""

from collections.abc import Sequence

from feedback_core.reports.editions.acted import (
    actions,
    ahead_for_customers,
    done_for_customers,
    due,
    worked_for_customers,
)
from feedback_core.reports.editions.asked import certainty_words
from feedback_core.reports.editions.making import Making
from feedback_core.reports.editions.wording import day, ended, listed, representation, state_in_words, sureness
from feedback_core.reports.model import Block, Cell, Column, Nature, Points, Section, SectionKey, Table, Words
from feedback_core.reports.source import Proposal

_AGREED = frozenset({"accepted", "done"})
_OPEN = "proposed"


def certainty(making: Making) -> Section:
    """Sampling error, and whom the figures stand for."""
    blocks: list[Block] = [Words(certainty_words(making))]
    if not making.profile.courses:
        blocks.append(Points(_usable(making), Nature.JUDGEMENT))
        return Section(SectionKey.CERTAINTY, tuple(blocks))
    rows = tuple((making.name(feature), representation(feature.review)) for feature in making.features)
    columns = (
        Column("feature", "Feature", "Part of the service that customers judge", is_quoted=True),
        Column("stands_for", "The figure", "Whether the figure can be used for all customers"),
    )
    blocks.append(Table("certainty", "Whom each figure stands for", columns, rows, Nature.JUDGEMENT))
    if making.profile.methods:
        warnings = dict.fromkeys(
            ended(warning)
            for feature in making.features
            if feature.review.figure is not None
            for warning in feature.review.figure.warnings
        )
        if warnings:
            blocks.append(Points(tuple(warnings), Nature.FACT))
    return Section(SectionKey.CERTAINTY, tuple(blocks))


def recommended(making: Making) -> Section:
    """What follows from the findings, as far as the audience is told."""
    if making.profile.only_agreed:
        agreed = [proposal for proposal in making.proposals if _state(proposal) in _AGREED]
        if not agreed:
            words = "We have not agreed yet on what to change. When we have, it will stand here."
            return Section(SectionKey.RECOMMENDED, (Words(words, Nature.JUDGEMENT),))
        told = tuple(
            f"{_subject(making, proposal)}: {_promise(proposal)}{worked_for_customers(proposal)}."
            for proposal in agreed
        )
        return Section(SectionKey.RECOMMENDED, (Points(told, Nature.JUDGEMENT), *done_for_customers(agreed)))
    if not making.proposals:
        words = "Nothing is recommended: no feature is clearly behind, and enough people were heard."
        return Section(SectionKey.RECOMMENDED, (Words(words, Nature.JUDGEMENT),))
    columns, rows = _table(making)
    table = Table("recommendations", "Recommendations, the most important first", columns, rows, Nature.JUDGEMENT)
    return Section(SectionKey.RECOMMENDED, (table, *actions(making)))


def next_steps(making: Making) -> Section:
    """What waits for a decision, what was decided, and what is to be done by when."""
    if making.profile.only_agreed:
        words = "We go on asking, and will tell you whether what we change has worked."
        agreed = [
            (_subject(making, proposal), proposal) for proposal in making.proposals if _state(proposal) in _AGREED
        ]
        ahead = tuple(ahead_for_customers(agreed))
        promised: list[Block] = [Points(ahead, Nature.JUDGEMENT)] if ahead else []
        return Section(SectionKey.NEXT, (*promised, Words(words, Nature.JUDGEMENT)))
    waiting = [proposal for proposal in making.proposals if _state(proposal) in {_OPEN, None}]
    decided = [proposal for proposal in making.proposals if proposal not in waiting]
    blocks: list[Block] = []
    if waiting:
        asked_of_you = "Decisions asked of you:" if making.profile.risks else "These wait for a decision:"
        blocks += [Words(asked_of_you), Points(tuple(p.candidate.title for p in waiting), Nature.JUDGEMENT)]
    if decided:
        told = tuple(_decision(proposal, in_full=making.profile.decisions) for proposal in decided)
        blocks += [Words("This was decided:"), Points(told, Nature.FACT)]
    blocks += due(making)
    if not blocks:
        blocks.append(Words("Nothing waits for a decision. The next review looks again.", Nature.FACT))
    return Section(SectionKey.NEXT, tuple(blocks))


def _usable(making: Making) -> tuple[str, ...]:
    by_use: dict[str, list[str]] = {}
    for feature in making.features:
        by_use.setdefault(representation(feature.review), []).append(making.name(feature))
    if len(by_use) == 1:
        return tuple(f"Every figure: {words}." for words in by_use)
    return tuple(f"{listed(names)}: {words}." for words, names in by_use.items())


def _table(making: Making) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    profile = making.profile
    columns = [Column("recommendation", "Recommendation", "What is recommended", is_quoted=True)]
    if profile.reasons:
        columns.append(Column("why", "Why", "The finding that it stands on", is_quoted=True))
        columns.append(Column("how_sure", "How sure", "How much the evidence bears"))
    if profile.arithmetic:
        columns.append(Column("priority", "Priority", "The arithmetic of its rank"))
    columns.append(Column("state", "State", "Where it stands in the organisation's procedure"))
    rows = tuple(
        _row(proposal, profile_reasons=profile.reasons, arithmetic=profile.arithmetic) for proposal in making.proposals
    )
    return tuple(columns), rows


def _row(proposal: Proposal, *, profile_reasons: bool, arithmetic: bool) -> tuple[Cell, ...]:
    candidate = proposal.candidate
    cells: list[Cell] = [candidate.title]
    if profile_reasons:
        cells += [candidate.rationale, sureness(candidate.confidence)]
    if arithmetic:
        cells.append(candidate.priority_reason)
    return (*cells, state_in_words(_state(proposal)))


def _decision(proposal: Proposal, *, in_full: bool) -> str:
    standing = proposal.standing
    assert standing is not None
    told = f"{proposal.candidate.title}: {state_in_words(standing.state)}"
    if not in_full or standing.decided_at is None:
        return ended(told)
    return ended(f"{told}, decided by {standing.decided_by} on {day(standing.decided_at)}: {standing.reason}")


def _subject(making: Making, proposal: Proposal) -> str:
    """The feature's name: what people wrote of a recommendation is not told outside."""
    key = proposal.candidate.feature_key
    names: Sequence[str] = [f.review.feature_name for f in making.features if f.review.feature_key == key]
    return names[0] if names else "The service as a whole"


def _promise(proposal: Proposal) -> str:
    improve = proposal.candidate.kind.value == "improve"
    if _state(proposal) == "done":
        return "we have changed something" if improve else "we have asked more people"
    return "we work on making this better" if improve else "we ask more people before we judge"


def _state(proposal: Proposal) -> str | None:
    return None if proposal.standing is None else proposal.standing.state
