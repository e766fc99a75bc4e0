"""The watch word: sealed by who runs the round, entered by who follows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.errors import Conflict, Unreadable
from quizapp.models import Change, Participation
from quizapp.rules.timing import GRACE
from quizapp.services import entering, watch_words
from tests import make

UNTIL = make.OPENS + timedelta(hours=1)
SECOND = timedelta(seconds=1)
BEFORE = UNTIL - 60 * SECOND


@pytest.fixture
def hana(session):
    return make.person(session, "hana")


@pytest.fixture
def row(session, hana):
    asking = make.live_rules(part={"watch_word_until": UNTIL})
    return make.contest(session, [asking, make.live_rules("khac")], owner=hana).rounds[0]


@pytest.fixture
def ada(session, row):
    return make.contestant(session, row.contest, make.person(session, "ada"))


def seal(session, row, hana, word="Quyền lợi mới"):
    watch_words.set_word(session, make.VAULT, row.contest, row, word, hana.id, now=BEFORE)


def enter(session, row, who, typed="Quyền lợi mới", now=BEFORE):
    return watch_words.enter(session, make.VAULT, row, who, typed, now=now)


def held(session):
    return session.scalars(select(Participation)).one()


def test_the_word_is_kept_sealed_and_only_that_it_was_set_is_written_down(session, row, hana):
    assert watch_words.read(make.VAULT, row.contest, row) == ""
    seal(session, row, hana, " Quyền  lợi mới ")
    assert "Quyền".encode() not in row.watch_word_sealed
    assert watch_words.read(make.VAULT, row.contest, row) == "Quyền lợi mới"
    noted = session.scalars(select(Change)).one()
    assert (noted.kind, noted.before, noted.after, noted.proposed_by) == (
        "condition",
        {"set": False},
        {"set": True},
        hana.id,
    )


@pytest.mark.parametrize("word", ["", "a", " - ! ", "a" * 41])
def test_a_word_that_is_none_is_refused(session, row, hana, word):
    with pytest.raises(Unreadable, match="2 đến 40"):
        seal(session, row, hana, word)


def test_a_round_whose_rulebook_has_no_word_takes_none(session, row, hana, ada):
    other = row.contest.rounds[1]
    with pytest.raises(Conflict, match="không có mã theo dõi"):
        seal(session, other, hana)
    assert watch_words.asked(session, other, ada) is None
    assert enter(session, other, ada) == "refused"
    other.overall = True
    assert watch_words.part_of(other) is None


@pytest.mark.parametrize("typed", ["Quyền lợi mới", "quyen loi moi", "QUYENLOIMOI", " quyền-lợi  mới! "])
def test_case_accents_and_spaces_do_not_matter(session, row, hana, ada, typed):
    seal(session, row, hana)
    assert enter(session, row, ada, typed) == "kept"
    assert held(session).watch_word_at == BEFORE


def test_a_right_word_stays_right(session, row, hana, ada):
    seal(session, row, hana)
    enter(session, row, ada)
    seal(session, row, hana, "Từ khác")
    assert enter(session, row, ada, "sai", now=UNTIL + 60 * SECOND) == "kept"
    assert (held(session).watch_word_at, held(session).watch_word_tries, held(session).started) == (BEFORE, 1, 0)


def test_ten_wrong_words_are_enough(session, row, hana, ada):
    seal(session, row, hana)
    assert [enter(session, row, ada, "sai") for _ in range(10)] == ["wrong"] * 10
    assert enter(session, row, ada) == "refused"
    assert watch_words.asked(session, row, ada).left == 0


def test_the_word_counts_until_its_moment_grace_included(session, row, hana, ada):
    seal(session, row, hana)
    assert enter(session, row, ada, now=UNTIL + GRACE) == "late"
    assert enter(session, row, ada, now=UNTIL + SECOND) == "kept"
    assert held(session).watch_word_at == UNTIL


def test_nothing_is_compared_before_the_word_is_set_or_for_people_who_take_no_part(session, row, hana, ada):
    assert enter(session, row, ada) == "refused"
    seal(session, row, hana)
    assert enter(session, row, ada, " ! ") == "refused"
    ada.status = "EXCLUDED"
    assert enter(session, row, ada) == "refused"
    ada.status, ada.withdrawn_at = "ELIGIBLE", BEFORE
    assert enter(session, row, ada) == "refused"
    assert session.scalars(select(Participation)).all() == []


def test_a_page_says_how_somebody_stands_with_the_word(session, row, hana, ada):
    asked = watch_words.asked(session, row, ada)
    assert (asked.until, asked.is_set, asked.entered_at, asked.left) == (UNTIL, False, None, 10)
    seal(session, row, hana)
    enter(session, row, ada, "sai")
    enter(session, row, ada)
    asked = watch_words.asked(session, row, ada)
    assert (asked.is_set, asked.entered_at, asked.left) == (True, BEFORE, 8)


def test_entering_the_room_later_keeps_the_word(session, row, hana, ada):
    seal(session, row, hana)
    enter(session, row, ada)
    entering.hold(session, row.id, ada.id, started=1)
    session.expire_all()
    assert (held(session).started, held(session).watch_word_at) == (1, BEFORE)
