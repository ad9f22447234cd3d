"""The dashboard and the alerts are well-formed, and look at metrics that exist."""

import json
import re
from collections.abc import Iterator

import pytest
import yaml
from prometheus_client import REGISTRY

from bot.website import metrics
from tests.conftest import ROOT

FOLDER = ROOT / "deploy/monitoring"
DASHBOARD = json.loads((FOLDER / "grafana.json").read_text("utf-8"))
RULES = [
    rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"] for rule in group["rules"]
]


def known_names() -> set[str]:
    """Return every name under which Prometheus sees a metric of ours."""
    assert metrics.UP  # they register when they are imported
    names = set()
    for metric in REGISTRY.collect():
        endings = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "info": ("_info",)}
        names.update(metric.name + ending for ending in endings.get(metric.type, ("",)))
    return {name for name in names if name.startswith("techniekpact_")}


def expressions() -> Iterator[str]:
    yield from (target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"])
    yield from (rule["expr"] for rule in RULES)


def test_every_metric_that_is_looked_at_exists():
    used = {name for expression in expressions() for name in re.findall(r"\btechniekpact_\w+", expression)}
    assert used <= known_names()
    assert len(used) > 10


def test_every_metric_is_looked_at():
    """What nobody looks at need not be measured."""
    text = " ".join(expressions())
    families = {re.sub(r"_(total|bucket|count|sum|info)$", "", name) for name in known_names()}
    assert {family for family in families if family not in text} == set()


def test_the_panels_do_not_overlap():
    taken: dict[tuple[int, int], str] = {}
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, f"{panel['title']} and {taken.get((x, y))}"
                taken[x, y] = panel["title"]
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_and_is_explained(rule: dict):
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert rule["annotations"]["summary"]
    assert re.fullmatch(r"\d+[smhd]", rule.get("for", "0s"))
    assert f"`{rule['alert']}`" in (ROOT / "docs/monitoring.md").read_text("utf-8")
    assert rule["expr"].count("(") == rule["expr"].count(")")


def test_prometheus_finds_the_gateway():
    configuration = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))
    assert configuration["scrape_configs"][0]["metrics_path"] == "/metrics"
    assert (FOLDER / configuration["rule_files"][0]).exists()
