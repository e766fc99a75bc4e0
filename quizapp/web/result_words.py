"""What pages of results print: the values of a ranking to the last digit it compares, rates, sources, size groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from flask.sansio.app import App
from flask_babel import gettext, lazy_gettext

from quizapp.models import EPOCH
from quizapp.rules import contest as rulebook
from quizapp.rules import rates
from quizapp.rules.contest import POINT, Collective
from quizapp.rules.lots import Source
from quizapp.rules.masking import masked
from quizapp.rules.tally import GroupLine, Line
from quizapp.services import announced
from quizapp.services.announced import Stage
from quizapp.services.official import Announcement, CollectiveLine, CollectiveList
from quizapp.web.contest_view import exact, points, predicted
from quizapp.web.frame import VIETNAM, day, language, number
from quizapp.web.quiz import clocked

FIRST_UNITS = 20  # of a collective list on the page of a round; the others stand on a page of their own

HEADINGS = {
    "score": lazy_gettext("Điểm"),
    "correct": lazy_gettext("Số câu đúng"),
    "duration": lazy_gettext("Thời gian làm bài"),
    "submitted_at": lazy_gettext("Nộp bài lúc"),
    "response_time": lazy_gettext("Thời gian trả lời"),
    "essay_score": lazy_gettext("Điểm tự luận"),
    "rounds_entered": lazy_gettext("Số vòng đã thi"),
}
SHORT = {  # the same where there is little room
    "prediction_distance": lazy_gettext("Lệch"),
    "duration": lazy_gettext("Làm bài"),
    "submitted_at": lazy_gettext("Nộp"),
    "response_time": lazy_gettext("Trả lời"),
    "rounds_entered": lazy_gettext("Số vòng"),
}
BETTER = {  # what the person directly above is better in
    "score": lazy_gettext("điểm cao hơn"),
    "correct": lazy_gettext("nhiều câu đúng hơn"),
    "prediction_distance": lazy_gettext("số dự đoán gần hơn theo thể lệ"),
    "duration": lazy_gettext("thời gian làm bài ngắn hơn"),
    "submitted_at": lazy_gettext("nộp bài sớm hơn"),
    "response_time": lazy_gettext("thời gian trả lời ngắn hơn"),
    "essay_score": lazy_gettext("điểm tự luận cao hơn"),
    "rounds_entered": lazy_gettext("thi nhiều vòng hơn"),
    "lot": lazy_gettext("được bốc thăm trước"),
}
MEASURES = {
    "C_MEAN_TOP": lazy_gettext("Điểm trung bình"),
    "C_TOTAL": lazy_gettext("Tổng điểm"),
    "C_WINNERS": lazy_gettext("Số giải cá nhân"),
    "C_COMPOSITE": lazy_gettext("Tổng hạng"),
}
LEVELS = {
    "province": lazy_gettext("tỉnh, thành phố"),
    "commune": lazy_gettext("xã, phường, đặc khu"),
    "unit": lazy_gettext("đơn vị"),
}


@dataclass(frozen=True)
class Column:
    """One value that decides the ranking: its name, and that it is shown flush right."""

    key: str
    heading: str
    is_number: bool = True

    @property
    def short(self) -> str:
        """Its name where there is little room."""
        return str(SHORT.get(self.key, self.heading))


def install(app: App) -> None:
    """Give templates what they ask of results."""
    filters = (
        key_value,
        iso_day,
        unit_rate,
        measured,
        team_mean,
        band_words,
        without_numbers,
        source_words,
    )
    app.jinja_env.filters.update({each.__name__: each for each in filters})
    app.jinja_env.globals.update(groups_of=groups_of)


def columns(stage: Stage) -> list[Column]:
    """The values that decide the ranking, in the order of its keys."""
    found: list[Column] = []
    for key in stage.ranking.keys:
        if key == "prediction_distance":
            found += [Column("prediction", gettext("Dự đoán")), Column(key, gettext("Chênh lệch"))]
        elif key != "lot":
            found.append(Column(key, str(HEADINGS[key]), key != "submitted_at"))
    return found


def key_value(line: Line, key: str, found: Announcement) -> str:
    """One value of a line to the last digit that the ranking compares."""
    asked = found.stage.prediction if isinstance(found.stage, rulebook.Round) else None
    match key:
        case "score":
            return f"{points(line.score)}/{points(line.full)}"
        case "correct":
            return f"{line.correct}/{line.of}"
        case "prediction":
            return _guess(line.prediction, asked)
        case "prediction_distance":
            return _guess(line.distance, asked)
        case "duration":
            return clocked(line.duration_ms)
        case "submitted_at":
            return to_the_millisecond(line.submitted_us)
        case "response_time":
            step = announced.step(found)
            return clocked(line.response_ms // step * step)
        case "essay_score":
            return "–" if line.essay is None else points(line.essay)
    return number(line.rounds_entered)


def _guess(value: int | None, asked: rulebook.Prediction | None) -> str:
    if value is None:
        return "–"
    return number(value) if asked is None else predicted(value, asked)


def to_the_millisecond(instant_us: int) -> str:
    """`20:02:10,900 ngày 05/3/2026` in Viet Nam: the finest step in which submissions are compared."""
    whole, rest = divmod(instant_us // 1000, 1000)
    written = exact(datetime.fromtimestamp(whole, EPOCH.tzinfo))
    return f"{written[:8]}{'.' if language() == 'en' else ','}{rest:03d}{written[8:]}"


def unit_rate(line: GroupLine, rules: Collective) -> str:
    """The rate of a unit as it is printed, or that nobody said how many people it has."""
    found = rates.participation(line.people, line.headcount, rules.rate_per)
    return "–" if found is None else _decimals(found) + (" %" if rules.rate_per == 100 else "")


def measured(line: GroupLine, rules: Collective) -> str:
    """The measure of a list that is neither people nor rate."""
    if rules.measure == "C_MEAN_TOP":
        return _decimals(rates.rate(line.value, line.value_of * POINT, 1))
    return points(line.value) if rules.measure == "C_TOTAL" else number(line.value)


def iso_day(written: str) -> str:
    """A day kept as `2026-03-10`, as days are printed."""
    return day(datetime.combine(date.fromisoformat(written), time(), VIETNAM))


def team_mean(value: int, value_of: int) -> str:
    """The mean of a team's best members."""
    return _decimals(rates.rate(value, value_of * POINT, 1))


def band_words(band: int, rules: Collective) -> str:
    """A size group in words."""
    low = rules.bands[band - 1] if band else 0
    high = rules.bands[band] if band < len(rules.bands) else None
    if high is None:
        return str(gettext("từ %(low)s người", low=number(low)))
    if not low:
        return str(gettext("dưới %(high)s người", high=number(high)))
    return str(gettext("từ %(low)s đến dưới %(high)s người", low=number(low), high=number(high)))


def without_numbers(text: str) -> str:
    """What staff wrote, without numbers by which somebody could be found."""
    return masked(text)


def source_words(source: Source) -> str:
    """A public source in words."""
    if source.kind == "beacon":
        return str(gettext("Vòng số %(n)s của nguồn ngẫu nhiên công khai drand", n=source.named))
    if source.kind == "balls":
        return str(gettext("%(n)s quả bóng đánh số hoặc xúc xắc, quay trước máy quay", n=source.named))
    return str(gettext("Giải đặc biệt xổ số miền Bắc ngày %(day)s", day=iso_day(source.named)))


def groups_of(one: CollectiveList) -> list[CollectiveLine]:
    """The lines of a collective list that stand on the page of its round."""
    return list(one.lines[:FIRST_UNITS])


def _decimals(value: Decimal) -> str:
    text = f"{value:.2f}"
    return text if language() == "en" else text.replace(".", ",")
