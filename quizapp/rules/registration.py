"""What somebody says of themselves when they enter a contest: each piece in its one form, and what the rulebook wants
of all of them together (contest-rules §4–5).

A refusal of one piece is `Unreadable`; `check` gathers what is wrong in a whole form by its fields.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from quizapp.errors import Unreadable
from quizapp.rules import identity, provinces
from quizapp.rules.contest import Field, Settings, Who
from quizapp.rules.eligibility import birthday, first_day, is_old_enough, opening_day
from quizapp.rules.question import Text
from quizapp.rules.timing import day_in_vietnam
from quizapp.rules.words import sort_key

Known = Literal["day", "month", "year"]
Sex = Literal["m", "f", ""]
Purpose = Literal["take_part", "publish", "news"]
Value = TypeVar("Value")

LONGEST_NAME = 100
EARLIEST = 1900  # nobody older takes part; an earlier year is a slip of the pen
CHILD = 16  # under it a parent or guardian consents
OWN_WORD = 7  # from it on a child consents too
PURPOSES: tuple[Purpose, ...] = ("take_part", "publish", "news")
FOR_CHILDREN: tuple[Purpose, ...] = ("take_part", "publish")

SEXES: dict[Sex, Text] = {"m": Text("Nam", "Male"), "f": Text("Nữ", "Female"), "": Text("Không nêu", "Not stated")}
OCCUPATIONS = {
    "civil-servant": Text("Cán bộ, công chức, viên chức", "Civil servant or public employee"),
    "worker": Text("Công nhân, người lao động", "Worker or employee"),
    "teacher": Text("Giáo viên, giảng viên", "Teacher or lecturer"),
    "health": Text("Nhân viên y tế", "Health worker"),
    "armed-forces": Text("Lực lượng vũ trang", "Armed forces"),
    "pupil": Text("Học sinh", "Pupil"),
    "student": Text("Sinh viên", "Student"),
    "farmer": Text("Nông dân, ngư dân", "Farmer or fisher"),
    "self-employed": Text("Lao động tự do, hộ kinh doanh", "Self-employed"),
    "employer": Text("Chủ doanh nghiệp, người sử dụng lao động", "Business owner or employer"),
    "home": Text("Nội trợ", "Keeping house"),
    "retired": Text("Nghỉ hưu", "Retired"),
    "none": Text("Chưa có việc làm", "Not employed"),
    "other": Text("Khác", "Other"),
}
INSURANCE_GROUPS = {
    "compulsory": Text("Đang tham gia BHXH bắt buộc", "In compulsory social insurance"),
    "voluntary": Text("Đang tham gia BHXH tự nguyện", "In voluntary social insurance"),
    "pensioner": Text("Đang hưởng lương hưu, trợ cấp BHXH", "Receiving a pension or allowance"),
    "not_yet": Text("Chưa tham gia", "Not yet insured"),
    "employer": Text("Người sử dụng lao động", "Employer"),
}

_FULL = re.compile(r"([0-9]{1,2})[\s/.\-]+([0-9]{1,2})[\s/.\-]+([0-9]{4})")
_RUN = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")  # a keypad of digits has no slash
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")  # as spreadsheets say it
_MONTH = re.compile(r"([0-9]{1,2})[\s/.\-]+([0-9]{4})")
_YEAR = re.compile(r"[0-9]{4}")
_IDENTITY = re.compile(r"[0-9]{12}")
_PAPER = re.compile(r"[^\W_](?:[\w/.-]*[^\W_])?")
_FILL: dict[str, str] = {
    "full_name": "Vui lòng điền họ và tên.",
    "birth_date": "Vui lòng điền ngày sinh, ví dụ 08/3/1990.",
    "sex": "Vui lòng chọn giới tính, hoặc chọn «Không nêu».",
    "phone": "Vui lòng điền số điện thoại.",
    "identity_number": "Vui lòng điền số căn cước.",
    "other_paper": "Vui lòng điền số giấy tờ.",
    "email": "Vui lòng điền email.",
    "province": "Vui lòng chọn tỉnh hoặc thành phố.",
    "commune": "Vui lòng điền xã, phường hoặc đặc khu.",
    "unit": "Vui lòng điền đơn vị công tác hoặc học tập.",
    "occupation": "Vui lòng chọn nghề nghiệp.",
    "insurance_group": "Vui lòng chọn nhóm tham gia bảo hiểm xã hội.",
    "division": "Vui lòng chọn bảng dự thi.",
    "delegate_code": "Vui lòng điền mã đại biểu in trên thẻ.",
}


@dataclass(frozen=True)
class Birth:
    """A date of birth: the first day it may mean, and how exactly it is known (§4)."""

    first_day: date
    known: Known = "day"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field and what to do about it: a sentence with places for `details`."""

    sentence: str
    details: Mapping[str, str | int | date] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Given:
    """What is the same before and after checking.

    `unit_id` and `place_id`: picked from a list. `belongs` declares that one lives, works or studies in the provinces
    of the contest. `guardian` says that a guardian's phone, or number, stands for their own.
    """

    full_name: str = ""
    phone: str = ""
    identity_number: str = ""
    other_paper: str = ""
    email: str = ""
    province: str = ""
    commune: str = ""
    place_id: int | None = None
    street: str = ""
    unit: str = ""
    unit_id: int | None = None
    occupation: str = ""
    insurance_group: str = ""
    division: str = ""
    delegate_code: str = ""
    belongs: bool = False
    guardian: bool = False
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_identity: str = ""
    invited_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Said(_Given):
    """A registration as it was typed. `sex` None: nothing chosen. Who is under 16 names a guardian in any case."""

    birth_date: str = ""
    sex: str | None = None
    consents: frozenset[str] = frozenset()
    guardian_consents: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Entry(_Given):
    """The same, checked and in its one form; what was not asked for or not given is empty.

    `child`: under 16 on the day of registration. `consents` and `guardian_consents` are purposes, each ticked.
    """

    birth: Birth | None = None
    sex: Sex = ""
    child: bool = False
    consents: frozenset[Purpose] = frozenset()
    guardian_consents: frozenset[Purpose] = frozenset()


# ── Piece by piece ──────────────────────────────────────────────────────────────────────────────────────────────


def full_name(text: str) -> str:
    """A name as on papers, with single spaces: two words or more of letters, apostrophes and hyphens."""
    tidy = " ".join(unicodedata.normalize("NFC", text).replace("‐", "-").replace("‑", "-").split())
    words = [word for word in tidy.split() if any(letter.isalpha() for letter in word)]
    if len(tidy) > LONGEST_NAME or len(words) < 2 or not _is_written(tidy):
        raise Unreadable(
            "Họ và tên cần ít nhất hai từ, chỉ gồm chữ cái, dấu nháy và gạch nối. Vui lòng ghi như trên giấy tờ."
        )
    return tidy


def birth_date(text: str, day: date) -> Birth:
    """`08/3/1990`, or where no more is known `3/1990` or `1990`; real, not after `day` and not before 1900."""
    tidy = text.strip()
    if found := _FULL.fullmatch(tidy) or _RUN.fullmatch(tidy):
        born = _dated(int(found[3]), int(found[2]), int(found[1]))
    elif found := _ISO.fullmatch(tidy):
        born = _dated(int(found[1]), int(found[2]), int(found[3]))
    elif found := _MONTH.fullmatch(tidy):
        born = _dated(int(found[2]), int(found[1]))
    elif _YEAR.fullmatch(tidy):
        born = _dated(int(tidy))
    else:
        raise Unreadable("Ngày sinh ghi theo ngày/tháng/năm, năm đủ bốn chữ số, ví dụ 08/3/1990.")
    if born.first_day > day:
        raise Unreadable("Ngày sinh đang ở tương lai. Vui lòng kiểm tra lại năm sinh.")
    if born.first_day.year < EARLIEST:
        raise Unreadable("Năm sinh cần từ 1900 trở đi. Vui lòng kiểm tra lại năm sinh.")
    return born


def identity_number(text: str, birth: Birth | None = None, sex: str | None = None) -> str:
    """The twelve digits of an identity card, as far as they fit the year of birth and the sex that were given.

    The first three say where the birth was registered, not where somebody lives: nothing is concluded from them.
    """
    digits = re.sub(r"[\s.\-]", "", text)
    if not _IDENTITY.fullmatch(digits):
        raise Unreadable("Số căn cước gồm đúng 12 chữ số. Vui lòng xem trên thẻ căn cước và nhập lại.")
    century, sex_digit = divmod(int(digits[3]), 2)
    if century > 1:
        raise Unreadable("Chữ số thứ tư của số căn cước chưa đúng. Vui lòng xem trên thẻ và nhập lại.")
    if birth is not None:
        if int(digits[4:6]) != birth.first_day.year % 100:
            raise Unreadable("Chữ số thứ năm và thứ sáu chưa khớp năm sinh. Vui lòng xem lại số căn cước và ngày sinh.")
        if century != birth.first_day.year // 100 - 19:
            raise Unreadable("Chữ số thứ tư chưa khớp năm sinh. Vui lòng xem lại số căn cước và ngày sinh.")
    if sex in ("m", "f") and sex_digit != ("m", "f").index(sex):
        raise Unreadable("Chữ số thứ tư chưa khớp giới tính. Vui lòng xem lại số căn cước và giới tính.")
    return digits


def other_paper(text: str) -> str:
    """The number of a passport or another paper, in capitals without spaces: 6 to 20 characters."""
    tidy = re.sub(r"\s", "", unicodedata.normalize("NFC", text)).upper()
    if not 6 <= len(tidy) <= 20 or not _PAPER.fullmatch(tidy):
        raise Unreadable("Số giấy tờ dài từ 6 đến 20 chữ cái hoặc chữ số. Vui lòng nhập như trên giấy tờ.")
    return tidy


def line(text: str, longest: int = 200) -> str:
    """A line of free words, such as a street or a unit: single spaces, nothing invisible."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if len(tidy) > longest or any(unicodedata.category(letter)[0] == "C" for letter in tidy):
        raise Unreadable("Nội dung này quá dài hoặc có ký tự lạ. Vui lòng viết ngắn gọn bằng chữ thường dùng.")
    return tidy


# ── What a name becomes in lists ────────────────────────────────────────────────────────────────────────────────


def name_key(name: str) -> str:
    """What puts people in the order of Vietnamese lists: by the given name (last word), then middle, then family."""
    family, *middle = name.split()[:-1] or [""]
    given = name.split()[-1:]
    return "".join(sort_key(part) + "00" for part in (" ".join(given), " ".join(middle), family))


def given_name(name: str) -> str:
    """How somebody is called: the last word; all that a public stream shows of people under 16 (§14.5)."""
    return name.split()[-1] if name.split() else ""


def is_child(born: date, day: date) -> bool:
    """Whether a parent or guardian must consent: under 16 on this day."""
    return not is_old_enough(born, CHILD, day)


def has_own_word(born: date, day: date) -> bool:
    """Whether a child is old enough (7) to consent beside the guardian."""
    return is_old_enough(born, OWN_WORD, day)


# ── Age and place ───────────────────────────────────────────────────────────────────────────────────────────────


def last_day(settings: Settings) -> date:
    """The last day on which an attempt may start."""
    return day_in_vietnam(max(one.closes_at for one in settings.rounds) - timedelta(microseconds=1))


def too_young(born: date, settings: Settings) -> Problem | None:
    """Why somebody born on this day can never sit in this contest, or `None`."""
    least = settings.who.min_age
    if least is None or not settings.rounds:
        return None
    day = opening_day(settings) if settings.who.age_on == "OPENING" else last_day(settings)
    if is_old_enough(born, least, day):
        return None
    return Problem(
        "Cuộc thi dành cho người từ đủ %(age)s tuổi tính đến ngày %(day)s. Nếu ngày sinh ghi nhầm, vui lòng sửa lại.",
        {"age": least, "day": day},
    )


def may_sit_from(born: date, settings: Settings) -> date | None:
    """The birthday that somebody must still wait for during the contest, or `None` where they need not."""
    least = settings.who.min_age
    if least is None or settings.who.age_on == "OPENING" or not settings.rounds:
        return None
    wanted = birthday(born, least)
    return wanted if opening_day(settings) < wanted <= last_day(settings) else None


def is_from_here(who: Who, province: str, *, has_unit: bool, belongs: bool) -> bool:
    """Whether somebody lives, works or studies in the provinces of the contest, by their own words.

    Who lives elsewhere names the unit and declares that it is here; who was not asked for an address declares it.
    """
    if not who.provinces or province in who.provinces:
        return True
    return belongs and (has_unit or not province)


# ── The whole form ──────────────────────────────────────────────────────────────────────────────────────────────


def check(settings: Settings, said: Said, day: date, *, consents: bool = True) -> tuple[Entry, dict[str, Problem]]:
    """What was typed, in its one form, and what is wrong with it by the names of the fields (none: it may be taken).

    Fields that the rulebook does not ask for are left out, whatever was sent. Without `consents` nobody is asked to
    consent again: their data are only being changed.
    """
    form = _Form(settings, said, day)
    form.papers()
    form.contact()
    form.place()
    form.choices()
    if consents:
        form.consents()
    return Entry(**form.values), form.problems


class _Form:
    """The fields of one form while they are looked at: what they say, and what is wrong."""

    def __init__(self, settings: Settings, said: Said, day: date) -> None:
        self.settings, self.who, self.said, self.day = settings, settings.who, said, day
        self.fields = settings.who.fields
        self.values: dict[str, Any] = {}
        self.problems: dict[str, Problem] = {}

    def papers(self) -> None:
        """Name, birth, sex and the numbers of papers."""
        said, fields = self.said, self.fields
        guardian = self.values["guardian"] = self.who.guardians and said.guardian
        self._take("full_name", said.full_name, fields.full_name, full_name)
        birth = self._take("birth_date", said.birth_date, fields.birth_date, lambda t: birth_date(t, self.day))
        self.values.pop("birth_date", None)
        self.values["birth"] = birth
        self.values["child"] = birth is not None and is_child(birth.first_day, self.day)
        if birth is not None and (young := too_young(birth.first_day, self.settings)):
            self.problems["birth_date"] = young
        if fields.sex != "off":
            known = said.sex is not None and said.sex in SEXES
            self.values["sex"] = said.sex if known else ""
            if fields.sex == "required" and not known:
                self._miss("sex")
        other = self._take("other_paper", said.other_paper, fields.other_paper, other_paper)
        number = fields.identity_number
        if guardian and number != "off":
            self._take("guardian_identity", said.guardian_identity, "optional", identity_number)
        if number == "required" and (other or self.values.get("guardian_identity")):
            number = "optional"  # foreigners have a passport, and a guardian's number may stand for one's own
        self._take("identity_number", said.identity_number, number, lambda t: identity_number(t, birth, said.sex))

    def contact(self) -> None:
        """Phone and email, and who answers for a child or for somebody without a phone."""
        said, fields, guardian = self.said, self.fields, self.values["guardian"]
        phone = "optional" if guardian and fields.phone == "required" else fields.phone
        self._take("phone", said.phone, phone, identity.phone)
        self._take("email", said.email, fields.email, identity.email)
        if guardian or self.values["child"]:
            for name, text, read in (
                ("guardian_name", said.guardian_name, full_name),
                ("guardian_phone", said.guardian_phone, identity.phone),
            ):
                self._take(name, text, "optional", read)
                if name not in self.values and name not in self.problems:
                    self.problems[name] = _GUARDIAN[name]

    def place(self) -> None:
        """Where somebody lives and where they work or study."""
        said, fields, who = self.said, self.fields, self.who
        has_unit = said.unit_id is not None or bool(said.unit.strip())
        if fields.address != "off":
            self._take("province", said.province, fields.address, _province)
            if said.place_id is not None:
                self.values["place_id"] = said.place_id
            else:
                self._take("commune", said.commune, fields.address, line)
            self._take("street", said.street, "optional", line)
        if asks_for_unit(who):
            self.values["unit_id"] = said.unit_id
            wanted: Field = "optional" if said.unit_id is not None or fields.unit == "off" else fields.unit
            self._take("unit", said.unit, wanted, line)
        self.values["belongs"] = said.belongs and bool(who.provinces)
        home = self.values.get("province", "")
        if "province" not in self.problems and not is_from_here(who, home, has_unit=has_unit, belongs=said.belongs):
            self.problems["belongs"] = _OUTSIDE_UNIT if home and said.belongs else _OUTSIDE

    def choices(self) -> None:
        """What is chosen from lists, and codes of others."""
        said, fields = self.said, self.fields
        self._take("occupation", said.occupation, fields.occupation, lambda t: _one_of(t, OCCUPATIONS))
        self._take(
            "insurance_group", said.insurance_group, fields.insurance_group, lambda t: _one_of(t, INSURANCE_GROUPS)
        )
        code: Field = "required" if self.who.on_list_only else fields.delegate_code
        self._take("delegate_code", said.delegate_code, code, lambda t: line(t, 40).upper())
        if self.who.divisions:  # a delegate's stands on the list
            keys = {one.key for one in self.who.divisions}
            wanted: Field = "optional" if self.values.get("delegate_code") else "required"
            self._take("division", said.division, wanted, lambda t: _one_of(t, keys))
        self._take("invited_by", said.invited_by, "optional", lambda t: line(t, 12).upper().replace("-", ""))

    def consents(self) -> None:
        """Taking part needs a yes: one's own from seven years on, a guardian's under sixteen. Children get no news."""
        birth, child = self.values["birth"], self.values["child"]
        own = not child or has_own_word(birth.first_day, self.day)
        mine = FOR_CHILDREN if child else PURPOSES
        self.values["consents"] = frozenset(one for one in mine if own and one in self.said.consents)
        self.values["guardian_consents"] = frozenset(
            one for one in FOR_CHILDREN if child and one in self.said.guardian_consents
        )
        if own and "take_part" not in self.values["consents"]:
            self.problems["consents"] = _CONSENT
        if child and "take_part" not in self.values["guardian_consents"]:
            self.problems["guardian_consents"] = _GUARDIAN_CONSENT

    def _take(self, name: str, text: str, wanted: Field, read: Callable[[str], Value]) -> Value | None:
        """Read one field if it is asked for; a problem if it is wrong, or missing where it must be there."""
        if wanted == "off":
            return None
        if not text.strip():
            if wanted == "required":
                self._miss(name)
            return None
        try:
            value = read(text)
        except Unreadable as refusal:
            self.problems[name] = Problem(refusal.sentence)
            return None
        self.values[name] = value
        return value

    def _miss(self, name: str) -> None:
        self.problems[name] = Problem(_FILL[name])


def asks_for_unit(who: Who) -> bool:
    """Whether the form has a place for the unit: people from elsewhere name theirs even where nobody else is asked."""
    return who.fields.unit != "off" or (bool(who.provinces) and who.fields.address != "off")


_GUARDIAN = {
    "guardian_name": Problem("Vui lòng điền họ tên cha, mẹ hoặc người giám hộ."),
    "guardian_phone": Problem("Vui lòng điền số điện thoại của cha, mẹ hoặc người giám hộ."),
}
_OUTSIDE = Problem(
    "Cuộc thi dành cho người sống, làm việc hoặc học tập tại địa bàn nêu trong thể lệ. "
    "Nếu đúng vậy, vui lòng đánh dấu ô xác nhận."
)
_OUTSIDE_UNIT = Problem("Vui lòng điền thêm đơn vị làm việc hoặc học tập tại địa bàn của cuộc thi.")
_CONSENT = Problem("Vui lòng đánh dấu đồng ý tham gia. Không có sự đồng ý thì không thể đăng ký.")
_GUARDIAN_CONSENT = Problem("Người dự thi dưới 16 tuổi cần cha, mẹ hoặc người giám hộ đánh dấu đồng ý.")


def _dated(year: int, month: int | None = None, day: int | None = None) -> Birth:
    known: Known = "day" if day is not None else "month" if month is not None else "year"
    try:
        if month == 0 or day == 0:
            raise ValueError
        return Birth(first_day(year, month, day), known)
    except ValueError:
        raise Unreadable("Ngày này không có trong lịch. Vui lòng kiểm tra lại ngày, tháng, năm sinh.") from None


def _is_written(name: str) -> bool:
    """Whether a name is made of letters, each with at most two marks of its own, spaces, apostrophes and hyphens."""
    marks = 2
    for letter in name:
        marks = marks + 1 if unicodedata.combining(letter) else 0 if letter.isalpha() else 2
        if marks > 2 or not (letter.isalpha() or letter in " '’-" or unicodedata.combining(letter)):
            return False
    return True


def _province(code: str) -> str:
    return _one_of(code, provinces.BY_CODE)


def _one_of(text: str, known: Mapping[str, object] | set[str]) -> str:
    if text not in known:
        raise Unreadable("Lựa chọn này không có trong danh sách. Vui lòng chọn lại.")
    return text
