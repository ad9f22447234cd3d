"""What processes a machine runs, by its role: how each is started and where its output goes."""

import logging
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.logs import CONFIGURATION
from bot.processes import free_ports, port_is_free
from bot.records.tracker import tracker_url
from bot.settings import Role, Settings
from bot.supervisor import Service
from bot.training import RASA_PYTHON, UnknownModelError, model_path, rasa_environment, verify_model

logger = logging.getLogger(__name__)

# Waiting threads of numerical libraries spin: the other core serves another message better.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
MAX_HEADER_BYTES = 16_384
KEEP_ALIVE_SECONDS = 10
MAX_CONNECTIONS = 1000


@dataclass(frozen=True)
class Node:
    """A Rasa with an action server of its own."""

    url: str
    services: tuple[Service, Service]


def with_token(settings: Settings) -> Settings:
    """Return the settings with a token for Rasa's HTTP API, made up where none is given.

    Nobody who does not know it, be it another user of this machine, reads conversations or gives Rasa a model.
    """
    return replace(settings, rasa_token=settings.rasa_token or secrets.token_urlsafe(32))


def local_nodes(settings: Settings, role: Role = Role.ALL) -> list[Node]:
    """Return the nodes of this machine: on free loopback ports, or where gateways elsewhere expect them."""
    if role not in (Role.ALL, Role.NODES):
        return []
    ports = free_ports(2 * settings.nodes)
    action_ports, rasa_ports = ports[: settings.nodes], ports[settings.nodes :]
    if role is Role.NODES:
        rasa_ports = range(settings.node_port, settings.node_port + settings.nodes)
    return [_node(settings, n, *pair) for n, pair in enumerate(zip(rasa_ports, action_ports, strict=True), 1)]


def _node(settings: Settings, number: int, rasa_port: int, action_port: int) -> Node:
    logs, suffix = _logs(settings), f"-{number}" if settings.nodes > 1 else ""
    rasa = [str(RASA_PYTHON), "-m", "bot.dialogue.server", "run", "--enable-api", "--interface", settings.node_host,
            "--port", str(rasa_port), "--model", str(model_path()), "--endpoints", "endpoints.yml",
            "--credentials", "credentials.yml", "--log-file", os.devnull, "--quiet"]  # fmt: skip
    variables = rasa_environment(
        ACTION_SERVER_URL=f"http://127.0.0.1:{action_port}/webhook",
        TRACKER_DATABASE_URL=tracker_url(),
        REDIS_URL=settings.redis_url or "",
        RASA_TOKEN=settings.rasa_token or "",
        **ONE_THREAD,
    )
    actions = [sys.executable, "-m", "actions", "--port", str(action_port)]
    return Node(
        f"http://{settings.node_host}:{rasa_port}",
        (
            Service(f"acties{suffix}", actions, logs / f"acties{suffix}.log", {**os.environ, **ONE_THREAD}),
            Service(f"rasa{suffix}", rasa, logs / f"rasa{suffix}.log", variables, model_is_ours),
        ),
    )


def doors(settings: Settings, role: Role = Role.ALL, nodes: Sequence[Node] = ()) -> list[Service]:
    """Return what people open: the gateway and the staff application.

    Beside the rest, the staff application is left out when its port is 0 or taken: the assistant does not need it.
    """
    opened = []
    if role in (Role.ALL, Role.WEBSITE):
        opened.append(_gateway(settings, nodes))
    beside = role is Role.ALL and settings.staff_port and port_is_free(settings.staff_host, settings.staff_port)
    if role is Role.STAFF or beside:
        opened.append(_staff_service(settings, _logs(settings)))
    return opened


def _gateway(settings: Settings, nodes: Sequence[Node]) -> Service:
    command = [sys.executable, "-m", "uvicorn", "--factory", "bot.website.app:create_app", "--host", settings.host,
               "--port", str(settings.port), *server_options(settings)]  # fmt: skip
    # One tracker store for Rasa, which writes it, and for the gateway, which reads and erases it.
    kept = {"TRACKER_DATABASE_URL": tracker_url(), "RASA_TOKEN": settings.rasa_token or ""}
    variables = {**os.environ, **kept, "PORT": str(settings.port)}
    if nodes:
        variables["RASA_URL"] = " ".join(node.url for node in nodes)
    return Service("website", command, _logs(settings) / "website.log", variables)


def server_options(settings: Settings) -> list[str]:
    """Return how uvicorn guards a port that people reach, and how it logs."""
    trusted = settings.trusted_proxies
    proxies = ["--proxy-headers", "--forwarded-allow-ips", trusted] if trusted else ["--no-proxy-headers"]
    # h11 bounds the size of the headers; httptools takes headers without end.
    return ["--http", "h11", "--h11-max-incomplete-event-size", str(MAX_HEADER_BYTES), "--ws", "none",
            "--timeout-keep-alive", str(KEEP_ALIVE_SECONDS), "--limit-concurrency", str(MAX_CONNECTIONS),
            "--no-server-header", *proxies, "--log-config", str(CONFIGURATION), "--no-access-log"]  # fmt: skip


def _logs(settings: Settings) -> Path:
    folder = settings.state_folder / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _staff_service(settings: Settings, logs: Path) -> Service:
    command = [sys.executable, "-m", "uvicorn", "--factory", "bot.beheer.app:create_app", "--host", settings.staff_host,
               "--port", str(settings.staff_port), *server_options(settings)]  # fmt: skip
    return Service("beheer", command, logs / "beheer.log", {**os.environ})


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
