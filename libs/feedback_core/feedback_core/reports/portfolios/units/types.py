"""What a unit is made of: criteria, and what would be evidence of each."""

from dataclasses import dataclass

from feedback_core.reports.portfolios.kinds import RecordKind
from feedback_core.reports.portfolios.records import Mark
from feedback_core.reports.portfolios.types import UnitKey


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a criterion asks for.

    Attributes:
        words: what counts as evidence of it.
        kinds: kinds of record that can show it; none: nothing that this service keeps can.
        different: how many different ones it takes: of methods, of groups who were told.
        days: of how many different days records must be.
        mark: what a record must have; ``None``: any of these kinds will do.
    """

    words: str
    kinds: tuple[RecordKind, ...] = ()
    different: int = 1
    days: int = 1
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion, told in words of ours.

    Attributes:
        key: unit and number, as its document has it.
        title: what somebody does who meets it.
        needs: what it asks for.
    """

    key: str
    title: str
    needs: tuple[Need, ...]

    @property
    def kinds(self) -> tuple[RecordKind, ...]:
        """Every kind of record that counts, each once."""
        return tuple(dict.fromkeys(kind for need in self.needs for kind in need.kinds))


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its criteria, in the order of its document."""

    key: UnitKey
    title: str
    criteria: tuple[Criterion, ...]
