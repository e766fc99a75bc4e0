import pytest

from quizapp.errors import Unreadable
from quizapp.rules import identity


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912 345 678",
        "091.234.5678",
        "+84912345678",
        "84 912 345 678",
        "0084912345678",
        "+84 0912345678",
    ],
)
def test_every_way_to_type_a_phone_gives_one_form(typed):
    assert identity.phone(typed) == "0912345678"


@pytest.mark.parametrize("typed", ["", "0212345678", "091234567", "09123456789", "abc", "+1 912 345 678", "٠٩١٢٣٤٥٦٧٨"])
def test_what_is_no_vietnamese_mobile_is_refused(typed):
    with pytest.raises(Unreadable):
        identity.phone(typed)


def test_an_email_has_one_form():
    assert identity.email("  Ada.Le+thi@Gmail.COM ") == "ada.le+thi@gmail.com"


@pytest.mark.parametrize(
    "typed",
    ["ada", "ada@", "@gmail.com", "ada@gmail", "a b@gmail.com", "a..b@gmail.com", "ada@-x.vn", "a" * 250 + "@x.vn"],
)
def test_what_is_no_email_is_refused(typed):
    with pytest.raises(Unreadable):
        identity.email(typed)


def test_a_login_is_an_email_when_it_has_an_at_sign():
    assert identity.login("ADA@example.vn") == ("email", "ada@example.vn")
    assert identity.login("+84 912 345 678") == ("phone", "0912345678")


def test_a_name_keeps_its_marks_and_loses_spare_spaces():
    decomposed = "Nguye\u0302\u0303n  Thị Hoà "
    assert identity.name(decomposed) == "Nguyễn Thị Hoà"
    assert identity.name("H’Hen Niê") == "H’Hen Niê"


@pytest.mark.parametrize("typed", ["", "A", "1234", "x" * 61, "<b>ada</b>", "ada\u202eada", "ada@home"])
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(Unreadable):
        identity.name(typed)


OWN = ("Nguyễn Văn Nam", "0912345678", "namnguyen@example.vn")


@pytest.mark.parametrize("typed", ["con mèo đi học", "correct horse", "Tr0i-xanh", "nam yêu biển cả 88"])
def test_a_password_of_ones_own_making_is_taken(typed):
    assert identity.password(typed, OWN) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "ngắn",
        "x" * 129,
        "12345678",
        "hgfedcba",
        "aaaaaaaa",
        "abababab",
        "Anhyeuem",
        "Password",
        "nguyenvannam",
        "NguyenVanNam@2024",
        "0912345678",
        "912345678nam",
        "namnguyen1990!",
        "baohiemxahoi2024",
        "bhxh@123",
        "matkhau123456",
    ],
)
def test_an_easy_password_is_refused(typed):
    with pytest.raises(Unreadable):
        identity.password(typed, OWN)


def test_contacts_are_masked_for_lists():
    assert identity.masked_phone("0912345678") == "091***678"
    assert identity.masked_email("hoa.le@gmail.com") == "ho***@gmail.com"
