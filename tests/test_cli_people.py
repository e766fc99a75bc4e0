"""Accounts and the demo from the command line."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from quizapp import create_app, db, models, schema
from quizapp.services import demo


@pytest.fixture
def app(config):
    """An application on a database without any table: the commands bring it up to date themselves."""
    return create_app(config)


@pytest.fixture
def run(app):
    def running(*args, app=app, **more):
        return CliRunner().invoke(app.cli, args, obj=ScriptInfo(create_app=lambda: app), **more)

    return running


def test_an_account_is_added_with_its_roles(run):
    said = run("user", "add", "Trần Hạ Na", "0912 345 673", "--role", "organizer", "--generate", "--json")
    told = json.loads(said.output)
    assert (told["name"], told["login"], told["roles"]) == ("Trần Hạ Na", "0912345673", ["organizer"])
    assert len(told["password"]) >= 16
    with db.read() as session:
        assert session.query(models.Role).one().name == "organizer"


def test_a_password_may_come_from_stdin_and_is_not_repeated(run):
    said = run("user", "add", "Ada Lê", "ada@example.vn", "--password-stdin", input="trời hôm nay xanh\n")
    assert said.exit_code == 0
    assert "trời" not in said.output


def test_a_password_is_asked_for_twice(run):
    said = run("user", "add", "Ada Lê", "ada@example.vn", input="trời hôm nay xanh\ntrời hôm nay xanh\n")
    assert said.exit_code == 0
    assert "trời" not in said.output


def test_what_is_not_in_order_is_said_in_one_sentence(run):
    said = run("user", "add", "Ada Lê", "12", "--generate")
    assert said.exit_code == 1
    assert "Số điện thoại chưa đúng" in said.output
    assert "Traceback" not in said.output


def test_the_demo_is_seeded_once(run):
    first, second = run("demo", "seed", "--json"), run("demo", "seed", "--json")
    assert json.loads(first.output)["added"] == len(demo.LOGINS)
    assert json.loads(second.output)["added"] == 0
    assert "hana@demo.test" in run("demo", "seed").output


@pytest.mark.parametrize("change", [{"host": "0.0.0.0"}, {"development": False}])
def test_a_public_site_has_no_demo(run, config, change):
    public = create_app(replace(config, **change))
    assert run("demo", "seed", app=public).exit_code == 1
    schema.upgrade(db.engine())
    with db.read() as session:
        assert session.query(models.Person).count() == 0
