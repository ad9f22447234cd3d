"""Processes that are started together, restarted when one dies and stopped together.

Own code because the processes of a machine depend on each other (`bot.serve`). Supervisors such as
supervisord or circus start a process and know no more of it, and bring a control port of their own.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.processes import die_with_parent

logger = logging.getLogger(__name__)

MAX_RESTART_PAUSE_SECONDS = 30.0
STOP_SECONDS = 10.0


@dataclass
class Service:
    """One process: how to start it and where its output goes."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True
    """Whether it may start now; asked again and again until it may."""


class Supervisor:
    """Keeps services running until told to stop."""

    def __init__(self, services: list[Service]) -> None:
        self.names = [service.name for service in services]
        self._services = services
        self._stopping = asyncio.Event()
        self._running: dict[str, asyncio.subprocess.Process] = {}

    def stop(self) -> None:
        """Ask for an orderly end."""
        self._stopping.set()

    async def run(self) -> None:
        """Start all services and keep them running until `stop`."""
        keepers = [asyncio.create_task(self._keep(service)) for service in self._services]
        await self._stopping.wait()
        await asyncio.gather(*(self._end(process) for process in self._running.values()))
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)

    async def _keep(self, service: Service) -> None:
        pause = 0.5
        while not self._stopping.is_set():
            if not service.ready():
                pause = min(pause * 2, MAX_RESTART_PAUSE_SECONDS)
                await asyncio.sleep(pause)
                continue
            started = asyncio.get_running_loop().time()
            process = await _start(service)
            self._running[service.name] = process
            code = await process.wait()
            if self._stopping.is_set():
                return
            # One that fails at once again and again is given ever longer pauses.
            lived = asyncio.get_running_loop().time() - started
            pause = 0.5 if lived > 60 else min(pause * 2, MAX_RESTART_PAUSE_SECONDS)
            logger.warning("%s is gestopt (code %s) en start opnieuw. Zie %s.", service.name, code, service.log)
            await asyncio.sleep(pause)

    @staticmethod
    async def _end(process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _start(service: Service) -> asyncio.subprocess.Process:
    with service.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *service.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=service.environment,
            start_new_session=True,  # Ctrl-C reaches the supervisor, which stops them in order
            preexec_fn=die_with_parent,
        )
