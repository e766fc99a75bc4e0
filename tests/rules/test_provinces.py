from datetime import date

import pytest

from quizapp.rules import provinces
from quizapp.rules.provinces import BY_CODE, PROVINCES


def test_there_are_34_of_which_seven_are_cities_since_the_end_of_april_2026():
    assert len(PROVINCES) == len(BY_CODE) == 34
    cities = {one.name.vi for one in PROVINCES if one.is_city(date(2026, 4, 30))}
    assert cities == {"Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ", "Đồng Nai"}


def test_dong_nai_was_a_province_until_29_april_2026():
    dong_nai = BY_CODE["75"]
    assert dong_nai.title(date(2026, 4, 29)) == "Tỉnh Đồng Nai"
    assert dong_nai.title(date(2026, 4, 30)) == "Thành phố Đồng Nai"


def test_a_full_name_says_what_it_is_in_both_languages():
    day = date(2026, 6, 1)
    assert [BY_CODE[code].title(day, "en") for code in ("79", "46", "96")] == [
        "Ho Chi Minh City",
        "Hue City",
        "Ca Mau Province",
    ]


def test_codes_are_official_and_in_order():
    codes = [one.code for one in PROVINCES]
    assert codes == sorted(codes) and (codes[0], codes[-1]) == ("01", "96")


@pytest.mark.parametrize("text", ["Hồ Chí Minh", "TP. Hồ Chí Minh", "tp ho chi minh", "TPHCM", "Thành phố HCM", "79"])
def test_a_province_is_found_however_a_list_writes_it(text):
    assert provinces.find(text) is BY_CODE["79"]


def test_a_short_code_a_name_without_accents_and_one_like_a_prefix_are_found():
    assert provinces.find("1") is BY_CODE["01"]
    assert provinces.find(" tỉnh ca mau ") is BY_CODE["96"]
    assert provinces.find("Hà Tĩnh") is BY_CODE["42"]
    assert provinces.find("Tây Ninh") is BY_CODE["80"]


@pytest.mark.parametrize("text", ["", "99", "Tỉnh", "Quảng Bình cũ", "Huế City 2"])
def test_anything_else_is_no_province(text):
    assert provinces.find(text) is None
