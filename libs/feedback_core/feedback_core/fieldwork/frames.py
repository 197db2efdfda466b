"""How the invited stand to the frame that they were drawn from."""

from collections.abc import Mapping, Sequence

from feedback_core.fieldwork.types.live import Counts, FrameStanding
from feedback_core.sampling.types.samples import Sample


def frame_standing(samples: Sequence[Sample], counts: Counts) -> FrameStanding | None:
    """People of the frames, as the latest sample of each found them; ``None`` where nobody was drawn."""
    latest = {sample.frame_id: sample for sample in samples if sample.outcome is not None}
    if not latest:
        return None
    coverages = [sample.outcome.coverage for sample in latest.values() if sample.outcome is not None]
    return FrameStanding(
        people=sum(coverage.people for coverage in coverages),
        eligible=sum(coverage.eligible for coverage in coverages),
        drawn=sum(sample.outcome.drawn for sample in samples if sample.outcome is not None),
        invited=counts.invited,
        completed=counts.completed,
    )


def populations(samples: Sequence[Sample]) -> Mapping[str, int]:
    """People by stratum, as the latest sample with that stratum found them; named as invitations name strata."""
    found = {}
    for sample in samples:
        keys = sample.design.strata_by
        for stratum in sample.outcome.strata if sample.outcome is not None else ():
            if keys:
                found[" / ".join(stratum.values[key] or "–" for key in keys)] = stratum.population
    return found
