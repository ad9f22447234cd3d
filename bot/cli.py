"""The command line: `techniekpact …`."""

import getpass
import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.settings import Role, Settings

if TYPE_CHECKING:
    from bot.beheer.publishing import Order
    from bot.knowledge.schema import Knowledge

app = typer.Typer(
    help="De Techniekpact-assistent: kennis nakijken, publiceren, trainen en draaien.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(highlight=False, soft_wrap=True)

FolderOption = Annotated[Path, typer.Option("--map", help="De map met kennis.")]
KNOWLEDGE = Path(os.environ.get("KNOWLEDGE_FOLDER", "knowledge"))


# What a part needs that stands on another machine than the rest.
_TOKEN = {"RASA_TOKEN": "wat de knopen van hun vragers willen horen; op elke machine hetzelfde."}
_NEEDED = {
    Role.WEBSITE: {"RASA_URL": "waar de knopen staan, zoals http://10.0.0.2:5006 http://10.0.0.3:5006.", **_TOKEN},
    Role.NODES: {"MODEL_SECRET": "een knoop vertrouwt alleen een model dat daarmee getekend is.", **_TOKEN},
}


@app.command()
def check(folder: FolderOption = KNOWLEDGE) -> None:
    """Kijk alle kennisbestanden na en toon elke fout met bestand en regel."""
    _checked(folder)


@app.command()
def publish(
    folder: FolderOption = KNOWLEDGE,
    note: Annotated[str, typer.Option("--bericht", help="Wat er veranderde, voor later.")] = "",
    trial: Annotated[
        bool, typer.Option("--toets", help="Leer eerst van nieuwe voorbeeldvragen en toets of niets slechter wordt.")
    ] = False,
    long: Annotated[bool, typer.Option("--lang", help="Met --toets: stel in elk geval alle ontwikkelvragen.")] = False,
    accept: Annotated[
        str, typer.Option("--aanvaard", help="Met --toets: zet live al is het slechter; zeg waarom.")
    ] = "",
) -> None:
    """Zet de kennis live. De draaiende assistent antwoordt er binnen enkele seconden mee."""
    from bot.beheer.publishing import Order

    _checked(folder)
    how = ("lang" if long else "gepast") if trial else "geen"
    _publish(folder, Order(getpass.getuser(), note, how, accept))


@app.command()
def versions(
    limit: Annotated[int, typer.Option("--aantal", help="Hoeveel je er wilt zien.")] = 20,
) -> None:
    """Toon de versies die live zijn geweest, de nieuwste eerst."""
    from bot.knowledge.store import Store

    for version in Store().versions()[:limit]:
        when = f"{version.published_at:%Y-%m-%d %H:%M} UTC"
        kept = "" if version.has_files else "  (zonder bestanden: niet terug te zetten)"
        console.print(f"{version.number}  {when}  {version.author}  {version.note}{kept}", markup=False)


@app.command()
def restore(
    version: Annotated[
        int, typer.Argument(metavar="VERSIE", help="Het nummer, zoals techniekpact versions het toont.")
    ],
    folder: FolderOption = KNOWLEDGE,
    note: Annotated[str, typer.Option("--bericht", help="Waarom, voor later.")] = "",
    discard: Annotated[
        bool, typer.Option("--gooi-weg", help="Wijzigingen die nooit live waren mogen verloren gaan.")
    ] = False,
) -> None:
    """Zet een eerdere versie terug: de bestanden precies zoals ze waren, en meteen live."""
    from bot.beheer.publishing import Order

    note = note or f"Versie {version} teruggezet."
    _publish(folder, Order(getpass.getuser(), note, restore=version, discard_edits=discard))


def _publish(folder: Path, order: "Order") -> None:
    """Publish, and show what came of it."""
    from bot.beheer.audit import AuditLog
    from bot.beheer.publishing import BusyError, Places, RefusedError, StoppedError, publish_and_note
    from bot.records.database import open_records

    places = Places.from_settings(Settings.from_environment(), folder)
    try:
        with console.status("Publiceren …"):
            hear = lambda said: console.print(said, style="dim", markup=False)  # noqa: E731
            changes = publish_and_note(order, places, AuditLog(open_records()), hear)
    except (BusyError, StoppedError) as error:
        _stop("\n".join([str(error), *getattr(error, "reasons", ())]))
    except RefusedError as error:
        for line in (*error.verdict.reasons, "Dit gaat slechter:", *error.verdict.worse):
            console.print(line, markup=False)
        _stop(f"{error} Herstel het, of zet het toch live met --aanvaard en de reden.")
    if changes is None:
        console.print(f"Er is niets veranderd: versie {places.store.version()} blijft live.")
        return
    console.print(f"Versie {changes.version} is live.")
    for what, ids in (("Nieuw", changes.added), ("Veranderd", changes.changed), ("Weg", changes.removed)):
        if ids:
            shown = ", ".join(ids[:10]) + (f" en nog {len(ids) - 10}" if len(ids) > 10 else "")
            console.print(f"{what}: {shown}")


@app.command("import")
def import_document(
    file: Annotated[Path, typer.Argument(metavar="BESTAND", help="Een document: txt, md, pdf of docx.")],
    folder: FolderOption = KNOWLEDGE,
) -> None:
    """Maak concepten van een document, om na te lezen en in eigen woorden te schrijven."""
    from bot.knowledge.documents import UnreadableError, read_document
    from bot.knowledge.drafts import DraftsExistError, passages, write_drafts
    from bot.knowledge.publish import document_encoder
    from bot.knowledge.search import Index
    from bot.language.encoder import default_encoder

    try:
        found = list(passages(read_document(file)))
    except UnreadableError as error:
        _stop(str(error))
    encoder = default_encoder()
    with console.status("Bij elk stuk tekst een onderwerp zoeken …"):
        index = Index(_checked(folder), encoder, document_encoder(encoder))
    try:
        path, count = write_drafts(folder, file.name, found, index, date.today())
    except DraftsExistError as error:
        _stop(f"{error} bestaat al, misschien met werk van een collega erin. Verplaats of hernoem dat bestand eerst.")
    console.print(f"{count} concepten staan in {path}. De assistent antwoordt er nog niet mee.")
    console.print(
        "Schrijf ze in je eigen woorden en haal 'status: concept' weg. Kijk daarna na met: techniekpact check"
    )


@app.command()
def train(
    folder: FolderOption = KNOWLEDGE,
    force: Annotated[bool, typer.Option("--opnieuw", help="Train ook als er niets veranderd is.")] = False,
) -> None:
    """Leer van de voorbeeldvragen. Nodig na nieuwe voorbeeldvragen; niet na een nieuw antwoord."""
    from bot import training
    from bot.models import from_environment

    knowledge = _checked(folder)
    if training.is_current(knowledge) and not force:
        console.print("Het model is al getraind op deze voorbeeldvragen.")
    else:
        try:
            training.train(knowledge, report=console.print)
        except training.TrainingFailedError as error:
            _stop(str(error))
    if (models := from_environment()) and models.share(training.model_path()):
        console.print("Het model is gedeeld met de andere machines.")


@app.command()
def serve(
    folder: FolderOption = KNOWLEDGE,
    role: Annotated[
        Role,
        typer.Option("--alleen", help="Draai één deel, waar het over meer machines verdeeld is (docs/productie.md)."),
    ] = Role.ALL,
) -> None:
    """Start de assistent op deze computer: kennis nakijken, publiceren, zo nodig trainen, en draaien."""
    from bot import serve as running
    from bot.website.sessions import load_secret

    try:
        settings = Settings.from_environment()
        if role in (Role.ALL, Role.WEBSITE):
            load_secret(settings.state_folder / "geheim")
    except ValueError as error:
        _stop(str(error))
    if role in (Role.ALL, Role.STAFF):
        _prepare(settings, folder)
    for name, what in _NEEDED.get(role, {}).items():
        if not os.environ.get(name):
            _stop(f"Stel {name} in: {what}")
    running.serve(settings, role)


def _prepare(settings: Settings, folder: Path) -> None:
    """Bring knowledge and model up to date; with mistakes in the files, go on with what there is."""
    from bot import training
    from bot.beheer.publishing import Places, publish_at_start
    from bot.knowledge.check import check as check_knowledge
    from bot.knowledge.store import Store

    knowledge, problems = check_knowledge(folder)
    if knowledge is None:
        _show(problems)
        if not (Store().version() and training.model_path().exists()):
            _stop("Herstel dit eerst: er is nog geen eerdere versie om mee te draaien.")
        console.print("[yellow]De kennisbestanden hebben fouten. De vorige versie blijft in gebruik.[/yellow]")
        return
    places = Places.from_settings(settings, folder)
    with console.status("Kennis publiceren …"):
        live = publish_at_start(knowledge, places, getpass.getuser())
    if not live:
        number, knowledge = places.store.load()
        console.print(f"[yellow]Er zijn wijzigingen die niet gepubliceerd zijn. Versie {number} blijft live.[/yellow]")
    if not training.is_current(knowledge):
        try:
            training.train(knowledge, report=console.print)
        except training.TrainingFailedError as error:
            _stop(str(error))


@app.command()
def beheer() -> None:
    """Start alleen de beheerpagina's, op een eigen poort. Bij serve horen ze er al bij."""
    import uvicorn

    from bot.processes import port_is_free

    try:
        settings = Settings.from_environment()
    except ValueError as error:
        _stop(str(error))
    if not port_is_free(settings.staff_host, settings.staff_port):
        _stop(f"Poort {settings.staff_port} is bezet. Kies een andere met BEHEER_PORT.")
    console.print(f"Beheer: {settings.staff_address}  (stoppen met Ctrl-C)")
    uvicorn.run(
        "bot.beheer.app:create_app",
        factory=True,
        host=settings.staff_host,
        port=settings.staff_port,
        access_log=False,
        log_level="warning",
    )


@app.command()
def gebruiker(
    name: Annotated[str, typer.Argument(metavar="NAAM", help="Kleine letters, cijfers, punten en streepjes.")],
    role: Annotated[str, typer.Option("--rol", help="lezen, redacteur of beheerder.")] = "redacteur",
    ask_password: Annotated[
        bool, typer.Option("--vraag", help="Vraag een wachtwoord, in plaats van er eenmalig een te maken.")
    ] = False,
) -> None:
    """Maak een account voor de beheerpagina's."""
    from bot.beheer.accounts import AccountError, Accounts
    from bot.records.database import open_records

    password = typer.prompt("Wachtwoord", hide_input=True, confirmation_prompt="Nogmaals") if ask_password else None
    try:
        made = Accounts(open_records()).create(name, role, getpass.getuser(), password)
    except AccountError as error:
        _stop(str(error))
    console.print(f"Het account {name} is gemaakt, met de rol {role}.")
    if not ask_password:
        console.print(f"Eenmalig wachtwoord: {made}", markup=False)


@app.command()
def schema(folder: FolderOption = KNOWLEDGE) -> None:
    """Schrijf het schema van de kennisbestanden, waarmee een editor fouten toont terwijl je typt."""
    from bot.beheer.json_schema import write_schema

    for path in write_schema(folder):
        console.print(str(path))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="De vraag, tussen aanhalingstekens.")],
    sender: Annotated[
        str, typer.Option("--gesprek", help="Naam van het gesprek, om door te vragen.")
    ] = "opdrachtregel",
) -> None:
    """Stel de draaiende assistent een vraag en toon het antwoord."""
    import httpx

    address = f"http://127.0.0.1:{Settings.from_environment().port}"
    try:
        response = httpx.post(
            f"{address}/webhooks/rest/webhook",
            json={"sender": sender, "message": question},
            timeout=60,
            trust_env=False,
        )
    except httpx.HTTPError:
        _stop(f"De assistent draait niet op {address}. Start hem met: make run")
    for message in response.json():
        if "text" in message:
            console.print(message["text"], markup=False)
        for button in message.get("buttons", ()):
            console.print(f"  › {button['title']}", markup=False)


@app.command()
def evaluate(
    folder: FolderOption = KNOWLEDGE,
    gate: Annotated[
        bool, typer.Option("--gate", help="Keur af wat slechter is dan wat het laatst is goedgekeurd.")
    ] = False,
    accept: Annotated[bool, typer.Option("--aanvaard", help="Met --gate: neem wat er nu is als nieuwe maat.")] = False,
    address: Annotated[str | None, typer.Option("--adres", help="Een assistent die al draait.")] = None,
    train_file: Annotated[Path | None, typer.Option("--train", help="Voorbeelden van anderen (Rasa NLU YAML).")] = None,
    test_file: Annotated[Path | None, typer.Option("--test", help="Vragen om op te toetsen (Rasa NLU YAML).")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Schrijf de cijfers ook naar dit bestand.")] = None,
    measure_file: Annotated[
        Path | None, typer.Option("--maat", help="Met --gate: wat het laatst is goedgekeurd.")
    ] = None,
) -> None:
    """Meet hoe goed de assistent is. Met --train en --test: op voorbeelden van anderen, naast Rasa's eigen pipeline."""
    if train_file or test_file:
        if not (train_file and test_file):
            _stop("Geef --train en --test allebei: waarop te leren, en waarop te toetsen.")
        _evaluate_outside(train_file, test_file, json_file)
    elif gate:
        _evaluate_gate(_checked(folder), address, accept, measure_file, json_file)
    else:
        from benchmarks.evaluate import measure

        measure(address)


def _evaluate_outside(train_file: Path, test_file: Path, json_file: Path | None) -> None:
    from benchmarks import outside
    from benchmarks.rasa_trial import TrialFailedError

    with console.status("Beide pipelines trainen en toetsen …"):
        try:
            figures = outside.compare(train_file, test_file)
        except TrialFailedError as error:
            _stop(str(error))
    console.print(outside.table(figures), markup=False)
    if json_file:
        outside.write_json(figures, json_file)


def _evaluate_gate(
    knowledge: "Knowledge", address: str | None, accept: bool, measure_file: Path | None, json_file: Path | None
) -> None:
    from benchmarks import gate
    from benchmarks.server import running_assistant

    with running_assistant(address) as running:
        record, report = gate.measure(knowledge, running, console.print)
    accepted = measure_file or gate.RECORD
    before = gate.Record.load(accepted)
    verdict = gate.compare(before, record) if before else None
    for line in gate.lines(record, report, verdict):
        console.print(line, markup=False)
    if json_file:
        gate.write_json(record, verdict, json_file)
    if verdict and not verdict.passed and not accept:
        _stop("Herstel de genoemde vragen, of neem dit als nieuwe maat met: techniekpact evaluate --gate --aanvaard")
    if accept or not before:
        record.save(accepted)


@app.command()
def feedback(
    limit: Annotated[int, typer.Option("--aantal", help="Hoeveel vragen je wilt zien.")] = 50,
) -> None:
    """Toon vragen waarbij de bezoeker moest kiezen, met de keuze: elk een nieuwe voorbeeldvraag waard."""
    from bot.records.choices import Choices
    from bot.records.database import open_records

    found = Choices(open_records()).counted(limit)
    if not found:
        console.print("Nog geen bezoeker heeft hoeven kiezen.")
    for choice in found:
        console.print(f"{choice.count}× {choice.question} → {choice.chosen}", markup=False)


@app.command()
def opruimen(
    trial: Annotated[bool, typer.Option("--proef", help="Toon alleen wat er weg zou gaan.")] = False,
) -> None:
    """Verwijder wat langer bewaard is dan mag. De draaiende assistent doet dit elke dag zelf."""
    from bot.records.database import open_records
    from bot.records.retention import purge
    from bot.records.tracker import Tracker

    try:
        settings = Settings.from_environment()
    except ValueError as error:
        _stop(str(error))
    for purged in purge(open_records(), Tracker(), settings, trial):
        what = f"{purged.what} van meer dan {purged.days} dagen oud"
        console.print(f"{purged.count} {what}{' zouden weggaan' if trial else ' verwijderd'}.")


@app.command()
def gesprek(
    conversation: Annotated[str, typer.Argument(metavar="GESPREK", help="Het nummer of de naam van het gesprek.")],
    export: Annotated[bool, typer.Option("--exporteer", help="Toon alles wat ervan bewaard is, als JSON.")] = False,
    erase: Annotated[bool, typer.Option("--wis", help="Verwijder alles wat ervan bewaard is.")] = False,
) -> None:
    """Geef een bezoeker een kopie van een gesprek, of wis het overal."""
    from bot.records.conversations import Conversations
    from bot.records.database import open_records
    from bot.records.tracker import Tracker

    if export == erase:
        _stop("Kies --exporteer of --wis.")
    conversations = Conversations(open_records(), Tracker())
    found = conversations.export(conversation)
    if not found:
        _stop(f"Van gesprek '{conversation}' is niets bewaard. Kijk na of de naam klopt, met hoofdletters en tekens.")
    if export:
        print(json.dumps(found, indent=1, ensure_ascii=False, default=str))
        return
    gone = conversations.erase(conversation)
    console.print(f"Gewist: {', '.join(f'{count} uit {table}' for table, count in gone.items())}.", markup=False)


@app.command()
def links(folder: FolderOption = KNOWLEDGE) -> None:
    """Kijk na of de adressen in de kennis nog werken. Dat duurt een paar minuten."""
    from bot.beheer.link_round import LinkRound, RoundBusyError, summary
    from bot.records.database import open_records

    knowledge = _checked(folder)
    going_round = LinkRound(open_records(), Settings.from_environment().state_folder)
    with console.status("Adressen nakijken …") as status:
        try:
            found = going_round.run(
                knowledge, lambda done, total: status.update(f"Adressen nakijken: {done} van {total} …")
            )
        except RoundBusyError as error:
            _stop(str(error))
    for each in sorted(found, key=lambda each: (each.outcome, each.address)):
        if each.outcome not in ("goed", "geen verbinding"):
            console.print(f"{each.outcome}: {each.address}  {each.detail}", markup=False)
    console.print(summary(found))


def _checked(folder: Path):  # noqa: ANN202
    from bot.knowledge.check import check as check_knowledge

    knowledge, problems = check_knowledge(folder)
    _show(problems)
    if knowledge is None:
        _stop("Er is niets veranderd aan wat de assistent nu antwoordt.")
    console.print(f"In orde: {len(knowledge.items)} items, {len(knowledge.bronnen)} bronnen.")
    return knowledge


def _show(problems: list) -> None:
    for problem in problems:
        console.print(str(problem), style="yellow" if problem.warning else "red", markup=False)
    errors = sum(not problem.warning for problem in problems)
    if errors:
        console.print(f"{errors} {'fout' if errors == 1 else 'fouten'} gevonden.", style="bold red")


def _stop(message: str) -> None:
    console.print(message, style="red", markup=False)
    raise typer.Exit(1)
