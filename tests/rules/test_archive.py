"""The archive's own language: every spelling of a value comes to the one that is kept."""

from datetime import UTC, date, datetime

import pytest

from quizapp.errors import Unreadable
from quizapp.rules import archive
from quizapp.rules.archive import Archive, Misshapen
from quizapp.rules.contest import Prediction
from quizapp.rules.timing import VIETNAM

EIGHT = datetime(2026, 3, 2, 8, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "said",
    [
        "2026-03-02T08:00:00+07:00",
        "2026-03-02T01:00:00Z",
        "2026-03-02 08:00",
        "02/3/2026 08:00:00.000",
        1_772_413_200_000,
    ],
)
def test_an_instant_has_several_spellings(said):
    assert archive.moment(said) == EIGHT


@pytest.mark.parametrize(
    ("said", "day", "hour"), [("2026-03-08", 8, 0), ("2026-03-08T24:00", 9, 0), ("8/3/2026 24:00:00", 9, 0)]
)
def test_a_day_begins_at_midnight_and_24_hours_are_its_end(said, day, hour):
    assert archive.moment(said) == datetime(2026, 3, day, hour, tzinfo=VIETNAM)


@pytest.mark.parametrize("said", ["", "hôm qua", "2026-02-30", "9999-12-31T24:00", -1, 10**18])
def test_what_is_no_instant_is_refused(said):
    with pytest.raises(Unreadable):
        archive.moment(said)


def test_an_instant_is_written_as_exactly_as_it_is_kept():
    at = datetime(2026, 3, 2, 1, 0, 0, 123_456, tzinfo=UTC)
    assert archive.written_moment(at) == "2026-03-02T08:00:00.123456+07:00"
    assert archive.moment(archive.written_moment(at)) == at


@pytest.mark.parametrize(
    ("said", "sixtieths"),
    [
        (7, 420),
        (7.5, 450),
        ("7,25", 435),
        (7.33, 440),
        (0.02, 1),
        ("7 1/3", 440),
        ("2/3", 40),
        ({"sixtieths": 441}, 441),
        (5214, 312_840),
    ],
)
def test_points_are_exact_sixtieths(said, sixtieths):
    assert archive.points(said) == sixtieths


@pytest.mark.parametrize(
    "said", [0.01, 7.34, "1/7", "1/0", "bảy", -1, "1e400", {"points": 1}, {"sixtieths": -1}, {"sixtieths": 10**12}]
)
def test_points_that_are_no_sixtieths_are_refused(said):
    with pytest.raises(Unreadable):
        archive.points(said)


def test_every_printed_number_of_points_stands_for_the_sixtieths_it_was_printed_from():
    for sixtieths in range(0, 601):
        printed = float(archive._printed(archive.Fraction(sixtieths, 60)))
        assert archive.points(printed) == sixtieths
        assert archive.points(archive.written_points(sixtieths)) == sixtieths


@pytest.mark.parametrize(
    ("said", "kind", "chosen"),
    [
        ("B", "one", [1]),
        ("b", "one", [1]),
        ([2], "one", [2]),
        (2, "one", [2]),
        ("CA", "several", [0, 2]),
        ("A, C", "several", [0, 2]),
        ([2, 0], "several", [0, 2]),
        ("CAB", "order", [2, 0, 1]),
        ([2, 0, 1], "order", [2, 0, 1]),
        (True, "truefalse", [0]),
        (False, "truefalse", [1]),
        ("Đúng", "truefalse", [0]),
        ("sai", "truefalse", [1]),
        ("B", "truefalse", [1]),
        (15, "number", [15]),
        ("-7", "number", [-7]),
        ([15], "number", [15]),
        (None, "one", None),
        ("–", "one", None),
        ("", "number", None),
    ],
)
def test_an_answer_has_several_spellings(said, kind, chosen):
    assert archive.choice(said, kind) == chosen


@pytest.mark.parametrize(("said", "kind"), [("G", "one"), ("?", "several"), ("0", "one"), ("mười", "number")])
def test_what_is_no_answer_is_refused(said, kind):
    with pytest.raises(Unreadable):
        archive.choice(said, kind)


@pytest.mark.parametrize(
    ("chosen", "kind", "said"),
    [([1], "one", "B"), ([0, 2], "several", "AC"), ([15], "number", 15), (None, "one", None)],
)
def test_an_answer_is_written_in_letters(chosen, kind, said):
    assert archive.written_choice(chosen, kind) == said


def test_a_row_of_letters_has_an_answer_for_each_question():
    assert archive.letters("BACDA–CB") == ["B", "A", "C", "D", "A", "", "C", "B"]
    assert archive.letters("A 0 - B") == ["A", "", "", "B"]


@pytest.mark.parametrize(
    ("said", "day", "known"),
    [
        ("2012-02-29", date(2012, 2, 29), "day"),
        ("29/2/2012", date(2012, 2, 29), "day"),
        ("1990-05", date(1990, 5, 1), "month"),
        ("5/1990", date(1990, 5, 1), "month"),
        ("1990", date(1990, 1, 1), "year"),
    ],
)
def test_a_date_of_birth_may_be_incomplete(said, day, known):
    assert archive.birth(said) == (day, known)


@pytest.mark.parametrize("said", ["", "2011-02-29", "31/4/1990", "năm 1990"])
def test_what_is_no_date_of_birth_is_refused(said):
    with pytest.raises(Unreadable):
        archive.birth(said)


@pytest.mark.parametrize(
    ("known", "said"), [("day", "1990-05-17"), ("month", "1990-05"), ("year", "1990"), ("", "1990-05-17")]
)
def test_a_date_of_birth_is_written_as_exactly_as_it_is_known(known, said):
    assert archive.written_birth(date(1990, 5, 17), known) == said


PERCENT = Prediction(target="P_PERCENT", decimals=5)


@pytest.mark.parametrize(
    ("said", "rules", "kept"),
    [
        (4312, Prediction(), 4312),
        ("4.312", Prediction(), 4312),
        ("4 312", Prediction(), 4312),
        (None, Prediction(), None),
        (34.55128, PERCENT, 3_455_128),
        ("34,5", PERCENT, 3_450_000),
        (35, PERCENT, 3_500_000),
        (0.00001, PERCENT, 1),
    ],
)
def test_a_prediction_is_read_as_its_rules_say(said, rules, kept):
    assert archive.predicted(said, rules) == kept


@pytest.mark.parametrize(
    ("said", "rules"), [(4312.0, Prediction()), ("4,5", Prediction()), (-1, Prediction()), (101, PERCENT)]
)
def test_what_is_no_prediction_is_refused(said, rules):
    with pytest.raises(Unreadable):
        archive.predicted(said, rules)


def test_a_percentage_is_written_with_its_decimals():
    assert archive.written_prediction(3_455_128, PERCENT) == "34,55128"
    assert archive.written_prediction(4312, Prediction()) == 4312
    assert archive.written_prediction(None, PERCENT) is None
    assert archive.predicted("34,55128", PERCENT) == 3_455_128


# ── The whole file ──────────────────────────────────────────────────────────────────────────────────────────────


def test_an_archive_is_written_row_by_row_and_read_back():
    kept = Archive(
        settings={"name": "Cuộc thi"}, people=[archive.Person(code="An"), archive.Person(code="Em", team="1")]
    )
    data = archive.write(kept)
    assert archive.read(data) == archive.read(b"\xef\xbb\xbf" + data) == kept
    assert data.decode().splitlines()[-4:-1] == ['{"code":"An"},', '{"code":"Em","team":"1"}', "]"]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"{", "$"),
        (b"[]", "$"),
        (b'{"people": []}', "$"),
        (b'{"settings": {}, "peple": []}', "$"),
        (b'{"settings": {}, "people": [{"code": "An"}, {"code": 3}]}', "$.people[1].code"),
        (b'{"settings": {}, "attempts": [{"code": "An", "scor": 3}]}', "$.attempts[0]"),
        (b'{"settings": {}, "version": 2}', "$.version"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_place(data, where):
    with pytest.raises(Misshapen) as refusal:
        archive.read(data)
    assert refusal.value.where == where and refusal.value.sentence
