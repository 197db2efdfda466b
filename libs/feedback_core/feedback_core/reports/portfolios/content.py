"""What a portfolio says: each criterion with the records that there are for it. Pure: the same records say the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from uuid import UUID

from feedback_core.reports.portfolios.kinds import RecordKind
from feedback_core.reports.portfolios.records import Mark
from feedback_core.reports.portfolios.types import Summary
from feedback_core.reports.portfolios.units.types import Criterion, Need, Unit


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the archive.

    Attributes:
        path: in the archive.
        sha256: in hexadecimal.
    """

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as lists show it; what it says is in its file.

    Attributes:
        file: the record as JSON.
        kept: the file that goes with it, as it was kept; ``None``: there is none, or none any more.
    """

    kind: RecordKind
    title: str
    at: datetime
    by: str | None
    link: str
    file: FileEntry
    kept: FileEntry | None = None
    facet: str | None = None
    marks: frozenset[Mark] = frozenset()

    def document(self) -> dict[str, object]:
        """As JSON."""
        return {
            "path": self.file.path,
            "sha256": self.file.sha256,
            "kind": self.kind.folder,
            "title": self.title,
            "at": self.at,
            "by": self.by,
            "link": self.link,
            "kept_file": None if self.kept is None else {"path": self.kept.path, "sha256": self.kept.sha256},
        }


class State(Enum):
    """How much there is for a criterion; whether it is enough is for an assessor to judge."""

    RECORDS = ("records", "Records are there")
    IN_PART = ("in_part", "Records are there for a part of it")
    NOTHING = ("nothing", "Nothing is there")

    def __init__(self, key: str, words: str) -> None:
        self.key = key
        self.words = words


@dataclass(frozen=True, slots=True)
class Evidence:
    """Records of one kind that count for a need, the earliest first."""

    kind: RecordKind
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A need, and what there is for it.

    Attributes:
        evidence: by kind; kinds of which there is nothing are left out.
        missing: kinds that would count, and of which there is nothing.
        facets: the different ones that there are: methods, groups.
        days: of how many different days (UTC) the records are.
    """

    need: Need
    evidence: tuple[Evidence, ...]
    missing: tuple[RecordKind, ...]
    facets: tuple[str, ...]
    days: int

    @property
    def is_met(self) -> bool:
        """Whether there is something, of enough different ones and days."""
        is_varied = self.need.different == 1 or len(self.facets) >= self.need.different
        return bool(self.evidence) and is_varied and self.days >= self.need.days

    @property
    def short_of(self) -> str | None:
        """What it takes more of; ``None``: nothing, or there is none at all."""
        if self.is_met or not self.evidence:
            return None
        if self.days < self.need.days:
            return f"all of it is of {self.days} of the {self.need.days} different days that it takes"
        there = ", ".join(facet.replace("_", " ") for facet in self.facets) or "none"
        return f"{len(self.facets)} of {self.need.different} different ones are there: {there}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A criterion, and what there is for it."""

    criterion: Criterion
    needs: tuple[Answered, ...]

    @property
    def state(self) -> State:
        """How much there is."""
        if all(need.is_met for need in self.needs):
            return State.RECORDS
        return State.IN_PART if any(need.evidence for need in self.needs) else State.NOTHING


@dataclass(frozen=True, slots=True)
class KindFound:
    """Records of one kind.

    Attributes:
        is_kept: whether any capability of this service keeps such records.
        total: how many there are, of which ``entries`` are the latest.
    """

    kind: RecordKind
    is_kept: bool
    total: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All of it.

    Attributes:
        surveys: that records of surveys were limited to; empty: to none.
    """

    unit: Unit
    organisation: str
    starts_at: datetime | None
    ends_at: datetime | None
    surveys: tuple[UUID, ...]
    kinds: tuple[KindFound, ...]
    criteria: tuple[Shown, ...] = field(default=())

    @property
    def as_of(self) -> datetime | None:
        """Date of the latest record; ``None``: there is none."""
        return max((entry.at for found in self.kinds for entry in found.entries), default=None)

    def of(self, state: State) -> tuple[str, ...]:
        """Keys of the criteria of which there is so much."""
        return tuple(shown.criterion.key for shown in self.criteria if shown.state is state)

    def summary(self) -> Summary:
        """How much there is."""
        read = sum(len(found.entries) for found in self.kinds)
        return Summary(
            with_records=self.of(State.RECORDS),
            in_part=self.of(State.IN_PART),
            without_records=self.of(State.NOTHING),
            records=read,
            left_out=sum(found.total for found in self.kinds) - read,
        )

    def document(self) -> dict[str, object]:
        """As JSON."""
        return {
            "unit": self.unit.key.value,
            "title": self.unit.title,
            "organisation": self.organisation,
            "from": self.starts_at,
            "to": self.ends_at,
            "survey_ids": list(self.surveys),
            "latest_record_at": self.as_of,
            "summary": self.summary().to_json(),
            "criteria": [_criterion(shown) for shown in self.criteria],
            "kinds": [
                {
                    "kind": found.kind.folder,
                    "name": found.kind.label,
                    "says": found.kind.says,
                    "is_kept": found.is_kept,
                    "records": found.total,
                    "in_this_file": len(found.entries),
                }
                for found in self.kinds
            ],
            "records": [entry.document() for found in self.kinds for entry in found.entries],
        }


def portfolio_of(
    unit: Unit,
    organisation: str,
    kinds: Sequence[KindFound],
    *,
    starts_at: datetime | None,
    ends_at: datetime | None,
    surveys: Sequence[UUID],
) -> Portfolio:
    """Hold what was found against the criteria of a unit."""
    found = {each.kind: each.entries for each in kinds}
    criteria = tuple(
        Shown(criterion, tuple(answer(need, found) for need in criterion.needs)) for criterion in unit.criteria
    )
    return Portfolio(unit, organisation, starts_at, ends_at, tuple(surveys), tuple(kinds), criteria)


def answer(need: Need, found: Mapping[RecordKind, Sequence[Entry]]) -> Answered:
    """What there is for a need."""
    evidence, missing = [], []
    for kind in need.kinds:
        fitting = tuple(entry for entry in found.get(kind, ()) if need.mark is None or need.mark in entry.marks)
        if fitting:
            evidence.append(Evidence(kind, fitting))
        else:
            missing.append(kind)
    facets = sorted({entry.facet for each in evidence for entry in each.entries if entry.facet is not None})
    days = {entry.at.astimezone(UTC).date() for each in evidence for entry in each.entries}
    return Answered(need, tuple(evidence), tuple(missing), tuple(facets), len(days))


def kinds_of(unit: Unit) -> tuple[RecordKind, ...]:
    """Every kind of record that counts for a unit, in the order in which kinds are listed."""
    counting = {kind for criterion in unit.criteria for kind in criterion.kinds}
    return tuple(kind for kind in RecordKind if kind in counting)


def _criterion(shown: Shown) -> dict[str, object]:
    return {
        "criterion": shown.criterion.key,
        "title": shown.criterion.title,
        "state": shown.state.key,
        "needs": [
            {
                "what_counts": answered.need.words,
                "is_there": answered.is_met,
                "short_of": answered.short_of,
                "evidence": [
                    {
                        "kind": each.kind.folder,
                        "records": len(each.entries),
                        "first_at": each.entries[0].at,
                        "last_at": each.entries[-1].at,
                        "paths": [entry.file.path for entry in each.entries],
                    }
                    for each in answered.evidence
                ],
                "would_count_too": [kind.folder for kind in answered.missing],
            }
            for answered in shown.needs
        ],
    }
