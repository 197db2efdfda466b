"""What page and document say alike: the words of a portfolio, and which records of many are listed."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from feedback_core.reports.portfolios.content import Answered, Entry, Evidence, KindFound, Portfolio, Shown, State
from feedback_core.reports.portfolios.kinds import RecordKind

_WHAT: Final = (
    "These are the organisation's own records, sorted by what they can be evidence of. That records are there does not"
    " say that a criterion is met: that is for whoever assesses it."
)
_WHAT_NOT: Final = (
    "No comment, no respondent and no address is in any file. No figure was made of answers for this: what was withheld"
    " where it was made is withheld here."
)
_PROOF: Final = (
    "Each file has its SHA-256 in manifest.json and SHA256SUMS, so that it can be seen whether it was changed since."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many records are listed, the latest: for each kind that counts for a need, and of each kind as a whole."""

    of_need: int
    of_kind: int


@dataclass(frozen=True, slots=True)
class Row:
    """A record in a list."""

    date: str
    title: str
    by: str
    link: str
    path: str
    sha256: str
    kept: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """Records of one kind: the latest, and in words how many there are.

    Attributes:
        anchor: where all of its kind are listed.
    """

    anchor: str
    label: str
    said: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class NeedView:
    """A need, and what there is for it."""

    words: str
    said: str
    is_met: bool
    lists: tuple[Listed, ...]
    missing: str | None


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion, and what there is for it."""

    anchor: str
    key: str
    title: str
    state: str
    state_key: str
    needs: tuple[NeedView, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A portfolio in words."""

    title: str
    organisation: str
    period: str
    as_of: str
    introduction: tuple[str, ...]
    counts: str
    criteria: tuple[CriterionView, ...]
    kinds: tuple[Listed, ...]

    @property
    def nothing(self) -> tuple[CriterionView, ...]:
        """The criteria for which there is nothing."""
        return tuple(each for each in self.criteria if each.state_key == State.NOTHING.key)


def view_of(portfolio: Portfolio, limits: Limits) -> View:
    """The words of a portfolio."""
    kept = {found.kind for found in portfolio.kinds if found.is_kept}
    summary = portfolio.summary()
    counts = (
        f"Of {len(portfolio.criteria)} criteria, records are there for {len(summary.with_records)}, for a part of"
        f" {len(summary.in_part)}, and nothing for {len(summary.without_records)}. {summary.records:,} records are in"
        " this file"
    )
    left = f"; of kinds with many, {summary.left_out:,} earlier ones are not" if summary.left_out else ""
    as_of = portfolio.as_of
    return View(
        title=f"Evidence: {portfolio.unit.title}",
        organisation=portfolio.organisation,
        period=_period(portfolio),
        as_of="There is no record yet." if as_of is None else f"The latest record is of {_day(as_of)}.",
        introduction=(_WHAT, _WHAT_NOT, _PROOF),
        counts=f"{counts}{left}.",
        criteria=tuple(_criterion(shown, kept, limits) for shown in portfolio.criteria),
        kinds=tuple(_kind(found, limits) for found in portfolio.kinds if found.entries),
    )


def _criterion(shown: Shown, kept: AbstractSet[RecordKind], limits: Limits) -> CriterionView:
    criterion, state = shown.criterion, shown.state
    return CriterionView(
        anchor=f"criterion-{criterion.key.lower().replace('.', '-')}",
        key=criterion.key,
        title=criterion.title,
        state=state.words,
        state_key=state.key,
        needs=tuple(_need(answered, kept, limits) for answered in shown.needs),
    )


def _need(answered: Answered, kept: AbstractSet[RecordKind], limits: Limits) -> NeedView:
    return NeedView(
        words=answered.need.words,
        said=_said(answered, kept),
        is_met=answered.is_met,
        lists=tuple(_evidence(each, limits.of_need) for each in answered.evidence),
        missing=_missing(answered, kept),
    )


def _said(answered: Answered, kept: AbstractSet[RecordKind]) -> str:
    if answered.is_met:
        return "There are records."
    if answered.short_of is not None:
        return f"Not enough: {answered.short_of}."
    if kept.isdisjoint(answered.need.kinds):
        return "Nothing is there: this service keeps no such records."
    return "Nothing is there."


def _missing(answered: Answered, kept: AbstractSet[RecordKind]) -> str | None:
    """Kinds that would count, too; those that nothing keeps yet are named as such."""
    if not answered.missing:
        return None
    names = [f"{kind.label}{'' if kind in kept else ' (not kept by this service)'}" for kind in answered.missing]
    also = "would count too, and there are none" if answered.evidence else "would count"
    return f"What {also}: {'; '.join(names)}."


def _evidence(evidence: Evidence, most: int) -> Listed:
    entries = evidence.entries
    first, last = _day(entries[0].at), _day(entries[-1].at)
    when = first if first == last else f"{first} to {last}"
    said = f"{_number(len(entries))}, {when}{_latest(len(entries), most)}"
    return Listed(_anchor(evidence.kind), evidence.kind.label, said, _rows(entries, most))


def _kind(found: KindFound, limits: Limits) -> Listed:
    listed = min(len(found.entries), limits.of_kind)
    said = f"{found.kind.says}. {_number(found.total)}"
    if found.total > len(found.entries):
        said += f", of which the latest {len(found.entries):,} are in this file"
    if len(found.entries) > listed:
        said += f"; the latest {listed} are listed here, the others in portfolio.json"
    return Listed(_anchor(found.kind), found.kind.label, f"{said}.", _rows(found.entries, limits.of_kind))


def _rows(entries: Sequence[Entry], most: int) -> tuple[Row, ...]:
    return tuple(
        Row(
            date=_day(entry.at),
            title=entry.title,
            by=entry.by or "–",
            link=entry.link,
            path=entry.file.path,
            sha256=entry.file.sha256,
            kept=None if entry.kept is None else entry.kept.path,
        )
        for entry in entries[-most:]
    )


def _period(portfolio: Portfolio) -> str:
    first, end = portfolio.starts_at, portfolio.ends_at
    surveys = f" Of {len(portfolio.surveys)} chosen surveys." if portfolio.surveys else ""
    if first is None and end is None:
        return f"Records of any date.{surveys}"
    begins = "Records up to" if first is None else f"Records from {_day(first)} to"
    # The end is the first instant that does not belong to the period.
    ends = "now" if end is None else _day(end - timedelta(microseconds=1))
    return f"{begins} {ends}.{surveys}"


def _latest(count: int, most: int) -> str:
    return f"; the latest {most} of them:" if count > most else ":"


def _number(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"


def _anchor(kind: RecordKind) -> str:
    return f"kind-{kind.folder.replace('_', '-')}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"
