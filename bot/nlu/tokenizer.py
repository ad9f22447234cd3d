"""Dutch words with their lemmas."""

import json
from typing import Any

import simplemma
import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

MODEL = "nl_core_news_sm"
BLANK = "blank"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class DutchTokenizer(Tokenizer):
    """Splits with spaCy's Dutch rules; lemmas come from simplemma.

    `nl_core_news_sm` is used when it is installed, else spaCy's blank Dutch pipeline. Both split
    alike, and the lemmas are simplemma's in both cases (on UD Dutch it is the better of the two),
    so answers never depend on which of the two is there. The trained model records which one it
    was built with and refuses the other.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options that every Rasa tokenizer has."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__({**self.get_default_config(), **config})
        self.pipeline = installed_pipeline()
        self._nlp = (
            spacy.load(MODEL, exclude=["lemmatizer", "parser", "ner"])
            if self.pipeline == MODEL
            else (spacy.blank("nl"))
        )
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "DutchTokenizer":
        """Make a tokenizer for training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "DutchTokenizer":
        """Make a tokenizer for a trained model.

        Raises:
            RasaException: the model was trained with another Dutch pipeline than is installed.
        """
        tokenizer = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            trained = json.loads((folder / "tokenizer.json").read_text("utf-8"))["pipeline"]
        if trained != tokenizer.pipeline:
            raise RasaException(
                f"Dit model is getraind met spaCy-pipeline '{trained}', maar nu is er '{tokenizer.pipeline}'. "
                "Train opnieuw (techniekpact train) of zet de andere pipeline terug (make spacy-model)."
            )
        return tokenizer

    def train(self, training_data: TrainingData) -> Resource:
        """Record which pipeline the model is built with."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "tokenizer.json").write_text(json.dumps({"pipeline": self.pipeline}), "utf-8")
        return self._resource

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens of one attribute of a message."""
        text = message.get(attribute)
        return [
            Token(token.text, token.idx, lemma=simplemma.lemmatize(token.text, lang="nl"))
            for token in self._nlp.make_doc(text)
            if not token.is_space
        ]


def installed_pipeline() -> str:
    """Return the name of the Dutch spaCy pipeline that this environment has."""
    return MODEL if spacy.util.is_package(MODEL) else BLANK
