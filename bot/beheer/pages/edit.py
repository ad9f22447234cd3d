"""Changing, adding and taking away an entry, with a view of how a visitor will see it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from bot.beheer.catalogue import title_of
from bot.beheer.editing import ADDABLE, PREFILLED, Draft, conflicts_between, merged, proposed_id, remarks
from bot.beheer.entries import EDITABLE, ConflictError, Held, RefusedError, UnknownError, UnsavedError, as_json
from bot.beheer.forms import sent_values
from bot.beheer.labels import KIND_NAMES
from bot.beheer.page import Editor, Form, Reader, Work, redirect, render, text_of
from bot.beheer.preview import preview
from bot.beheer.services import Services
from bot.knowledge.files import Problem

router = APIRouter()
GONE = "Dit bestaat niet (meer). Misschien heeft een collega het weggehaald, of staat er een fout in het bestand."
SHOWN = "getoond"
"""The field that brings along how the entry was when it was shown."""


@router.get("/kennis/nieuw/{kind}")
def new(
    request: Request,
    work: Work,
    user: Editor,
    kind: str,
    bestand: str = "",
    vraag: str = "",
    voorbeeldvraag: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Show an empty form; a question and example questions may come along in the address."""
    _known(kind, ADDABLE)
    values = {"gecontroleerd_op": date.today(), **PREFILLED.get(kind, {})}
    if vraag:
        values |= {"vraag": vraag[:80]}
    if voorbeeldvraag:
        values |= {"voorbeeldvragen": voorbeeldvraag[:50]}
    return _form(request, work, Draft(kind, values), file=bestand)


@router.post("/kennis/nieuw/{kind}")
def add(request: Request, work: Work, user: Editor, form: Form, kind: str) -> Response:
    """Add an entry."""
    _known(kind, ADDABLE)
    draft = Draft.sent(kind, sent_values(form.multi_items()))
    if not draft.values.get("id"):
        draft.values["id"] = proposed_id(draft.values, {row.id for row in work.catalogue.rows()})
    file = text_of(form, "bestand")
    try:
        work.entries.add(kind, file, draft.values)
    except RefusedError as error:
        return _form(request, work, draft, file=file, problems=error.problems, status=422)
    except UnknownError:
        problems = [Problem("", 0, "kies een bestand", "het moet in een bestaand bestand komen")]
        return _form(request, work, draft, file=file, problems=problems, status=422)
    except UnsavedError as error:
        return _form(request, work, draft, file=file, failure=str(error), status=507)
    work.audit.note(user.name, "toegevoegd", f"{kind} {draft.values['id']}", file)
    return redirect(request, f"/kennis/{kind}/{draft.values['id']}", "Toegevoegd. Publiceer als je klaar bent.")


@router.post("/kennis/voorbeeld/{kind}")
def show_preview(request: Request, work: Work, user: Editor, form: Form, kind: str) -> Response:
    """Show what is in the form as a visitor will see it, with hints for the writer."""
    _known(kind, EDITABLE)
    draft = Draft.sent(kind, sent_values(form.multi_items()))
    draft.values["id"] = draft.values.get("id") or text_of(form, "kenmerk")
    return render(request, "kennis/voorbeeld.html", preview=preview(work, kind, draft.values, with_strays=True))


@router.get("/kennis/{kind}/{entry_id}")
def show(request: Request, work: Work, user: Reader, kind: str, entry_id: str) -> Response:
    """Show an entry: as a form for who may change it."""
    held = _found(work, kind, entry_id)
    return _form(request, work, Draft(kind, dict(held.data)), held=held)


@router.post("/kennis/{kind}/{entry_id}")
def save(request: Request, work: Work, user: Editor, form: Form, kind: str, entry_id: str) -> Response:
    """Save an entry, unless it is not right or somebody else changed it meanwhile."""
    _known(kind, EDITABLE)
    shown = _shown(form)
    draft = Draft.sent(kind, sent_values(form.multi_items()), shown)
    try:
        held = work.entries.find(kind, entry_id)
    except UnknownError:
        return _gone(request, work, Draft(kind, {**shown, **draft.values}))
    try:
        work.entries.change(held, draft.values, shown)
    except RefusedError as error:
        return _form(request, work, draft, held, shown, problems=error.problems, status=422)
    except ConflictError as error:
        return _conflict(request, work, draft, held, shown, error.theirs)
    except UnsavedError as error:
        return _form(request, work, draft, held, shown, failure=str(error), status=507)
    work.audit.note(user.name, "opgeslagen", f"{kind} {entry_id}", held.file)
    return redirect(request, f"/kennis/{kind}/{entry_id}", "Opgeslagen. Publiceer als je klaar bent.")


@router.post("/kennis/{kind}/{entry_id}/weg")
def remove(request: Request, work: Work, user: Editor, form: Form, kind: str, entry_id: str) -> Response:
    """Take an entry away, unless others refer to it."""
    held = _found(work, kind, entry_id)
    shown = _shown(form)
    try:
        work.entries.remove(held, shown)
    except RefusedError as error:
        return render(request, "kennis/verwijzingen.html", 409, held=held, problems=error.problems, kinds=KIND_NAMES)
    except ConflictError as error:
        return _conflict(request, work, Draft(kind, dict(shown)), held, shown, error.theirs)
    except UnsavedError as error:
        return _form(request, work, Draft(kind, dict(held.data)), held, failure=str(error), status=507)
    work.audit.note(user.name, "verwijderd", f"{kind} {entry_id}", held.file)
    return redirect(request, f"/kennis?soort={kind}", "Weggehaald. Publiceer als je klaar bent.")


def _form(
    request: Request,
    work: Services,
    draft: Draft,
    held: Held | None = None,
    shown: Mapping[str, Any] | None = None,
    *,
    file: str = "",
    problems: Sequence[Problem] = (),
    failure: str = "",
    conflicts: Sequence[Any] = (),
    status: int = 200,
) -> Response:
    fields = draft.fields(work.catalogue, problems, new=held is None)
    return render(
        request,
        "kennis/formulier.html",
        status,
        kind=draft.kind,
        called=KIND_NAMES[draft.kind][0],
        held=held,
        title=title_of(held.data) if held else "",
        shown=as_json(held.data if shown is None else shown) if held else "",
        fields=fields,
        files=work.entries.file_names(draft.kind) if held is None else [],
        file=file,
        remarks=remarks(draft.kind, problems),
        failure=failure,
        conflicts=conflicts,
        preview=preview(work, draft.kind, draft.values),
    )


def _conflict(
    request: Request, work: Services, draft: Draft, held: Held, shown: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Response:
    conflicts = conflicts_between(draft.kind, shown, theirs, draft.values)
    both = Draft(draft.kind, merged(shown, theirs, draft.values))
    return _form(request, work, both, held, theirs, conflicts=conflicts, status=409)


def _gone(request: Request, work: Services, draft: Draft) -> Response:
    """Give back what somebody wrote about an entry that was taken away meanwhile."""
    if draft.kind not in ADDABLE:
        raise HTTPException(404, GONE)
    return _form(
        request, work, draft, failure=f"{GONE} Je tekst staat hier nog. Opslaan maakt er iets nieuws van.", status=409
    )


def _shown(form: Form) -> dict[str, Any]:
    try:
        shown = json.loads(text_of(form, SHOWN))
    except json.JSONDecodeError:
        shown = None
    if not isinstance(shown, dict):
        raise HTTPException(400, "Dit formulier is niet volledig. Laad de pagina opnieuw.")
    return shown


def _found(work: Services, kind: str, entry_id: str) -> Held:
    try:
        return work.entries.find(kind, entry_id)
    except UnknownError:
        raise HTTPException(404, GONE) from None


def _known(kind: str, kinds: Sequence[str]) -> None:
    if kind not in kinds:
        raise HTTPException(404, "Deze soort bestaat niet.")
