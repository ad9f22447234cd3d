"""Accounts: who may do what."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.beheer.accounts import ROLES, AccountError
from bot.beheer.page import Form, Manager, NavigationLink, Work, redirect, render, text_of

router = APIRouter()
LINKS = (NavigationLink("/accounts", "Accounts", "beheerder"),)


@router.get("/accounts")
def accounts(request: Request, work: Work, user: Manager) -> Response:
    """List the accounts, with a form for a new one."""
    return _page(request, work)


@router.post("/accounts")
def add(request: Request, work: Work, user: Manager, form: Form) -> Response:
    """Make an account, and show its one-time password this once."""
    name = text_of(form, "naam").strip().lower()
    try:
        password = work.accounts.create(name, text_of(form, "rol"), by=user.name)
    except AccountError as error:
        return _page(request, work, 422, error=str(error), name=name)
    return _page(request, work, made=(name, password))


@router.post("/accounts/{account_id}")
def change(request: Request, work: Work, user: Manager, form: Form, account_id: int) -> Response:
    """Set the role of an account and whether it may be used."""
    try:
        work.accounts.change(account_id, text_of(form, "rol"), text_of(form, "actief") == "ja", by=user.name)
    except AccountError as error:
        return _page(request, work, 422, error=str(error))
    return redirect(request, "/accounts", "Opgeslagen.")


@router.post("/accounts/{account_id}/wachtwoord")
def reset(request: Request, work: Work, user: Manager, account_id: int) -> Response:
    """Give an account a new one-time password, and show it this once."""
    names = {account.id: account.name for account in work.accounts.all()}
    try:
        password = work.accounts.reset_password(account_id, by=user.name)
    except AccountError as error:
        return _page(request, work, 422, error=str(error))
    return _page(request, work, made=(names[account_id], password))


def _page(
    request: Request,
    work: Work,
    status: int = 200,
    error: str | None = None,
    made: tuple[str, str] | None = None,
    name: str = "",
) -> Response:
    everybody = work.accounts.all()
    return render(
        request, "accounts/accounts.html", status, accounts=everybody, roles=ROLES, error=error, made=made, name=name
    )
