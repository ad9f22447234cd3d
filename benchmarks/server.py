"""An assistant to measure: one that runs already, or one of our own on a free port."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psutil

from bot.processes import die_with_parent, free_ports
from bot.roles import local_nodes, with_token
from bot.settings import Settings

START_SECONDS = 600


@contextmanager
def running_assistant(address: str | None = None, **environment: str) -> Iterator[str]:
    """Yield the address of an assistant that answers; one started here is stopped afterwards."""
    if address:
        yield address
        return
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "bot", "serve"]
    variables = {**os.environ, "PORT": str(port), "BEHEER_PORT": "0", **environment}
    with subprocess.Popen(command, env=variables, preexec_fn=die_with_parent) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_healthy(address, process)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@contextmanager
def running_rasa() -> Iterator[httpx.Client]:
    """Yield a way to a Rasa server with the current model and nothing around it."""
    _, rasa = local_nodes(with_token(Settings()))[0].services
    port = rasa.command[rasa.command.index("--port") + 1]
    with subprocess.Popen(rasa.command, env=rasa.environment, stderr=subprocess.DEVNULL) as process:
        try:
            address, token = f"http://127.0.0.1:{port}", rasa.environment["RASA_TOKEN"]
            wait_for(f"{address}/status?token={token}", process, START_SECONDS)
            with httpx.Client(base_url=address, params={"token": token}, timeout=60, trust_env=False) as client:
                yield client
        finally:
            process.terminate()


def wait_until_healthy(address: str, process: subprocess.Popen | None = None, seconds: float = START_SECONDS) -> float:
    """Wait until the assistant is ready to answer and return the seconds that it took.

    Raises:
        TimeoutError: it did not get ready in time, or its process ended.
    """
    return wait_for(f"{address}/api/health", process, seconds)


def wait_for(url: str, process: subprocess.Popen | None, seconds: float) -> float:
    """Wait until a URL answers 200 and return the seconds that it took.

    Raises:
        TimeoutError: it did not in time, or the process behind it ended.
    """
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if process and process.poll() is not None:
            raise TimeoutError(f"the process behind {url} ended with code {process.returncode}")
        try:
            # The proxy of a measurement has a certificate of its own making.
            if httpx.get(url, timeout=10, trust_env=False, verify=False).status_code == 200:
                return time.monotonic() - started
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"no answer from {url} after {seconds:.0f} s")


def cpu_of_children() -> float:
    """Return the processor time of all processes started here, in seconds."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            total += sum(process.cpu_times()[:2])
        except psutil.Error:
            continue
    return total


def memory_of_children(kind: str = "pss") -> float:
    """Return the memory of all processes started here, in MB.

    Args:
        kind: "pss" counts shared pages once; "rss" counts them for every process, and so does not fall when a
            process elsewhere begins to share them.
    """
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            total += getattr(process.memory_full_info(), kind)
        except psutil.Error:
            continue
    return total / 1e6
