"""Lists of comments under a stream: kept as brought, read by their rules, joined to people who register."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.errors import NotFound, Unreadable
from quizapp.models import Comment, HostPress, Show
from quizapp.rules import roster
from quizapp.rules.comment_entry import Rules
from quizapp.services import comment_lists
from tests import make

ROWS = [
    (1, ["Tài khoản", "Bình luận", "Thời gian", "Đã sửa"]),
    (2, ["Lan Anh", "B 1250", "02/03/2026 20:46", ""]),
    (3, ["Minh", "B 1.284", "02/03/2026 20:47", "x"]),
    (4, ["lan anh", "B 1284", "02/03/2026 20:48", ""]),
    (5, ["", "B 1", "02/03/2026 20:48", ""]),
    (6, ["Nga", "C 1284", "02/03/2026 20:49", ""]),
]


@pytest.fixture
def lines():
    return roster.lines(ROWS, roster.COMMENT_COLUMNS)


@pytest.fixture
def room(session, now):
    return make.show(session, now=now)


@pytest.fixture
def kept(session, room, lines, now):
    rules = Rules(key="B", target=1284)
    return comment_lists.add(session, room, " Câu 3 ", "binh-luan.csv", lines, rules, None, now=now)


def test_a_list_is_kept_as_brought_and_read_by_its_rules(session, room, kept):
    found = comment_lists.read(session, kept)
    assert [entry.outcome for entry in found.entries] == ["counts", "counts", "second", "wrong"]
    assert [(one.rank, one.row.said.account) for one in found.standings] == [(1, "Minh"), (2, "Lan Anh")]
    assert found.entries[1].said.edited
    assert (kept.title, comment_lists.of_show(session, room)) == ("Câu 3", [kept])
    assert comment_lists.registered(session, kept) == {}


def test_other_rules_read_the_same_list_anew_and_both_are_logged(session, room, kept, now):
    until = now + timedelta(minutes=106, seconds=30)  # 20:46:30 in Viet Nam
    comment_lists.change_rules(session, room, kept, Rules(key="B", closes_at=until), now=now)
    assert [one.outcome for one in comment_lists.read(session, kept).entries] == ["counts", *["outside"] * 3]
    logged = session.scalars(select(HostPress).where(HostPress.press == "comments")).all()[-1].details
    assert (logged["before"]["target"], logged["after"]["target"]) == (1284, None)


def test_a_window_that_ends_before_it_begins_is_refused(session, room, kept, now):
    with pytest.raises(Unreadable, match="sau giờ bắt đầu"):
        comment_lists.change_rules(session, room, kept, Rules(opens_at=now, closes_at=now), now=now)


@pytest.mark.parametrize("title", ["", "   "])
def test_a_list_needs_a_title(session, room, lines, now, title):
    with pytest.raises(Unreadable, match="đặt tên"):
        comment_lists.add(session, room, title, "a.csv", lines, Rules(), None, now=now)


def test_a_list_without_accounts_is_refused(session, room, now):
    nameless = roster.lines([ROWS[0], ROWS[4]], roster.COMMENT_COLUMNS)
    with pytest.raises(Unreadable, match="tên tài khoản"):
        comment_lists.add(session, room, "Câu 3", "a.csv", nameless, Rules(), None, now=now)


def test_a_list_belongs_to_its_room(session, room, kept, now):
    other = Show(id=room.id + 1)
    with pytest.raises(NotFound):
        comment_lists.find(session, other, kept.id)


def test_a_free_room_has_nobody_to_join_to(session, room, kept, now):
    with pytest.raises(Unreadable, match="không thuộc cuộc thi"):
        comment_lists.join(session, room, kept, comment_lists.read(session, kept).ids[0], "ABC", now=now)


def test_whoever_registered_is_joined_to_one_account_and_can_be_taken_back(session, room, kept, now):
    contest = make.contest(session)
    lan = make.contestant(session, contest)
    room.round_id = contest.rounds[0].id
    first, second, *_ = comment_lists.read(session, kept).ids
    comment_lists.join(session, room, kept, first, f" {lan.code.lower()} ", now=now)
    assert comment_lists.registered(session, kept) == {first: lan}
    with pytest.raises(Unreadable, match="tài khoản khác"):
        comment_lists.join(session, room, kept, second, lan.code, now=now)
    with pytest.raises(NotFound, match="thí sinh"):
        comment_lists.join(session, room, kept, second, "KHONGCO", now=now)
    with pytest.raises(NotFound, match="bình luận"):
        comment_lists.join(session, room, kept, 0, lan.code, now=now)
    comment_lists.join(session, room, kept, first, "", now=now)
    assert comment_lists.registered(session, kept) == {}


def test_a_list_that_is_thrown_away_takes_its_comments_with_it(session, room, kept, now):
    comment_lists.remove(session, room, comment_lists.find(session, room, kept.id), now=now)
    session.expire_all()
    assert comment_lists.of_show(session, room) == []
    assert session.scalars(select(Comment)).all() == []
