"""The subject of a message, and within it the question of `knowledge/` that it comes closest to."""

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.softmax import SoftmaxRegression

logger = logging.getLogger(__name__)

ITEM_RANKING = "item_ranking"
ITEM_METADATA = "item"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ItemClassifier(IntentClassifier, GraphComponent):
    """Multinomial logistic regression over the finest labels that the data have.

    An example written out from `knowledge/` carries its item in the metadata of its intent; its
    label is then that item, else its intent. The confidence of an intent is the sum over its
    labels. Besides Rasa's own output a message gets `item_ranking`:
    `[{"name": item id, "confidence": probability}]`, the likeliest first.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options; `C` and `scale` were chosen by cross-validation on the example questions.

        `eager` are intents that win from a confidence on that is no majority: who misses a cry for
        help does more harm than who hears one too many. `reserved` are intents that win only when
        they have at least `reserved_from` together: small talk in reply to a question is worse than a
        search for nothing, and "thanks, bye" is two kinds of it.
        `with_entity` are intents that make no sense in a message without any entity.
        """
        return {
            "C": 10.0, "scale": 3.0, "ranking_length": 10,
            "eager": {}, "reserved": [], "reserved_from": 0.5, "with_entity": [],
        }  # fmt: skip

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        fitted: dict[str, np.ndarray] | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._set(fitted)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ItemClassifier":
        """Make a classifier for training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "ItemClassifier":
        """Make a classifier for a trained model."""
        with model_storage.read_from(resource) as folder, np.load(folder / "classifier.npz") as stored:
            return cls(config, model_storage, resource, dict(stored))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the labels of all examples that have an intent."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        labels = [_label(message) for message in examples]
        intents = {label: message.get(INTENT) for label, message in zip(labels, examples, strict=True)}
        logger.info("Fitting %d labels on %d examples.", len(intents), len(examples))
        model = SoftmaxRegression.fit(self._features(examples), labels, self._config["C"])
        fitted = {
            "weights": model.weights,
            "bias": model.bias,
            "labels": np.array(model.labels, dtype=str),
            "intents": np.array([intents[label] for label in model.labels], dtype=str),
        }
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / "classifier.npz", **fitted)
        self._set(fitted)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add intent, intent ranking and item ranking to each message."""
        if not self._labels:
            return messages
        for message, probabilities in zip(messages, self._model.probabilities(self._features(messages)), strict=True):
            ranking = self._rank_intents(probabilities, has_entity=bool(message.get(ENTITIES)))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(ITEM_RANKING, self._rank_items(probabilities), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples as they are; nothing after this component needs its output."""
        return training_data

    def _set(self, fitted: dict[str, np.ndarray] | None) -> None:
        self._labels: list[str] = []
        if not fitted:
            return
        self._labels = fitted["labels"].tolist()
        self._model = SoftmaxRegression(fitted["weights"], fitted["bias"], self._labels)
        self._intent_names, self._intent_of_label = np.unique(fitted["intents"], return_inverse=True)
        self._is_item = np.array(
            [label != intent for label, intent in zip(self._labels, fitted["intents"], strict=True)]
        )

    def _features(self, messages: list[Message]) -> np.ndarray:
        rows = [message.get_dense_features(TEXT)[1].features[0] for message in messages]
        return np.stack(rows) * self._config["scale"]

    def _rank_intents(self, probabilities: np.ndarray, has_entity: bool) -> list[dict[str, Any]]:
        totals = np.bincount(self._intent_of_label, weights=probabilities)
        ranking = [
            {"name": str(self._intent_names[i]), "confidence": float(totals[i])}
            for i in np.argsort(-totals)[: self._config["ranking_length"]]
        ]
        reserved = float(totals[np.isin(self._intent_names, self._config["reserved"])].sum())
        unsure = reserved < self._config["reserved_from"]
        return sorted(ranking, key=lambda entry: self._rank_class(**entry, unsure=unsure, has_entity=has_entity))

    def _rank_class(self, name: str, confidence: float, unsure: bool, has_entity: bool) -> int:
        """Return 0 for an eager intent that is sure enough, 2 for one that may not win here, else 1."""
        if confidence >= self._config["eager"].get(name, 2.0):
            return 0
        held_back = unsure and name in self._config["reserved"]
        out_of_place = name in self._config["with_entity"] and not has_entity
        return 2 if held_back or out_of_place else 1

    def _rank_items(self, probabilities: np.ndarray) -> list[dict[str, Any]]:
        best = [i for i in np.argsort(-probabilities) if self._is_item[i]][: self._config["ranking_length"]]
        return [{"name": self._labels[i], "confidence": float(probabilities[i])} for i in best]


def _label(message: Message) -> str:
    item = (message.get(METADATA) or {}).get(METADATA_INTENT, {})
    return item.get(ITEM_METADATA) or message.get(INTENT) if isinstance(item, dict) else message.get(INTENT)
