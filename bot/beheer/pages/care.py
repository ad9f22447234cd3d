"""Care: what needs a look, whether addresses still work, and which source feeds what."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.beheer.care import addresses, due, feeding
from bot.beheer.link_round import RoundBusyError
from bot.beheer.links import known_checks
from bot.beheer.page import Editor, NavigationLink, Reader, Work, redirect, render
from bot.beheer.paging import Paging
from bot.beheer.services import Services
from bot.knowledge.schema import Knowledge

router = APIRouter()
LINKS = (NavigationLink("/zorg", "Te controleren"),)
PAGE_SIZE = 50
BROKEN_FIRST = ("weg", "fout", "weigert", "verhuisd", "", "goed")


@router.get("/zorg")
def care(request: Request, work: Work, user: Reader, pagina: int = 1) -> Response:
    """List what needs a look, the longest overdue first."""
    knowledge = _knowledge(work)
    found = due(knowledge, known_checks(work.sessions), date.today()) if knowledge else []
    paging = Paging(max(1, min(pagina, 1_000_000)), PAGE_SIZE, len(found))
    shown = found[paging.first_shown :][:PAGE_SIZE]
    return render(
        request,
        "zorg/zorg.html",
        due=shown,
        paging=paging,
        readable=knowledge is not None,
        initiatives=_initiatives(work),
    )


@router.get("/zorg/adressen")
def links(request: Request, work: Work, user: Reader, pagina: int = 1) -> Response:
    """List all addresses with what the last check found, those that do not work first."""
    knowledge, checks = _knowledge(work), known_checks(work.sessions)
    named = addresses(knowledge) if knowledge else {}
    rows = [(address, parts, checks.get(address)) for address, parts in named.items()]
    rows.sort(key=lambda row: (BROKEN_FIRST.index(row[2].outcome if row[2] else ""), row[0]))
    paging = Paging(max(1, min(pagina, 1_000_000)), PAGE_SIZE, len(rows))
    shown = rows[paging.first_shown :][:PAGE_SIZE]
    latest = max((check.checked_at for check in checks.values()), default=None)
    return render(
        request,
        "zorg/adressen.html",
        rows=shown,
        paging=paging,
        latest=latest,
        link_round=work.link_round,
        readable=knowledge is not None,
        initiatives=_initiatives(work),
    )


@router.get("/zorg/adressen/voortgang")
def progress(request: Request, work: Work, user: Reader) -> Response:
    """Return how far the round is, for the page that waits."""
    return render(request, "zorg/_voortgang.html", link_round=work.link_round)


@router.post("/zorg/adressen")
def check_links(request: Request, work: Work, user: Editor) -> Response:
    """Begin a round along all addresses."""
    knowledge = _knowledge(work)
    if knowledge is None:
        return redirect(request, "/zorg/adressen", "Herstel eerst de fouten in de bestanden.")
    try:
        work.link_round.start(knowledge)
    except RoundBusyError as error:
        return redirect(request, "/zorg/adressen", str(error))
    work.audit.note(user.name, "adressen nagekeken")
    return redirect(request, "/zorg/adressen")


@router.get("/zorg/bronnen")
def sources(request: Request, work: Work, user: Reader) -> Response:
    """List which source feeds what."""
    knowledge = _knowledge(work)
    found = feeding(knowledge, known_checks(work.sessions)) if knowledge else []
    return render(
        request,
        "zorg/bronnen.html",
        sources=found,
        readable=knowledge is not None,
        initiatives=_initiatives(work),
    )


def _initiatives(work: Services) -> set[str]:
    """Return the ids of items that were made of an initiative, which is what staff find and change."""
    return {row.id for row in work.catalogue.rows() if row.kind == "initiatief"}


def _knowledge(work: Services) -> Knowledge | None:
    """Return what stands in the files; None as long as there is a mistake in them."""
    return work.entries.check()[0]
