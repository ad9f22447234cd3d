"""Sentence vectors as Rasa features."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.encoder import CachedEncoder, Encoder, default_encoder, pack
from bot.language.text import question_text
from bot.nlu.reading import read_text
from bot.nlu.spelling import REPAIRED

VECTOR = "vector"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """One vector a message: shape (1, encoder.dim), centred on the training data and of length one.

    The cosines of multilingual-e5 sit between 0.75 and 1.0; taking the training mean away spreads
    them, which a linear classifier needs (Mu & Viswanath, 2018, "All-but-the-Top").
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options; `cache` is the file in which vectors of training texts are kept."""
        return {**DenseFeaturizer.get_default_config(), "cache": "var/vectors.db"}

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        mean: np.ndarray | None = None,
    ) -> None:
        super().__init__(name, config)
        self._encoder: Encoder = default_encoder()
        self._mean = mean if mean is not None else np.zeros(self._encoder.dim, dtype=np.float32)
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """Make a featurizer for training."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SentenceEncoder":
        """Make a featurizer for a trained model.

        Raises:
            RasaException: the model was trained with another encoder.
        """
        with model_storage.read_from(resource) as folder, np.load(folder / "encoder.npz") as stored:
            mean, trained_with = stored["mean"], str(stored["encoder"])
        featurizer = cls(config, execution_context.node_name, model_storage, resource, mean)
        if trained_with != featurizer._encoder.name:
            raise RasaException(
                f"Dit model is getraind met de encoder '{trained_with}', maar nu is er "
                f"'{featurizer._encoder.name}'. Train opnieuw: techniekpact train."
            )
        return featurizer

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept any configuration."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the mean of the training texts."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        vectors = self._encode(messages, for_training=True)
        self._mean = vectors.mean(axis=0)
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / "encoder.npz", mean=self._mean, encoder=self._encoder.name)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to the training examples."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        self._add_features(messages, self._encode(messages, for_training=True))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to messages of visitors; and the vector itself, which spares the search the same work."""
        vectors = self._encode(messages, for_training=False)
        self._add_features(messages, vectors)
        for message, vector in zip(messages, vectors, strict=True):
            if read_text(message) == question_text(message.get(REPAIRED) or message.get(TEXT) or ""):
                # of a text with places made alike the search makes its own
                message.set(VECTOR, pack(vector, self._encoder.name), add_to_output=True)
        return messages

    def _encode(self, messages: list[Message], *, for_training: bool) -> np.ndarray:
        texts = [read_text(message) for message in messages]
        if not for_training:
            return self._encoder.encode(texts)  # what visitors type is kept nowhere
        cache = Path(os.environ.get("VECTOR_CACHE") or self._config["cache"])
        return CachedEncoder(self._encoder, cache).encode(texts)

    def _add_features(self, messages: list[Message], vectors: np.ndarray) -> None:
        centred = vectors - self._mean
        centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
        for message, vector in zip(messages, centred, strict=True):
            message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
