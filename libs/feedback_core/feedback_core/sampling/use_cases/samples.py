"""Samples: asked for, looked at, and refilled from their frame by their rule."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.types import JobStatus
from feedback_core.jobs.use_cases import get_job, request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, numbers_in_cursor, page_of
from feedback_core.kit.errors import Fault, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.sampling.calc.numbers import seed_from
from feedback_core.sampling.design_faults import faults_of
from feedback_core.sampling.plans import plan_draw
from feedback_core.sampling.queries import samples as queries
from feedback_core.sampling.queries.population import Wanted, count_clusters, count_strata
from feedback_core.sampling.types.designs import Design, DesignFault, DesignImpossible, DesignKind
from feedback_core.sampling.types.frames import Frame
from feedback_core.sampling.types.populations import Plan
from feedback_core.sampling.types.samples import DrawSample, Released, Sample, SampleNotDrawn, SampleUnit
from feedback_core.sampling.use_cases.frames import frame_in_use, get_frame
from feedback_core.surveys.use_cases import check_survey


async def request_sample(
    session: Session,
    organisation_id: UUID,
    frame_id: UUID,
    design: Design,
    *,
    name: str,
    survey_id: UUID | None,
    seed: int | None,
    by: str,
    clock: Clock,
) -> Sample:
    """Have a sample drawn; what can be known before is checked here.

    Raises:
        NotFound: no such frame or survey here.
        FrameEmptied: the frame's time is over.
        Invalid: the design contradicts itself, or the frame's keys.
        DesignImpossible: it cannot be drawn so from this frame.
    """
    frame = await frame_in_use(session, organisation_id, frame_id)
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    await planned(session, Wanted(organisation_id, frame, design, clock.now()))
    sample_id, now = new_id(), clock.now()
    job_id = await request_job(session, organisation_id, DrawSample(sample_id), now=now)
    sample = Sample(
        id=sample_id,
        frame_id=frame_id,
        survey_id=survey_id,
        name=name,
        design=design,
        seed=seed_from(sample_id) if seed is None else seed,
        outcome=None,
        frame_changes=None,
        requested_by=by,
        created_at=now,
        drawn_at=None,
        job=await get_job(session, organisation_id, job_id),
    )
    await queries.add_sample(session, organisation_id, sample)
    return sample


async def planned(session: Session, wanted: Wanted) -> Plan:
    """How many would be drawn of whom.

    Raises:
        Invalid: the design contradicts itself, or the frame's keys.
        DesignImpossible: it cannot be drawn so from this frame.
    """
    design = wanted.design
    faults = [fault.under("/design") for fault in faults_of(design, wanted.frame.settings)]
    if faults:
        raise DesignImpossible(faults)
    if design.coordination is not None:
        await earlier_sample(session, wanted.organisation_id, wanted.frame, design)
    strata = await count_strata(session, wanted)
    clusters = await count_clusters(session, wanted) if design.kind is DesignKind.CLUSTER else 0
    try:
        return plan_draw(design, strata, clusters)
    except DesignImpossible as refused:
        raise DesignImpossible([fault.under("/design") for fault in refused.faults]) from refused


async def earlier_sample(session: Session, organisation_id: UUID, frame: Frame, design: Design) -> Sample:
    """The sample that a design is coordinated with.

    Raises:
        DesignImpossible: there is none, it is not drawn, or of another frame, kind, or other strata.
    """
    assert design.coordination is not None
    found = await queries.sample_by_id(session, organisation_id, design.coordination.sample_id)

    def _impossible(code: DesignFault, detail: str) -> DesignImpossible:
        return DesignImpossible([Fault("/design/coordination/sample_id", code.value, detail)])

    if found is None or found.frame_id != frame.id:
        raise _impossible(DesignFault.OTHER_FRAME, "Name a sample of the same frame.")
    if found.outcome is None:
        raise _impossible(DesignFault.NOT_DRAWN, "The sample is not drawn yet.")
    same = ("kind", "strata_by", "cluster_by")
    if any(getattr(found.design, name) != getattr(design, name) for name in same) or found.design.clusters_by_size:
        detail = "Only samples of the same kind, by the same strata or clusters, can be coordinated."
        raise _impossible(DesignFault.OTHER_STRATA, detail)
    return found


async def get_sample(session: Session, organisation_id: UUID, sample_id: UUID, *, hold: bool = False) -> Sample:
    """A sample as it stands.

    Raises:
        NotFound: no such sample here.
    """
    found = await queries.sample_by_id(session, organisation_id, sample_id, hold=hold)
    if found is None:
        raise NotFound("sample", sample_id)
    return found


async def get_releases(session: Session, organisation_id: UUID, sample_id: UUID) -> list[Released]:
    """Who came into a sample after it was drawn."""
    return await queries.releases_of(session, organisation_id, sample_id)


async def list_samples(
    session: Session,
    organisation_id: UUID,
    *,
    frame_id: UUID | None,
    survey_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Sample], str | None]:
    """A page of samples, newest first, and the cursor of the next one.

    Raises:
        NotFound: the frame or the survey is not there.
        InvalidCursor: the cursor belongs to another query.
    """
    if frame_id is not None:
        await get_frame(session, organisation_id, frame_id)
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    query: dict[str, object] = {
        "list": "samples",
        "organisation": organisation_id,
        "frame": frame_id,
        "survey": survey_id,
    }
    before = id_in_cursor(cursor, query)
    found = await queries.samples_before(
        session, organisation_id, frame_id=frame_id, survey_id=survey_id, before=before, limit=limit + 1
    )
    return page_of(found, limit, query)


async def list_sample_units(
    session: Session, organisation_id: UUID, sample_id: UUID, *, cursor: str | None, limit: int
) -> tuple[Sample, list[SampleUnit], str | None]:
    """A page of the units of a sample, in the order in which they are to be asked, and the cursor of the next one.

    Raises:
        NotFound: no such sample here.
        SampleNotDrawn: it is not drawn.
        InvalidCursor: the cursor belongs to another query.
    """
    sample = await get_sample(session, organisation_id, sample_id)
    if sample.outcome is None:
        over = sample.job.status in {JobStatus.FAILED, JobStatus.CANCELLED}
        raise SampleNotDrawn("The sample could not be drawn." if over else "The sample is not drawn yet.")
    query: dict[str, object] = {"list": "sample units", "organisation": organisation_id, "sample": sample_id}
    after = -1 if cursor is None else numbers_in_cursor(cursor, query)[0]
    found = await queries.units_after(session, organisation_id, sample_id, after=after, limit=limit + 1)
    page, following = page_of(found, limit, query, at=lambda unit: unit.position)
    return sample, page, following
