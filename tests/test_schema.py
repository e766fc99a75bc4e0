"""The steps of `migrations/` give the tables of `models.py`, on both databases."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from quizapp import db, schema
from quizapp.models import Base
from tests.programs import postgres, postgres_url  # noqa: F401


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    sqlite = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine = db.make_engine(url)
    yield engine
    engine.dispose()


def _is_ours(name, kind, parents):
    """The index of the law's words is made by hand: each database has its own kind."""
    return not (kind == "table" and name.startswith("law_search"))


def test_the_steps_give_the_tables_that_the_code_expects(empty):
    assert not schema.is_current(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)
    with empty.connect() as connection:
        found = MigrationContext.configure(connection, opts={"include_name": _is_ours})
        assert compare_metadata(found, Base.metadata) == []


def test_a_second_run_changes_nothing(empty):
    schema.upgrade(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)


def test_a_step_that_makes_a_table_anew_loses_nothing_that_points_to_it(empty):
    """SQLite gives a table another shape by dropping the old one, which must not take the answers with it."""
    steps = schema._steps()
    with empty.begin() as connection:
        steps.attributes["connection"] = connection
        command.upgrade(steps, "0002")
        connection.exec_driver_sql(
            "INSERT INTO attempt (id, mode, token_hash, holder, past_holders, started_at, paper)"
            " VALUES ('a', 'exam', 'h', '', '[]', 0, '[]')"
        )
        connection.exec_driver_sql(
            "INSERT INTO answer (id, attempt_id, question_id, n, m, chosen, given_at, verdict)"
            " VALUES (1, 'a', 'q', 1, 'm', '[1]', 0, 'ok')"
        )
    schema.upgrade(empty)
    with empty.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM answer").scalar() == 1
        assert connection.exec_driver_sql("SELECT proxy FROM attempt").scalar() in (0, False)


@pytest.mark.parametrize("table", ["show", "turn"])
def test_the_number_of_a_removed_room_never_comes_again(tmp_path, table):
    engine = db.make_engine(f"sqlite:///{tmp_path / 'quiz.sqlite3'}")
    schema.upgrade(engine)
    with engine.begin() as connection:
        made = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{table}'").scalar()
    engine.dispose()
    assert "AUTOINCREMENT" in made
