"""The inbox: questions that were not answered well, and what to do with them."""

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from bot.beheer.catalogue import Query, Row
from bot.beheer.entries import ConflictError, RefusedError, UnknownError, UnsavedError
from bot.beheer.examples import Stray
from bot.beheer.inbox import REASONS, Group
from bot.beheer.page import Editor, Form, NavigationLink, Reader, Work, redirect, render, text_of
from bot.beheer.paging import Paging
from bot.beheer.services import Services
from bot.language.text import key

router = APIRouter()
LINKS = (NavigationLink("/postvak", "Postvak"),)
PAGE_SIZE = 25
SUGGESTIONS = 3
SHOWN_FOUND = 20
MAX_EXAMPLE = 400


@router.get("/postvak")
def inbox(request: Request, work: Work, user: Reader, pagina: int = 1) -> Response:
    """List the groups, the most frequent first."""
    groups = _groups(work)
    paging = Paging(max(1, min(pagina, 1_000_000)), PAGE_SIZE, len(groups))
    shown = groups[paging.first_shown :][:PAGE_SIZE]
    return render(request, "postvak/postvak.html", groups=shown, paging=paging, reasons=REASONS)


@router.get("/postvak/afgehandeld")
def handled(request: Request, work: Work, user: Reader) -> Response:
    """List what left the inbox."""
    return render(request, "postvak/afgehandeld.html", handled=work.inbox.handled()[:200])


@router.post("/postvak/terug")
def put_back(request: Request, work: Work, user: Editor, form: Form) -> Response:
    """Put a question back into the inbox."""
    work.inbox.put_back(text_of(form, "vraag"), user.name)
    return redirect(request, "/postvak/afgehandeld", "Teruggezet in het postvak.")


@router.get("/postvak/{group_key}")
def show(request: Request, work: Work, user: Reader, group_key: str, zoek: str = "") -> Response:
    """Show a group with the items that it may belong to."""
    return _page(request, work, _group(work, group_key), zoek[:200])


@router.post("/postvak/{group_key}/toewijzen")
def assign(request: Request, work: Work, user: Editor, form: Form, group_key: str) -> Response:
    """Make the chosen wordings example questions of an item, and take the group out of the inbox."""
    found, item_id, wordings = _group(work, group_key), text_of(form, "item"), _chosen(form)
    if not wordings:
        return _page(request, work, found, status=422, error="Kies ten minste één vraag.")
    try:
        held = work.entries.find("item", item_id)
    except UnknownError:
        return _page(request, work, found, status=404, error="Dit item bestaat niet (meer). Kies een ander.")
    known = list(held.data.get("voorbeeldvragen", ()))
    fresh = [wording for wording in wordings if key(wording) not in set(map(key, known))]
    strays = work.examples.strays(item_id, str(held.data.get("vraag")), [*known, *fresh])
    strays = [stray for stray in strays if stray.wording in fresh]
    if strays and text_of(form, "toch") != "ja":
        return _page(request, work, found, chosen=(item_id, wordings), strays=strays, status=409)
    try:
        if fresh:
            work.entries.change(held, {"voorbeeldvragen": [*known, *fresh]}, held.data)
    except (ConflictError, UnknownError):
        return _page(
            request, work, found, status=409, error="Een collega veranderde dit item net. Probeer het opnieuw."
        )
    except RefusedError as error:
        text = "; ".join(f"{problem.what}: {problem.mend}" for problem in error.problems)
        return _page(request, work, found, status=422, error=f"Dit kan niet. {text}.")
    except UnsavedError as error:
        return _page(request, work, found, status=507, error=str(error))
    work.inbox.handle([wording.text for wording in found.wordings], user.name, "toegewezen", item_id)
    return redirect(request, "/postvak", f"Toegevoegd aan '{held.data['vraag']}'. Publiceer als je klaar bent.")


@router.post("/postvak/{group_key}/nieuw")
def begin_item(request: Request, work: Work, user: Editor, form: Form, group_key: str) -> Response:
    """Begin a new item with these questions, and take the group out of the inbox."""
    found, wordings = _group(work, group_key), _chosen(form)
    work.inbox.handle([wording.text for wording in found.wordings], user.name, "nieuw")
    query = urlencode([("vraag", found.text[:80]), *(("voorbeeldvraag", wording) for wording in wordings[:20])])
    return redirect(request, f"/kennis/nieuw/item?{query}", "Uit het postvak gehaald. Maak het item hier af.")


@router.post("/postvak/{group_key}/afwijzen")
def dismiss(request: Request, work: Work, user: Editor, group_key: str) -> Response:
    """Take a group out of the inbox for good."""
    found = _group(work, group_key)
    work.inbox.handle([wording.text for wording in found.wordings], user.name, "afgewezen")
    return redirect(request, "/postvak", "Uit het postvak gehaald.")


def _groups(work: Services) -> list[Group]:
    return work.grouper.groups(work.inbox.missed(), work.examples.index())


def _group(work: Services, group_key: str) -> Group:
    found = next((group for group in _groups(work) if group.key == group_key), None)
    if found is None:
        raise HTTPException(404, "Deze vraag is al afgehandeld, of staat nu bij een andere vraag in het postvak.")
    return found


def _chosen(form: FormData) -> list[str]:
    """Return the wordings that were ticked, as an example question takes them: on one line."""
    texts = (" ".join(value.split())[:MAX_EXAMPLE] for value in form.getlist("vraag") if isinstance(value, str))
    return list(dict.fromkeys(filter(key, texts)))


def _page(
    request: Request,
    work: Services,
    group: Group,
    search: str = "",
    *,
    chosen: tuple[str, Sequence[str]] | None = None,
    strays: Sequence[Stray] = (),
    status: int = 200,
    error: str | None = None,
) -> Response:
    return render(
        request,
        "postvak/vraag.html",
        status,
        group=group,
        reasons=REASONS,
        search=search,
        found=_found(work, search) if search else _suggested(work, group),
        chosen=chosen,
        strays=strays,
        error=error,
    )


def _found(work: Services, search: str) -> list[tuple[str, str]]:
    rows: list[Row] = work.catalogue.search(Query(search, ["item"]))
    return [(row.id, row.title) for row in rows[:SHOWN_FOUND]]


def _suggested(work: Services, group: Group) -> list[tuple[str, str]]:
    """Return the items that lie nearest; none as long as there is nothing to compare with."""
    index = work.examples.index()
    if index is None:
        return []
    written = {row.id for row in work.catalogue.search(Query(kinds=["item"]))}
    candidates = index.search(group.text, limit=3 * SUGGESTIONS).candidates
    found = [(each.item.id, each.item.vraag) for each in candidates if each.item.id in written]
    return found[:SUGGESTIONS]
