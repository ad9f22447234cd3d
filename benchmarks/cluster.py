"""The scaled set-up of docs/productie.md as processes of this machine, to measure it and to break it.

nginx (with the configuration of deploy/nginx) → two gateways → nodes, each a Rasa with its action
server → PostgreSQL and Redis. As root, the second node stands in a network namespace of its own, as
on another machine, so that the network between can be cut. Each unit is started again when it ends,
as systemd does.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from benchmarks.postgres import NotInstalledError, Postgres, install, running_postgres
from benchmarks.server import START_SECONDS, wait_for
from bot.processes import die_with_parent, free_ports

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy/nginx"
NAMESPACE = "techniekpact-knoop"
HERE, THERE = "10.213.7.1", "10.213.7.2"
GATEWAYS = 2
TOKEN = "alleen-voor-deze-meting-en-verder-niet"
RESTART_SECONDS = 0.5
FAKETIME = "faketime/libfaketimeMT.so.1"
RATES = {"MESSAGES_PER_SENDER": "100000/minute", "MESSAGES_PER_CONVERSATION": "100000/minute",
         "REQUESTS_PER_ADDRESS": "100000/minute"}  # fmt: skip


class Unit:
    """A process that is started again when it ends."""

    def __init__(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._command = [str(each) for each in command]
        self._environment = {**os.environ, **environment}
        self._log = log
        self._wanted = threading.Event()
        self._process: subprocess.Popen | None = None

    @property
    def process(self) -> psutil.Process:
        """Return the process as it runs now."""
        return psutil.Process(self._process.pid)

    def start(self) -> None:
        """Start, and keep it running."""
        self._wanted.set()
        threading.Thread(target=self._keep, daemon=True).start()
        while self._process is None:
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop it for good, until `start`."""
        self._wanted.clear()
        process, self._process = self._process, None
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()

    def _keep(self) -> None:
        while self._wanted.is_set():
            with self._log.open("ab") as log:
                process = subprocess.Popen(
                    self._command, env=self._environment, stdout=log, stderr=log, start_new_session=True, cwd=ROOT,
                    preexec_fn=die_with_parent,
                )  # fmt: skip
            self._process = process
            process.wait()
            time.sleep(RESTART_SECONDS)


@dataclass
class Cluster:
    """What runs, and how to get at it."""

    address: str
    folder: Path
    postgres: Postgres
    redis: Unit
    proxy: Unit
    gateways: list[Unit]
    nodes: list[Unit]
    node_urls: list[str]
    clocks: list[Path] = field(default_factory=list)
    """Of the last node and the last gateway: a file that says how many seconds its clock is off."""
    separate: bool = False
    """Whether the last node has a network of its own."""

    def wait_until_whole(self) -> None:
        """Wait until every node has its model, actions and knowledge."""
        for url in self.node_urls:
            _wait_for_parts(url)

    def part(self, unit: Unit, mark: str) -> psutil.Process:
        """Return the process of a unit that has this in its command line."""
        return next(each for each in unit.process.children() if mark in " ".join(each.cmdline()))

    def cut(self, off: bool) -> None:
        """Cut the network of the last node, or mend it."""
        _ip("-n", NAMESPACE, "link", "set", "knoop", "down" if off else "up")

    def set_clocks(self, seconds: int) -> None:
        """Set the clocks of the last node and the last gateway ahead, or back."""
        for clock in self.clocks:
            clock.write_text(f"{seconds:+d}s\n", "ascii")


@contextmanager
def running_cluster(
    nodes: int = 2, separate: bool = False, clocks: bool = False, own_core: bool = False
) -> Iterator[Cluster]:
    """Yield the set-up once it answers.

    Args:
        nodes: how many Rasas.
        separate: give the last node a network of its own; needs root.
        clocks: give the last node and the last gateway a clock that can be set.
        own_core: keep each node to one core, as a machine of its own would; the rest goes where there is room.

    Raises:
        NotInstalledError: PostgreSQL, Redis, nginx or libfaketime is missing.
    """
    redis, nginx = install("redis-server", "redis-server"), install("nginx", "nginx-light")
    folder = Path(tempfile.mkdtemp(prefix="cluster"))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        addresses = ("127.0.0.1", HERE) if separate else ("127.0.0.1",)
        if separate:
            stack.enter_context(_network())
        postgres = stack.enter_context(running_postgres(addresses))
        redis_port = free_ports(1)[0]
        command = [redis, "--port", str(redis_port), "--bind", *addresses, "--save", "", "--protected-mode", "no"]
        store = Unit("redis", command, {}, folder / "redis.log")
        build = _Build(folder, postgres, redis_port, clocks, own_core)
        build.publish()
        node_units = [build.node(n, separate, last=n == nodes - 1) for n in range(nodes)]
        gateways = [build.gateway(n, [url for _, url in node_units], last=n == GATEWAYS - 1) for n in range(GATEWAYS)]
        proxy, address = build.proxy(nginx, [port for _, port in gateways])
        units = [store, *(unit for unit, _ in node_units), *(unit for unit, _ in gateways), proxy]
        for unit in units:
            unit.start()
            stack.callback(unit.stop)
        cluster = Cluster(
            address=address,
            folder=folder,
            postgres=postgres,
            redis=store,
            proxy=proxy,
            gateways=[unit for unit, _ in gateways],
            nodes=[unit for unit, _ in node_units],
            node_urls=[url for _, url in node_units],
            clocks=build.clocks,
            separate=separate,
        )
        try:
            cluster.wait_until_whole()
            wait_for(f"{address}/api/health", None, START_SECONDS)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{_last_lines(folder)}") from error
        yield cluster


class _Build:
    """Makes the units."""

    def __init__(self, folder: Path, postgres: Postgres, redis_port: int, clocks: bool, own_core: bool) -> None:
        self.folder = folder
        self.clocks: list[Path] = []
        self._postgres = postgres
        self._redis_port = redis_port
        self._faketime = _faketime() if clocks else None
        self._own_core = own_core

    def publish(self) -> None:
        """Put knowledge and model where the nodes find them, as the machine of Beheer does."""
        environment = {**os.environ, **self._environment("127.0.0.1", "beheer")}
        for command in ("publish", "train"):  # a model that is current is not trained again, but shared
            subprocess.run([sys.executable, "-m", "bot", command], env=environment, check=True, cwd=ROOT,
                           stdout=subprocess.DEVNULL)  # fmt: skip

    def node(self, number: int, separate: bool, last: bool) -> tuple[Unit, str]:
        """Return a node and its address; the last one may be in the other network."""
        name, port, away = f"knoop-{number}", free_ports(1)[0], separate and last
        host = THERE if away else "127.0.0.1"
        environment = self._environment(HERE if away else "127.0.0.1", name)
        environment |= {"NODE_HOST": host, "NODE_PORT": str(port), **(self._clock(name) if last else {})}
        command = [sys.executable, "-m", "bot", "serve", "--alleen", "knopen"]
        inside = ["ip", "netns", "exec", NAMESPACE] if away else []
        core = ["taskset", "--cpu-list", str(number % psutil.cpu_count())] if self._own_core else []
        return Unit(name, [*inside, *core, *command], environment, self.folder / f"{name}.log"), f"http://{host}:{port}"

    def gateway(self, number: int, nodes: Sequence[str], last: bool) -> tuple[Unit, int]:
        """Return a gateway and its port."""
        name, port = f"website-{number}", free_ports(1)[0]
        environment = {**self._environment("127.0.0.1", name), "PORT": str(port), "RASA_URL": " ".join(nodes)}
        environment |= self._clock(name) if last else {}
        command = [sys.executable, "-m", "bot", "serve", "--alleen", "website"]
        return Unit(name, command, environment, self.folder / f"{name}.log"), port

    def proxy(self, nginx: Path, gateways: Sequence[int]) -> tuple[Unit, str]:
        """Return nginx with the configuration that we ship, on free ports and with a certificate of its own."""
        (plain, secure), tls = free_ports(2), self.folder / "tls"
        tls.mkdir()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                        "-subj", "/CN=localhost",
                        "-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem"], check=True,
                       stderr=subprocess.DEVNULL)  # fmt: skip
        upstream = (DEPLOY / "gateways.conf").read_text("utf-8")
        line = next(line for line in upstream.splitlines() if "127.0.0.1:5005" in line)
        servers = "\n".join(line.replace("5005", str(port)) for port in gateways)
        (self.folder / "gateways.conf").write_text(upstream.replace(line, servers), "utf-8")
        text = (DEPLOY / "nginx.conf").read_text("utf-8")
        for old, new in {
            "/etc/techniekpact": str(self.folder),
            "/run/nginx.pid": f"{self.folder}/nginx.pid",
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2;": "",
            "rate=20r/s": "rate=1000r/s",  # all visitors here have one address
        }.items():
            assert old in text, old
            text = text.replace(old, new)
        (self.folder / "nginx.conf").write_text(text, "utf-8")
        command = [nginx, "-c", self.folder / "nginx.conf", "-g", "daemon off;"]
        return Unit("nginx", command, {}, self.folder / "nginx.log"), f"https://127.0.0.1:{secure}"

    def _environment(self, host: str, name: str) -> dict[str, str]:
        database, state = self._postgres.url(host), self.folder / name
        return {
            "KNOWLEDGE_DATABASE_URL": database,
            "RECORDS_DATABASE_URL": database,
            "TRACKER_DATABASE_URL": database,
            "REDIS_URL": f"redis://{host}:{self._redis_port}/0",
            "SESSION_SECRET": TOKEN,
            "MODEL_SECRET": TOKEN,
            "RASA_TOKEN": TOKEN,
            "STATE_FOLDER": str(state),
            "NODES": "1",
            **RATES,
        }

    def _clock(self, name: str) -> dict[str, str]:
        """Return the variables that give a unit a clock of its own."""
        if not self._faketime:
            return {}
        clock = self.folder / f"{name}.klok"
        clock.write_text("+0s\n", "ascii")
        self.clocks.append(clock)
        return {
            "LD_PRELOAD": str(self._faketime),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_CACHE_DURATION": "1",  # seconds; reading the file at every look at the clock is slow
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # it makes threads that wait for each other twenty times slower
        }


def _last_lines(folder: Path) -> str:
    """Return how the log of each unit ends, for whoever wonders why the set-up does not start."""
    logs = sorted(folder.glob("*.log"))
    return "\n".join(f"{log.stem}: {' / '.join(log.read_text('utf-8', 'replace').splitlines()[-3:])}" for log in logs)


def _wait_for_parts(url: str) -> None:
    """Wait until a node has its model, actions and knowledge."""

    def complete() -> bool:
        with suppress(httpx.HTTPError, ValueError):
            return all(
                httpx.get(f"{url}/webhooks/gateway/parts?token={TOKEN}", timeout=10, trust_env=False).json().values()
            )
        return False

    wait_until(complete, START_SECONDS, f"the node at {url}")


def wait_until(happened: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until something is so; return the seconds that it took.

    Raises:
        TimeoutError: it did not in time.
    """
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if happened():
            return time.monotonic() - started
        time.sleep(0.1)
    raise TimeoutError(f"{what} did not get there in {seconds:.0f} s")


def _faketime() -> Path:
    with suppress(NotInstalledError):
        install("faketime", "faketime")
    found = next(iter(Path("/usr/lib").glob(f"*/{FAKETIME}")), None)
    if found is None:
        raise NotInstalledError("faketime is not installed, and this user may not install it")
    return found


@contextmanager
def _network() -> Iterator[None]:
    """Make a network namespace with one cable to here."""
    subprocess.run(["ip", "netns", "del", NAMESPACE], check=False, capture_output=True)
    _ip("netns", "add", NAMESPACE)
    try:
        _ip("link", "add", "techniekpact", "type", "veth", "peer", "name", "knoop", "netns", NAMESPACE)
        _ip("address", "add", f"{HERE}/24", "dev", "techniekpact")
        _ip("link", "set", "techniekpact", "up")
        _ip("-n", NAMESPACE, "address", "add", f"{THERE}/24", "dev", "knoop")
        for device in ("lo", "knoop"):
            _ip("-n", NAMESPACE, "link", "set", device, "up")
        yield
    finally:
        subprocess.run(["ip", "netns", "del", NAMESPACE], check=False, capture_output=True)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
