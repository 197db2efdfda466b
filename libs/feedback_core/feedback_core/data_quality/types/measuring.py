"""What responses are held against, and what is measured of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from feedback_core.data_quality.types.items import ItemSet, ScaleItem
from feedback_core.data_quality.types.rules import InclusionRule
from feedback_core.responses.quality.types import FlagKind


@dataclass(frozen=True, slots=True)
class OutlierBasis:
    """Distribution of the answers to some items.

    Attributes:
        items: their names, at least five.
        means: of each.
        inverse: of their covariances, row by row.
        cut: squared distance above which answers are improbable.
        n: respondents that it was computed from.
    """

    items: tuple[str, ...]
    means: tuple[float, ...]
    inverse: tuple[tuple[float, ...], ...]
    cut: float
    n: int


@dataclass(frozen=True, slots=True)
class VersionBasis:
    """What responses to one version are held against.

    Attributes:
        median_seconds: by method, where enough times are known.
        outliers: ``None`` where it cannot be computed.
    """

    version_id: UUID
    median_seconds: Mapping[str, float]
    outliers: OutlierBasis | None


@dataclass(frozen=True, slots=True)
class FlagBasis:
    """What the responses of a survey are held against in one pass.

    Attributes:
        n: responses that there were.
        versions: of those that had any.
    """

    n: int
    versions: tuple[VersionBasis, ...] = ()

    def of_version(self, version_id: UUID) -> VersionBasis:
        """That of a version; nothing is known of one that is younger."""
        return next(
            (basis for basis in self.versions if basis.version_id == version_id), VersionBasis(version_id, {}, None)
        )


@dataclass(frozen=True, slots=True)
class FlagState:
    """How far a pass over the responses of a survey is.

    Attributes:
        watermark: responses recorded by transactions below it are measured.
        measured: how many they are.
    """

    watermark: int
    rule_version: int
    basis: FlagBasis
    measured: int


@dataclass(frozen=True, slots=True)
class VersionItems:
    """What of a version is measured.

    Attributes:
        items: on scales, in the order in which they are put.
        sets: scales that they belong to.
        grids: key of each matrix to the places of its rows in ``items``.
        texts: keys of the free texts.
    """

    version_id: UUID
    items: tuple[ScaleItem, ...]
    sets: tuple[ItemSet, ...]
    grids: Mapping[str, tuple[int, ...]]
    texts: tuple[str, ...]

    def places(self, names: Sequence[str]) -> list[int]:
        """Where items stand in ``items``."""
        place = {item.name: number for number, item in enumerate(self.items)}
        return [place[name] for name in names]


@dataclass(frozen=True, slots=True)
class ResponsePart:
    """Complete and partial responses to one version, in the order in which they were recorded.

    Attributes:
        answers: shape (responses, items), NaN where missing.
        seconds: from the first question to submission, NaN where not known.
        answered: answers to items and other questions.
        questions: of those put, with an answer and without.
        unanswered: of those put, without an answer.
        complete: whether the response is.
        seconds_to_other: to the nearest earlier response of the same respondent within the window; NaN: there is none.
        texts: free texts of each response.
        vectors: what stands for all answers, day and cell together; ``None`` where they are too few.
    """

    items: VersionItems
    ids: Sequence[UUID]
    methods: Sequence[str]
    submitted_at: Sequence[datetime]
    answers: NDArray[np.float64]
    seconds: NDArray[np.float64]
    answered: NDArray[np.float64]
    questions: NDArray[np.float64]
    unanswered: NDArray[np.float64]
    complete: NDArray[np.bool_]
    seconds_to_other: NDArray[np.float64]
    texts: Sequence[Sequence[str]]
    vectors: Sequence[bytes | None]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One sign, measured of the responses of a part.

    Attributes:
        signs: what was found of each, more closely.
        values: as measured, NaN where it cannot be.
        thresholds: of each.
        flagged: whether the value is beyond it.
    """

    kind: FlagKind
    signs: Sequence[str]
    values: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    flagged: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class MeasuredPart:
    """What was measured of a part, before anything that only the database can tell.

    Attributes:
        fingerprints: of each response, what must not come twice: (what it is of, hash).
    """

    part: ResponsePart
    rule: InclusionRule
    measurements: Sequence[Measurement]
    fingerprints: Sequence[Sequence[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class NewFlag:
    """A sign to be kept."""

    response_id: UUID
    kind: FlagKind
    sign: str
    value: float
    threshold: float
