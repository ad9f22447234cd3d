"""How an entry will look to a visitor, and what its writer may want to change."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.beheer.editing import proposed_id
from bot.beheer.entries import MODELS, UnknownError, lean
from bot.beheer.examples import Stray
from bot.beheer.reading import Reading, reading
from bot.beheer.services import Services
from bot.knowledge.schema import Bron, Initiatief, Item
from bot.knowledge.wording import Wording, word

ANSWERED = ("item", "initiatief")
TEXTS = ("antwoord", "tekst", "omschrijving", "uitleg")
_ADDRESS = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:)])")


@dataclass(frozen=True)
class Preview:
    """What stands beside the form."""

    answers: bool
    """Whether entries of this kind are answered with as they are."""
    wording: Wording | None
    """None as long as too little is filled in."""
    buttons: Sequence[str]
    reading: Reading | None
    strays: Sequence[Stray]
    proposed_id: str

    @property
    def paragraphs(self) -> list[list[tuple[str, bool]]]:
        """Return the answer in paragraphs, each in pieces; True marks an address."""
        if self.wording is None:
            return []
        texts = self.wording.text.split("\n\n")
        return [[(piece, number % 2 == 1) for number, piece in enumerate(_ADDRESS.split(text))] for text in texts]


def preview(work: Services, kind: str, values: Mapping[str, Any], with_strays: bool = False) -> Preview:
    """Return how these values will look, as far as they are filled in.

    `with_strays` compares the example questions with those of others, which takes up to a second.
    """
    item = _item(kind, values)
    text = next((str(values[name]) for name in TEXTS if values.get(name)), "")
    return Preview(
        answers=kind in ANSWERED,
        wording=word([item], lambda name: _source(work, name)) if item else None,
        buttons=_buttons(work, item) if item else (),
        reading=reading(text),
        strays=_strays(work, values) if with_strays else (),
        proposed_id="" if values.get("id") else proposed_id(values, ()),
    )


def _strays(work: Services, values: Mapping[str, Any]) -> list[Stray]:
    wordings = [str(part) for part in values.get("voorbeeldvragen") or ()]
    return work.examples.strays(str(values.get("id") or ""), str(values.get("vraag") or ""), wordings)


def _item(kind: str, values: Mapping[str, Any]) -> Item | None:
    """Return the item that these values make, with what is still missing made up; None when they cannot."""
    if kind not in ANSWERED:
        return None
    fallback = {"id": "nieuw", "bronnen": ["?"], "doelgroep": ["pers"], "thema": "?", "voorbeeldvragen": ["?"]}
    known = {name: value for name, value in fallback.items() if name in MODELS[kind].model_fields}
    try:
        made = MODELS[kind].model_validate({**known, **lean(values)})
    except ValidationError:
        return None
    return made.as_item() if isinstance(made, Initiatief) else made


def _source(work: Services, name: str) -> Bron:
    try:
        return Bron.model_validate(dict(work.entries.find("bron", name).data))
    except (UnknownError, ValidationError):
        return Bron(id="onbekend", titel=f"onbekende bron {name}".strip())


def _buttons(work: Services, item: Item) -> list[str]:
    titles = dict(work.catalogue.choices("item", "initiatief"))
    return [titles[other] for other in item.zie_ook if other in titles]
