"""Versions: what was live when, what changed, and the way back."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.beheer.differences import FieldChange, PartChange, describe, line_pieces
from bot.beheer.page import Editor, Form, NavigationLink, Reader, Work, render, text_of
from bot.beheer.pages.publishing import start
from bot.beheer.paging import Paging
from bot.beheer.publishing import Order, Places
from bot.knowledge.snapshot import changed_names
from bot.knowledge.store import NOTE_CHARACTERS, EmptyStoreError, Published

router = APIRouter()
LINKS = (NavigationLink("/versies", "Versies"),)
PAGE_SIZE = 25
SHOWN_CHANGES = 100


@router.get("/versies")
def versions(request: Request, work: Work, user: Reader, pagina: int = 1) -> Response:
    """List the versions, the newest first."""
    found = work.overview.places.store.versions()
    paging = Paging(max(1, min(pagina, 1_000_000)), PAGE_SIZE, len(found))
    shown = found[paging.first_shown :][:PAGE_SIZE]
    live = found[0].number if found else 0
    return render(request, "publiceren/versies.html", versions=shown, live=live, paging=paging)


@router.get("/versies/{number}")
def version(request: Request, work: Work, user: Reader, number: int, met: int | None = None) -> Response:
    """Show what a version changed, by default since the one before it."""
    places = work.overview.places
    found = {each.number: each for each in places.store.versions()}
    chosen = _existing(found, number)
    other = met if met in found else max((each for each in found if each < number), default=None)
    parts, files = _differences(places, other, number)
    return render(
        request,
        "publiceren/versie.html",
        version=chosen,
        other=other,
        others=[each for each in found if each != number],
        live=max(found),
        parts=parts,
        shown=(parts or ())[:SHOWN_CHANGES],
        files=files,
        waiting=work.overview.waiting(),
    )


@router.post("/versies/{number}/terugzetten")
def restore(request: Request, work: Work, user: Editor, form: Form, number: int) -> Response:
    """Bring an earlier version back."""
    _existing({each.number: each for each in work.overview.places.store.versions()}, number)
    note = text_of(form, "bericht").strip()[:NOTE_CHARACTERS] or f"Versie {number} teruggezet."
    order = Order(
        author=user.name,
        note=note,
        expected=text_of(form, "bestanden"),
        restore=number,
        discard_edits=text_of(form, "weggooien") == "ja",
    )
    return start(request, work, order)


def _existing(found: dict[int, Published], number: int) -> Published:
    if number not in found:
        raise HTTPException(404, f"Versie {number} bestaat niet.")
    return found[number]


def _differences(places: Places, old: int | None, new: int) -> tuple[list[PartChange] | None, list[FieldChange]]:
    """Return what changed by part, None where the parts are no longer kept, and by file."""
    store = places.store
    before, after = store.files(old) if old else {}, store.files(new)
    files = [
        FieldChange(name, line_pieces(_text(before.get(name)), _text(after.get(name))))
        for name in (changed_names(before, after) if before else ())
    ]
    try:
        return describe(store.load(old)[1] if old else None, store.load(new)[1]), files
    except EmptyStoreError:
        return None, files


def _text(body: bytes | None) -> str:
    return (body or b"").decode("utf-8", "replace")
