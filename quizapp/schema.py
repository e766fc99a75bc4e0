"""The shape of the database: brought up to date by the steps in `migrations/`, forward only."""

from __future__ import annotations

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from quizapp.config import ROOT


def upgrade(engine: Engine) -> None:
    """Apply every step that this database has not seen yet."""
    if not is_current(engine):
        steps = _steps()
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # A step that gives a table another shape makes it anew and drops the old one; with these checks on,
                # dropping would delete every row elsewhere that points to it. The setting only holds outside of a step.
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            with connection.begin():
                steps.attributes["connection"] = connection
                command.upgrade(steps, "head")
                _refuse_loose_ends(connection)
            connection.invalidate()  # the next one from the pool checks again


def is_current(engine: Engine) -> bool:
    """Whether the database has the shape that this code expects."""
    with engine.connect() as connection:
        seen = MigrationContext.configure(connection).get_current_revision()
    return seen == ScriptDirectory.from_config(_steps()).get_current_head()


def _refuse_loose_ends(connection: Connection) -> None:
    """Undo the steps where they left a row that points to nothing."""
    if connection.dialect.name == "sqlite":
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if loose:
            raise RuntimeError(f"the steps left rows that point to nothing: {loose[:5]}")


def _steps() -> AlembicConfig:
    steps = AlembicConfig()
    steps.set_main_option("script_location", str(ROOT / "migrations"))
    return steps
