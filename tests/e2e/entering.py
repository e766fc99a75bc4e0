"""A contest to enter, made beside the running server, and the pages of entering it."""

import itertools
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.rules.contest import Fields, Who
from quizapp.services import contests, demo, places, units
from quizapp.services.vault import Vault
from tests import make

FIELDS = Fields(
    sex="optional",
    identity_number="required",
    email="optional",
    occupation="optional",
    insurance_group="optional",
    phone_confirmed=True,
)
numbers = itertools.count(1)


@contextmanager
def beside(site):
    """A step in the database of the running server, with its keys."""
    keys = dict(line.split("=", 1) for line in (site.folder / "secrets.env").read_text().splitlines() if "=" in line)
    engine = db.make_engine(f"sqlite:///{site.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        yield session, Vault.of(keys["FIELD_KEY"], keys["TAG_KEY"])
    engine.dispose()


def new_contest(site, **who):
    """A published contest that hana keeps, open now, with a few units and communes; gives its address."""
    now, slug = clock.now(), f"dang-ky-{next(numbers)}"
    rounds = [make.round_rules(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=6))]
    rules = make.contest_rules(rounds, who=Who(**{"fields": FIELDS, **who}), unit_levels=("Ngành", "Công ty"))
    with beside(site) as (session, vault):
        hana = demo.find(session, vault, "hana")
        made = contests.create(session, vault, slug, rules, hana.id, now=now)
        made.published_at = now - timedelta(days=1)
        for row in made.rounds:
            row.state = "PUBLISHED"
        top = units.add(session, made, hana.id, "unit", "Công đoàn Dệt may", now=now)
        units.add(session, made, hana.id, "unit", "Công ty May 10", parent=top, now=now)
        units.typed(session, made, "unit", "Cty May 10", now=now)
        above = places.province(session, made, "44", now=now)
        for name in ("Xã Gio Linh", "Phường Đông Hà"):
            units.add(session, made, hana.id, "place", name, parent=above, now=now)
    return slug


def at(tail, staff=False):
    """The way to a page of a new contest."""

    def arrive(page, site):
        slug = new_contest(site, guardians=True)
        page.goto(f"{'/to-chuc' if staff else ''}/cuoc-thi/{slug}/{tail}")

    return arrive


def refused(page, site):
    at("dang-ky")(page, site)
    page.locator("main button.go").click()


PAGES = [
    ("registering, signed out", None, at("dang-ky")),
    ("registering", "ada", at("dang-ky")),
    ("registering somebody of the household", "ada", at("dang-ky?cho=nguoi-nha")),
    ("registration refused", "ada", refused),
]
STAFF_PAGES = [
    ("units of a contest", "hana", at("don-vi", staff=True)),
    ("places of a contest", "hana", at("don-vi?cay=dia-ban", staff=True)),
    ("names that may be one", "hana", at("don-vi/gop-ten", staff=True)),
    ("contestants", "hana", at("thi-sinh", staff=True)),
    ("a contestant from a paper", "hana", at("thi-sinh/them", staff=True)),
    ("people who work on a contest", "hana", at("ban-to-chuc", staff=True)),
    ("delegates", "hana", at("dai-bieu", staff=True)),
    ("a list of units", "hana", at("danh-sach/don-vi", staff=True)),
]
