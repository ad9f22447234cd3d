"""Dutch place names as entities, and all of them alike in what is to be understood."""

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.text import question_text
from bot.nlu.reading import READ_TEXT
from bot.places import load_gazetteer

ENTITY = "plaats"


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
)
class PlaceExtractor(GraphComponent, EntityExtractorMixin):
    """Marks every place name that a text means; the value is what `Gazetteer.lookup` takes.

    What later components read of a message is its question with one name for all places, so that
    what is learnt from "stage in Goes" holds for Ede. Rasa counts it as a featurizer too: that is how
    the training examples pass through it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return where the lists of names are, seen from the folder that Rasa runs in."""
        return {"folder": "knowledge"}

    def __init__(self, config: dict[str, Any]) -> None:
        self._gazetteer = load_gazetteer(Path(config["folder"]))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PlaceExtractor":
        """Make an extractor; it has nothing to learn."""
        return cls({**cls.get_default_config(), **config})

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the place names to the entities of each message."""
        for message in messages:
            found = [
                {
                    "entity": ENTITY,
                    "start": mention.start,
                    "end": mention.end,
                    "value": mention.value,
                    "extractor": type(self).__name__,
                }
                for mention in self._gazetteer.find(message.get(TEXT) or "")
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return self._read(messages)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Make the places of the training examples alike."""
        self._read([message for message in training_data.training_examples if message.get(TEXT)])
        return training_data

    def _read(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(READ_TEXT, self._gazetteer.mask(question_text(message.get(TEXT) or "")))
        return messages
