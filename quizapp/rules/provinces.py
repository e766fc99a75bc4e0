"""The 34 provinces and cities of Viet Nam since July 2025, by their official codes; below each there are only communes,
wards and special zones (contest-rules §5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from quizapp.rules.question import Text
from quizapp.rules.words import fold

_NEVER = date.max
_ALWAYS = date.min
_BEFORE_NAMES = re.compile(r"^(?:tinh|thanh pho|tp)(?=[ .])[ .]*")
_SHORT = {"hcm": "79", "tphcm": "79", "sai gon": "79"}  # how people write the longest name


@dataclass(frozen=True)
class Province:
    """One province, or a city on its own since `city_since`."""

    code: str
    name: Text
    city_since: date = _NEVER

    def is_city(self, day: date) -> bool:
        """Whether it is a city run by the centre on this day."""
        return day >= self.city_since

    def title(self, day: date, language: str = "vi") -> str:
        """Its full name on this day: `Thành phố Huế`, `Tỉnh Cà Mau`, `Cà Mau Province`."""
        name, city = self.name.of(language), self.is_city(day)
        if language == "en":
            return name if city and name.endswith("City") else f"{name} {'City' if city else 'Province'}"
        return f"{'Thành phố' if city else 'Tỉnh'} {name}"


PROVINCES: tuple[Province, ...] = (
    Province("01", Text("Hà Nội", "Ha Noi"), _ALWAYS),
    Province("04", Text("Cao Bằng", "Cao Bang")),
    Province("08", Text("Tuyên Quang", "Tuyen Quang")),
    Province("11", Text("Điện Biên", "Dien Bien")),
    Province("12", Text("Lai Châu", "Lai Chau")),
    Province("14", Text("Sơn La", "Son La")),
    Province("15", Text("Lào Cai", "Lao Cai")),
    Province("19", Text("Thái Nguyên", "Thai Nguyen")),
    Province("20", Text("Lạng Sơn", "Lang Son")),
    Province("22", Text("Quảng Ninh", "Quang Ninh")),
    Province("24", Text("Bắc Ninh", "Bac Ninh")),
    Province("25", Text("Phú Thọ", "Phu Tho")),
    Province("31", Text("Hải Phòng", "Hai Phong"), _ALWAYS),
    Province("33", Text("Hưng Yên", "Hung Yen")),
    Province("37", Text("Ninh Bình", "Ninh Binh")),
    Province("38", Text("Thanh Hóa", "Thanh Hoa")),
    Province("40", Text("Nghệ An", "Nghe An")),
    Province("42", Text("Hà Tĩnh", "Ha Tinh")),
    Province("44", Text("Quảng Trị", "Quang Tri")),
    Province("46", Text("Huế", "Hue"), _ALWAYS),
    Province("48", Text("Đà Nẵng", "Da Nang"), _ALWAYS),
    Province("51", Text("Quảng Ngãi", "Quang Ngai")),
    Province("52", Text("Gia Lai", "Gia Lai")),
    Province("56", Text("Khánh Hòa", "Khanh Hoa")),
    Province("66", Text("Đắk Lắk", "Dak Lak")),
    Province("68", Text("Lâm Đồng", "Lam Dong")),
    Province("75", Text("Đồng Nai", "Dong Nai"), date(2026, 4, 30)),
    Province("79", Text("Hồ Chí Minh", "Ho Chi Minh City"), _ALWAYS),
    Province("80", Text("Tây Ninh", "Tay Ninh")),
    Province("82", Text("Đồng Tháp", "Dong Thap")),
    Province("86", Text("Vĩnh Long", "Vinh Long")),
    Province("91", Text("An Giang", "An Giang")),
    Province("92", Text("Cần Thơ", "Can Tho"), _ALWAYS),
    Province("96", Text("Cà Mau", "Ca Mau")),
)

BY_CODE = {one.code: one for one in PROVINCES}
_BY_NAME = {fold(name): one for one in PROVINCES for name in (one.name.vi, one.name.en)}


def find(text: str) -> Province | None:
    """The province that a list means by `Tỉnh Cà Mau`, `ca mau`, `TP. Hồ Chí Minh`, `96` or `1`; `None` for others."""
    folded = fold(text)
    if folded.isdigit():
        return BY_CODE.get(folded.zfill(2))
    name = _BEFORE_NAMES.sub("", folded).strip()
    return _BY_NAME.get(name) or BY_CODE.get(_SHORT.get(name, ""))
