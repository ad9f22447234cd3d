"""All processes of one machine, started together, restarted when one dies, stopped together.

Own code because the three depend on each other: Rasa needs the action server's address and the
visitor is told an address only when all of it answers. Supervisors such as supervisord or circus
start a process and know no more of it, and bring a control port of their own.
"""

import asyncio
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

import httpx
from sqlalchemy.exc import SQLAlchemyError

from bot.processes import die_with_parent, free_ports, port_is_free
from bot.records.database import open_records
from bot.records.retention import purge
from bot.records.tracker import Tracker, tracker_url
from bot.settings import Settings
from bot.training import RASA_PYTHON, UnknownModelError, model_path, rasa_environment, verify_model

logger = logging.getLogger(__name__)

MAX_RESTART_PAUSE_SECONDS = 30.0
STOP_SECONDS = 10.0
POLL_SECONDS = 1.0
MODEL_SECONDS = 120.0
# Waiting threads of numerical libraries spin: the other core serves another message better.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
TIDY_AT = time(3, 30)
MAX_HEADER_BYTES = 16_384
KEEP_ALIVE_SECONDS = 10
MAX_CONNECTIONS = 1000


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


def serve(settings: Settings) -> None:
    """Run the assistant on this machine until SIGINT or SIGTERM."""
    os.umask(0o077)  # what visitors say is for no other user of this machine
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    started = services(settings)
    supervisor = Supervisor(started)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, supervisor.stop)
    gateway = next(service for service in started if service.name == "website").environment
    staffed = any(service.name == "beheer" for service in started)
    besides = (_announce(settings, staffed), _follow_model(gateway["RASA_URL"], gateway["RASA_TOKEN"]), _tidy(settings))
    tasks = [asyncio.create_task(each) for each in besides]
    await supervisor.run()
    for task in tasks:
        task.cancel()
    print("Gestopt.", flush=True)


def services(settings: Settings) -> list[Service]:
    """Return the services, on free ports of the loopback interface but for the two that people open.

    The staff application is left out when its port is 0 or taken: the assistant does not need it.
    """
    rasa_port, action_port = free_ports(2)
    logs = settings.state_folder / "log"
    logs.mkdir(parents=True, exist_ok=True)
    # Rasa's HTTP API asks for a token, so that no other user of this machine reads conversations or gives it a model.
    token = {"RASA_TOKEN": settings.rasa_token or secrets.token_urlsafe(32)}
    urls = {"RASA_URL": f"http://127.0.0.1:{rasa_port}"}
    rasa = [str(RASA_PYTHON), "-m", "bot.dialogue.server", "run", "--enable-api", "--interface", "127.0.0.1",
            "--port", str(rasa_port), "--model", str(model_path()), "--endpoints", "endpoints.yml",
            "--credentials", "credentials.yml", "--log-file", os.devnull, "--quiet"]  # fmt: skip
    gateway = [sys.executable, "-m", "uvicorn", "--factory", "bot.website.app:create_app", "--host", settings.host,
               "--port", str(settings.port), *gateway_options(settings)]  # fmt: skip
    # One tracker store for Rasa, which writes it, and for the gateway, which reads and erases it.
    kept = {"TRACKER_DATABASE_URL": tracker_url()}
    rasa_variables = rasa_environment(
        ACTION_SERVER_URL=f"http://127.0.0.1:{action_port}/webhook",
        REDIS_URL=settings.redis_url or "",
        **kept,
        **token,
        **ONE_THREAD,
    )
    gateway_variables = {**os.environ, **urls, **kept, **token, "PORT": str(settings.port)}
    actions = [sys.executable, "-m", "actions", "--port", str(action_port)]
    started = [
        Service("acties", actions, logs / "acties.log", {**os.environ, **ONE_THREAD}),
        Service("rasa", rasa, logs / "rasa.log", rasa_variables, model_is_ours),
        Service("website", gateway, logs / "website.log", gateway_variables),
    ]
    if settings.staff_port and port_is_free(settings.staff_host, settings.staff_port):
        started.append(_staff_service(settings, logs))
    return started


def gateway_options(settings: Settings) -> list[str]:
    """Return how uvicorn guards the public port."""
    trusted = settings.trusted_proxies
    proxies = ["--proxy-headers", "--forwarded-allow-ips", trusted] if trusted else ["--no-proxy-headers"]
    # h11 bounds the size of the headers; httptools takes headers without end.
    return ["--http", "h11", "--h11-max-incomplete-event-size", str(MAX_HEADER_BYTES),
            "--timeout-keep-alive", str(KEEP_ALIVE_SECONDS), "--limit-concurrency", str(MAX_CONNECTIONS),
            "--ws", "none", "--no-server-header", *proxies, "--no-access-log", "--log-level", "warning"]  # fmt: skip


def _staff_service(settings: Settings, logs: Path) -> Service:
    command = [sys.executable, "-m", "uvicorn", "--factory", "bot.beheer.app:create_app", "--host", settings.staff_host,
               "--port", str(settings.staff_port), "--no-access-log", "--log-level", "warning"]  # fmt: skip
    return Service("beheer", command, logs / "beheer.log", {**os.environ})


async def _announce(settings: Settings, staffed: bool) -> None:
    """Print the address as soon as the assistant answers."""
    address = settings.address
    print("De assistent start …", flush=True)
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                if (await client.get(f"{address}/api/health", timeout=10)).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.5)
    print(f"De assistent is klaar: {address}  (stoppen met Ctrl-C)", flush=True)
    if staffed:
        print(f"Beheer: {settings.staff_address}", flush=True)
    elif settings.staff_port:
        print(f"Poort {settings.staff_port} is bezet, dus Beheer draait niet. Kies er een met BEHEER_PORT.", flush=True)


async def _follow_model(rasa_url: str, token: str) -> None:
    """Let the running Rasa take up every newly trained model.

    Rasa reads it beside the one in use and then swaps them; messages that come in meanwhile wait.
    """
    in_use = _model_time()
    async with httpx.AsyncClient(trust_env=False, timeout=MODEL_SECONDS, params={"token": token}) as client:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            newest = _model_time()
            if newest in (None, in_use) or not model_is_ours():
                continue
            try:
                reply = await client.put(f"{rasa_url}/model", json={"model_file": str(model_path().absolute())})
            except httpx.HTTPError:
                continue  # Rasa is starting, and takes the newest model by itself
            in_use = newest
            if reply.status_code == httpx.codes.NO_CONTENT:
                print("Het nieuwe model is in gebruik.", flush=True)
            else:
                logger.error("Rasa nam het nieuwe model niet: %s. Het vorige blijft in gebruik.", reply.text[:500])


def model_is_ours() -> bool:
    """Tell whether the model is the one that a training here wrote down; Rasa unpickles what is in it.

    Just after a training it may be false for a moment: the record is written after the model.
    """
    try:
        verify_model()
    except UnknownModelError as error:
        logger.error("%s", error)
        return False
    return True


async def _tidy(settings: Settings) -> None:
    """Remove, every night, what was kept long enough."""
    while True:
        await asyncio.sleep(_seconds_until(TIDY_AT))
        try:
            await asyncio.to_thread(purge, open_records(), Tracker(), settings)
        except SQLAlchemyError:
            logger.exception("Het opruimen is mislukt. Doe het nog eens met: techniekpact opruimen")


def _seconds_until(moment: time) -> float:
    now = datetime.now()
    today = datetime.combine(now.date(), moment)
    return ((today if today > now else today + timedelta(days=1)) - now).total_seconds()


def _model_time() -> int | None:
    """Return when the current model was put in its place; None when there is none."""
    try:
        return model_path().stat().st_mtime_ns
    except FileNotFoundError:
        return None


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
