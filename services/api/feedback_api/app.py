"""The wiring of the API process: one function, used unchanged by production and tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from feedback_api.cross_origin import CrossOriginHeaders, OriginDirectory, Preflight
from feedback_api.hosted_pages import too_large
from feedback_api.inbound_receiver import Receiver
from feedback_api.middleware import RequestContext
from feedback_api.openapi import document
from feedback_api.problems import install_error_mapper
from feedback_api.rate_limits import Quota, RateLimits
from feedback_api.routes import (
    actions,
    analyses,
    analysis_schedules,
    audit,
    benchmarks,
    candidate_measures,
    case_rules,
    cases,
    codebooks,
    codings,
    collectors,
    cross_tabs,
    culture,
    deliveries,
    downloads,
    entries,
    events,
    evidence,
    evidence_units,
    exports,
    fieldwork,
    fieldwork_alerts,
    frame_imports,
    frame_units,
    frames,
    hosted,
    imports,
    inbound,
    inclusion_rules,
    interview_guides,
    invitation_notices,
    invitations,
    invited,
    kpi_alerts,
    kpi_definitions,
    kpi_groups,
    kpi_pictures,
    kpis,
    limits,
    lint,
    methods,
    motivation,
    offers,
    open_responses,
    operation,
    organisations,
    outcome_links,
    performance,
    performance_goals,
    performance_reviews,
    plan_revisions,
    plans,
    practice_notes,
    procedures,
    processes,
    quotas,
    recommendations,
    report_distributions,
    report_schedules,
    reports,
    responses,
    sample_sizes,
    samples,
    service,
    shared_reports,
    shared_roles,
    source_connectors,
    source_mappings,
    sources,
    staff,
    staff_roles,
    standards,
    subject_requests,
    submission_keys,
    submissions,
    survey_erasures,
    survey_exchange,
    surveys,
    teams,
    touchpoints,
    verbatims,
    webhook_deliveries,
    webhooks,
    weighting_schemes,
    withdrawals,
    you_said_we_did,
)
from feedback_api.security import CallerQuotas, KeyCache, PublicKeyCache
from feedback_api.settings import Settings
from feedback_core.charts.renderer import Renderer
from feedback_core.collectors.forms import FormSigner
from feedback_core.collectors.links import SurveyLinks
from feedback_core.db.group_commit import QueueLimits
from feedback_core.db.session import Database
from feedback_core.invitations.hosted import HostedInvitations
from feedback_core.kit.clock import Clock, SystemClock
from feedback_core.kit.logs import configure_logs
from feedback_core.kit.sealing import Seal
from feedback_core.people.roles.links import RoleLinks
from feedback_core.reports.distributions.links import LinkSigner
from feedback_core.responses.capture_writer import CaptureWriter
from feedback_core.responses.privacy import Privacy
from feedback_core.sampling.vault import ContactVault

ROUTERS = (
    operation.router,
    organisations.router,
    outcome_links.router,
    audit.router,
    limits.router,
    service.router,
    processes.router,
    offers.router,
    touchpoints.router,
    sample_sizes.router,
    methods.router,
    plans.router,
    fieldwork.router,
    fieldwork_alerts.router,
    plan_revisions.router,
    frames.router,
    frame_units.router,
    frame_imports.router,
    samples.router,
    invitations.router,
    invitations.of_batches,
    invited.router,
    invitation_notices.router,
    surveys.router,
    lint.router,
    weighting_schemes.router,
    inclusion_rules.router,
    responses.router,
    open_responses.router,
    quotas.router,
    interview_guides.router,
    entries.router,
    submission_keys.router,
    submissions.router,
    collectors.router,
    hosted.router,
    imports.router,
    kpi_alerts.router,
    exports.router,
    downloads.router,
    sources.router,
    deliveries.router,
    source_mappings.router,
    source_connectors.router,
    inbound.router,
    events.router,
    webhooks.router,
    webhook_deliveries.router,
    codebooks.router,
    codings.router,
    kpi_definitions.router,
    kpis.router,
    kpi_groups.router,
    kpi_pictures.router,
    cross_tabs.router,
    standards.router,
    benchmarks.router,
    candidate_measures.router,
    practice_notes.router,
    analyses.router,
    verbatims.router,
    analysis_schedules.router,
    procedures.router,
    recommendations.router,
    recommendations.of_analyses,
    actions.router,
    reports.router,
    report_distributions.router,
    report_schedules.router,
    evidence.router,
    evidence_units.router,
    shared_reports.router,
    case_rules.router,
    cases.router,
    you_said_we_did.router,
    you_said_we_did.of_everybody,
    staff.router,
    teams.router,
    staff_roles.router,
    staff_roles.assignments,
    shared_roles.router,
    performance.router,
    performance_reviews.router,
    performance_goals.router,
    performance_goals.recognitions,
    culture.router,
    motivation.router,
    survey_erasures.router,
    survey_exchange.router,
    subject_requests.router,
    withdrawals.router,
)


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The API, ready to serve."""
    configure_logs(settings.logs)
    database = Database(settings.database)
    clock = clock or SystemClock()
    renderer = Renderer(seconds=settings.api.drawing_seconds)
    privacy = Privacy.from_settings(settings.secrets)
    capture = CaptureWriter(
        database,
        privacy,
        clock,
        QueueLimits(
            items=settings.api.capture_queue_size,
            size=settings.api.capture_queue_bytes,
            group=settings.api.capture_group_size,
        ),
    )

    rate_limits = RateLimits(clock, processes=settings.api.processes)
    seal = Seal.from_settings(settings.secrets)
    receiver = Receiver(database, seal, clock, rate_limits, settings.api, settings.http.public_url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await receiver.close()
        await capture.close()
        await renderer.close()
        await database.dispose()

    app = FastAPI(
        title="Feedback service",
        version="1",
        summary="Ask, listen, check whom you did not hear, and see whether the change worked.",
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.clock = clock
    app.state.renderer = renderer
    app.state.seal = seal
    app.state.receiver = receiver
    app.state.links = LinkSigner.from_settings(settings.secrets)
    app.state.role_links = RoleLinks.from_settings(settings.secrets)
    app.state.survey_links = SurveyLinks.from_settings(settings.secrets)
    app.state.form_signer = FormSigner.from_settings(settings.secrets)
    app.state.privacy = privacy
    app.state.contacts = ContactVault.from_settings(settings.secrets)
    app.state.invitations = HostedInvitations(app.state.contacts, app.state.survey_links, clock)
    app.state.capture = capture
    app.state.rate_limits = rate_limits
    app.state.quotas = CallerQuotas(
        key=Quota("key", settings.api.key_requests_per_minute),
        organisation=Quota("organisation", settings.api.organisation_requests_per_minute),
    )
    seconds, size = settings.api.key_cache_seconds, settings.api.key_cache_size
    app.state.keys = KeyCache(database, clock, seconds=seconds, size=size)
    app.state.public_keys = PublicKeyCache(database, clock, seconds=seconds, size=size)
    origins = OriginDirectory(database, clock, seconds=seconds)
    install_error_mapper(app)
    for router in ROUTERS:
        app.include_router(router)
    # The last one added is outermost: what any of them answers, a page may read.
    app.add_middleware(Preflight, origins=origins)
    app.add_middleware(
        RequestContext,
        body_limit=settings.api.body_limit_bytes,
        import_limit=settings.api.import_limit_bytes,
        webhook_limit=settings.api.webhook_limit_bytes,
        too_large_page=too_large,
    )
    app.add_middleware(CrossOriginHeaders, origins=origins)
    document(app, settings.http.public_url)
    return app
