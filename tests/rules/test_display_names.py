"""Names on a screen: which can be shown, which are given, how registered ones fit."""

import pytest

from quizapp.rules import display_names
from quizapp.rules.draw import sha256
from quizapp.rules.show import LONGEST_NAME, tidy_name

# Given names as people carry them, many of them a mark away from something else, and a few of several peoples.
_CARRIED = """
An Anh Ánh Ân Ấn Bách Bạch Bảo Bắc Bằng Bích Biên Bình Bính Bổn Bưởi Ca Cảnh Cát Cẩm Cần Cầm Châu Chi Chí Chiến
Chinh Chính Chúc Chung Chuyên Chương Công Cơ Cúc Cu Cung Cường Dần Danh Di Diễm Diện Diệp Diệu Dinh Doanh Du Dụ
Dự Duệ Dung Dũng Duy Duyên Dương Đại Đàm Đan Đào Đạo Đạt Đăng Đằng Đậu Đích Điểm Điền Điệp Đình Đĩnh Định Đoan
Đoàn Đô Độ Đông Đồng Đức Đường Gái Giang Giao Giáp Gấm Hà Hạ Hải Hán Hàn Hạnh Hào Hảo Hạo Hằng Hân Hậu Hiên Hiền
Hiển Hiếu Hiệp Hoa Hòa Hoà Hóa Hoài Hoàn Hoàng Hoạch Học Hồng Hội Huân Huấn Huệ Hùng Huy Huyền Hưng Hương Hường
Hữu Hỷ Kha Khải Khang Khanh Khánh Khiêm Khoa Khôi Khuê Kiên Kiệt Kiều Kim Kỳ Lài Lam Lan Lành Lâm Lân Lập Lệ
Liêm Liên Liễu Linh Lĩnh Loan Long Lộc Lợi Lớn Luân Luận Lụa Lực Lương Lượng Ly Lý Mai Mãi Mạnh Mận Mậu Mẫn Mi
Miên Minh Mơ Mùi Mười My Mỹ Na Nam Năm Nga Ngà Ngân Nghi Nghĩa Nghiêm Ngoan Ngọc Ngô Ngữ Nguyên Nguyệt Nhã Nhàn
Nhân Nhật Nhi Nhị Nhung Như Ninh Nụ Nương Oanh Phan Phát Phấn Phi Phong Phô Phú Phúc Phục Phùng Phước Phương
Phượng Quân Quang Quảng Quế Quốc Quy Quý Quyên Quyền Quyết Quỳnh Sa San Sang Sáng Sâm Sen Sinh Soạn Sơn Sử Sự
Sửu Sương Tài Tám Tâm Tân Tấn Tập Thạch Thái Tham Thành Thanh Thảo Thắm Thắng Thân Thể Thi Thiên Thiện Thiệp
Thiết Thìn Thịnh Thọ Thoa Thông Thơ Thu Thuần Thuận Thúc Thục Thùy Thủy Thúy Thụy Thư Thương Thưởng Thượng Tí Tị
Tiên Tiến Tiếp Tình Tính Toại Toan Toàn Toản Trà Trai Trang Tráng Trân Trầm Trí Triết Triều Triệu Trinh Trình
Trọng Trúc Trung Trưng Trường Tú Tuân Tuấn Tuất Tuệ Tùng Tuyên Tuyến Tuyền Tuyết Tư Từ Tường Tưởng Tý Tỵ Uyên
Vân Văn Vẻ Vi Viên Viễn Việt Vinh Vĩnh Vịnh Vọng Vũ Vui Vương Vượng Vy Xuân Xuyên Xuyến Ý Yên Yến Út Ất
"""
GIVEN = _CARRIED.split()
FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
]
FAMILY += [
    "Lý",
    "Đào",
    "Đèo",
    "Cầm",
    "Lò",
    "Giàng",
    "Vừ",
    "Lường",
    "Đái",
    "Chu",
    "Cù",
    "Đinh",
    "Mạc",
    "Ngụy",
    "Tô",
    "Từ",
]
MIDDLE = ["Văn", "Thị", "Đức", "Hữu", "Minh", "Công", "Ngọc", "Quốc", "Thanh", "Xuân", "Thu", "Kim", "Bá", "Thế"]
PEOPLE = [
    *("Đèo Văn Long", "Nguyễn Thông Bảo", "Nguyễn Công An", "Tô Thu Kỳ", "Nguyễn Quân Trí", "Chu Phong", "Hồng Đĩnh"),
    *("H'Hen Niê", "Y Moan Êban", "Giàng A Páo", "Vừ Thị Dua", "Đoàn Thị Điểm", "Đặng Thùy Trâm", "Nguyễn Du", "Dư Mã"),
    *("Phan Văn Cu", "Cu Tí", "Bé Bống", "Chị Hoà – Quảng Trị", "Lan – BHXH Huế", "Bác Ba (Tổ 3)", "Cô Năm 60 tuổi"),
    *("Minh Mẫn", "Đỗ Mười", "Lộc Vừng", "Con Cáo", "con đi học", "Đu Đủ", "Cái Lớn", "Cây Bưởi", "Mẹ Mây", "T.H.P.T."),
    *(
        "Nguyen Thi Buoi",
        "Tran Van Deo",
        "Le Thi Lon",
        "Dung",
        "Phuc",
        "Bich",
        "To Thu Ky",
        "Thu Ky",
        "Lam Di",
        "Do Di",
    ),
    *(
        "김민수",
        "王小明",
        "山田はなこ",
        "สมชาย",
        "Søren",
        "José",
        "Đ.M. Tuấn",
        "Lan 93",
        "Hai 15",
        "A4",
        "Việt Nam",
        "Ðức",
    ),
]


def test_real_names_pass():
    whole = [f"{FAMILY[n % len(FAMILY)]} {MIDDLE[n % len(MIDDLE)]} {given}" for n, given in enumerate(GIVEN)]
    listed = [*GIVEN, *whole, *PEOPLE]
    listed = [one for one in listed if len(one) > 1]
    assert len(listed) > 700 and len(set(GIVEN)) >= 300
    assert [(one, display_names.flaw(one)) for one in listed if display_names.flaw(one)] == []


@pytest.mark.parametrize(
    "name", ["", "x", "Ada\u200b", "Ada\u202eb", "<b>Ada</b>", "0909123456", "www.lua.vn", "A" * 25]
)
def test_what_has_not_the_shape_of_a_name_is_refused(name):
    assert display_names.flaw(name) == "shape"


@pytest.mark.parametrize("name", ["АDМIN", "Асе", "Ηoa", "𝓐da", "ᴀda", "Hoа", "Lan ٣", "Hoa 王", "Αλφα"])
def test_letters_that_look_like_others_are_refused(name):
    assert display_names.flaw(name) == "look-alike"


@pytest.mark.parametrize(
    "name",
    [
        *("Ban tổ chức", "BAN TO CHUC", "Bàn Tổ Chức", "BTC cuộc thi", "B.T.C", "Ban TC", "bantochuc", "Người tổ chức"),
        *("BHXH Việt Nam", "bhxh vn 1", "BHXH", "Bảo hiểm xã hội tỉnh", "baohiemxahoi", "VSSID", "UBND tỉnh"),
        *(
            "Admin",
            "Adm1n",
            "a d m i n",
            "Admin 2",
            "Quản trị viên",
            "Hệ thống",
            "Thông báo",
            "MC",
            "Tổ thư ký",
            "Thư ký",
        ),
    ],
)
def test_nobody_speaks_for_the_organizer_or_an_agency(name):
    assert display_names.flaw(name) == "imitation"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Lồn",
            "lôn",
            "địt mẹ",
            "dit me",
            "d1t me",
            "ditme",
            "l ồ n",
            "l.o.n",
            "đ.m",
            "ĐM",
            "vcl",
            "v c l",
            "vãi lồn",
        ),
        *("Đụ má", "đéo", "con cac", "c4c", "óc chó", "đồ ngu", "ngu học", "mẹ mày", "me may", "khốn nạn", "mất dạy 2"),
        *("fuck", "fuuuck", "f.u.c.k", "b1tch", "Fuck you 2", "đĩĩĩ", "Tao là con cặc"),
    ],
)
def test_abuse_is_refused_however_it_is_hidden(name):
    assert display_names.flaw(name) == "abuse"


def test_every_flaw_has_a_sentence():
    assert set(display_names.SAYINGS) == {"shape", "look-alike", "imitation", "abuse"}


def test_the_same_draw_gives_the_same_name_and_all_given_names_can_be_shown():
    draws = [sha256(str(n).encode()) for n in range(2_000)]
    names = [display_names.given(draw) for draw in draws]
    assert names == [display_names.given(draw) for draw in draws]
    assert len(set(names)) > 1_900
    assert all(tidy_name(name) == name and display_names.flaw(name) == "" for name in names)
    assert all(len(name) <= LONGEST_NAME - len(" (99)") for name in names)


def test_suggestions_differ_from_each_other():
    draws = iter([sha256(b"1"), sha256(b"1"), sha256(b"2"), sha256(b"3")])
    assert len(set(display_names.suggested(draws))) == 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("Nguyễn Thị Hoàng Phương Anh Thư", "N. T. H. Phương Anh Thư"),
        ("Công Tằng Tôn Nữ Thị Quỳnh Hương", "C. T. T. N. T. Q. Hương"),
        ("Wolfeschlegelsteinhausenbergerdorff", "Wolfeschlegelsteinhausen"),
        ("Ada Wolfeschlegelsteinhausenbergerdorff", "Wolfeschlegelsteinhausen"),
    ],
)
def test_a_long_registered_name_keeps_its_given_name(name, shown):
    assert display_names.fitting(name) == shown
    assert len(shown) <= LONGEST_NAME


def test_the_given_name_is_the_last_word():
    assert (display_names.given_name("Nguyễn Thị Hoa"), display_names.given_name(" ")) == ("Hoa", "")


def test_of_a_long_unit_the_middle_goes_so_that_its_end_tells_it_apart():
    first, second = (f"Đoàn Bảo hiểm xã hội cơ sở huyện Thanh Oai {n}" for n in (1, 2))
    cut = [display_names.middle_cut(one, 40) for one in (first, second)]
    assert cut[0] != cut[1] and all(len(one) <= 40 for one in cut)
    assert display_names.middle_cut("Đoàn Sở Y tế", 40) == "Đoàn Sở Y tế"
