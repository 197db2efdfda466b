"""Items that are answered on scales, and sets of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScaleItem:
    """A question, or a row of a matrix, that is answered on a scale.

    Attributes:
        row: of a matrix.
        of_everybody: whether it is put to every respondent.
    """

    question: str
    row: str | None
    low: int
    high: int
    of_everybody: bool

    @property
    def name(self) -> str:
        """As callers name it."""
        return self.question if self.row is None else f"{self.question}.{self.row}"


@dataclass(frozen=True, slots=True)
class ItemSet:
    """Items that measure one thing; ``reversed`` of them mean little of it by a high answer.

    Attributes:
        declared: by the inclusion rule or the caller; a matrix otherwise.
    """

    key: str
    items: tuple[str, ...]
    reversed: frozenset[str]
    declared: bool
