"""Misspelt words of the field, repaired before anything is made of them."""

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.spelling import Speller
from bot.nlu.reading import READ_TEXT, read_text

REPAIRED = "repaired"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellingRepair(GraphComponent):
    """Learns the words of the training examples, and repairs those of visitors by them.

    What later components read is the repaired text; the message itself stays as the visitor wrote
    it. Where anything was repaired, `repaired` in the output holds the whole text that way.
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, speller: Speller | None = None) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._speller = speller or Speller({})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SpellingRepair":
        """Make a component for training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SpellingRepair":
        """Make a component for a trained model."""
        with model_storage.read_from(resource) as folder:
            counts = json.loads((folder / "words.json").read_text("utf-8"))
        return cls(model_storage, resource, Speller(counts))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which words there are."""
        self._speller = Speller.of(read_text(message) for message in training_data.training_examples)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "words.json").write_text(json.dumps(self._speller.counts), "utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples as they are: their words are the right ones."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Repair the words of each message."""
        for message in messages:
            text = read_text(message)
            repaired = self._speller.repair(text)
            if repaired != text:
                message.set(READ_TEXT, repaired)
                message.set(REPAIRED, self._around_entities(message), add_to_output=True)
        return messages

    def _around_entities(self, message: Message) -> str:
        """Return the whole text repaired, but for the places in it: those have a spelling repair of their own."""
        text, pieces, end = message.get(TEXT), [], 0
        for entity in sorted(message.get(ENTITIES) or (), key=lambda entity: entity["start"]):
            pieces += [self._speller.repair(text[end : entity["start"]]), text[entity["start"] : entity["end"]]]
            end = entity["end"]
        return "".join([*pieces, self._speller.repair(text[end:])])
