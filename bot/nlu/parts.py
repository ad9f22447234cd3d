"""A message that holds more questions, or a long story with one, is understood in parts too.

The splitter adds the parts as messages of their own behind the message, so that every component
after it works on all of them in one batch; the collector at the end puts what they found into the
output of the message, as `parts`.
"""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.sentences import split_questions

PARTS = "parts"
_PART_OF = "part_of"
MAX_PARTS = 6


class _Untrained(GraphComponent):
    """A component with nothing to learn."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "_Untrained":
        """Make the component."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples whole: each is an example of one thing."""
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class PartSplitter(_Untrained):
    """Adds the parts of a message that may each hold a question; of very long ones the last, where it mostly is."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Return the messages, each followed by its parts."""
        return [each for message in messages for each in (message, *self._parts(message))]

    @staticmethod
    def _parts(message: Message) -> list[Message]:
        parts = split_questions(message.get(TEXT) or "")
        if len(parts) < 2:
            return []
        return [Message({TEXT: part, _PART_OF: message}) for part in parts[-MAX_PARTS:]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class PartCollector(_Untrained):
    """Puts what was found in the parts of a message into its output; needs to be the last component."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Return the messages without the parts that the splitter added."""
        whole = [message for message in messages if not message.get(_PART_OF)]
        for message in whole:
            found = [part.as_dict(only_output_properties=True) for part in messages if part.get(_PART_OF) is message]
            message.set(PARTS, found, add_to_output=True)
        return whole
