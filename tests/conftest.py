"""Fixtures for everybody: a fresh database, a session, an application, and the fixed moment of every test."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import settings

from quizapp import create_app, db, models
from quizapp.config import ROOT, Config

# how long an example takes says something about the machine, not about the product
settings.register_profile("quiz", deadline=None)
settings.load_profile("quiz")

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def config(tmp_path):
    return Config(
        secret_key="test-" * 8,
        field_key="01" * 32,
        tag_key="02" * 32,
        database_url=f"sqlite:///{tmp_path / 'quiz.sqlite3'}",
        instance=tmp_path,
        questions=ROOT / "questions",
    )


@pytest.fixture
def engine(config):
    made = db.connect(config.database_url)
    models.Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def session(engine):
    """A session whose work is undone at the end of the test."""
    with db._maker() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def app(config):
    made = create_app(config)
    models.Base.metadata.create_all(db.engine())
    made.testing = True
    return made


@pytest.fixture
def client(app):
    return app.test_client()
