"""Programs that a machine lacks are named, and the throw-away servers really serve."""

import psycopg
import pytest
import redis

from tests import programs
from tests.programs import postgres, postgres_url, redis_server, redis_url  # noqa: F401  (fixtures)


@pytest.fixture
def nowhere(monkeypatch):
    """A machine without a browser."""
    monkeypatch.setitem(programs.PLACES, "chromium", ["/nowhere/chromium", "/nowhere/*/chromium"])


def test_a_missing_program_skips_the_test_by_name(nowhere, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="chromium is not installed"):
        programs.require("chromium")


def test_a_missing_program_fails_the_test_where_everything_is_meant_to_be_there(nowhere, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="chromium is not installed"):
        programs.require("chromium")


def test_the_newest_of_several_versions_is_taken(monkeypatch, tmp_path):
    for version in ("9", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "postgres").touch()
    monkeypatch.setitem(programs.PLACES, "postgres", [f"{tmp_path}/*/bin/postgres"])
    assert programs.require("postgres") == tmp_path / "17" / "bin" / "postgres"


def test_each_test_gets_an_empty_postgres_database(postgres_url):  # noqa: F811
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE once (word text)")
        assert connection.execute("SELECT current_setting('fsync')").fetchone() == ("on",)


def test_the_database_of_another_test_is_gone(postgres, postgres_url):  # noqa: F811
    left = postgres.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'test_%'")
    assert left == "1"


def test_each_test_gets_an_empty_redis(redis_url):  # noqa: F811
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("word", "kept")
        assert client.get("word") == b"kept"


def test_a_redis_that_served_before_is_emptied(redis_url):  # noqa: F811
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_a_server_ends_and_leaves_no_folder():
    with programs.redis_running() as url, redis.Redis.from_url(url) as client:
        folder = programs.Path(client.config_get("dir")["dir"])
        assert folder.is_dir()
    assert not folder.exists()
