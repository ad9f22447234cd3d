"""How the assistant does: for people, for what spreads the traffic, and for Prometheus."""

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool

from bot.records.log import Log
from bot.settings import Settings
from bot.website.bearer import require_token
from bot.website.metrics import OLDEST_MESSAGE_SECONDS, show_parts
from bot.website.rasa import Assistant


def health_router(settings: Settings, assistant: Assistant, log: Log) -> APIRouter:
    """Return the routes; none of them tells anything about a visitor."""
    router = APIRouter()

    @router.get("/api/health")
    async def health() -> JSONResponse:
        """Tell whether the whole assistant answers."""
        missing = await assistant.missing()
        if missing:
            return JSONResponse({"status": "niet gereed", "ontbreekt": missing}, 503)
        return JSONResponse({"status": "ok"})

    @router.get("/api/ready")
    async def ready() -> JSONResponse:
        """Tell whether this process can take traffic: it runs, and reaches its database."""
        await run_in_threadpool(log.age_of_oldest)
        return JSONResponse({"status": "ok"})

    @router.get("/metrics", dependencies=[Depends(require_token(settings.metrics_token, "METRICS_TOKEN"))])
    async def metrics() -> Response:
        show_parts(await assistant.parts())
        OLDEST_MESSAGE_SECONDS.set(await run_in_threadpool(log.age_of_oldest))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
