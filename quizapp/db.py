"""The database: one engine per process, one transaction per step.

SQLite (the default) keeps what it acknowledges: WAL with `synchronous=FULL`, one writer at a time through
`BEGIN IMMEDIATE`. PostgreSQL is used when `DATABASE_URL` says so.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from quizapp import news

_maker: sessionmaker[Session] | None = None
_engine: Engine | None = None
_writer = threading.Lock()
# Under gevent a second writer would otherwise wait inside SQLite and stop every other player; here it waits in line.


def connect(url: str) -> Engine:
    """Open the database at `url` for this process and return its engine; a second call replaces the first."""
    global _engine, _maker
    if _engine is not None:
        _engine.dispose()
    _engine = make_engine(url)
    _maker = sessionmaker(_engine, expire_on_commit=False)
    return _engine


def engine() -> Engine:
    """The engine of this process."""
    if _engine is None:
        raise RuntimeError("db.connect was not called")
    return _engine


def make_engine(url: str) -> Engine:
    """An engine with the promises of this page; SQLite's folder is made if it is missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=10, max_overflow=10, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(parsed, connect_args={"timeout": 10, "check_same_thread": False})
    event.listen(made, "connect", _tune_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


@contextmanager
def begin() -> Iterator[Session]:
    """One step: a session whose transaction is kept at the end, or undone if anything is raised.

    News told in it goes out after the commit. Writers only: readers use `read`.
    """
    if _maker is None:
        raise RuntimeError("db.connect was not called")
    with _maker() as session:
        try:
            with _turn_to_write(), session.begin():
                yield session
        except BaseException:
            news.forget(session)
            raise
        news.publish(session)


@contextmanager
def read(*, steady: bool = False) -> Iterator[Session]:
    """A session for looking only: it takes no write lock and keeps nothing.

    With `steady` all its questions are answered from one moment, as they always are on SQLite.
    """
    if _maker is None:
        raise RuntimeError("db.connect was not called")
    options = {"sqlite_begin": "BEGIN"}
    if steady and engine().dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with _maker() as session:
        session.connection(execution_options=options)
        yield session


def _turn_to_write() -> AbstractContextManager[Any]:
    return _writer if engine().dialect.name == "sqlite" else nullcontext()


def _tune_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    for line in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        "PRAGMA busy_timeout=10000",
        "PRAGMA cache_size=-32000",
        "PRAGMA temp_store=MEMORY",
    ):
        cursor.execute(line)
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A writer claims the lock at once: two steps never read the same state and then fight over the upgrade.
    how = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
    connection.exec_driver_sql(how)
