"""Publishing: what changed, the button, and how far it is."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.beheer.page import Editor, Form, NavigationLink, Reader, Work, redirect, render, text_of
from bot.beheer.progress import STEPS
from bot.beheer.publishing import BusyError, Order
from bot.knowledge.store import NOTE_CHARACTERS

router = APIRouter()
LINKS = (NavigationLink("/publiceren", "Publiceren"),)
SHOWN_CHANGES = 100


@router.get("/publiceren")
def show(request: Request, work: Work, user: Reader) -> Response:
    """Show what waits to be published, or how far the publish is that runs."""
    if work.overview.places.busy():
        return render(request, "publiceren/bezig.html", **_progress(work))
    return _page(request, work)


@router.get("/publiceren/voortgang")
def progress(request: Request, work: Work, user: Reader) -> Response:
    """Return how far it is, for the page that waits."""
    return render(request, "publiceren/_voortgang.html", **_progress(work))


@router.post("/publiceren")
def publish(request: Request, work: Work, user: Editor, form: Form) -> Response:
    """Start to publish what was shown."""
    accepted = text_of(form, "aanvaard").strip()
    if accepted and not user.may("beheerder"):
        raise HTTPException(403, "Alleen een beheerder kan iets live zetten dat slechter is.")
    if "aanvaard" in form and not accepted:
        return _page(request, work, 422, error="Schrijf op waarom het toch live mag.")
    order = Order(
        author=user.name,
        note=text_of(form, "bericht").strip()[:NOTE_CHARACTERS],
        trial="lang" if text_of(form, "lang") == "ja" else "gepast",
        accepted=accepted[:NOTE_CHARACTERS],
        expected=text_of(form, "bestanden"),
    )
    return start(request, work, order)


def start(request: Request, work: Work, order: Order) -> Response:
    """Start a publish and show how far it is; when somebody else was first, theirs."""
    try:
        work.overview.start(order)
    except BusyError as error:
        return redirect(request, "/publiceren", str(error))
    return redirect(request, "/publiceren")


def _progress(work: Work) -> dict:
    return {"state": work.overview.state(), "busy": work.overview.places.busy(), "names": STEPS}


def _page(request: Request, work: Work, status: int = 200, error: str | None = None) -> Response:
    waiting, state = work.overview.waiting(), work.overview.state()
    refused = state is not None and state.outcome == "afgekeurd" and state.files == waiting.key
    return render(
        request,
        "publiceren/publiceren.html",
        status,
        waiting=waiting,
        shown=waiting.changes[:SHOWN_CHANGES],
        state=state,
        names=STEPS,
        refused=refused,
        error=error,
    )
