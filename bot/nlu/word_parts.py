"""Parts of words as Rasa features: what a sentence vector does not see in misspelt or rare words."""

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.language.text import fold
from bot.nlu.reading import read_text

SEED = 20261125


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class WordPartFeaturizer(DenseFeaturizer, GraphComponent):
    """One vector a message, shape (1, dimensions), of length `weight`: latent semantic analysis of letter groups.

    Groups of two to four letters within a word, weighted by tf-idf, brought down by a truncated
    singular value decomposition (Deerwester et al., 1990, "Indexing by Latent Semantic Analysis").
    A text of which no group is known gets a vector of zeros.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options; `weight` is the length of the vector beside that of the sentence, which is one."""
        return {**DenseFeaturizer.get_default_config(), "dimensions": 400, "parts": 8000, "weight": 0.6}

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        vectorizer: TfidfVectorizer | None = None,
        projection: np.ndarray | None = None,
    ) -> None:
        super().__init__(name, config)
        self._vectorizer = vectorizer or self._new_vectorizer(max_features=self._config["parts"], min_df=2)
        self._projection = projection
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "WordPartFeaturizer":
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
    ) -> "WordPartFeaturizer":
        """Make a featurizer for a trained model."""
        with model_storage.read_from(resource) as folder:
            parts = json.loads((folder / "parts.json").read_text("utf-8"))
            with np.load(folder / "parts.npz") as stored:
                idf, projection = stored["idf"], stored["projection"].astype(np.float32)
        vectorizer = cls._new_vectorizer(vocabulary={part: n for n, part in enumerate(parts)})
        vectorizer.idf_ = idf
        return cls(config, execution_context.node_name, model_storage, resource, vectorizer, projection)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept any configuration."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which groups of letters there are and which go together."""
        counts = self._vectorizer.fit_transform([read_text(message) for message in _with_text(training_data)])
        dimensions = min(self._config["dimensions"], min(counts.shape) - 1)
        svd = TruncatedSVD(dimensions, n_iter=3, random_state=SEED).fit(counts)
        self._projection = svd.components_.T.astype(np.float32)
        with self._model_storage.write_to(self._resource) as folder:
            parts = self._vectorizer.get_feature_names_out().tolist()
            (folder / "parts.json").write_text(json.dumps(parts), "utf-8")
            np.savez(
                folder / "parts.npz",
                idf=self._vectorizer.idf_.astype(np.float32),
                projection=self._projection.astype(np.float16),
            )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to the training examples."""
        self.process(_with_text(training_data))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to messages."""
        reduced = self._vectorizer.transform([read_text(message) for message in messages]) @ self._projection
        lengths = np.maximum(np.linalg.norm(reduced, axis=1, keepdims=True), 1e-6)
        for message, vector in zip(messages, self._config["weight"] * reduced / lengths, strict=True):
            message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    @staticmethod
    def _new_vectorizer(**options: Any) -> TfidfVectorizer:
        return TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), preprocessor=fold, sublinear_tf=True, dtype=np.float32, **options
        )


def _with_text(training_data: TrainingData) -> list[Message]:
    return [message for message in training_data.training_examples if message.get(TEXT)]
