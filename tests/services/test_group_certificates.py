"""Certificates of teams and units follow from published results, and hold as long as these bear them out."""

import re

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from quizapp.errors import Conflict, NotFound
from quizapp.models import GroupCertificate
from quizapp.rules.contest import Collective, Words
from quizapp.rules.tally import Award, GroupLine, GroupList, TeamLine
from quizapp.services import certificates, contests, group_certificates
from tests import make

BY_COUNT = Collective(key="dong", name=Words("Đơn vị đông nhất", "Largest unit"), measure="C_COUNT", level="Sở")
FIRST = TeamLine(rank=1, team="Đoàn Sở Y tế", present=5, value=600, value_of=5, won=True)
SECOND = TeamLine(rank=2, team="Đoàn LĐLĐ", present=5, value=300, value_of=5)


@pytest.fixture
def contest(session):
    return make.contest(session, collective=(BY_COUNT,), unit_levels=("Sở",))


@pytest.fixture
def row(contest):
    contest.rounds[0].state = "FINAL"
    return contest.rounds[0]


def units(*winners):
    lines = tuple(GroupLine(rank=n, node=str(n), people=9, headcount=None, value=9) for n in (1, 2))
    won = tuple(Award(scope="dong", prize="dong", code=code, place=place) for code, place in winners)
    return (GroupList(key="dong", lines=lines, winners=won),)


def result(session, row, *teams, won=(), **changes):
    numbers = {"teams": teams, "names": {"1": "Sở Y tế", "2": "Sở Nội vụ"}}
    return make.snapshot(session, row, numbers=numbers, collective=units(*won), **changes)


def issued(session, contest, row, now):
    return group_certificates.of_list(session, contest, row, now=now)


def test_teams_and_units_that_won_get_theirs_once_the_list_is_final(session, contest, row, now):
    result(session, row, FIRST, SECOND, won=[("1", 1), ("2", 2)])
    row.state = "COMPLAINTS"
    with pytest.raises(Conflict, match="chính thức"):
        issued(session, contest, row, now)
    row.state = "FINAL"
    made = issued(session, contest, row, now)
    assert [(one.prize, one.name, one.place) for one in made] == [
        ("", "Đoàn Sở Y tế", 1),
        ("dong", "Sở Y tế", 1),
        ("dong", "Sở Nội vụ", 2),
    ]
    assert all(re.fullmatch(r"CN(-[0-9A-HJKMNP-TV-Z]{4}){3}", one.serial) for one in made)
    assert [one.id for one in issued(session, contest, row, now)] == [one.id for one in made]


def test_a_result_that_is_not_published_gives_none(session, contest, row, now):
    assert issued(session, contest, row, now) == []
    result(session, row, FIRST, published=False)
    assert issued(session, contest, row, now) == []


def test_anybody_checks_their_numbers(session, contest, row, now):
    result(session, row, FIRST, won=[("2", 2)])
    team, unit = issued(session, contest, row, now)
    shown = group_certificates.check(session, team.serial.lower().replace("-", " "))
    assert (shown.kind, shown.name, shown.unit, shown.revoked) == ("team", "Đoàn Sở Y tế", "", False)
    assert (shown.prize.vi, shown.prize.of("en")) == ("Giải đồng đội, hạng 1", "Team prize, place 1")
    assert shown.stage == contests.settings(contest).rounds[0].name
    shown = group_certificates.check(session, unit.serial)
    assert (shown.kind, shown.name, shown.stage) == ("unit", "Sở Nội vụ", None)
    assert (shown.prize.vi, shown.prize.of("en")) == ("Đơn vị đông nhất, hạng 2", "Largest unit, place 2")
    ada = make.contestant(session, contest)
    make.snapshot(session, row, [(ada, 9)])
    mine = certificates.own(session, contest, ada, *certificates.TOOK_PART, now=now)
    assert group_certificates.check(session, mine.serial) is None
    with pytest.raises(NotFound, match="Không tìm thấy"):
        group_certificates.check(session, "CN-1")


def test_a_place_that_is_lost_takes_its_certificate_with_it_and_brings_it_back(session, contest, row, now):
    result(session, row, FIRST, won=[("1", 1)])
    team, unit = issued(session, contest, row, now)
    assert group_certificates.settle(session, contest, now=now) == []
    result(session, row, replace(FIRST, rank=2), won=[("1", 1)])
    shown = group_certificates.check(session, team.serial)  # at once, whether anybody settled it or not
    assert shown.revoked and shown.name == ""
    assert group_certificates.settle(session, contest, now=now) == [team]
    assert (team.revoked_at, team.revoked_reason, unit.revoked_at) == (now, group_certificates.NOT_WON, None)
    assert group_certificates.settle(session, contest, now=now) == []
    assert issued(session, contest, row, now)[0].place == 2
    result(session, row, FIRST)
    assert [one.id for one in issued(session, contest, row, now)] == [team.id]
    assert (team.revoked_at, team.revoked_reason) == (None, "")


def test_of_two_requests_at_once_both_get_the_same_certificate(session, contest, row, now, monkeypatch):
    result(session, row, FIRST)
    (first,) = issued(session, contest, row, now)
    asked = session.scalar

    def late(statement, *args, **kwargs):
        return None if "FROM group_certificate" in str(statement) else asked(statement, *args, **kwargs)

    monkeypatch.setattr(session, "scalar", late)
    assert [one.id for one in issued(session, contest, row, now)] == [first.id]
    monkeypatch.undo()
    assert session.scalar(select(func.count()).select_from(GroupCertificate)) == 1
