"""The Rasa components, with Rasa's own storage and messages."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import ITEM_RANKING, ItemClassifier
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.importer import Example, ExamplesImporter
from bot.nlu.parts import PARTS, PartCollector, PartSplitter
from bot.nlu.places import PlaceExtractor
from bot.nlu.reading import read_text
from bot.nlu.softmax import SoftmaxRegression
from bot.nlu.spelling import REPAIRED, SpellingRepair
from bot.nlu.tokenizer import DutchTokenizer, installed_pipeline
from bot.nlu.word_parts import WordPartFeaturizer

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


def test_places_are_alike(storage: LocalModelStorage, data: TrainingData, tmp_path: Path):
    features = encoder(storage, tmp_path, data)
    places = PlaceExtractor.create({"folder": "knowledge"}, storage, Resource("places"), CONTEXT)
    goes, ede = features.process(places.process([Message({TEXT: "stage in Goes"}), Message({TEXT: "stage in Ede"})]))
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
    features = encoder(storage, tmp_path, data)
    places = PlaceExtractor.create({"folder": "knowledge"}, storage, Resource("places"), CONTEXT)
    messages = places.process([Message({TEXT: "waar is een stage"}), Message({TEXT: "stage in Goes"})])
    plain, masked = features.process(messages)
    assert plain.get("vector").startswith("e5-")
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


def test_word_parts_see_what_is_spelt_alike(storage: LocalModelStorage, data: TrainingData):
    options = {**WordPartFeaturizer.get_default_config(), "dimensions": 5}
    made = WordPartFeaturizer.create(options, storage, Resource("parts"), CONTEXT)
    made.train(data)
    for ready in (made, WordPartFeaturizer.load(options, storage, Resource("parts"), CONTEXT)):
        texts = ("ik zoek een stageplek", "ik zoek n stageplekk", "goedemorgen", "日本")
        messages = ready.process([Message({TEXT: text}) for text in texts])
        right, misspelt, other, unknown = (m.get_dense_features(TEXT)[1].features[0] for m in messages)
        assert np.linalg.norm(right) == pytest.approx(options["weight"], abs=0.01)
        assert right @ misspelt > right @ other
        assert not unknown.any()


def test_spelling_is_repaired_beside_what_the_visitor_wrote(storage: LocalModelStorage, data: TrainingData):
    examples = [*data.training_examples, Message.build("een stageplek bij de buren", "stages")]
    SpellingRepair.create({}, storage, Resource("spelling"), CONTEXT).train(TrainingData(examples))
    ready = SpellingRepair.load({}, storage, Resource("spelling"), CONTEXT)
    entity = {"entity": "plaats", "start": 21, "end": 29, "value": "Enschede"}
    wrong = Message({TEXT: "ik zoek stageplk bij Ensgede,", "entities": [entity]})
    right = Message({TEXT: "ik zoek een stageplek"})
    ready.process([wrong, right])
    assert "stageplek" in read_text(wrong)
    assert wrong.get(TEXT) == "ik zoek stageplk bij Ensgede,"
    assert wrong.get(REPAIRED) == "ik zoek stageplek bij Ensgede,"
    assert right.get(REPAIRED) is None


def test_the_parts_of_a_message_are_understood_too(storage: LocalModelStorage, data: TrainingData, tmp_path: Path):
    features = encoder(storage, tmp_path, data)
    classifier = ItemClassifier.create({}, storage, Resource("classifier"), CONTEXT)
    classifier.train(data)
    splitter, collector = (
        part.create({}, storage, Resource("parts"), CONTEXT) for part in (PartSplitter, PartCollector)
    )
    messages = splitter.process([Message({TEXT: "Hallo daar allemaal. Ik zoek een stageplek. Wat is een leerbaan?"})])
    assert len(messages) == 4
    (whole,) = collector.process(classifier.process(features.process(messages)))
    assert [part["item_ranking"][0]["name"] for part in whole.get(PARTS)[1:]] == ["stage-zoeken", "bbl"]
    assert PARTS in whole.output_properties
    (single,) = collector.process(splitter.process([Message({TEXT: "wat is een leerbaan"})]))
    assert single.get(PARTS) == []


def test_softmax_regression_finds_what_scikit_learn_finds():
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(1)
    centres = random.standard_normal((4, 6)) * 2
    targets = np.repeat(np.arange(4), 30)
    features = centres[targets] + random.standard_normal((120, 6))
    ours = SoftmaxRegression.fit(features, [f"l{t}" for t in targets], c=1.0, steps=3000)
    theirs = LogisticRegression(C=1.0, max_iter=1000, tol=1e-8).fit(features, targets)
    assert ours.labels == ["l0", "l1", "l2", "l3"]
    assert np.allclose(ours.probabilities(features), theirs.predict_proba(features), atol=0.01)


def test_examples_are_read_as_rasa_reads_them(tmp_path: Path):
    head = "version: '3.1'\nnlu:\n- intent: "
    plain = f"{head}stages\n  metadata: {{item: bbl}}\n  examples: |\n    - wat is bbl\n    - en bol?\n"
    marked = f"{head}plaats\n  examples: |\n    - ik woon in [Goes](plaats)\n"
    for name, text in (("plain", plain), ("marked", marked)):
        (tmp_path / f"{name}.yml").write_text(text)
    (tmp_path / "config.yml").write_text("recipe: default.v1\n")
    files = [str(tmp_path / f"{name}.yml") for name in ("plain", "marked")]
    ours = ExamplesImporter(str(tmp_path / "config.yml"), None, files).get_nlu_data()
    rasas = RasaFileImporter(str(tmp_path / "config.yml"), None, files).get_nlu_data()

    def told(data: TrainingData) -> list:
        return sorted((m.get(TEXT), m.get(INTENT), str(m.get("metadata")), str(m.get("entities")))
                      for m in data.training_examples)  # fmt: skip

    assert told(ours) == told(rasas)
    assert {type(message) for message in ours.training_examples} == {Example}
    copied = copy.deepcopy(ours.training_examples[0])
    copied.set("tokens", ["x"])
    assert ours.training_examples[0].get("tokens") is None
    assert copied.fingerprint() == ours.training_examples[0].fingerprint()
