"""The audit log, for those who manage accounts."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.beheer.page import Manager, NavigationLink, Work, render
from bot.beheer.paging import Paging

router = APIRouter()
LINKS = (NavigationLink("/logboek", "Logboek", "beheerder"),)
PAGE_SIZE = 50


@router.get("/logboek")
def log(request: Request, work: Work, user: Manager, pagina: int = 1) -> Response:
    """Show what was done, the newest first."""
    number = max(1, min(pagina, 1_000_000))
    entries, total = work.audit.page(number, PAGE_SIZE)
    return render(request, "accounts/logboek.html", entries=entries, paging=Paging(number, PAGE_SIZE, total))
