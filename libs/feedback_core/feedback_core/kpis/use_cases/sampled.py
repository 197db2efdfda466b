"""Answers of those who were sampled, with how each was drawn, as figures weighted by design need them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kpis.queries.sampled import SampledAnswers, read_sampled
from feedback_core.kpis.queries.sources import CountQuery
from feedback_core.kpis.types import PackedCells
from feedback_core.sampling.queries.samples import drawn_samples
from feedback_core.sampling.types.designs import DesignKind
from feedback_core.sampling.types.samples import Sample

if TYPE_CHECKING:
    from feedback_core.kpis.calc.sampled import SampledUnit
    from feedback_core.weighting.calc.samples import SampledStratum, Selection


@dataclass(frozen=True, slots=True)
class Sampled:
    """Answers by unit, and how the units were drawn.

    Attributes:
        cells: each cell is one unit, and says which.
        units: by what the cells say.
        strata: of all samples of the survey.
    """

    cells: PackedCells
    units: "Mapping[str, SampledUnit]"
    strata: "Sequence[SampledStratum]"


async def read_samples(session: Session, query: CountQuery) -> Sampled:
    """The answers of everybody who is of a sample of the survey."""
    samples = await drawn_samples(session, query.organisation_id, query.survey_id)
    return _sampled(await read_sampled(session, query), samples)


def _sampled(read: SampledAnswers, samples: Sequence[Sample]) -> Sampled:
    from feedback_core.kpis.calc.sampled import UNIT, SampledUnit  # slow to import, and most figures are unweighted
    from feedback_core.weighting.calc.samples import SampledStratum

    weight: dict[tuple[UUID, int], float] = defaultdict(float)
    clusters: dict[tuple[UUID, str | None], int] = {}
    for part in read.drawn:
        weight[part.sample_id, part.stratum] += part.weight
        clusters[part.sample_id, part.cluster] = part.drawn
    codes = {name: code for code, name in enumerate(clusters)}
    place: dict[tuple[UUID, int], int] = {}
    strata: list[SampledStratum] = []
    for sample in samples:
        assert sample.outcome is not None
        for number in range(len(sample.outcome.strata)):
            place[sample.id, number] = len(strata)
            strata.append(SampledStratum(_selection(sample), weight[sample.id, number]))
    units, described = {}, {}
    for cell, unit in read.units.items():
        name = cell.hex()
        described[cell] = {**read.cells.described[cell], UNIT: name}
        units[name] = SampledUnit(
            stratum=place[unit.sample_id, unit.stratum],
            position=unit.position,
            probability=unit.probability,
            cluster=codes[unit.sample_id, unit.cluster],
            cluster_probability=unit.cluster_probability or 1.0,
            cluster_population=unit.cluster_population or 1,
            cluster_drawn=1 if unit.cluster is None else clusters[unit.sample_id, unit.cluster],
        )
    return Sampled(replace(read.cells, described=described), units, strata)


def _selection(sample: Sample) -> "Selection":
    match sample.design.kind:
        case DesignKind.SIMPLE | DesignKind.STRATIFIED:
            return "random"
        case DesignKind.SYSTEMATIC:
            return "systematic"
        case DesignKind.PROPORTIONAL:
            return "proportional"
        case DesignKind.CLUSTER:
            return "clusters"
