"""Signing in and out, and changing one's password."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.beheer.accounts import AccountError, LockedError
from bot.beheer.page import PASSWORD_PAGE, Form, Reader, Work, redirect, render, set_cookie, text_of
from bot.beheer.security import SESSION_COOKIE

router = APIRouter()


@router.get("/aanmelden")
def sign_in_page(request: Request, work: Work, naar: str = "/") -> Response:
    """Show the form; without any account yet, the command that makes one."""
    return _sign_in_page(request, work, naar)


@router.post("/aanmelden")
def sign_in(request: Request, work: Work, form: Form) -> Response:
    """Check name and password."""
    name, onward = text_of(form, "naam"), text_of(form, "naar")
    address = request.client.host if request.client else "?"
    try:
        token = work.accounts.sign_in(name, text_of(form, "wachtwoord"), address)
    except AccountError as error:
        return _sign_in_page(request, work, onward, name, str(error), 429 if isinstance(error, LockedError) else 403)
    response = redirect(request, _within(onward))
    set_cookie(request, response, SESSION_COOKIE, token)
    return response


@router.post("/afmelden")
def sign_out(request: Request, work: Work) -> Response:
    """End the sign-in of this browser."""
    work.accounts.sign_out(request.cookies.get(SESSION_COOKIE, ""))
    response = redirect(request, "/aanmelden", "Je bent afgemeld.")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get(PASSWORD_PAGE)
def password_page(request: Request, user: Reader) -> Response:
    """Show the form for another password."""
    return render(request, "aanmelden/wachtwoord.html", error=None, forced=user.must_change)


@router.post(PASSWORD_PAGE)
def change_password(request: Request, work: Work, user: Reader, form: Form) -> Response:
    """Take another password; the user then signs in with it."""
    new = text_of(form, "nieuw")
    try:
        if new != text_of(form, "nogmaals"):
            raise AccountError("De twee nieuwe wachtwoorden zijn niet gelijk.")
        work.accounts.change_password(user, text_of(form, "oud"), new)
    except AccountError as error:
        return render(request, "aanmelden/wachtwoord.html", 422, error=str(error), forced=user.must_change)
    response = redirect(request, "/aanmelden", "Je wachtwoord is veranderd. Meld je ermee aan.")
    response.delete_cookie(SESSION_COOKIE)
    return response


def _sign_in_page(
    request: Request, work: Work, onward: str, name: str = "", error: str | None = None, status: int = 200
) -> Response:
    known = work.accounts.any()
    return render(request, "aanmelden/aanmelden.html", status, name=name, onward=onward, error=error, known=known)


def _within(path: str) -> str:
    """Return a path on this site; a link that leads elsewhere becomes the start page."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if safe else "/"
