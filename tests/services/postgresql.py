"""A PostgreSQL server of our own for the service tests: a temporary cluster, stopped at the end.

`PYTHONPATH=tests python -m pytest -p services.postgresql ...` loads it as a plugin, which also runs all tests
that ask for the fixture `place` (tests/milan/catalog) on both back ends.
"""

import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

OWNER = "owner"


class Cluster:
    """A running server on a free loopback port, whose superuser is `owner`; passwords are asked for."""

    def __init__(self, folder: Path) -> None:
        self.password = secrets.token_urlsafe(12)
        self.port = _free_port()
        self._folder = folder
        self._data = folder / "data"
        # PostgreSQL refuses to run as root: Debian's package brings a user for it.
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user is not None:
            shutil.chown(folder, self._user)
        self._initialise()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": folder,
            "fsync": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            command = [_program("postgres"), "-D", str(self._data), *options]
            self._process = subprocess.Popen(command, stderr=log, stdout=log, cwd="/", user=self._user)
        self._wait()

    def _initialise(self) -> None:
        password = self._folder / "password"
        password.write_text(self.password)
        if self._user is not None:
            shutil.chown(password, self._user)
        ways = ["--auth-host=scram-sha-256", "--auth-local=trust", f"--pwfile={password}"]
        self._run("initdb", "-U", OWNER, "-E", "UTF8", "--no-sync", *ways, str(self._data))

    def _wait(self) -> None:
        for _ in range(200):
            if self._process.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text())
            ready = [_program("pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)]
            if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL does not answer")

    def address(self, database: str, user: str = OWNER, password: str | None = None) -> str:
        """Where a catalog is, as users write it."""
        secret = self.password if password is None else password
        return f"postgresql+psycopg://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> str:
        """What psql answers to a statement of the superuser."""
        where = ["-h", str(self._folder), "-p", str(self.port), "-U", OWNER, "-d", database]
        return self._run("psql", *where, "-v", "ON_ERROR_STOP=1", "-AtXqc", statement).strip()

    def stop(self) -> None:
        """End it, whatever is still connected."""
        self._process.send_signal(signal.SIGINT)  # a "fast" shutdown; SIGTERM would wait for connections
        self._process.wait(timeout=60)

    def _run(self, program: str, *arguments: str) -> str:
        command: Sequence[str] = [_program(program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", user=self._user, check=False)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")
        return done.stdout


def _program(name: str) -> str:
    """Where a program of PostgreSQL is: the newest that Debian installed, or one on the path."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4])
    )
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise RuntimeError(f"there is no {name}: tests/services/install.sh installs PostgreSQL")
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One server for all tests of a session."""
    folder = Path(tempfile.mkdtemp(prefix="milan-postgresql-"))  # short: it holds a socket
    try:
        running = Cluster(folder)
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """The address of an empty database."""
    name = f"test{next(_NUMBERS)}"
    cluster.run(f"CREATE DATABASE {name}")
    yield cluster.address(name)
    cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


_NUMBERS = itertools.count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for a catalog's place, and not for its file, on both back ends."""
    if "place" in metafunc.fixturenames and "path" not in metafunc.fixturenames:
        metafunc.parametrize("place", ["sqlite", "postgresql"], indirect=True)
