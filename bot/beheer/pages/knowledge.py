"""The list of all that the assistant knows."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.beheer.catalogue import STATES, Query
from bot.beheer.entries import EDITABLE
from bot.beheer.labels import KIND_NAMES
from bot.beheer.page import NavigationLink, Reader, Work, render
from bot.beheer.paging import Paging

router = APIRouter()
LINKS = (NavigationLink("/kennis", "Kennis"),)
PAGE_SIZE = 50
SHOWN_PROBLEMS = 20


@router.get("/kennis")
def overview(
    request: Request,
    work: Work,
    user: Reader,
    zoek: str = "",
    soort: str = "item",
    thema: str = "",
    landsdeel: str = "",
    status: str = "",
    pagina: int = 1,
) -> Response:
    """Show the entries that are looked for; above them, what is wrong with the files."""
    query = Query(zoek[:200], [soort] if soort in EDITABLE else EDITABLE, thema, landsdeel, status)
    found = work.catalogue.search(query)
    paging = Paging(max(1, min(pagina, -(-len(found) // PAGE_SIZE) or 1)), PAGE_SIZE, len(found))
    errors = [problem for problem in work.entries.check()[1] if not problem.warning]
    return render(
        request,
        "kennis/lijst.html",
        rows=found[paging.first_shown : paging.first_shown + PAGE_SIZE],
        paging=paging,
        query=query,
        kind=soort if soort in EDITABLE else "",
        kinds=KIND_NAMES,
        themes=work.catalogue.choices("thema"),
        landsdelen=work.catalogue.choices("landsdeel"),
        states=STATES,
        errors=errors[:SHOWN_PROBLEMS],
        more_errors=max(0, len(errors) - SHOWN_PROBLEMS),
    )
