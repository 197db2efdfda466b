"""Vocabulary of cross-tabs: what is crossed, joint counts, and the table that may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from feedback_core.kit.estimates import Interval

CrossTabStatistic = Literal["Pearson", "F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"]


@dataclass(frozen=True, slots=True)
class Axis:
    """What the rows or the columns of a table are.

    Attributes:
        name: of an attribute, ``method``, a question, or ``question.item``.
        question: key of the question; ``None`` for an attribute.
        item: row of a matrix, or choice of a multiple choice.
        categories: value as it is counted to the category that it belongs to, in the order of the table; of the method
            none, since any may be recorded.
    """

    name: str
    question: str | None
    item: str | None
    categories: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class JointCount:
    """So many respondents with these attributes, in this category of each axis."""

    attributes: Mapping[str, str]
    row: str
    column: str
    n: int


@dataclass(frozen=True, slots=True)
class ShareOf:
    """A share, 0..1, with its interval; ``None`` where it has no sampling error that could be told."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class CrossCell:
    """One cell; of what is withheld nothing is told.

    Attributes:
        share: of the whole table.
        row_share: of its row.
        column_share: of its column.
        residual: standardised; beyond ±2 the cell stands out, taken by itself.
        adjusted_p_value: of the residual, as one of the family of all that are shown.
        stands_out: whether that is below 1 - level.
    """

    row: str
    column: str
    withheld: bool
    n: int | None = None
    share: float | None = None
    row_share: ShareOf | None = None
    column_share: ShareOf | None = None
    residual: float | None = None
    p_value: float | None = None
    adjusted_p_value: float | None = None
    stands_out: bool | None = None


@dataclass(frozen=True, slots=True)
class CrossLine:
    """A row or column: its base, its effective n, its share of the table."""

    category: str
    withheld: bool
    n: int | None = None
    n_effective: float | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Association:
    """Whether rows and columns go together.

    Attributes:
        statistic: name of the test.
        parameter: degrees of freedom.
        cramers_v: 0..1; it does not grow with n.
        strength: ``negligible``, ``weak``, ``moderate`` or ``strong`` (Cohen's marks for this size of table).
        associated: whether ``p_value`` is below 1 - level.
        n: respondents that it rests on.
    """

    statistic: CrossTabStatistic
    value: float
    parameter: tuple[float, ...]
    p_value: float
    cramers_v: float
    strength: str
    associated: bool
    n: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrossTable:
    """A two-way table as it may be shown.

    Attributes:
        n: respondents in the table; ``None`` where even that is withheld.
        n_effective: Kish's; ``n`` itself when unweighted.
        left_out: complete responses selected that lack either of the two (weighted: or an attribute of the scheme).
        association: ``None`` where it cannot be tested, for which ``not_testable`` gives the reason.
        sentence: the finding in plain words.
    """

    rows: tuple[CrossLine, ...]
    columns: tuple[CrossLine, ...]
    cells: tuple[CrossCell, ...]
    n: int | None
    n_effective: float | None
    left_out: int | None
    association: Association | None
    not_testable: str | None
    sentence: str
    warnings: tuple[str, ...]
