"""What is measured of whom: put in versions, and read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import key_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.kpis.calc.scores import MEANS
from feedback_core.kpis.use_cases import METHOD, Asked
from feedback_core.people.performance import queries
from feedback_core.people.performance.types import Measure, MeasureDetails
from feedback_core.standards.metrics import settle_metric
from feedback_core.standards.types import STANDARD_KEY, Standard
from feedback_core.standards.use_cases import get_standard

_KEY: Final = re.compile(STANDARD_KEY)


async def put_measure(
    session: Session,
    organisation_id: UUID,
    key: str,
    details: MeasureDetails,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[Measure, bool]:
    """Have a measure say this from now on, and whether it is new; the same again changes nothing.

    Raises:
        PreconditionRequired: it is there, and ``if_version`` is ``None``.
        PreconditionFailed: it has changed since, or is not there.
        Invalid: it names a standard or an attribute that is not there, or its KPI cannot be adjusted.
        Conflict: the survey of the standard was never published.
    """
    await queries.hold_measures(session, organisation_id)
    found = await queries.latest_measure(session, organisation_id, key)
    require_current("measure", None if found is None else found.version, if_version)
    details = replace(details, case_mix=tuple(dict.fromkeys(details.case_mix)))
    if found is not None and found.details == details:
        return found, False
    try:
        standard = await get_standard(session, organisation_id, details.standard)
    except NotFound as unknown:
        raise Invalid([Fault("/standard", "unknown_standard", unknown.detail)]) from unknown
    asked = await settle_metric(session, organisation_id, standard.details.metric)
    faults = list(_faults(details, asked))
    if faults:
        raise Invalid(faults)
    version = 1 if found is None else found.version + 1
    made = Measure(key, version, details, by, clock.now())
    await queries.add_measure(session, organisation_id, made)
    return made, found is None


async def get_measure(session: Session, organisation_id: UUID, key: str) -> Measure:
    """The latest version of a measure.

    Raises:
        NotFound: there is none with this key.
    """
    found = await queries.latest_measure(session, organisation_id, key)
    if found is None:
        raise NotFound("performance measure", key)
    return found


async def list_measures(
    session: Session, organisation_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Measure], str | None]:
    """A page of measures by key, and the cursor of the next one.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query = {"list": "performance_measures", "organisation": organisation_id}
    after = key_in_cursor(cursor, query, _KEY)
    found = await queries.measures_after(session, organisation_id, after=after, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.key)


async def measured_standards(
    session: Session, organisation_id: UUID, measures: Sequence[Measure]
) -> Mapping[str, Standard]:
    """The standards that these measures hold people against, each once."""
    keys = dict.fromkeys(measure.details.standard for measure in measures)
    return {key: await get_standard(session, organisation_id, key) for key in keys}


def _faults(details: MeasureDetails, asked: Asked) -> Iterator[Fault]:
    known = ", ".join(asked.attributes) or "none"
    if details.attribute not in asked.attributes:
        yield Fault("/attribute", "unknown_attribute", f"The survey of the standard declares: {known}.")
    for place, name in enumerate(details.case_mix):
        pointer = f"/case_mix/{place}"
        if name == details.attribute:
            detail = "Whose figure it is cannot be taken out of the figure: leave it out."
            yield Fault(pointer, "not_a_case_mix", detail)
        elif name != METHOD and name not in asked.attributes:
            yield Fault(pointer, "unknown_attribute", f"The survey of the standard declares: {known}, {METHOD}.")
    if details.case_mix and asked.target.definition.measure not in MEANS:
        detail = "Only an NPS, a mean or a share can be adjusted for the mix of cases: leave it out."
        yield Fault("/case_mix", "not_applicable", detail)
