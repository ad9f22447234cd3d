"""Training data for Rasa, read once and copied lightly: reading and copying took longer than learning."""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_BLOCK_KEYS = {"intent", "metadata", "examples"}


class Example(Message):
    """A training example: its text, intent and metadata never change.

    Rasa copies all examples deeply and takes their fingerprint, tokens and vectors included, some
    fifteen times a training. A light copy and a fingerprint of what is an example's own do; nothing
    may be kept from one training to the next on the strength of it, so Rasa's cache is off
    (`bot.training`). It could not be trusted before either: it does not see a change in a component.
    """

    def fingerprint(self) -> str:
        """Return what tells this example from any other."""
        if self._cached_fingerprint is None:
            own = [self.data.get(name) for name in (TEXT, INTENT, METADATA, ENTITIES)]
            self._cached_fingerprint = hashlib.md5(repr(own).encode(), usedforsecurity=False).hexdigest()
        return self._cached_fingerprint

    def __hash__(self) -> int:
        """Return what Rasa's class does, without making a number of thirty-two digits first."""
        return hash(self.fingerprint())

    def __eq__(self, other: object) -> bool:
        """Tell whether another message has the same fingerprint."""
        return isinstance(other, Message) and other.fingerprint() == self.fingerprint()

    def __deepcopy__(self, _: dict[int, Any]) -> "Example":
        copy = Example(self.data, set(self.output_properties), self.time, list(self.features))
        copy._cached_fingerprint = self._cached_fingerprint
        return copy


class ExamplesImporter(RasaFileImporter):
    """Rasa's own importer, but for the examples.

    Files that hold nothing but plain examples, as `techniekpact train` writes them, are read with
    libyaml; all others (entities, lookups, synonyms) with Rasa's reader.
    """

    def get_nlu_data(self, language: str | None = "nl") -> TrainingData:
        """Return the examples, whatever the language says: Rasa asks for them three times."""
        return self._examples

    @cached_property
    def _examples(self) -> TrainingData:
        plain = {path: found for path in self._nlu_files if (found := _plain_examples(Path(path)))}
        others = training_data_from_paths([path for path in self._nlu_files if path not in plain], "nl")
        others.training_examples = [
            *(Example(message.data, message.output_properties) for message in others.training_examples),
            *(example for found in plain.values() for example in found),
        ]
        return others


def _plain_examples(path: Path) -> list[Example]:
    """Return the examples of a file, or nothing when it holds anything else."""
    text = path.read_text("utf-8")
    if "](" in text or "]{" in text:  # entities
        return []
    blocks = (yaml.load(text, yaml.CSafeLoader) or {}).get("nlu") or []
    if not all(_BLOCK_KEYS.issuperset(block) and "intent" in block and isinstance(block["examples"], str)
               for block in blocks):  # fmt: skip
        return []
    return [
        Example.build(line.removeprefix("- ").strip(), block["intent"], intent_metadata=block.get("metadata"))
        for block in blocks
        for line in block["examples"].splitlines()
    ]
