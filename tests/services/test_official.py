"""Papers read one stored result, name only who agreed, and hold no number by which somebody could be found."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from quizapp.errors import Conflict
from quizapp.models import Rulebook
from quizapp.rules.spread import Share, Spread
from quizapp.services import official
from quizapp.services.names import Shown
from tests import make, reported


@pytest.fixture
def found(session):
    return reported.contest(session)


def test_an_announcement_comes_from_one_stored_result_with_its_number_and_digest(session, found):
    contest, _ = found
    row = contest.rounds[0]
    told = official.announcement(session, contest, row)
    assert (told.source.n, told.source.rulebook, told.source.published_at) == (1, 1, make.CLOSES + timedelta(days=1))
    assert len(told.source.digest) == 64 and told.source.rulebook_at == make.MADE
    assert (told.numbers.round.people, told.numbers.round.attempts, told.numbers.contest.people) == (57, 130, 61)
    assert sum(one.people for one in told.spread.units.values()) == 57


def test_winners_stand_under_their_prizes_by_name_only_where_they_agreed(session, found):
    contest, people = found
    first, second, third = official.announcement(session, contest, contest.rounds[0]).prizes
    assert [one.shown for one in first.winners] == [Shown(people["ada"].code, "Nguyễn Thị Ada", "Công ty May 10")]
    assert [one.shown for one in second.winners] == [Shown(people["bob"].code)] and third.winners == ()
    assert second.winners[0].line.duration_ms == 120_002


def test_collective_lists_name_units_and_their_winners(session, found):
    contest, _ = found
    by_count, by_rate = official.announcement(session, contest, contest.rounds[0]).collective
    assert [(one.name, one.line.people, one.won) for one in by_count.lines] == [
        ("Công ty May 10", 38, True),
        ("Ấp văn hóa số 3", 12, False),
    ]
    assert [one.won for one in by_rate.lines] == [True, False]


def test_the_ranking_names_winners_only_for_that_is_what_they_agreed_to(session, found):
    contest, people = found
    told = official.announcement(session, contest, contest.rounds[0])
    lines = official.standings(session, contest, told)
    assert [one.shown.name for one in lines] == ["Nguyễn Thị Ada", "", ""]
    assert [one.line.code for one in lines] == [people[who].code for who in ("ada", "bob", "chi")]
    assert len(official.standings(session, contest, told, most=2)) == 2


def test_before_the_announcement_the_newest_result_is_for_the_secretariat_alone(session, found):
    contest, people = found
    row = contest.rounds[1]
    with pytest.raises(Conflict, match="Chưa có bảng kết quả"):
        official.announcement(session, contest, row)
    row.state = "PROVISIONAL"
    make.snapshot(session, row, [(people["ada"], 5)], published=False)
    assert official.announcement(session, contest, row).source.published_at is None
    with pytest.raises(Conflict):
        official.announcement(session, contest, row, public=True)


def test_after_the_announcement_everybody_reads_the_newest_published_result(session, found):
    contest, people = found
    row = contest.rounds[0]
    make.snapshot(session, row, [(people["bob"], 10)], published=False)
    make.snapshot(session, row, [(people["chi"], 10)], complete_at=None)
    assert official.announcement(session, contest, row).source.n == 1
    assert official.announcement(session, contest, row, public=True).source.n == 1
    row.state = "REVIEW"  # taken back: the secretariat works on the newest, what was announced is no secret again
    assert official.announcement(session, contest, row).source.n == 2
    assert official.announcement(session, contest, row, public=True).source.n == 1


def test_a_result_is_read_under_the_rulebook_it_followed(session, found):
    contest, _ = found
    session.query(Rulebook).one().settings = {**contest.settings, "place": "Huế"}
    session.flush()
    assert official.announcement(session, contest, contest.rounds[0]).settings.place == "Huế"
    session.query(Rulebook).delete()
    told = official.announcement(session, contest, contest.rounds[0])
    assert (told.settings.place, told.source.rulebook_at) == ("Hà Nội", None)


def test_units_are_reported_with_all_below_them_and_add_up(session, found):
    contest, _ = found
    top = make.unit(session, contest, "Tổng công ty")
    left, right = make.unit(session, contest, "Đội một", top), make.unit(session, contest, "Đội ba", top)
    lone = make.unit(session, contest, "An Bình", headcount=7)
    gone = make.unit(session, contest, "Đội cũ", top, merged_into_id=left.id)
    spread = Spread(units={str(left.id): Share(3, 8), str(right.id): Share(2, 2), "": Share(1, 4)})
    lines = official.unit_report(session, contest, spread)
    assert [(one.name, one.depth, one.share.people, one.share.attempts) for one in lines] == [
        ("An Bình", 0, 0, 0),
        ("Ấp văn hóa số 3", 0, 0, 0),
        ("Công ty May 10", 0, 0, 0),
        ("Tổng công ty", 0, 5, 10),
        ("Đội ba", 1, 2, 2),
        ("Đội một", 1, 3, 8),
        ("", 0, 1, 4),
    ]
    assert gone.id not in [one.id for one in lines] and lines[0].headcount == lone.headcount
    own = official.unit_report(session, contest, spread, below=top.id)
    assert [(one.name, one.depth) for one in own] == [("Tổng công ty", 0), ("Đội ba", 1), ("Đội một", 1)]


def test_places_are_reported_like_units(session, found):
    contest, _ = found
    told = official.announcement(session, contest, contest.rounds[0])
    lines = official.unit_report(session, contest, told.spread, "place")
    assert [(one.name, one.share) for one in lines] == [
        ("Ninh Bình", Share(57, 130)),
        ("Xã Gia Viễn", Share(57, 130)),
    ]


def test_the_register_has_every_complaint_without_contacts_and_typed_numbers(session, found):
    contest, people = found
    (entry,) = official.register(session, contest)
    assert (entry.number, entry.kind, entry.outcome, entry.stage.vi) == (1, "score", "KEPT", "Tuần 1")
    assert entry.who == Shown(people["chi"].code)
    assert entry.text == "Tôi sinh ngày ***, căn cước ***, gọi 091***678 hoặc ho***@example.vn: câu 2 chấm sai."
    assert not any(secret in str(asdict(entry)) for secret in reported.SECRETS)
    assert entry.answer == "Đã gọi số 091***678. Giữ nguyên."


def test_a_complaint_of_nobody_known_has_no_code(session, found):
    contest, people = found
    session.delete(people["chi"])
    session.flush()
    session.expire_all()
    (entry,) = official.register(session, contest)
    assert entry.who is None


def test_the_key_waits_until_every_attempt_of_the_round_is_handed_in(session, found):
    contest, _ = found
    row = contest.rounds[0]
    assert [(one.question.id, one.void, one.also) for one in official.key(session, row)] == [
        ("huu-tri-001", None, ()),
        ("huu-tri-002", "ACCEPT_ALSO", (3,)),
        ("huu-tri-003", None, ()),
        ("huu-tri-004", None, ()),
    ]
    for state, cut in (("OPEN", None), ("CLOSED", None), ("OPEN", make.CLOSES)):
        row.state, row.cut_at = state, cut
        with pytest.raises(Conflict, match="sau khi vòng thi đã đóng"):
            official.key(session, row)


def test_a_snapshot_from_elsewhere_without_its_spread_is_still_announced(session, found):
    contest, people = found
    row = contest.rounds[0]
    make.snapshot(session, row, [(people["ada"], 10)])
    assert official.announcement(session, contest, row).spread == Spread()
