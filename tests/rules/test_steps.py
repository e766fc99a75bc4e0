from datetime import UTC, datetime, timedelta

import pytest

from quizapp.rules import stage, steps
from quizapp.rules.steps import Facts

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
READY = {"predicts": True, "frozen": True, "snapshots": 1, "fresh": True, "shown": True, "decided": True}
UNTIL = {"complaints_until": NOW - timedelta(hours=1)}


def missing(state, **changes):
    return steps.missing(Facts(state=state, **{**READY, **UNTIL, **changes}), now=NOW)


@pytest.mark.parametrize("state", stage.STATES)
def test_a_round_in_which_everything_is_done_lacks_nothing(state):
    assert missing(state) == ()


@pytest.mark.parametrize("state", ["DRAFT", "PUBLISHED", "OPEN", "CLOSED", "ANNOUNCED"])
def test_what_the_clock_does_and_what_only_begins_asks_for_nothing(state):
    assert steps.missing(Facts(state=state), now=NOW) == ()


@pytest.mark.parametrize(
    ("lack", "words"),
    [
        ({"frozen": False}, "Chưa chốt số mục tiêu"),
        ({"snapshots": 0, "fresh": False}, "Chưa lập bảng kết quả"),
        ({"fresh": False}, "Dữ liệu đã đổi"),
        ({"proposals": 1}, "Còn đề nghị"),
        ({"counting": True}, "Máy đang tính"),
        ({"unmarked": 2}, "Còn bài tự luận"),
        ({"unreviewed": 1}, "Còn vòng thi"),
    ],
)
def test_a_provisional_result_needs_the_review_to_be_over(lack, words):
    (sentence,) = missing("REVIEW", **lack)
    assert sentence.startswith(words)


def test_a_round_without_prediction_needs_no_target():
    assert missing("REVIEW", predicts=False, frozen=False) == ()


@pytest.mark.parametrize(
    ("lack", "words"),
    [
        ({"decided": False}, "Chưa nhập số và ngày"),
        ({"fresh": False}, "Dữ liệu đã đổi"),
        ({"proposals": 1}, "Còn đề nghị"),
    ],
)
def test_an_announcement_needs_its_decision_and_a_snapshot_of_how_things_are(lack, words):
    (sentence,) = missing("PROVISIONAL", **lack)
    assert sentence.startswith(words)


@pytest.mark.parametrize(
    ("lack", "words"),
    [
        ({"complaints_until": NOW + timedelta(seconds=1)}, "Chưa hết hạn"),
        ({"complaints": 1}, "Còn khiếu nại"),
        ({"unchecked": 1}, "Còn người đạt giải"),
        ({"undrawn": 1}, "Còn giải hoặc"),
        ({"shown": False}, "Bảng kết quả mới nhất"),
        ({"fresh": False}, "Dữ liệu đã đổi"),
    ],
)
def test_a_result_is_final_when_nothing_is_open(lack, words):
    (sentence,) = missing("COMPLAINTS", **lack)
    assert sentence.startswith(words)


def test_the_deadline_itself_is_past():
    assert missing("COMPLAINTS", complaints_until=NOW) == ()
    assert missing("COMPLAINTS", complaints_until=None) == ()


def test_an_award_hands_out_what_was_published():
    (sentence,) = missing("FINAL", shown=False)
    assert sentence.startswith("Bảng kết quả mới nhất")


def test_all_that_is_missing_is_said_at_once():
    assert len(missing("COMPLAINTS", complaints=1, unchecked=1, undrawn=1)) == 3


def test_a_correction_is_published_as_soon_as_it_says_how_things_are():
    assert steps.unsettled(Facts(state="FINAL", snapshots=2, fresh=True, complaints=3)) == ()
    (sentence,) = steps.unsettled(Facts(state="FINAL", snapshots=2))
    assert sentence.startswith("Dữ liệu đã đổi")


@pytest.mark.parametrize(
    ("state", "facts", "expected"),
    [
        ("PUBLISHED", {}, ""),
        ("OPEN", {}, ""),
        ("CLOSED", {"counting": True}, "wait"),
        ("CLOSED", {"fresh": False}, "press"),
        ("REVIEW", {"proposals": 1, "frozen": False}, "confirm"),
        ("REVIEW", {"frozen": False}, "preview"),
        ("REVIEW", {"frozen": False, "previewed": True}, "freeze"),
        ("REVIEW", {"predicts": False, "frozen": False, "fresh": False}, "snapshot"),
        ("REVIEW", {"fresh": False}, "snapshot"),
        ("REVIEW", {}, "press"),
        ("REVIEW", {"unmarked": 1}, ""),
        ("PROVISIONAL", {"fresh": False}, "snapshot"),
        ("PROVISIONAL", {"unchecked": 3, "unasked": 2}, "ask"),
        ("PROVISIONAL", {"unchecked": 3}, "check"),
        ("PROVISIONAL", {"decided": False}, "decide"),
        ("PROVISIONAL", {}, "publish"),
        ("ANNOUNCED", {}, "press"),
        ("COMPLAINTS", {"unchecked": 1}, "check"),
        ("COMPLAINTS", {"shown": False}, "publish"),
        ("COMPLAINTS", {"complaints": 1}, ""),
        ("COMPLAINTS", {}, "press"),
        ("FINAL", {"shown": False}, "publish"),
        ("FINAL", {}, "press"),
        ("AWARDED", {}, ""),
        ("AWARDED", {"fresh": False}, "snapshot"),
    ],
)
def test_the_desk_names_one_thing_to_do_next(state, facts, expected):
    assert steps.action(Facts(state=state, **{**READY, **UNTIL, **facts}), now=NOW) == expected
