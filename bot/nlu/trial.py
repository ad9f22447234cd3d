"""Train pipelines and label messages with them, inside Rasa: `python -m bot.nlu.trial JOBS RESULTS`.

JOBS is a JSON file, a list of `{"name", "config", "train", "test"}`: a pipeline and two files of
examples in Rasa's format. RESULTS becomes a list of `{"name", "train_seconds", "model_bytes",
"labelled"}`; `labelled` has, of every test example, `{"text", "expected", "ranking", "ms"}`, with
the ranking as `[[intent, confidence], …]`.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data

FALLBACK = "nlu_fallback"
"""What Rasa's FallbackClassifier puts above the intents; the ranking behind it is what the pipeline found."""
WARM_UP = 5


def run(job: dict[str, str]) -> dict[str, Any]:
    """Train one pipeline and label the test examples, one message at a time as a server would."""
    with tempfile.TemporaryDirectory(prefix="trial") as folder:
        started = time.perf_counter()
        model = train_nlu(job["config"], job["train"], folder, fixed_model_name=job["name"])
        seconds = time.perf_counter() - started
        if model is None:
            raise SystemExit(f"{job['config']}: het trainen op {job['train']} is mislukt.")
        labelled = asyncio.run(_label(model, job["test"]))
        return {
            "name": job["name"],
            "train_seconds": seconds,
            "model_bytes": os.path.getsize(model),
            "labelled": labelled,
        }


async def _label(model: str, test: str) -> list[dict[str, Any]]:
    agent = Agent.load(model)
    examples = load_data(test).intent_examples
    for example in examples[:WARM_UP]:
        await agent.parse_message(example.get(TEXT))
    return [await _one(agent, example.get(TEXT), example.get(INTENT)) for example in examples]


async def _one(agent: Agent, text: str, expected: str) -> dict[str, Any]:
    started = time.perf_counter()
    parsed = await agent.parse_message(text)
    milliseconds = (time.perf_counter() - started) * 1000
    ranking = [[each["name"], each["confidence"]] for each in parsed["intent_ranking"] if each["name"] != FALLBACK]
    return {"text": text, "expected": expected, "ranking": ranking, "ms": milliseconds}


def main() -> None:
    """Run all jobs of a file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jobs", type=Path)
    parser.add_argument("results", type=Path)
    arguments = parser.parse_args()
    results = [run(job) for job in json.loads(arguments.jobs.read_text("utf-8"))]
    arguments.results.write_text(json.dumps(results, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
