"""The first page after signing in."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.beheer.page import NavigationLink, Reader, render

router = APIRouter()
LINKS = (NavigationLink("/", "Start"),)


@router.get("/")
def start(request: Request, user: Reader) -> Response:
    """Show what there is to do."""
    return render(request, "start/start.html")
