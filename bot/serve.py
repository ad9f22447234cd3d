"""Running a role on a machine: an address is told when all behind it answers, models go where they belong.

Own code because the processes depend on each other: Rasa needs the action server's address, and the
visitor is told an address only when all of it answers.
"""

import asyncio
import logging
import os
import shutil
import signal
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path

import httpx
from sqlalchemy.exc import SQLAlchemyError

from bot.models import Models, UntrustedModelError
from bot.models import from_environment as shared_models
from bot.records.database import open_records
from bot.records.retention import purge
from bot.records.tracker import Tracker
from bot.roles import Node, doors, local_nodes, model_is_ours, with_token
from bot.settings import Role, Settings
from bot.supervisor import Supervisor
from bot.training import model_path

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
MODEL_SECONDS = 120.0
FETCH_SECONDS = 5.0
TIDY_AT = time(3, 30)
MAX_LOG_BYTES = 20_000_000


def serve(settings: Settings, role: Role = Role.ALL) -> None:
    """Run a role on this machine until SIGINT or SIGTERM."""
    os.umask(0o077)  # what visitors say is for no other user of this machine
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    settings.state_folder.chmod(0o700)
    asyncio.run(_serve(with_token(settings), role))


async def _serve(settings: Settings, role: Role) -> None:
    models = shared_models()
    if role is Role.NODES and models:
        await _first_model(models)
    nodes = local_nodes(settings, role)
    supervisor = Supervisor([*(each for node in nodes for each in node.services), *doors(settings, role, nodes)])
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, supervisor.stop)
    besides = [_announce(settings, role, supervisor, nodes)]
    if role is Role.NODES:
        besides += [_follow_model(settings, nodes), *([_fetch_models(models)] if models else ())]
    elif role is not Role.WEBSITE:
        besides += [_follow_model(settings, nodes), *([_share_models(models)] if models else ()), _tidy(settings)]
    tasks = [asyncio.create_task(each) for each in besides]
    await supervisor.run()
    for task in tasks:
        task.cancel()
    print("Gestopt.", flush=True)


async def _announce(settings: Settings, role: Role, supervisor: Supervisor, nodes: Sequence[Node]) -> None:
    """Print the addresses that people open as soon as they answer; of nodes alone, theirs."""
    print("De assistent start …", flush=True)
    if "website" in supervisor.names:
        await _answers(f"{settings.address}/api/health")
        print(f"De assistent is klaar: {settings.address}  (stoppen met Ctrl-C)", flush=True)
    else:
        for node in nodes:
            await _answers(f"{node.url}/webhooks/gateway/parts?token={settings.rasa_token}")
            print(f"Knoop klaar: {node.url}", flush=True)
    if "beheer" in supervisor.names:
        print(f"Beheer: {settings.staff_address}", flush=True)
    elif role is Role.ALL and settings.staff_port:
        print(f"Poort {settings.staff_port} is bezet, dus Beheer draait niet. Kies er een met BEHEER_PORT.", flush=True)


async def _answers(url: str) -> None:
    """Wait until an address answers 200."""
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            with suppress(httpx.HTTPError):
                if (await client.get(url, timeout=10)).status_code == 200:
                    return
            await asyncio.sleep(0.5)


async def _follow_model(settings: Settings, nodes: Sequence[Node]) -> None:
    """Let every running Rasa take up each new model.

    Rasa reads it beside the one in use and then swaps them; messages that come in meanwhile wait.
    """
    followed = {node.url: _model_time() for node in nodes}
    token = {"token": settings.rasa_token}
    async with httpx.AsyncClient(trust_env=False, timeout=MODEL_SECONDS, params=token) as client:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            newest = _model_time()
            behind = [url for url, in_use in followed.items() if in_use != newest]
            if newest is None or not behind or not model_is_ours():
                continue
            for url in behind:
                if await _take_up(client, url):
                    followed[url] = newest


async def _take_up(client: httpx.AsyncClient, url: str) -> bool:
    """Have a Rasa load the model; return whether it was asked, be it in vain."""
    try:
        reply = await client.put(f"{url}/model", json={"model_file": str(model_path().absolute())})
    except httpx.HTTPError:
        return False  # Rasa is starting, and takes the newest model by itself
    if reply.status_code == httpx.codes.NO_CONTENT:
        print("Het nieuwe model is in gebruik.", flush=True)
    else:
        logger.error("Rasa nam het nieuwe model niet: %s. Het vorige blijft in gebruik.", reply.text[:500])
    return True


async def _share_models(models: Models) -> None:
    """Share each model that is trained here with the other machines."""
    shared = None
    while True:
        newest = _model_time()
        if newest not in (None, shared) and model_is_ours():
            try:
                await asyncio.to_thread(models.share, model_path())
                shared = newest
            except (OSError, SQLAlchemyError) as error:
                logger.error("Het model kon niet worden gedeeld met de andere machines: %s", error)
        await asyncio.sleep(FETCH_SECONDS)


async def _first_model(models: Models) -> None:
    """Fetch the model that was shared last; wait until there is one."""
    while not await _fetch(models) and not model_path().exists():
        print("Er is nog geen model. Train er een op de machine van Beheer: techniekpact train", flush=True)
        await asyncio.sleep(FETCH_SECONDS)


async def _fetch_models(models: Models) -> None:
    while True:
        await asyncio.sleep(FETCH_SECONDS)
        await _fetch(models)


async def _fetch(models: Models) -> bool:
    try:
        return await asyncio.to_thread(models.fetch, model_path())
    except (OSError, SQLAlchemyError, UntrustedModelError) as error:
        logger.error("Het nieuwste model is niet opgehaald: %s", error)
        return False


async def _tidy(settings: Settings) -> None:
    """Remove, every night, what was kept long enough."""
    while True:
        await asyncio.sleep(_seconds_until(TIDY_AT))
        try:
            await asyncio.to_thread(purge, open_records(), Tracker(), settings)
            shorten_logs(settings.state_folder / "log")
        except (SQLAlchemyError, OSError):
            logger.exception("Het opruimen is mislukt. Doe het nog eens met: techniekpact opruimen")


def shorten_logs(folder: Path) -> None:
    """Begin every long log anew; the one before is kept beside it until the next time."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > MAX_LOG_BYTES:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)  # its process goes on writing at the end, which is now the beginning


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
