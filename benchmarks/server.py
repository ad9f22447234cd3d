"""An assistant to measure: one that runs already, or one of our own on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

START_SECONDS = 600


@contextmanager
def running_assistant(address: str | None = None, **environment: str) -> Iterator[str]:
    """Yield the address of an assistant that answers; one started here is stopped afterwards."""
    if address:
        yield address
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, env={**os.environ, "PORT": str(port), **environment}) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_healthy(address, process)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def wait_until_healthy(address: str, process: subprocess.Popen | None = None, seconds: float = START_SECONDS) -> float:
    """Wait until the assistant is ready to answer and return the seconds that it took.

    Raises:
        TimeoutError: it did not get ready in time, or its process ended.
    """
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if process and process.poll() is not None:
            raise TimeoutError(f"the assistant ended with code {process.returncode}")
        try:
            if httpx.get(f"{address}/api/health", timeout=10, trust_env=False).status_code == 200:
                return time.monotonic() - started
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"no healthy assistant at {address} after {seconds:.0f} s")
