"""What the schedule looks at."""

from datetime import timedelta

from feedback_core.analyses.jobs import request_due_runs
from feedback_core.cases.jobs import request_due_finding, request_due_following
from feedback_core.data_quality.schedule import request_due_flags
from feedback_core.events.jobs import request_due_forgetting as request_due_forgetting_of_events
from feedback_core.fieldwork.ticks import request_due_looks
from feedback_core.inbound.ticks import request_due_processing, request_due_redaction
from feedback_core.invitations.ticks import request_due_conducting
from feedback_core.kpis.announcing.ticks import request_due_announcing
from feedback_core.kpis.jobs import request_due_folds
from feedback_core.organisations.jobs import request_due_forgetting
from feedback_core.recommendations.evidence.ticks import request_due_checks as request_due_evidence_checks
from feedback_core.recommendations.overdue import request_due_telling
from feedback_core.reports.distributions.ticks import request_due_reminders
from feedback_core.reports.portfolios.ticks import request_due_discards as request_due_portfolio_discards
from feedback_core.reports.schedules.jobs import request_due_editions
from feedback_core.reports.ticks import request_due_discards as request_due_report_discards
from feedback_core.responses.exports.schedule import request_due_discards
from feedback_core.responses.open_responses.jobs import request_due_closing
from feedback_core.sampling.use_cases.frames import request_due_emptying
from feedback_core.standards.alerts.ticks import request_due_checks as request_due_alert_checks
from feedback_core.subjects.requests.jobs import request_due_expiry
from feedback_core.subjects.retention import request_due_retention
from feedback_core.subjects.sealing import request_due_resealing
from feedback_core.themes.reading.ticks import request_due_readings
from feedback_worker.schedule import Tick

TICKS: tuple[Tick, ...] = (
    Tick("analyses.request_due_runs", request_due_runs),
    Tick("kpis.request_due_folds", request_due_folds, every=timedelta(seconds=5)),
    Tick("kpis.request_due_announcing", request_due_announcing, every=timedelta(seconds=2)),
    Tick("cases.request_due_finding", request_due_finding, every=timedelta(seconds=5)),
    Tick("cases.request_due_following", request_due_following, every=timedelta(minutes=1)),
    Tick("events.forget_events", request_due_forgetting_of_events, every=timedelta(hours=1)),
    Tick("data_quality.request_due_flags", request_due_flags, every=timedelta(seconds=5)),
    Tick("inbound.request_due_processing", request_due_processing, every=timedelta(seconds=2)),
    Tick("inbound.request_due_redaction", request_due_redaction, every=timedelta(hours=1)),
    Tick("organisations.forget_requests", request_due_forgetting, every=timedelta(hours=1)),
    Tick("subjects.forget_exports", request_due_expiry, every=timedelta(hours=1)),
    Tick("subjects.request_due_retention", request_due_retention, every=timedelta(minutes=1)),
    Tick("subjects.request_due_resealing", request_due_resealing, every=timedelta(minutes=1)),
    Tick("open_responses.request_due_closing", request_due_closing, every=timedelta(seconds=5)),
    Tick("exports.request_due_discards", request_due_discards, every=timedelta(minutes=1)),
    Tick("sampling.request_due_emptying", request_due_emptying, every=timedelta(minutes=1)),
    Tick("invitations.request_due_conducting", request_due_conducting, every=timedelta(seconds=2)),
    Tick("recommendations.request_due_telling", request_due_telling, every=timedelta(minutes=1)),
    Tick("alerts.request_due_checks", request_due_alert_checks, every=timedelta(seconds=15)),
    Tick("fieldwork.request_due_looks", request_due_looks, every=timedelta(seconds=5)),
    Tick("evidence.request_due_checks", request_due_evidence_checks, every=timedelta(seconds=5)),
    Tick("reports.request_due_discards", request_due_report_discards, every=timedelta(minutes=1)),
    Tick("portfolios.request_due_discards", request_due_portfolio_discards, every=timedelta(minutes=1)),
    Tick("schedules.request_due_editions", request_due_editions, every=timedelta(seconds=5)),
    Tick("distributions.request_due_reminders", request_due_reminders, every=timedelta(minutes=1)),
    Tick("themes.request_due_readings", request_due_readings, every=timedelta(seconds=5)),
)
