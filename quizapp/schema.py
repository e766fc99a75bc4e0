"""The shape of the database: brought up to date by the steps in `migrations/`, forward only."""

from __future__ import annotations

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from quizapp.config import ROOT


def upgrade(engine: Engine) -> None:
    """Apply every step that this database has not seen yet."""
    if not is_current(engine):
        steps = _steps()
        with engine.begin() as connection:
            steps.attributes["connection"] = connection
            command.upgrade(steps, "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has the shape that this code expects."""
    with engine.connect() as connection:
        seen = MigrationContext.configure(connection).get_current_revision()
    return seen == ScriptDirectory.from_config(_steps()).get_current_head()


def _steps() -> AlembicConfig:
    steps = AlembicConfig()
    steps.set_main_option("script_location", str(ROOT / "migrations"))
    return steps
