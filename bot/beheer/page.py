"""What every page shares: who is signed in, what that user may do, and how a page is made."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, unquote

from babel.dates import format_date, format_datetime, get_timezone
from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData

from bot.beheer.accounts import User
from bot.beheer.security import SESSION_COOKIE, VISIT_COOKIE, csrf_of, csrf_token, posted
from bot.beheer.services import Services
from bot.records.accounts import Role

MESSAGE_COOKIE = "techniekpact_melding"
PASSWORD_PAGE = "/wachtwoord"

_ZONE = get_timezone("Europe/Amsterdam")


def _moment(at: datetime | None) -> str:
    """Return a moment that is kept in UTC as staff read it on their clock."""
    return format_datetime(at, "d MMM y, HH:mm", tzinfo=_ZONE, locale="nl") if at else ""


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["datum"] = lambda day: format_date(day, "d MMM y", locale="nl") if day else ""
_templates.filters["zin"] = lambda text: text[:1].upper() + text[1:]
_templates.filters["moment"] = _moment


@dataclass(frozen=True)
class NavigationLink:
    """What a page adds to the navigation; shown to those who have at least this role."""

    path: str
    title: str
    role: Role = "lezen"


class NotSignedInError(Exception):
    """Somebody has to sign in first."""


def services(request: Request) -> Services:
    """Return what the pages work with."""
    return request.app.state.services


def current_user(request: Request) -> User | None:
    """Return who is signed in, looked up once a request."""
    if not hasattr(request.state, "user"):
        token = request.cookies.get(SESSION_COOKIE)
        request.state.user = services(request).accounts.user(token) if token else None
    return request.state.user


def require(role: Role) -> Callable[[Request], User]:
    """Return the dependency that gives the signed-in user, and refuses one who has not at least this role."""

    def signed_in(request: Request) -> User:
        user = current_user(request)
        if user is None or (user.must_change and request.url.path != PASSWORD_PAGE):
            raise NotSignedInError
        if not user.may(role):
            raise HTTPException(403, f"Hiervoor heb je de rol {role} nodig. Vraag het een beheerder.")
        return user

    return signed_in


Reader = Annotated[User, Depends(require("lezen"))]
Editor = Annotated[User, Depends(require("redacteur"))]
Manager = Annotated[User, Depends(require("beheerder"))]
Work = Annotated[Services, Depends(services)]
Form = Annotated[FormData, Depends(posted)]


def render(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page made from a template, with what the layout needs: user, navigation, token and message."""
    user, visit, token = current_user(request), None, csrf_token(request)
    if not token:
        visit = secrets.token_urlsafe(24)
        token = csrf_of(visit)
    message = request.cookies.get(MESSAGE_COOKIE)
    links = [link for link in request.app.state.links if user and not user.must_change and user.may(link.role)]
    page = _templates.get_template(template).render(
        request=request,
        user=user,
        csrf=token,
        links=links,
        path=request.url.path,
        message=unquote(message) if message else None,
        **context,
    )
    response = HTMLResponse(page, status)
    if visit:
        set_cookie(request, response, VISIT_COOKIE, visit)
    if message:
        response.delete_cookie(MESSAGE_COOKIE)
    return response


def redirect(request: Request, path: str, message: str = "") -> Response:
    """Send the browser to a page, which shows the message once."""
    response = RedirectResponse(path, 303)
    if message:
        set_cookie(request, response, MESSAGE_COOKIE, quote(message[:800]), max_age=60)
    return response


def set_cookie(request: Request, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Set a cookie that no script can read and that no other site can make the browser send."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=max_age, httponly=True, samesite="strict", secure=secure)


def text_of(form: FormData, name: str) -> str:
    """Return a text field of a form; empty when it is missing or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
