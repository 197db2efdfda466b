"""Every table of the service, for migrations and for tests that walk them."""

from feedback_core.analyses import tables as analyses
from feedback_core.cases import tables as cases
from feedback_core.cases.publishing import tables as publishing
from feedback_core.collectors import tables as collectors
from feedback_core.db.base import metadata
from feedback_core.events import tables as events
from feedback_core.fieldwork import tables as fieldwork
from feedback_core.inbound import tables as inbound
from feedback_core.inbound.processing import tables as inbound_processing
from feedback_core.invitations import tables as invitations
from feedback_core.jobs import tables as jobs
from feedback_core.kpis import tables as kpis
from feedback_core.organisations import tables as organisations
from feedback_core.people import tables as people
from feedback_core.planning import tables as planning
from feedback_core.recommendations import tables as recommendations
from feedback_core.recommendations.actions import tables as actions
from feedback_core.recommendations.procedures import tables as procedures
from feedback_core.reports import tables as reports
from feedback_core.reports.portfolios import tables as portfolios
from feedback_core.responses import tables as responses
from feedback_core.responses.entries import tables as entries
from feedback_core.responses.exports import tables as exports
from feedback_core.responses.guides import tables as guides
from feedback_core.responses.open_responses import tables as open_responses
from feedback_core.responses.quotas import tables as quotas
from feedback_core.responses.submission_keys import tables as submission_keys
from feedback_core.sampling import tables as sampling
from feedback_core.service import tables as service
from feedback_core.standards import tables as standards
from feedback_core.standards.alerts import tables as alerts
from feedback_core.subjects import tables as subjects
from feedback_core.surveys import tables as surveys
from feedback_core.surveys.lint import tables as lint
from feedback_core.themes import tables as themes
from feedback_core.webhooks import tables as webhooks
from feedback_core.weighting import tables as weighting

__all__ = [
    "actions",
    "alerts",
    "analyses",
    "cases",
    "collectors",
    "entries",
    "events",
    "exports",
    "fieldwork",
    "guides",
    "inbound",
    "inbound_processing",
    "invitations",
    "jobs",
    "kpis",
    "lint",
    "metadata",
    "open_responses",
    "organisations",
    "people",
    "planning",
    "portfolios",
    "procedures",
    "publishing",
    "quotas",
    "recommendations",
    "reports",
    "responses",
    "sampling",
    "service",
    "standards",
    "subjects",
    "submission_keys",
    "surveys",
    "themes",
    "webhooks",
    "weighting",
]
