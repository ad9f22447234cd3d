"""What goes wrong with a request, told in Dutch: what, where and how to mend it."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from bot.knowledge.store import EmptyStoreError
from bot.website.limits import TooManyError
from bot.website.rasa import AssistantUnavailableError

RETRY_SECONDS = 5
_KINDS = {
    "missing": "ontbreekt",
    "json_invalid": "is geen geldige JSON",
    "string_type": "moet tekst zijn",
    "string_too_short": "is leeg",
    "string_too_long": "is te lang",
}

_STATUSES = {
    404: ("Dit adres bestaat niet.", "Kijk in de documentatie welke adressen er zijn."),
    405: ("Dit adres kent deze methode niet.", "De regel Allow zegt welke methoden het wel kent."),
    422: ("Dit verzoek begrijp ik niet.", "Stuur geldige JSON in UTF-8."),
}


class Refusal(Exception):  # noqa: N818 - a request that is refused is no error of ours
    """A request that is refused: status, what is wrong, how to mend it."""

    def __init__(self, status: int, fout: str, hoe: str) -> None:
        super().__init__(fout)
        self.status = status
        self.body = {"fout": fout, "hoe": hoe}


def add_error_handlers(app: FastAPI) -> None:
    """Have every error end in JSON with `fout` and `hoe`, never repeating what was sent."""

    @app.exception_handler(Refusal)
    async def refuse(_: Request, error: Refusal) -> JSONResponse:
        return JSONResponse(error.body, error.status)

    @app.exception_handler(TooManyError)
    async def slow_down(_: Request, error: TooManyError) -> JSONResponse:
        body = {"fout": "Dit zijn te veel vragen achter elkaar.", "hoe": f"Wacht {error.retry_after} seconden."}
        return JSONResponse(body, 429, {"Retry-After": str(error.retry_after)})

    @app.exception_handler(AssistantUnavailableError)
    @app.exception_handler(SQLAlchemyError)
    @app.exception_handler(EmptyStoreError)
    async def come_back(_: Request, __: Exception) -> JSONResponse:
        body = {
            "fout": "De assistent is even niet bereikbaar.",
            "hoe": f"Stuur hetzelfde bericht over {RETRY_SECONDS} seconden nog eens.",
        }
        return JSONResponse(body, 503, {"Retry-After": str(RETRY_SECONDS)})

    @app.exception_handler(HTTPException)
    async def say(_: Request, error: HTTPException) -> JSONResponse:
        status = 422 if error.status_code == 400 else error.status_code  # 400: a body that is no text at all
        fout, hoe = _STATUSES.get(status, ("Dit verzoek kan niet.", "Kijk in de documentatie wat wel kan."))
        return JSONResponse({"fout": fout, "hoe": hoe}, status, error.headers)

    @app.exception_handler(RequestValidationError)
    async def explain(request: Request, error: RequestValidationError) -> JSONResponse:
        problems = [f"{_place(detail)}: {_KINDS.get(detail['type'], 'klopt niet')}" for detail in error.errors()]
        how = 'Stuur JSON zoals {"sender": "een-id", "message": "je vraag"}.'
        if not request.url.path.startswith("/webhooks/rest"):
            how = "Vergelijk het met docs/website.openapi.json."
        return JSONResponse({"fout": "Dit verzoek begrijp ik niet.", "waar": problems, "hoe": how}, 422)


def _place(detail: dict[str, Any]) -> str:
    return ".".join(str(step) for step in detail["loc"][1:]) or "het verzoek"
