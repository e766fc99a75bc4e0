"""The words for the end of a round, and the second they mean."""

from datetime import datetime

import pytest

from quizapp.rules.closing_phrase import phrase, read
from quizapp.rules.timing import VIETNAM

OPENS = datetime(2026, 3, 2, 8, 0, tzinfo=VIETNAM)


def at(*parts):
    return datetime(*parts, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "said",
    [
        "đến hết ngày 08/3",
        "Hết ngày 08/3",
        "đến hết Chủ nhật, ngày 08/3/2026",
        "đến hết ngày 8 tháng 3 năm 2026.",
        "24 giờ 00 ngày 08/3",
        "đến 24h ngày 08/3",
        "24:00 ngày 08/03/2026",
        "đến 23 giờ 59 ngày 08/3",
        "đến 23 giờ 59 phút ngày 08/3",
        "23:59:59 08/3/2026",
        "  ĐẾN   23h59   ngày 8-3 ",
    ],
)
def test_the_whole_last_day_is_inside(said):
    assert read(said, since=OPENS) == at(2026, 3, 9)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("22 giờ 00 ngày 08/3", at(2026, 3, 8, 22)),
        ("đến 22h00, Chủ nhật ngày 08/3/2026", at(2026, 3, 8, 22)),
        ("trước 21 giờ 59 phút ngày 08/3", at(2026, 3, 8, 21, 59)),
        ("22:00:30 ngày 08/3", at(2026, 3, 8, 22, 0, 30)),
        ("2026-03-08T22:00", at(2026, 3, 8, 22)),
        ("2026-03-08 22:00:05", at(2026, 3, 8, 22, 0, 5)),
        ("23:59:30 ngày 08/3", at(2026, 3, 8, 23, 59, 30)),
    ],
)
def test_any_other_clock_time_is_taken_as_it_stands(said, means):
    assert read(said, since=OPENS) == means


def test_a_day_without_its_year_is_the_first_one_to_come():
    assert read("đến hết ngày 01/02", since=OPENS) == at(2027, 2, 2)
    assert read("đến hết ngày 02/3", since=OPENS) == at(2026, 3, 3)
    assert read("đến hết ngày 29/02", since=OPENS) == at(2028, 3, 1)
    assert read("đến hết ngày 01/02") is None
    assert read("22:00 ngày 01/02") is None


@pytest.mark.parametrize(
    "said",
    ["", "cuối tuần", "đến hết ngày 31/2/2026", "đến hết ngày 31/2", "25 giờ 00 ngày 08/3", "24 giờ 30 ngày 08/3",
     "22 giờ 61 ngày 08/3", "22:00:75 ngày 08/3", "2026-02-30T08:00", "2026-03-08T25:00", "hết ngày 08/3 nhé"],
)  # fmt: skip
def test_what_is_no_time_is_not_guessed(said):
    assert read(said, since=OPENS) is None


@pytest.mark.parametrize(
    ("closes_at", "words"),
    [
        (at(2026, 3, 9), "đến hết ngày 08/3/2026"),
        (at(2026, 3, 8, 22), "đến 22 giờ 00 ngày 08/3/2026"),
        (at(2026, 1, 31, 9, 5), "đến 09 giờ 05 ngày 31/01/2026"),
        (at(2026, 12, 1, 9, 5, 30), "đến 09 giờ 05 phút 30 giây ngày 01/12/2026"),
    ],
)
def test_an_end_is_worded_so_that_it_reads_back(closes_at, words):
    assert phrase(closes_at) == words
    assert read(words) == closes_at
