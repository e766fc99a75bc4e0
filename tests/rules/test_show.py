"""Settings of a show, and the names people may carry in it."""

import pytest

from quizapp.rules.show import (
    Settings,
    name_key,
    numbered_name,
    room_code,
    scheme,
    settings_from_json,
    settings_to_json,
    tidy_name,
)


def test_settings_survive_being_kept():
    settings = Settings(seconds=45, scoring="FLAT", may_change=False, join_until=3)
    assert settings_from_json(settings_to_json(settings)) == settings
    assert settings.full_ms == 45_000


def test_only_known_schemes_have_a_name():
    assert scheme("HALF_DECAY") == "HALF_DECAY"
    assert scheme("half") is None


@pytest.mark.parametrize(
    "typed",
    ["Chị Hoà – Quảng Trị", "Y Blim", "Cô Lành (Hội PN)", "Nguyễn Thị Thuỳ Dưỡng", "O'Brien", "Tổ 12", "Ê Ban H’Len"],
)
def test_real_names_may_be_shown(typed):
    assert tidy_name(typed) == typed


def test_a_name_is_kept_in_one_form():
    assert tidy_name("  Hoa\u0300   Bi\u0300nh ") == "Hoà Bình"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "x" * 25,
        "   ",
        "ada\u200b",
        "ada\u202egro",
        "🙂🙂",
        "--",
        "<b>ada</b>",
        "091 234 5678",
        "www.abc.vn",
        "xem abc.com",
        "a\nb\x00",
    ],
)
def test_other_names_are_refused(typed):
    assert tidy_name(typed) is None


def test_names_are_alike_whatever_case_accents_and_spaces():
    assert name_key("Chị Hoà") == name_key("chi  HOÁ") == "chihoa"
    assert name_key("Đào") == "dao"


def test_the_second_of_a_name_gets_a_number_that_fits():
    assert numbered_name("Hoà", 1) == "Hoà"
    assert numbered_name("Hoà", 2) == "Hoà (2)"
    assert numbered_name("x" * 24, 12) == "x" * 19 + " (12)"


@pytest.mark.parametrize(
    ("typed", "code"), [("482 913", "482913"), ("482.913", "482913"), ("48291", None), ("48291a", None)]
)
def test_a_room_code_is_read_as_people_type_it(typed, code):
    assert room_code(typed) == code
