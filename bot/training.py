"""The trained model: from `knowledge/` and `data/` to a file that Rasa serves."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.knowledge.facets import title_number
from bot.knowledge.schema import Item, Knowledge
from bot.language.text import key
from bot.processes import die_with_parent

MODEL_NAME = "techniekpact"
MODELS = Path(os.environ.get("MODEL_FOLDER") or "models")
# The encoder makes all places alike, so one will do.
PLACE_PATTERNS = (
    "{} in Amersfoort",
    "{} in de buurt van Amersfoort",
    "ik woon in Amersfoort, {}",
    "{} en woon in Amersfoort",
)
PLACE_EVERY = 5
FOLLOW_UP_INTENT = "vervolg_vraag"
RASA_PYTHON = Path(".venv-rasa/bin/python")
# All that the model is made of; a change in any of it makes the model on disk an old one.
_SOURCES = ("config.yml", "domain.yml", "data/**/*.yml", "knowledge/plaatsen/*", "bot/nlu/*.py", "bot/places/*.py",
            "bot/language/*.py", "bot/training.py", "requirements/rasa.txt")  # fmt: skip

# What Rasa logs, as the person who waits may read it.
_STEPS = {
    "Starting to train component 'SentenceEncoder'": "  zinnen omzetten naar getallen (het langste deel) …",
    "Starting to train component 'ItemClassifier'": "  onderwerpen leren …",
    "Starting to train component 'RulePolicy'": "  gespreksregels leren …",
    "is trained and saved": "  klaar",
}


class TrainingFailedError(RuntimeError):
    """Rasa could not train; its output says why."""


def model_path(folder: Path = MODELS) -> Path:
    """Return where the current model stands."""
    return folder / f"{MODEL_NAME}.tar.gz"


class UnknownModelError(RuntimeError):
    """The model on disk is not the one that was trained here."""


def write_examples(knowledge: Knowledge, path: Path) -> None:
    """Write the example questions as Rasa NLU YAML: the theme as intent, the item in its metadata.

    Of themes that people ask about for their own place, every few examples stand there with a place
    added too: else a place in a question would look like none of our business.
    """
    local = {theme.id for theme in knowledge.themas if theme.plaatselijk}
    blocks = [
        {
            "intent": item.thema,
            "metadata": {"item": item.id},
            "examples": LiteralScalarString(
                "".join(f"- {plain(text)}\n" for text in _examples(item, item.thema in local))
            ),
        }
        for item in knowledge.items
    ]
    follow_ups = "".join(f"- {plain(text)}\n" for text in _follow_ups(knowledge))
    if follow_ups:
        blocks.append({"intent": FOLLOW_UP_INTENT, "examples": LiteralScalarString(follow_ups)})
    path.parent.mkdir(parents=True, exist_ok=True)
    yaml = YAML()
    yaml.width = 4096
    with path.open("w", encoding="utf-8") as file:
        yaml.dump({"version": "3.1", "nlu": blocks}, file)


def is_current(knowledge: Knowledge, folder: Path = MODELS) -> bool:
    """Tell whether the model on disk was trained on all that is here now."""
    if not (_record(folder).exists() and model_path(folder).exists()):
        return False
    record = json.loads(_record(folder).read_text("utf-8"))
    # The model and its record are two files: a crash may have left them of two trainings.
    same_model = record.get("sha256") == hashlib.sha256(model_path(folder).read_bytes()).hexdigest()
    return same_model and record.get("digest") == digest(knowledge)


def verify_model(folder: Path = Path("models")) -> None:
    """Compare the model on disk with what the training wrote down of it.

    Raises:
        UnknownModelError: it is missing, another one, or of no known training.
    """
    model, record = model_path(folder), folder / f"{MODEL_NAME}.json"
    try:
        expected = json.loads(record.read_text("utf-8"))["sha256"]
        found = hashlib.sha256(model.read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnknownModelError(f"Van {model} is niet na te gaan of het hier is getraind. Train opnieuw.") from error
    if found != expected:
        raise UnknownModelError(f"{model} is niet het model dat hier is getraind. Train opnieuw: techniekpact train")


def digest(knowledge: Knowledge) -> str:
    """Return what identifies the training input."""
    total = hashlib.sha256()
    for item in knowledge.items:
        total.update(json.dumps([item.id, item.thema, *_wordings(item)]).encode())
    total.update(json.dumps(list(_follow_ups(knowledge))).encode())
    for pattern in _SOURCES:
        for path in sorted(Path().glob(pattern)):
            total.update(path.as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def train(
    knowledge: Knowledge,
    folder: Path = MODELS,
    report: Callable[[str], None] = print,
    workspace: Path = Path("var"),
) -> Path:
    """Train a model and put it in the place of the current one, which stays until the new one is whole.

    Args:
        knowledge: What to learn from.
        folder: Where the model goes.
        report: Is told how far it is, in Dutch.
        workspace: A folder for the examples as Rasa reads them, and for the log.

    Raises:
        TrainingFailedError: Rasa ended with an error; the current model is untouched.
    """
    examples, log = workspace / "training", workspace / "log" / "train.log"
    write_examples(knowledge, examples / "kennis.yml")
    for path in (folder, log.parent):
        path.mkdir(parents=True, exist_ok=True)
    fresh = f"{MODEL_NAME}-nieuw"
    command = [str(RASA_PYTHON), "-m", "rasa", "train", "--data", "data", str(examples), "--domain", "domain.yml",
               "--config", "config.yml", "--out", str(folder), "--fixed-model-name", fresh,
               "--skip-validation"]  # fmt: skip
    report("Trainen op de voorbeeldvragen: de eerste keer een minuut of twee.")
    with (
        log.open("w", encoding="utf-8") as file,
        subprocess.Popen(
            command,
            env=rasa_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=die_with_parent,
        ) as process,
    ):
        for line in process.stdout or ():
            file.write(line)
            for mark, said in _STEPS.items():
                if mark in line:
                    report(said)
    trained = folder / f"{fresh}.tar.gz"
    if process.returncode or not trained.exists():
        raise TrainingFailedError(f"Het trainen is mislukt. In {log} staat waarom.")
    trained.replace(model_path(folder))
    record = {
        "digest": digest(knowledge),
        "sha256": hashlib.sha256(model_path(folder).read_bytes()).hexdigest(),
    }
    _record(folder).write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    return model_path(folder)


def put_in_place(trained: Path, folder: Path = MODELS) -> None:
    """Put a model that was trained elsewhere in the place of the current one.

    Raises:
        OSError: it does not fit on the disk; the current model stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for source, target in ((model_path(trained), model_path(folder)), (_record(trained), _record(folder))):
        beside = target.with_name(f"{target.name}.nieuw")
        shutil.copyfile(source, beside)
        beside.replace(target)


def _record(folder: Path) -> Path:
    """Return the file that says what a model was trained on."""
    return folder / f"{MODEL_NAME}.json"


def rasa_environment(**extra: str) -> dict[str, str]:
    """Return the environment for a Rasa process: our components on its path, no reports to the outside."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling Rasa anew costs twelve seconds at every start
    return {
        **environment,
        "PYTHONPATH": str(Path.cwd()),
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",  # it keeps what a changed component has made, and costs more than it saves
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "PYTHONWARNINGS": "ignore",
        **extra,
    }


def _examples(item: Item, local: bool) -> Iterator[str]:
    wordings = list(_wordings(item))
    yield from wordings
    if local:
        for number, wording in enumerate(wordings[::PLACE_EVERY]):
            yield PLACE_PATTERNS[number % len(PLACE_PATTERNS)].format(wording.rstrip(" ?!."))


def _follow_ups(knowledge: Knowledge) -> Iterator[str]:
    """Yield "en de PO-Raad?", "en hbo in Oost?", "en actie 18?": a name by itself says too little to learn it from few.

    A landsdeel is left out: "en Noord?" is a place.
    """
    landsdelen = {key(name) for part in knowledge.landsdelen for name in (part.naam, *part.ook_bekend_als)}
    named = {
        name: None
        for members in knowledge.lijsten
        for lid in members.leden
        for name in (lid.naam, *lid.ook[:1], lid.persoon, (lid.persoon or "").partition(" ")[2])
        if name and key(name) not in landsdelen
    }
    cells = {
        f"{column.naam} in {row.naam}": None
        for table in knowledge.tabellen
        for row in table.rijen
        for column in table.kolommen
    }
    numbered = {f"{own[0]} {own[1]}": None for item in knowledge.items if (own := title_number(item))}
    seen: set[str] = set()
    for name in (*named, *cells, *numbered):
        if key(name) not in seen:
            seen.add(key(name))
            yield f"en {name}?"


def _wordings(item: Item) -> Iterator[str]:
    yield from dict.fromkeys([item.vraag, *item.voorbeeldvragen])


def plain(text: str) -> str:
    """Return the text without the brackets and braces that Rasa reads as an entity."""
    return " ".join(text.replace("[", "(").replace("]", ")").replace("{", "(").replace("}", ")").split())
