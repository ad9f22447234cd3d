"""A PostgreSQL server of our own, from Debian's packages, on a free port."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.processes import free_ports


class NotInstalledError(RuntimeError):
    """A program of Debian is missing and could not be installed."""


def install(program: str, package: str) -> Path:
    """Return where a program of Debian is; it is installed when missing, where this user may.

    Raises:
        NotInstalledError: it is not there and could not be installed.
    """
    if (found := _find(program)) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
            subprocess.run(["apt-get", *step], check=False, capture_output=True)
        found = _find(program)
    if found is None:
        raise NotInstalledError(f"{package} is not installed, and this user may not install it")
    return found


def _find(program: str) -> Path | None:
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/sbin")]
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    found = shutil.which(program, path=path)
    return Path(found) if found else None


class Postgres:
    """A server that can be stopped and started again; who reaches its addresses may do all."""

    def __init__(self, folder: Path, addresses: Sequence[str] = ("127.0.0.1",)) -> None:
        initdb = install("initdb", "postgresql")
        (self.port,) = free_ports(1)
        self._as_user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            self._as_user = ["runuser", "-u", "postgres", "--"]
        data = folder / "data"
        self._run(initdb, "-D", data, "-A", "trust", "-U", "postgres")
        with (data / "pg_hba.conf").open("a") as rules:
            rules.writelines(f"host all all {address}/24 trust\n" for address in addresses)
        self._options = (
            f"-p {self.port} -c listen_addresses={','.join(addresses)} -c unix_socket_directories={folder} "
            "-c max_connections=300"
        )
        self._control = (initdb.with_name("pg_ctl"), "-D", data, "-l", folder / "log", "-w")

    def url(self, address: str = "127.0.0.1", database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@{address}:{self.port}/{database}"

    def start(self) -> None:
        """Start; returns when it takes connections."""
        self._run(*self._control, "-o", self._options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop; "immediate" is as if it was killed."""
        self._run(*self._control, "-m", mode, "stop")

    def _run(self, *command: str | Path) -> None:
        subprocess.run([*self._as_user, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)


@contextmanager
def running_postgres(addresses: Sequence[str] = ("127.0.0.1",)) -> Iterator[Postgres]:
    """Yield a server that runs; it is gone afterwards.

    Raises:
        NotInstalledError: PostgreSQL is missing.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        server = Postgres(folder, addresses)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
