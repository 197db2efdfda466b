"""The wiring of the API process: one function, used unchanged by production and tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from feedback_api.middleware import RequestContext
from feedback_api.openapi import document
from feedback_api.problems import install_error_mapper
from feedback_api.routes import (
    analyses,
    analysis_schedules,
    codebooks,
    codings,
    cross_tabs,
    deliveries,
    imports,
    inclusion_rules,
    kpi_definitions,
    kpi_groups,
    kpi_pictures,
    kpis,
    operation,
    organisations,
    recommendations,
    responses,
    sample_sizes,
    service,
    source_connectors,
    source_mappings,
    sources,
    surveys,
    verbatims,
    webhooks,
    weighting_schemes,
)
from feedback_api.security import KeyCache
from feedback_api.settings import Settings
from feedback_api.webhooks import Receiver
from feedback_core.charts.renderer import Renderer
from feedback_core.db.session import Database
from feedback_core.kit.clock import Clock, SystemClock
from feedback_core.kit.logs import configure_logs
from feedback_core.kit.sealing import Seal
from feedback_core.responses.privacy import Privacy

ROUTERS = (
    operation.router,
    organisations.router,
    service.router,
    sample_sizes.router,
    surveys.router,
    weighting_schemes.router,
    inclusion_rules.router,
    responses.router,
    imports.router,
    sources.router,
    deliveries.router,
    source_mappings.router,
    source_connectors.router,
    webhooks.router,
    codebooks.router,
    codings.router,
    kpi_definitions.router,
    kpis.router,
    kpi_groups.router,
    kpi_pictures.router,
    cross_tabs.router,
    analyses.router,
    verbatims.router,
    analysis_schedules.router,
    recommendations.router,
)


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The API, ready to serve."""
    configure_logs(settings.logs)
    database = Database(settings.database)
    clock = clock or SystemClock()
    renderer = Renderer(seconds=settings.api.drawing_seconds)

    seal = Seal.from_settings(settings.secrets)
    receiver = Receiver(database, seal, clock, settings.api, settings.http.public_url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await receiver.close()
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
    app.state.privacy = Privacy.from_settings(settings.secrets)
    app.state.keys = KeyCache(database, clock, seconds=settings.api.key_cache_seconds, size=settings.api.key_cache_size)
    install_error_mapper(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(
        RequestContext,
        body_limit=settings.api.body_limit_bytes,
        import_limit=settings.api.import_limit_bytes,
        webhook_limit=settings.api.webhook_limit_bytes,
    )
    document(app, settings.http.public_url)
    return app
