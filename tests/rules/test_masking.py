"""What people type about themselves leaves the house without the numbers that find them."""

import pytest

from quizapp.rules.masking import masked


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Gọi tôi số 0912345678 nhé.", "Gọi tôi số 091***678 nhé."),
        ("ĐT: +84 912 345 678.", "ĐT: 849***678."),
        ("0912.345.678", "091***678"),
        ("CCCD 001099012345", "CCCD ***"),
        ("CCCD 001 099 012 345, cảm ơn", "CCCD ***, cảm ơn"),
        ("thư hoa.nguyen@example.vn", "thư ho***@example.vn"),
        ("sinh ngày 15/8/1990", "sinh ngày ***"),
        ("sinh 15-08-1990 và 1990-08-15", "sinh *** và ***"),
        ("sinh ngày 15 tháng 8 năm 1990.", "sinh ***."),
    ],
)
def test_numbers_that_belong_to_a_person_are_blotted_out(typed, shown):
    assert masked(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "Tôi thi lúc 20:00 ngày 05/3/2026, được 9/10 điểm.",
        "Theo Điều 64 khoản 1 Luật số 41/2024/QH15",
        "Dự đoán 4.312 người, chênh 12",
        "ngày 02-03-2026",
        "ngày 01 tháng 7 năm 2025",
        "mã 4PJB5DM5M6",
        "",
    ],
)
def test_everything_else_stays_as_it_was_typed(typed):
    assert masked(typed) == typed
