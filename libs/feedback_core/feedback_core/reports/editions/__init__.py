"""From the frozen result of a review to what one audience is told: pure."""

from collections.abc import Iterable
from datetime import datetime

from feedback_core.reports.editions.asked import asked, heard, not_heard
from feedback_core.reports.editions.follow_up import certainty, next_steps, recommended
from feedback_core.reports.editions.found import found, lead
from feedback_core.reports.editions.making import begin
from feedback_core.reports.editions.method import method
from feedback_core.reports.model import DataCut, Edition
from feedback_core.reports.source import Proposal, ReportSource, Wanted

__all__ = ["edition_of"]


def edition_of(source: ReportSource, wanted: Wanted) -> Edition:
    """The edition of one audience; the same source gives the same edition."""
    making = begin(source, wanted)
    cut = DataCut(
        run_id=source.run.id,
        result_sha256=source.run.result_sha256,
        data_version=source.run.data_version,
        as_of=source.outcome.as_of,
        read_at=source.run.read_at,
        themes_run_id=source.themes.run.id if source.themes else None,
        themes_sha256=source.themes.run.result_sha256 if source.themes else None,
        decided_through=_decided(making.proposals),
        acted_through=max((action.changed_at for action in making.actions()), default=None),
        effect_run_ids=tuple(dict.fromkeys(a.effect.run.id for a in making.actions() if a.effect)),
    )
    sections = (
        asked(making),
        heard(making),
        not_heard(making),
        found(making),
        certainty(making),
        recommended(making),
        next_steps(making),
        method(making, cut),
    )
    part = " and ".join(f"“{name}”" for name in (wanted.process, wanted.owner) if name)
    return Edition(
        title=f"{source.survey.title}: what customers told us" + (f" about {part}" if part else ""),
        audience=wanted.audience,
        audience_name=making.profile.name,
        organisation=source.organisation,
        survey_title=source.survey.title,
        survey_language=source.survey.language,
        lead=(making.profile.purpose, *lead(making)),
        sections=sections,
        cut=cut,
    )


def _decided(proposals: Iterable[Proposal]) -> datetime | None:
    decided = [p.standing.decided_at for p in proposals if p.standing is not None and p.standing.decided_at is not None]
    return max(decided, default=None)
