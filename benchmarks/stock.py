"""A stock Rasa bot: what `rasa init` makes, by itself or with an action server that gives every reply."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import yaml

from benchmarks.server import wait_for
from bot.processes import die_with_parent, free_ports
from bot.training import RASA_PYTHON, rasa_environment

MESSAGES = ["hello", "I am feeling great", "are you a bot?", "so sad today", "bye"]
START_SECONDS = 300
_ACTIONS = """
from rasa_sdk import Action


class ActionReply(Action):
    def name(self):
        return "action_reply"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"You said: {tracker.latest_message['text']}")
        return []
"""


def make_bot(folder: Path, with_action: bool = False) -> Path:
    """Write and train the bot in a new folder and return that.

    With an action, every intent leads to one small custom action, so that each message takes the same
    way as one of ours: Rasa, the action server and back.
    """
    python = RASA_PYTHON.absolute()
    template = next(python.parents[1].glob("lib/python3*/site-packages/rasa/cli/initial_project"))
    project = Path(shutil.copytree(template, folder / "stock"))
    (project / "credentials.yml").write_text("rest:\n", "utf-8")
    if with_action:
        _give_action(project)
    if code := _rasa(project, "train").wait():
        raise RuntimeError(f"rasa train ended with code {code}")
    return project


def _give_action(project: Path) -> None:
    domain = yaml.safe_load((project / "domain.yml").read_text("utf-8"))
    domain["actions"] = ["action_reply"]
    (project / "domain.yml").write_text(yaml.safe_dump(domain), "utf-8")
    rules = [
        {"rule": intent, "steps": [{"intent": intent}, {"action": "action_reply"}]} for intent in domain["intents"]
    ]
    (project / "data/rules.yml").write_text(yaml.safe_dump({"version": "3.1", "rules": rules}), "utf-8")
    (project / "data/stories.yml").unlink()
    (project / "actions/actions.py").write_text(_ACTIONS, "utf-8")


def _has_action(project: Path) -> bool:
    return not (project / "data/stories.yml").exists()


@contextmanager
def running_bot(project: Path) -> Iterator[str]:
    """Yield the address of the bot once it answers; its processes are stopped afterwards."""
    port, action_port = free_ports(2)
    with ExitStack() as stack:
        arguments = ["run", "--interface", "127.0.0.1", "--port", str(port), "--quiet"]
        if _has_action(project):
            endpoint = {"action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"}}
            (project / "endpoints.yml").write_text(yaml.safe_dump(endpoint), "utf-8")
            actions = _rasa(project, "run", "actions", "--port", str(action_port))
            stack.enter_context(stopping(actions))
            wait_for(f"http://127.0.0.1:{action_port}/health", actions, START_SECONDS)
        process = stack.enter_context(stopping(_rasa(project, *arguments)))
        address = f"http://127.0.0.1:{port}"
        wait_for(address, process, START_SECONDS)
        body = {"sender": "start", "message": MESSAGES[0]}
        while not httpx.post(f"{address}/webhooks/rest/webhook", json=body, timeout=120, trust_env=False).json():
            pass  # it listens before its model is loaded, and holds the request meanwhile
        yield address


def _rasa(project: Path, *arguments: str) -> subprocess.Popen:
    command = [str(RASA_PYTHON.absolute()), "-m", "rasa", *arguments]
    return subprocess.Popen(command, cwd=project, env=rasa_environment(), stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)  # fmt: skip


@contextmanager
def stopping(process: subprocess.Popen) -> Iterator[subprocess.Popen]:
    """Yield a process and stop it afterwards."""
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)
