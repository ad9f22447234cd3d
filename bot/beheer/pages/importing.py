"""Making drafts of a document of staff's own."""

import shutil
import tempfile
from datetime import date
from pathlib import Path, PurePath

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from bot.beheer.page import Editor, Form, NavigationLink, Work, redirect, render
from bot.beheer.services import Services
from bot.knowledge.documents import MAX_BYTES, UnreadableError, read_document
from bot.knowledge.drafts import DraftsExistError, passages, write_drafts

router = APIRouter()
PATH = "/importeren"
LINKS = (NavigationLink(PATH, "Importeren", "redacteur"),)
MAX_BODY_BYTES = MAX_BYTES + 100_000
"""The document and the rest of the form."""


@router.get(PATH)
def import_page(request: Request, user: Editor) -> Response:
    """Show the form."""
    return render(request, "importeren/importeren.html", error=None)


@router.post(PATH)
def import_document(request: Request, work: Work, user: Editor, form: Form) -> Response:
    """Make drafts of what was sent."""
    upload = form.get("document")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return _refused(request, "Kies eerst een document.")
    try:
        path, count = _drafts(work, upload, PurePath(upload.filename.replace("\\", "/")).name)
    except DraftsExistError as error:
        name = Path(str(error)).name
        return _refused(request, f"Er zijn al concepten met de naam {name}. Geef je document een andere naam.")
    except (UnreadableError, OSError) as error:
        return _refused(request, str(error))
    work.audit.note(user.name, "geïmporteerd", path.name, f"{count} concepten")
    message = f"{count} concepten gemaakt. De assistent antwoordt er nog niet mee."
    return redirect(request, "/kennis?status=concept", message)


def _drafts(work: Services, upload: UploadFile, name: str) -> tuple[Path, int]:
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / f"document{PurePath(name).suffix[:10]}"
        with document.open("wb") as target:
            shutil.copyfileobj(upload.file, target)
        try:
            found = list(passages(read_document(document)))
        except UnreadableError as error:
            raise UnreadableError(str(error).replace(str(document), name).replace(document.name, name)) from error
    index = work.examples.wait()
    if index is None:
        raise UnreadableError("Er staan fouten in de kennis. Herstel die eerst: zie bovenaan de lijst bij Kennis.")
    with work.entries.lock:
        return write_drafts(work.entries.folder, name, found, index, date.today())


def _refused(request: Request, why: str) -> Response:
    return render(request, "importeren/importeren.html", 422, error=why)
