"""Dutch place names as entities."""

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.places import load_gazetteer

ENTITY = "plaats"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceExtractor(GraphComponent, EntityExtractorMixin):
    """Marks every place name that a text means; the value is what `Gazetteer.lookup` takes."""

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
        return messages
