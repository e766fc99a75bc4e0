from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from quizapp.models import Contest, Topic
from quizapp.rules import rulebook_check
from quizapp.rules.timing import VIETNAM
from quizapp.services import accounts, contests, demo, passwords
from tests import make
from tests.make import VAULT

TOPICS = ("nguoi-su-dung-lao-dong", "nguoi-lao-dong", "thu-tuc-ho-so", "quy-hutribosung-xuly")


def test_every_demo_account_signs_in_with_its_stated_password_and_roles(session, now):
    assert demo.seed(session, VAULT, now=now) == len(demo.LOGINS)
    for login in demo.LOGINS:
        claimed = accounts.claim(session, VAULT, login.login, now=now)
        opened = accounts.settle(
            session, claimed, passwords.matches(claimed.password_hash, login.password), device="", now=now
        )
        assert accounts.who(session, opened.token, now=now).roles == set(login.roles)


def test_seeding_again_adds_nobody_and_keeps_what_was_changed(session, now):
    demo.seed(session, VAULT, now=now)
    hana = demo.find(session, VAULT, "hana")
    accounts.rename(session, hana, "Hạ Na")
    assert demo.seed(session, VAULT, now=now) == 0
    assert hana.name == "Hạ Na"


def test_only_the_demo_domain_is_the_demo():
    assert demo.is_demo(" Hana@Demo.test ")
    assert not demo.is_demo("hana@example.vn")


MONDAY = datetime(2026, 3, 2, tzinfo=VIETNAM)


@pytest.mark.parametrize("hours", range(0, 7 * 24, 5))
def test_the_demo_has_a_contest_whose_first_week_is_running(hours):
    now = MONDAY + timedelta(hours=hours)
    rules = demo._open_rules(now)
    first = rules.rounds[0]
    assert first.opens_at <= now and now + timedelta(days=1) < first.closes_at
    assert rulebook_check.faults(rulebook_check.check(rules)) == ()


def test_the_demo_can_be_entered_at_once_and_needs_two_people(session, now):
    demo.seed(session, VAULT, now=now)
    assert demo.seed_contests(session, VAULT, now=now) == [demo.OPEN, demo.DRAFT]
    made = contests.find(session, demo.OPEN)
    assert made.published_at < now and made.rounds[0].opens_at <= now < made.rounds[0].closes_at
    for who in ("hana", "kim"):
        person = demo.find(session, VAULT, who)
        assert "secretariat" in contests.roles_of(session, made, person.id)
    draft = session.scalar(select(Contest).where(Contest.slug == demo.DRAFT))
    assert draft.published_at is None and draft.rounds[0].opens_at > now


def test_seeding_contests_again_makes_none(session, now):
    assert demo.seed_contests(session, VAULT, now=now) == []
    demo.seed(session, VAULT, now=now)
    demo.seed_contests(session, VAULT, now=now)
    assert demo.seed_contests(session, VAULT, now=now + timedelta(days=400)) == []


def test_with_a_bank_the_first_paper_is_ready(session, now):
    demo.seed(session, VAULT, now=now)
    for letter, topic in zip("CBFK", TOPICS, strict=True):
        session.add(Topic(slug=topic, letter=letter, name_vi=topic, name_en=topic))
        session.flush()
        make.bank(session, *(make.question(f"{topic}-{n:03}", topic=topic) for n in range(40)), topic=topic)
    demo.seed_contests(session, VAULT, now=now)
    made = contests.find(session, demo.OPEN)
    assert [row.paper_set_at is not None for row in made.rounds] == [True, False, False, False]
