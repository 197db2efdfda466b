"""An analysis of data quality: everything that was read, as findings and in words."""

from datetime import datetime

from feedback_core.data_quality.calc.scales import scale_finding
from feedback_core.data_quality.calc.segments import by_position, segment_tests
from feedback_core.data_quality.calc.shares import break_off, flag_findings, nonresponse_finding
from feedback_core.data_quality.calc.wording import sentence_of, warnings_of
from feedback_core.data_quality.types import DataQualityOutcome, KpiWithAndWithout
from feedback_core.data_quality.types.reading import QualityReading
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.types import Withheld
from feedback_core.kpis.wording import bounds_of, subject_of


def analyse_quality(reading: QualityReading, *, minimum: int, level: float, as_of: datetime) -> DataQualityOutcome:
    """The analysis of what was read.

    Args:
        reading: counts of everybody and of groups, moments of scales.
        minimum: smallest group that may be shown.
        level: of the intervals.
        as_of: the moment that it is of.

    Raises:
        NotEstimable: fewer responses than may be shown.
    """
    if reading.everybody.looked_at < minimum:
        raise NotEstimable(f"Fewer than {minimum} responses were given; that is too few to show anything.")
    flags = flag_findings(reading, minimum=minimum, level=level)
    nonresponse = tuple(
        nonresponse_finding(position, counts, minimum=minimum, level=level)
        for position, counts in enumerate(reading.questions, start=1)
    )
    stopped = break_off(reading, [counts.question for counts in reading.questions], minimum=minimum, level=level)
    scales = tuple(scale_finding(answers, minimum=minimum, level=level) for answers in reading.scales)
    kpi = _kpi(reading)
    gradient = by_position(nonresponse)
    segments = segment_tests(flags, nonresponse)
    return DataQualityOutcome(
        as_of=as_of,
        flags=flags,
        item_nonresponse=nonresponse,
        by_position=gradient,
        segments=segments,
        break_off=stopped,
        scales=scales,
        kpi=kpi,
        sentence=sentence_of(flags, nonresponse, segments, stopped, scales, kpi),
        warnings=warnings_of(reading, flags),
    )


def _kpi(reading: QualityReading) -> KpiWithAndWithout | None:
    if reading.kpi is None:
        return None
    target, figure = reading.kpi
    name, unit, bounds = subject_of(target), target.definition.unit, bounds_of(target)
    if isinstance(figure, Withheld):
        return KpiWithAndWithout(name, withheld=True, unit=unit, bounds=bounds)
    quality = figure.quality
    figures = (figure.estimate, figure.estimate)
    if quality is not None:
        figures = (figure.estimate, quality.otherwise) if quality.counted else (quality.otherwise, figure.estimate)
    return KpiWithAndWithout(
        name,
        withheld=False,
        suspects=quality.suspects if quality else 0,
        with_suspects=figures[0],
        without_suspects=figures[1],
        unit=unit,
        bounds=bounds,
    )
