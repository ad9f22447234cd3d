"""The dashboard: how the assistant is used, in plots with their tables, and as a spreadsheet."""

from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.beheer.figures import PERIODS, ZONE, Figures, as_csv, figures, shown
from bot.beheer.page import NavigationLink, Reader, Work, render
from bot.beheer.plots import plot
from bot.beheer.services import Services
from bot.knowledge.schema import Knowledge
from bot.knowledge.store import EmptyStoreError

router = APIRouter()
LINKS = (NavigationLink("/cijfers", "Cijfers"),)
DEFAULT_PERIOD = "28"


@router.get("/cijfers")
def dashboard(request: Request, work: Work, user: Reader, periode: str = DEFAULT_PERIOD) -> Response:
    """Show the numbers of a period."""
    found = _figures(work, periode)
    return render(
        request, "cijfers/cijfers.html", figures=found, periods=PERIODS, period=periode, plot=plot, shown=shown
    )


@router.get("/cijfers.csv")
def spreadsheet(request: Request, work: Work, user: Reader, periode: str = DEFAULT_PERIOD) -> Response:
    """Return the same numbers for a spreadsheet, with the mark by which one recognises UTF-8."""
    text = "\ufeff" + as_csv(_figures(work, periode))
    named = {"Content-Disposition": f'attachment; filename="cijfers-{periode}-dagen.csv"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=named)


def _figures(work: Services, period: str) -> Figures:
    if period not in PERIODS:
        raise HTTPException(400, "Deze periode kennen we niet. Kies er een uit de lijst.")
    return figures(work.sessions, _live(work), int(period), datetime.now(ZONE).date())


def _live(work: Services) -> Knowledge:
    """Return what is live; before the first publish, nothing."""
    try:
        return work.overview.places.store.load()[1]
    except EmptyStoreError:
        return Knowledge(themas=[], bronnen=[], items=[], landsdelen=[])
