import unicodedata
from datetime import UTC, date, datetime
from itertools import product

import pytest

from quizapp.errors import Unreadable
from quizapp.rules import registration
from quizapp.rules.contest import Division, Fields, Settings, Who, Words
from quizapp.rules.registration import Birth, Said, check
from tests import make

TODAY = date(2026, 3, 2)

FAMILY = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đoàn Đinh Mạc Tạ Lương Trịnh Âu Ông Thạch "
    "Kim Sơn Châu Quách Tôn"
)
MIDDLE = ["Văn", "Thị", "Hữu", "Đức", "Ngọc", "Thị Thùy", "Quang", "Bảo", "Ánh", "Xuân", "Thị Mỹ", "Đình"]
GIVEN = (
    "Anh Ánh Ân Bằng Bưởi Chiến Cường Dũng Đạt Đông Giàu Hà Hằng Hòa Hoà Huệ Hưởng Khuê Kỳ Lượm Lý Mỹ Ngoãn Nguyệt "
    "Nhẫn Oanh Phụng Quỳnh Sửu Tấm Thìn Thủy Thuỷ Tuyết Út Uyển Vĩ Xuyến Ý Yến Yên Ỷ"
)
RARE = [
    "H’ Hen Niê",
    "H' Lệ Êban",
    "Y Moan Ênuôl",
    "K’Brơi Tam Bou",
    "Rơ Châm H’Phik",
    "Đinh Ngọc Ŏi",
    "Siu Ƀơ̆h",
    "Tôn Nữ Thị Ninh",
    "Công Tằng Tôn Nữ Quỳnh Hoa",
    "Trần-Lê Minh An",
    "Đào D'Arc Marie",
    "Lò Thị Ỏn",
    "Giàng A Páo",
    "Hà Ky",
    "Nguyễn Phúc Bảo Long Cẩm Giang Như Ý",
]


def names():
    """Real ways to be called, by combining: more than five hundred."""
    combined = [" ".join(parts) for parts in product(FAMILY.split(), MIDDLE, GIVEN.split())]
    return [*combined[::29], *RARE]


def refusal(read, *arguments):
    with pytest.raises(Unreadable) as refused:
        read(*arguments)
    return refused.value.sentence


# ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_five_hundred_vietnamese_names_pass_in_every_way_to_type_them():
    assert len(names()) >= 500
    for name in names():
        plain = unicodedata.normalize("NFC", name)
        assert registration.full_name(name) == plain
        assert registration.full_name(unicodedata.normalize("NFD", f"  {name} ")) == plain
        assert registration.full_name(name.upper().replace(" ", "  ")) == plain.upper()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Hoa",
        "Nguyễn",
        "Hoa -",
        "Nguyễn Văn A1",
        "Nguyễn_Văn An",
        "Nguyễn Văn An 🌸",
        "Nguyễn Văn\u200b An\u200b",
        "<b>Nguyễn</b> An",
        "Nguyễn A\u0301\u0302\u0303\u0304n",
        "\u0301Nguyễn An",
        "An " * 60,
    ],
)
def test_what_is_no_full_name_is_refused_with_what_to_do(name):
    assert "hai từ" in refusal(registration.full_name, name)


def test_hyphens_of_other_keyboards_become_the_plain_one():
    assert registration.full_name("Trần‑Lê  Minh‐An") == "Trần-Lê Minh-An"


def test_people_are_sorted_by_given_name_then_middle_then_family():
    row = ["Lê Văn An", "Trần Thị Bình", "Nguyễn Văn An", "Đỗ Thị Ân", "Lê Anh An", "An", "Lê An"]
    assert sorted(row, key=registration.name_key) == [
        "An",
        "Lê An",
        "Lê Anh An",
        "Lê Văn An",
        "Nguyễn Văn An",
        "Đỗ Thị Ân",
        "Trần Thị Bình",
    ]


def test_the_empty_name_has_its_place_too():
    assert registration.name_key("") < registration.name_key("A A")
    assert registration.given_name("") == ""
    assert registration.given_name("Nguyễn Thị Hoa") == "Hoa"


# ── Dates of birth ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["08/03/1990", "8/3/1990", " 8.3.1990 ", "8-3-1990", "8 3 1990", "8 / 3 / 1990", "08031990", "1990-03-08"]
)
def test_a_birthday_is_read_however_it_is_typed(text):
    assert registration.birth_date(text, TODAY) == Birth(date(1990, 3, 8), "day")


def test_an_incomplete_date_counts_from_its_first_day_and_is_marked():
    assert registration.birth_date("1950", TODAY) == Birth(date(1950, 1, 1), "year")
    assert registration.birth_date("3/1950", TODAY) == Birth(date(1950, 3, 1), "month")


def test_29_february_exists_in_leap_years_only():
    assert registration.birth_date("29/02/2012", TODAY).first_day == date(2012, 2, 29)
    assert "trong lịch" in refusal(registration.birth_date, "29/02/2013", TODAY)


@pytest.mark.parametrize("text", ["31/4/1990", "0/3/1990", "8/0/1990", "32/1/1990", "13/1990", "0/1990", "0000"])
def test_a_day_that_is_in_no_calendar_is_refused(text):
    assert "trong lịch" in refusal(registration.birth_date, text, TODAY)


@pytest.mark.parametrize("text", ["", "8/3/90", "mùng 8 tháng 3", "8/3", "19900308 ", "٠٨/٠٣/١٩٩٠", "8/3/1990/1"])
def test_what_names_no_date_is_refused_with_an_example(text):
    expected = "trong lịch" if text.strip().isascii() and text.strip().isdigit() else "08/3/1990"
    assert expected in refusal(registration.birth_date, text, TODAY)


def test_nobody_is_born_tomorrow_or_before_1900():
    assert registration.birth_date("02/3/2026", TODAY).first_day == TODAY
    assert "tương lai" in refusal(registration.birth_date, "03/3/2026", TODAY)
    assert registration.birth_date("1900", TODAY).first_day == date(1900, 1, 1)
    assert "1900" in refusal(registration.birth_date, "31/12/1899", TODAY)


# ── Identity numbers and other papers ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "year", "sex"),
    [
        ("001090012345", 1990, "m"),
        ("079190012345", 1990, "f"),
        ("096210012345", 2010, "m"),
        ("101305012345", 2005, "f"),  # the birth was registered abroad
    ],
)
def test_a_number_that_fits_year_and_sex_passes(number, year, sex):
    assert registration.identity_number(number, Birth(date(year, 5, 1)), sex) == number
    assert registration.identity_number(number) == number


def test_spaces_and_dots_in_a_number_do_not_matter():
    assert registration.identity_number(" 001.090 012-345 ") == "001090012345"


@pytest.mark.parametrize("number", ["", "123", "00109001234", "0010900123456", "00109001234O", "٠٠١٠٩٠٠١٢٣٤٥"])
def test_anything_but_twelve_digits_is_refused(number):
    assert "12 chữ số" in refusal(registration.identity_number, number)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("001091012345", "thứ năm và thứ sáu"),
        ("001290012345", "thứ tư chưa khớp năm sinh"),
        ("001190012345", "giới tính"),
        ("001490012345", "thứ tư của số căn cước"),
    ],
)
def test_a_digit_that_does_not_fit_is_named(number, sentence):
    assert sentence in refusal(registration.identity_number, number, Birth(date(1990, 5, 1)), "m")


def test_a_year_alone_is_enough_to_compare_and_an_unstated_sex_hinders_nothing():
    assert registration.identity_number("001190012345", Birth(date(1990, 1, 1), "year"), "") == "001190012345"


@pytest.mark.parametrize(
    ("text", "kept"), [("c1234567", "C1234567"), (" B 123 456 ", "B123456"), ("AB/12-34", "AB/12-34")]
)
def test_another_paper_is_kept_in_capitals_without_spaces(text, kept):
    assert registration.other_paper(text) == kept


@pytest.mark.parametrize("text", ["", "12345", "A" * 21, "-123456", "12;3456", "123456_"])
def test_another_paper_has_six_to_twenty_characters(text):
    assert "6 đến 20" in refusal(registration.other_paper, text)


def test_a_line_has_single_spaces_and_nothing_invisible():
    assert registration.line("  12   Lê Lợi ") == "12 Lê Lợi"
    assert "ký tự lạ" in refusal(registration.line, "a\u202eb")
    assert "quá dài" in refusal(registration.line, "a" * 201)


# ── Children, age and place ─────────────────────────────────────────────────────────────────────────────────────


def test_a_guardian_consents_under_sixteen_and_the_child_too_from_seven():
    assert registration.is_child(date(2010, 3, 3), TODAY)
    assert not registration.is_child(date(2010, 3, 2), TODAY)
    assert registration.has_own_word(date(2019, 3, 2), TODAY)
    assert not registration.has_own_word(date(2019, 3, 3), TODAY)


def rules(rounds=1, fields=None, **who):
    return make.contest_rules(rounds, who=Who(fields=fields or Fields(), **who))


def test_who_becomes_old_enough_on_the_last_day_may_register():
    """The only round runs from 2 to 8 March 2026 (22:00)."""
    settings = rules(min_age=14)
    assert registration.too_young(date(2012, 3, 8), settings) is None
    problem = registration.too_young(date(2012, 3, 9), settings)
    assert problem.details == {"age": 14, "day": date(2026, 3, 8)}
    assert "14 tuổi" in problem.sentence % problem.details


def test_who_must_be_old_enough_when_the_contest_opens_is_asked_for_that_day():
    settings = rules(min_age=14, age_on="OPENING")
    assert registration.too_young(date(2012, 3, 2), settings) is None
    assert registration.too_young(date(2012, 3, 3), settings).details["day"] == date(2026, 3, 2)
    assert registration.may_sit_from(date(2012, 3, 3), settings) is None


def test_born_on_29_february_one_is_old_enough_on_1_march():
    settings = rules(
        [make.round_rules(closes_at=datetime(2026, 2, 28, 17, tzinfo=UTC), opens_at=datetime(2026, 2, 20, tzinfo=UTC))],
        min_age=14,
    )
    assert registration.last_day(settings) == date(2026, 2, 28)
    assert registration.too_young(date(2012, 2, 29), settings) is not None
    assert registration.too_young(date(2012, 2, 28), settings) is None


def test_whoever_must_wait_for_a_birthday_is_told_which():
    settings = rules(min_age=14)
    assert registration.may_sit_from(date(2012, 3, 5), settings) == date(2026, 3, 5)
    assert registration.may_sit_from(date(2012, 3, 2), settings) is None
    assert registration.may_sit_from(date(2012, 3, 9), settings) is None


def test_without_an_age_or_a_round_nobody_is_too_young():
    assert registration.too_young(TODAY, rules()) is None
    assert registration.may_sit_from(TODAY, rules()) is None
    nothing = Settings(name=Words("A"), organizer=Words("B"), who=Who(min_age=14))
    assert registration.too_young(TODAY, nothing) is None
    assert registration.may_sit_from(TODAY, nothing) is None


@pytest.mark.parametrize(
    ("provinces", "home", "has_unit", "belongs", "admitted"),
    [
        ((), "01", False, False, True),
        (("44",), "44", False, False, True),
        (("44",), "01", False, False, False),
        (("44",), "01", True, False, False),
        (("44",), "01", False, True, False),
        (("44",), "01", True, True, True),
        (("44",), "", False, False, False),
        (("44",), "", False, True, True),
    ],
)
def test_people_from_elsewhere_declare_where_they_work_or_study(provinces, home, has_unit, belongs, admitted):
    assert registration.is_from_here(Who(provinces=provinces), home, has_unit=has_unit, belongs=belongs) is admitted


# ── The whole form ──────────────────────────────────────────────────────────────────────────────────────────────

HOA = Said(
    full_name=" Nguyễn  Thị Hoa",
    birth_date="8/3/1990",
    phone="+84 912 345 678",
    province="44",
    commune="Xã Gio Linh",
    unit="Công ty May 10",
    consents=frozenset({"take_part"}),
)


def said(**changes):
    return Said(**{**{name: getattr(HOA, name) for name in HOA.__dataclass_fields__}, **changes})


def test_a_right_form_has_no_problem_and_comes_in_its_one_form():
    entry, problems = check(rules(), HOA, TODAY)
    assert problems == {}
    assert (entry.full_name, entry.birth, entry.phone) == (
        "Nguyễn Thị Hoa",
        Birth(date(1990, 3, 8)),
        "0912345678",
    )
    assert (entry.province, entry.commune, entry.unit) == ("44", "Xã Gio Linh", "Công ty May 10")
    assert entry.consents == {"take_part"} and not entry.child and not entry.guardian


def test_an_empty_form_names_every_field_that_is_required():
    _, problems = check(rules(), Said(), TODAY)
    assert set(problems) == {"full_name", "birth_date", "phone", "province", "commune", "consents"}
    assert all(problem.sentence.startswith("Vui lòng") for problem in problems.values())


def test_whatever_is_not_asked_for_is_left_out():
    fields = Fields(phone="off", address="off", unit="off", birth_date="off")
    entry, problems = check(rules(fields=fields), said(sex="m", occupation="pupil", email="a@b.vn"), TODAY)
    assert problems == {}
    assert (entry.phone, entry.province, entry.unit, entry.sex, entry.email, entry.birth) == ("", "", "", "", "", None)


def test_every_wrong_field_is_named_at_once():
    fields = Fields(identity_number="required", sex="required", email="optional", occupation="required")
    wrong = said(
        full_name="Hoa", birth_date="30/2/1990", phone="123", identity_number="1", email="x", occupation="king"
    )
    _, problems = check(rules(fields=fields), wrong, TODAY)
    assert set(problems) == {"full_name", "birth_date", "phone", "identity_number", "sex", "email", "occupation"}


def test_sex_not_stated_is_an_answer_and_nothing_chosen_is_none():
    fields = Fields(sex="required")
    assert check(rules(fields=fields), said(sex=""), TODAY)[1] == {}
    assert set(check(rules(fields=fields), said(sex=None), TODAY)[1]) == {"sex"}
    assert set(check(rules(fields=fields), said(sex="x"), TODAY)[1]) == {"sex"}
    assert check(rules(fields=Fields(sex="optional")), said(sex="f"), TODAY)[0].sex == "f"


def test_a_foreigner_gives_a_passport_in_place_of_the_identity_number():
    fields = Fields(identity_number="required", other_paper="optional")
    assert set(check(rules(fields=fields), said(), TODAY)[1]) == {"identity_number"}
    entry, problems = check(rules(fields=fields), said(other_paper="c1234567"), TODAY)
    assert problems == {} and entry.other_paper == "C1234567"


def test_somebody_too_young_is_told_so_at_the_birth_date():
    _, problems = check(rules(min_age=14), said(birth_date="9/3/2012"), TODAY)
    assert "tuổi" in problems["birth_date"].sentence


def test_a_place_picked_from_the_list_needs_no_words():
    entry, problems = check(rules(), said(place_id=7, commune=""), TODAY)
    assert problems == {} and (entry.place_id, entry.commune) == (7, "")


def test_an_unknown_province_is_refused():
    assert set(check(rules(provinces=("44",)), said(province="99"), TODAY)[1]) == {"province"}


def test_people_from_another_province_name_the_unit_even_where_nobody_else_does():
    settings = rules(fields=Fields(unit="off"), provinces=("44",))
    away = said(province="01", unit="")
    assert "ô xác nhận" in check(settings, away, TODAY)[1]["belongs"].sentence
    assert "đơn vị" in check(settings, said(province="01", unit="", belongs=True), TODAY)[1]["belongs"].sentence
    entry, problems = check(settings, said(province="01", unit="Trường A", belongs=True), TODAY)
    assert problems == {} and entry.belongs and entry.unit == "Trường A"


def test_without_provinces_nothing_is_declared():
    assert check(rules(), said(belongs=True), TODAY)[0].belongs is False


def test_a_unit_is_picked_or_typed_where_it_is_required():
    fields = Fields(unit="required")
    assert set(check(rules(fields=fields), said(unit=" "), TODAY)[1]) == {"unit"}
    assert check(rules(fields=fields), said(unit="", unit_id=3), TODAY)[0].unit_id == 3


def test_with_divisions_everybody_belongs_to_exactly_one():
    settings = rules(divisions=(Division(key="a", name=Words("Bảng A")), Division(key="b", name=Words("Bảng B"))))
    assert set(check(settings, said(), TODAY)[1]) == {"division"}
    assert set(check(settings, said(division="c"), TODAY)[1]) == {"division"}
    assert check(settings, said(division="b"), TODAY)[0].division == "b"


def test_a_delegate_needs_the_code_on_the_badge_and_no_division():
    settings = rules(on_list_only=True, divisions=(Division(key="a", name=Words("Bảng A")),))
    assert "delegate_code" in check(settings, said(), TODAY)[1]
    entry, problems = check(settings, said(delegate_code=" db-017 "), TODAY)
    assert problems == {} and entry.delegate_code == "DB-017"


def test_an_invitation_code_is_taken_without_its_hyphen():
    assert check(rules(), said(invited_by=" abcd-2345"), TODAY)[0].invited_by == "ABCD2345"


# ── Guardians and consents ──────────────────────────────────────────────────────────────────────────────────────

MOTHER = {"guardian_name": "Trần Thị Lan", "guardian_phone": "0987 654 321"}
BOTH = frozenset({"take_part", "publish", "news"})


def test_a_child_needs_a_guardian_and_the_consent_of_both():
    child = said(birth_date="8/3/2014", consents=frozenset())
    assert set(check(rules(), child, TODAY)[1]) == {
        "guardian_name",
        "guardian_phone",
        "consents",
        "guardian_consents",
    }
    agreed = said(birth_date="8/3/2014", consents=BOTH, guardian_consents=BOTH, **MOTHER)
    entry, problems = check(rules(), agreed, TODAY)
    assert problems == {} and entry.child and not entry.guardian
    assert entry.consents == entry.guardian_consents == {"take_part", "publish"}


def test_under_seven_only_the_guardian_consents():
    small = said(birth_date="8/3/2020", consents=BOTH, guardian_consents=frozenset({"take_part"}), **MOTHER)
    entry, problems = check(rules(), small, TODAY)
    assert problems == {}
    assert (entry.consents, entry.guardian_consents) == (frozenset(), {"take_part"})


def test_a_wrong_guardian_is_said_beside_the_field():
    wrong = said(birth_date="8/3/2014", guardian_name="Lan", guardian_phone="1", guardian_consents=BOTH)
    problems = check(rules(), wrong, TODAY)[1]
    assert "hai từ" in problems["guardian_name"].sentence
    assert "10 chữ số" in problems["guardian_phone"].sentence


def test_a_guardians_phone_and_number_stand_for_ones_own_where_the_rulebook_lets_them():
    fields = Fields(identity_number="required")
    lent = said(phone="", guardian=True, guardian_identity="001180012345", birth_date="1/1/1940", **MOTHER)
    entry, problems = check(rules(fields=fields, guardians=True), lent, TODAY)
    assert problems == {}
    assert entry.guardian and (entry.guardian_phone, entry.guardian_identity) == ("0987654321", "001180012345")
    assert set(check(rules(fields=fields), lent, TODAY)[1]) == {"phone", "identity_number"}


def test_who_uses_a_guardians_phone_names_the_guardian():
    problems = check(rules(guardians=True), said(phone="", guardian=True), TODAY)[1]
    assert set(problems) == {"guardian_name", "guardian_phone"}


def test_a_change_of_data_asks_for_no_consent():
    entry, problems = check(rules(), said(consents=frozenset()), TODAY, consents=False)
    assert problems == {} and entry.consents == frozenset()
