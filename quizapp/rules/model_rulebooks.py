"""Rulebooks ready to use: the weekly contest, the livestream and the hall of contest-rules §18; and last year's again.

The days follow from a given one: the weekly contest opens on the first Monday from it, the livestream is on the first
Friday, the conference on the first working day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from quizapp.rules.closing_phrase import phrase
from quizapp.rules.contest import (
    PRESETS,
    BlueprintLine,
    Collective,
    Fields,
    LivePart,
    Overall,
    Paper,
    Prediction,
    Prize,
    PrizeGate,
    Ranking,
    Rescue,
    Round,
    Settings,
    Teams,
    Who,
    Words,
)
from quizapp.rules.question import Text
from quizapp.rules.timing import VIETNAM

MONDAY, FRIDAY = 0, 4
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Model:
    """A ready rulebook: what it is called, for whom it is, and how it is made for the first day that may be used."""

    key: str
    name: Text
    lead: Text
    make: Callable[[date], Settings]


def weekly(day: date) -> Settings:
    """Rulebook A: nationwide, four weeks, with a prediction question."""
    monday = _first(day, MONDAY)
    return Settings(
        name=Words(
            'Cuộc thi trực tuyến "Tìm hiểu Luật Bảo hiểm xã hội năm 2024"',
            'Online contest "Know the 2024 Law on Social Insurance"',
        ),
        organizer=Words("Bảo hiểm xã hội Việt Nam", "Vietnam Social Security"),
        place="Hà Nội",
        purpose=Words(
            "Giúp người dân hiểu đúng Luật Bảo hiểm xã hội năm 2024 để biết quyền lợi và trách nhiệm của mình.",
            "To help people understand the 2024 Law on Social Insurance, and so their rights and duties.",
        ),
        who=Who(
            min_age=14,
            involved="HORS_CONCOURS",
            fields=Fields(phone_confirmed=True, identity_number="required", unit="required"),
        ),
        rounds=tuple(_week(number, monday) for number in range(1, 5)),
        one_prize_per="CONTEST",
        collective=(
            Collective(
                key="tinh-dong-nhat",
                name=Words("Tỉnh, thành phố có nhiều người dự thi nhất", "Provinces with most contestants"),
                measure="C_COUNT",
                level="province",
            ),
            Collective(
                key="don-vi-ty-le-cao",
                name=Words("Đơn vị có tỷ lệ tham gia cao nhất", "Units with the highest participation rate"),
                measure="C_RATE",
                level="Đơn vị",
            ),
        ),
        unit_levels=("Đơn vị", "Đơn vị trực thuộc"),
    )


def livestream(day: date) -> Settings:
    """Rulebook B: one evening of a province, on a stream."""
    friday = _first(day, FRIDAY)
    return Settings(
        name=Words('Livestream "Luật mới – Quyền lợi mới"', 'Livestream "New law, new rights"'),
        organizer=Words(
            "Bảo hiểm xã hội tỉnh phối hợp với Liên đoàn Lao động tỉnh",
            "The provincial social insurance agency with the provincial labour federation",
        ),
        who=Who(
            min_age=15,
            status=Words("Người đang sống hoặc làm việc trong tỉnh", "People who live or work in the province"),
            involved="HORS_CONCOURS",
        ),
        rounds=(
            Round(
                key="livestream",
                name=Words("Phần thi trực tiếp", "Live round"),
                kind="live",
                opens_at=_at(friday, 20),
                closes_at=_at(friday, 21, 15),
                closes_phrase=phrase(_at(friday, 21, 15)),
                paper=Paper(
                    blueprint=(
                        BlueprintLine(topic="so-sanh-luat", count=3),
                        BlueprintLine(topic="bhxh-tu-nguyen", count=2),
                        BlueprintLine(topic="huu-tri-xa-hoi", count=2),
                        BlueprintLine(topic="om-dau-thai-san-tu-tuat", count=1),
                    )
                ),
                max_attempts=1,
                prediction=Prediction(target="P_LIVE", prediction_scope="PER_ROUND_FIRST"),
                ranking=Ranking(
                    keys=PRESETS["LIVE_FAIR"],
                    prizes=(
                        *_prizes(1, 2, 3),
                        Prize(
                            key="may-man",
                            name=Words("Giải may mắn", "Lucky prize"),
                            slots=20,
                            kind="LUCKY",
                            least_correct=6,
                        ),
                    ),
                ),
                board="TOP",
                live=LivePart(
                    questions=8,
                    change_in_window=False,
                    prediction_after=4,
                    watch_word_until=_at(friday, 21),
                    registration_until=_at(friday, 22),
                ),
            ),
        ),
        collective=(
            Collective(
                key="xa-phuong-ty-le-cao",
                name=Words(
                    "Xã, phường, đặc khu có nhiều người dự thi nhất trên 1.000 dân",
                    "Communes with most contestants per 1,000 residents",
                ),
                measure="C_RATE",
                level="commune",
                min_headcount=1_000,
                rate_per=1000,
            ),
        ),
        results_days=5,
    )


def conference(day: date) -> Settings:
    """Rulebook C: one day in a hall, two parts for points and a Golden Bell."""
    held = day if day.weekday() <= FRIDAY else _first(day, MONDAY)
    morning, afternoon = "phan-1", "phan-2"
    return Settings(
        name=Words(
            "Hội nghị tuyên truyền Luật Bảo hiểm xã hội năm 2024 – Thi tìm hiểu và Rung chuông vàng",
            "Conference on the 2024 Law on Social Insurance – quiz and Golden Bell",
        ),
        organizer=Words("Ban Tổ chức hội nghị", "The conference's organizing committee"),
        who=Who(
            status=Words("Đại biểu có tên trong danh sách mời", "Delegates on the list"),
            fields=Fields(birth_date="off", phone="off", address="off", unit="off", delegate_code="required"),
            on_list_only=True,
        ),
        rounds=(
            _part(morning, "Phần 1", "Part 1", _at(held, 9), ("huu-tri", "nguoi-lao-dong")),
            _part(afternoon, "Phần 2", "Part 2", _at(held, 13, 30), ("thu-tuc-ho-so", "nguoi-su-dung-lao-dong")),
            _golden_bell(_at(held, 16)),
        ),
        overall=(
            Overall(
                key="hai-phan",
                name=Words("Tổng hai phần", "Both parts"),
                rounds=(morning, afternoon),
                ranking=Ranking(keys=("correct", "score", "response_time", "lot"), prizes=_prizes(1, 1, 1)),
                teams=Teams(best=5, policy="MISSING_ZERO", slots=1),
            ),
        ),
        results_days=0,
        complaint_days=0,
    )


MODELS = (
    Model(
        "tuan",
        Text("Cuộc thi trực tuyến nhiều tuần", "Online contest of several weeks"),
        Text(
            "Bốn tuần, mỗi tuần 10 câu, có câu dự đoán, giải cá nhân từng tuần và giải tập thể.",
            "Four weeks of ten questions, a prediction, prizes every week and for units.",
        ),
        weekly,
    ),
    Model(
        "livestream",
        Text("Thi trên livestream", "Contest on a livestream"),
        Text(
            "Một buổi tối: tọa đàm, mã theo dõi, 8 câu trực tiếp, giải chính và giải may mắn.",
            "One evening: a talk, a watch word, eight live questions, main and lucky prizes.",
        ),
        livestream,
    ),
    Model(
        "hoi-nghi",
        Text("Thi tại hội nghị", "Contest at a conference"),
        Text(
            "Một ngày trong hội trường: hai phần trắc nghiệm, xếp hạng đoàn và Rung chuông vàng.",
            "One day in a hall: two quiz parts, a list of delegations and a Golden Bell.",
        ),
        conference,
    ),
)


def moved(settings: Settings, weeks: int) -> Settings:
    """The same rulebook so many weeks later: every moment keeps its weekday and its clock time.

    The phrases of the ends are worded anew. Addresses of witnesses stay behind: they are people's.
    """
    by = weeks * WEEK
    return replace(settings, rounds=tuple(_moved_round(one, by) for one in settings.rounds), witnesses=())


def weeks_until(settings: Settings, day: date) -> int:
    """By how many weeks a rulebook must move so that its first round opens on `day` or after it, but not earlier than
    needed. A rulebook without rounds stays where it is."""
    if not settings.rounds:
        return 0
    first = min(one.opens_at for one in settings.rounds).astimezone(VIETNAM).date()
    return -((first - day) // WEEK)


def _moved_round(one: Round, by: timedelta) -> Round:
    closes_at = one.closes_at + by
    live = one.live and replace(
        one.live,
        watch_word_until=one.live.watch_word_until and one.live.watch_word_until + by,
        registration_until=one.live.registration_until and one.live.registration_until + by,
    )
    said = phrase(closes_at) if one.closes_phrase else ""
    return replace(one, opens_at=one.opens_at + by, closes_at=closes_at, closes_phrase=said, live=live)


def _week(number: int, monday: date) -> Round:
    opens = monday + (number - 1) * WEEK
    closes_at = _at(opens + timedelta(days=6), 22)
    return Round(
        key=f"tuan-{number}",
        name=Words(f"Tuần {number}", f"Week {number}"),
        opens_at=_at(opens, 8),
        closes_at=closes_at,
        closes_phrase=phrase(closes_at),
        paper=Paper(
            blueprint=(
                BlueprintLine(topic="huu-tri", count=3),
                BlueprintLine(topic="nguoi-su-dung-lao-dong", count=3),
                BlueprintLine(topic="thu-tuc-ho-so", count=2),
                BlueprintLine(topic="quy-hutribosung-xuly", count=2),
            ),
            bank=60,
            time_limit=600,
        ),
        max_attempts=3,
        prediction=Prediction(target="P_ALLCORRECT", prediction_scope="PER_ROUND_LAST"),
        ranking=Ranking(
            keys=PRESETS["PREDICTION_DURATION"],
            prize_gate=PrizeGate(kind="ALL_CORRECT"),
            prizes=_prizes(1, 2, 3, 10),
        ),
    )


def _part(key: str, vi: str, en: str, opens_at: datetime, topics: tuple[str, str]) -> Round:
    """Five questions in the hall, for points."""
    closes_at = opens_at + timedelta(minutes=30)
    return Round(
        key=key,
        name=Words(vi, en),
        kind="live",
        opens_at=opens_at,
        closes_at=closes_at,
        closes_phrase=phrase(closes_at),
        paper=Paper(
            blueprint=(BlueprintLine(topic=topics[0], count=3), BlueprintLine(topic=topics[1], count=2)),
        ),
        max_attempts=1,
        ranking=Ranking(keys=PRESETS["LIVE_POINTS"]),
        board="TOP",
        live=LivePart(questions=5, scoring="ACCURACY_FIRST"),
    )


def _golden_bell(opens_at: datetime) -> Round:
    closes_at = opens_at + timedelta(minutes=75)
    return Round(
        key="rung-chuong-vang",
        name=Words("Rung chuông vàng", "Golden Bell"),
        kind="live",
        opens_at=opens_at,
        closes_at=closes_at,
        closes_phrase=phrase(closes_at),
        paper=Paper(
            blueprint=tuple(
                BlueprintLine(topic=topic, count=5)
                for topic in ("quan-diem-muc-tieu", "co-quan-bhxh", "bhxh-tu-nguyen", "so-sanh-luat")
            ),
        ),
        max_attempts=1,
        ranking=Ranking(
            keys=PRESETS["LIVE_POINTS"],
            tie_policy="SHARE",
            prizes=(Prize(key="chuong-vang", name=Words("Chuông vàng", "Golden Bell")),),
        ),
        board="TOP",
        live=LivePart(
            questions=20,
            scoring="SURVIVAL",
            rescues=(Rescue(after=8), Rescue(after=14, best=10)),
            reserves=5,
        ),
    )


def _prizes(*slots: int) -> tuple[Prize, ...]:
    """First, second, third and consolation prizes, as many of each as said."""
    names = (
        ("nhat", "Giải Nhất", "First prize"),
        ("nhi", "Giải Nhì", "Second prize"),
        ("ba", "Giải Ba", "Third prize"),
    )
    known = (*names, ("khuyen-khich", "Giải Khuyến khích", "Consolation prize"))
    return tuple(
        Prize(key=key, name=Words(vi, en), slots=count) for (key, vi, en), count in zip(known, slots, strict=False)
    )


def _first(day: date, weekday: int) -> date:
    """The first such weekday, `day` itself included."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), VIETNAM)
