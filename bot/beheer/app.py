"""The staff application as an ASGI application. Bound to loopback unless told otherwise."""

import logging
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy.orm import Session, sessionmaker
from starlette.exceptions import HTTPException as StarletteHTTPException

from bot.beheer.accounts import Accounts
from bot.beheer.audit import AuditLog
from bot.beheer.catalogue import Catalogue
from bot.beheer.entries import Entries
from bot.beheer.examples import ExampleHelper
from bot.beheer.inbox import Grouper, Inbox
from bot.beheer.link_round import LinkRound
from bot.beheer.overview import Overview
from bot.beheer.page import PASSWORD_PAGE, NotSignedInError, current_user, redirect, render
from bot.beheer.pages import (
    accounts,
    audit,
    care,
    edit,
    figures,
    importing,
    inbox,
    knowledge,
    publishing,
    sign_in,
    start,
    versions,
)
from bot.beheer.publishing import Places, recover
from bot.beheer.security import HEADERS, Guard, posted
from bot.beheer.services import Services
from bot.records.database import open_records
from bot.settings import Settings

logger = logging.getLogger(__name__)

PAGES = (start, knowledge, edit, importing, inbox, care, publishing, versions, figures, accounts, audit, sign_in)
"""In the order of the navigation. A new page adds itself here."""
MAX_BODY_BYTES = 3_000_000


def create_app(settings: Settings | None = None, records: sessionmaker[Session] | None = None) -> FastAPI:
    """Return the staff application, by default on the records of the environment."""
    settings = settings or Settings.from_environment()
    app = FastAPI(title="Beheer", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(posted)])
    app.state.services = _services(settings, records or open_records())
    app.state.links = [link for page in PAGES for link in getattr(page, "LINKS", ())]
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    for page in PAGES:
        app.include_router(page.router)
    app.add_exception_handler(NotSignedInError, _to_sign_in)
    app.add_exception_handler(StarletteHTTPException, _show_error)
    app.add_exception_handler(RequestValidationError, _show_bad_address)
    app.add_exception_handler(Exception, _show_failure)
    app.add_middleware(Guard, limit=MAX_BODY_BYTES, by_path={importing.PATH: importing.MAX_BODY_BYTES})
    return app


def _services(settings: Settings, sessions: sessionmaker[Session]) -> Services:
    places = Places.from_settings(settings)
    recover(places)
    entries = Entries(settings.knowledge_folder, places.files_lock)
    return Services(
        settings=settings,
        sessions=sessions,
        accounts=Accounts(sessions),
        audit=AuditLog(sessions),
        overview=Overview(places, settings),
        entries=entries,
        catalogue=Catalogue(entries),
        examples=ExampleHelper(entries),
        inbox=Inbox(sessions),
        grouper=Grouper(),
        link_round=LinkRound(sessions, settings.state_folder),
    )


def _to_sign_in(request: Request, _: Exception) -> Response:
    user = current_user(request)
    if user and user.must_change:
        return redirect(request, PASSWORD_PAGE)
    if request.method != "GET":
        text = "Je bent niet meer aangemeld. Ga terug, kopieer je tekst, en meld je opnieuw aan."
        return _error_page(request, 401, text)
    query = f"?{request.url.query}" if request.url.query else ""
    return redirect(request, f"/aanmelden?naar={quote(request.url.path + query)}")


def _show_error(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 400)
    own = {404: "Deze pagina bestaat niet.", 405: "Dat kan hier niet."}
    detail = getattr(error, "detail", "")
    text = own.get(status, detail) if detail in (HTTPStatus(status).phrase, "") else detail
    return _error_page(request, status, text)


def _show_bad_address(request: Request, _: Exception) -> Response:
    return _error_page(request, 400, "Dit adres of formulier klopt niet. Begin opnieuw op de startpagina.")


def _show_failure(request: Request, error: Exception) -> Response:
    logger.error("Fout op %s", request.url.path, exc_info=error)
    response = _error_page(request, 500, "Er ging iets mis bij ons. Er is niets half opgeslagen. Probeer het opnieuw.")
    response.headers.update(HEADERS)  # this one is made outside the guard
    return response


def _error_page(request: Request, status: int, text: str) -> Response:
    return render(request, "fout.html", status=status, text=text)
