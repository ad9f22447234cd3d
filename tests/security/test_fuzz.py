"""Whatever is sent, the gateway answers, and never with an error of its own; `make fuzz` tries far more."""

from pathlib import Path

from benchmarks.fuzz import fuzz, gateway_in_process, gateway_running
from bot.knowledge.schema import Knowledge
from tests.conftest import Assistant


def test_the_gateway_alone(knowledge: Knowledge, tmp_path: Path):
    with gateway_in_process(knowledge, tmp_path) as target:
        fuzz(target, 1000)
    assert target.broken == []
    assert target.statuses[200] > 10
    assert target.statuses[201] > 1
    assert target.statuses[422] > 10


def test_the_running_assistant(assistant: Assistant):
    with gateway_running(assistant.address) as target:
        fuzz(target, 200)
    assert target.broken == []
    assert target.statuses[200] > 5
