"""What lists of a contest have in common: how people are called, the values that decide a ranking, winners of a prize,
teams, and units of a collective list. Vietnamese, as papers of the state are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from quizapp.documents.official import Block, Cell, Column, Grid, Letterhead, Paragraph, at, said
from quizapp.rules import contest as rulebook
from quizapp.rules import prediction, rates, teams
from quizapp.rules.contest import POINT, Collective, Settings
from quizapp.rules.tally import Figures, Line, TeamLine
from quizapp.rules.timing import VIETNAM
from quizapp.services.official import Announcement, CollectiveList, PrizeList, Winner

_KINDS = ("cuộc thi", "hội thi", "hội nghị", "livestream")  # words with which a contest's own name says what it is


# ── Shared words ────────────────────────────────────────────────────────────────────────────────────────────────────


def contest_title(settings: Settings) -> str:
    """The name of a contest with the word before it, unless it begins with that word itself."""
    name = settings.name.vi
    return name if name.casefold().startswith(_KINDS) else f"Cuộc thi “{name}”"


def source_line(found: Announcement) -> str:
    """From which stored result a paper comes, so that anybody can compare."""
    state = f"công bố lúc {at(found.source.published_at)}" if found.source.published_at else "chưa công bố"
    return (
        f"Mọi số liệu lấy từ một bảng kết quả: số {found.source.n} của {found.stage.name.vi}, dữ liệu đọc lúc "
        f"{at(found.source.made_at)}, {state}. Mã đối chiếu SHA-256: {found.source.digest}"
    )


def people_with_attempts(figures: Figures) -> str:
    """The one right way to say both: `2.380 người dự thi với 8.300 lượt thi` (§12)."""
    return f"{said(figures.people)} người dự thi với {said(figures.attempts)} lượt thi"


def called(name: str, code: str) -> str:
    """How a list names somebody."""
    return name or f"Thí sinh mã {code}"


def letterhead(settings: Settings, number: str = "", day: date | None = None) -> Letterhead:
    """Who writes, for every paper of the contest."""
    superior = settings.superior.vi if settings.superior else ""
    return Letterhead(settings.organizer.vi, superior, number, settings.place, day)


# ── Winners ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def winners(found: Announcement, one: PrizeList) -> list[Block]:
    worth = [f"Trị giá mỗi giải: {said(one.prize.value)} đồng."] if one.prize.value else []
    worth += [f"Hiện vật: {one.prize.gift.vi}."] if one.prize.gift else []
    columns, cells = values(found)
    noted = any(_note(winner) for winner in one.winners)
    rows = [
        [
            winner.place,
            *_called(winner),
            *(cells(winner.line) if winner.line is not None else [None] * len(columns)),
            *([_note(winner)] if noted else []),
        ]
        for winner in one.winners
    ]
    grid = Grid(
        name=one.prize.name.vi,
        columns=[
            Column("Hạng", 0.6, "C"),
            Column("Họ và tên", 2.2),
            Column("Đơn vị, địa phương", 2.4),
            *columns,
            *([Column("Ghi chú", 1.2)] if noted else []),
        ],
        rows=rows,
        empty="Không có người đạt giải này.",
    )
    return [*([Paragraph(" ".join(worth))] if worth else []), grid]


def _called(winner: Winner) -> tuple[str, str]:
    """Name and whereabouts, or the code where the name is not to be published."""
    return called(winner.shown.name, winner.shown.code), winner.shown.where


def _note(winner: Winner) -> str:
    if winner.line is not None and winner.line.waits:
        return "chờ bốc thăm"
    return {"OPEN": "chờ xác minh", "HELD": "tạm giữ"}.get(winner.state, "")


# ── Values of a ranking ─────────────────────────────────────────────────────────────────────────────────────────────


def values(found: Announcement) -> tuple[list[Column], Callable[[Line], list[Cell]]]:
    """The columns that show why one line stands above the next: those of the keys of the ranking, to the last digit."""
    asked = found.stage.prediction if isinstance(found.stage, rulebook.Round) else None
    columns: list[Column] = []
    makers: list[Callable[[Line], Cell]] = []

    def add(words: str, maker: Callable[[Line], Cell], share: float = 1.0) -> None:
        columns.append(Column(words, share, "R"))
        makers.append(maker)

    for key in found.stage.ranking.keys:
        match key:
            case "score":
                add("Điểm", lambda line: points(line.score), 0.8)
            case "correct":
                add("Số câu đúng", lambda line: line.correct, 0.8)
            case "prediction_distance" if asked is not None:
                add("Dự đoán", lambda line: _predicted(line.prediction, asked))
                add("Chênh lệch", lambda line: _predicted(line.distance, asked))
            case "duration":
                add("Thời gian làm bài (giây)", lambda line: seconds(line.duration_ms), 1.1)
            case "submitted_at":
                add("Thời điểm nộp bài", lambda line: to_the_millisecond(line.submitted_us), 1.5)
            case "response_time":
                add("Thời gian trả lời (giây)", lambda line: seconds(line.response_ms), 1.1)
            case "essay_score":
                add("Điểm tự luận", lambda line: None if line.essay is None else points(line.essay), 0.9)
            case "rounds_entered":
                add("Số vòng đã thi", lambda line: line.rounds_entered, 0.8)
    return columns, lambda line: [make(line) for make in makers]


def _predicted(value: int | None, asked: rulebook.Prediction) -> str:
    return "–" if value is None else prediction.write(value, asked, "vi")


def points(sixtieths: int) -> int | Decimal:
    """Points from sixtieths: a whole number, or two decimals, half up."""
    whole, rest = divmod(sixtieths, POINT)
    return rates.rate(sixtieths, POINT, 1) if rest else whole


def seconds(milliseconds: int) -> Decimal:
    """130.900 from 130900: to the last millisecond that the ranking compares."""
    return Decimal(milliseconds).scaleb(-3)


def to_the_millisecond(instant_us: int) -> str:
    """`20:02:10,900 05/3/2026` in Viet Nam."""
    moment = datetime.fromtimestamp(instant_us // 1_000_000, VIETNAM)
    month = f"{moment.month:02d}" if moment.month < 3 else str(moment.month)
    return f"{moment:%H:%M:%S},{instant_us // 1000 % 1000:03d} {moment.day:02d}/{month}/{moment.year}"


# ── Teams ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def in_teams(lines: Sequence[TeamLine], *, won_only: bool = False) -> Grid:
    """The teams by the mean of their best members, or those with a prize alone."""
    noted = not won_only and any(line.won for line in lines)
    return Grid(
        teams.TEAM_PRIZE.vi if won_only else "Đội thi",
        [
            Column("Hạng", 0.7, "C"),
            Column("Đội", 3),
            Column("Số người có mặt", 1, "R"),
            Column("Điểm trung bình", 1.1, "R"),
            *([Column("Ghi chú", 1.2)] if noted else []),
        ],
        [
            [
                line.rank,
                line.team,
                line.present,
                rates.rate(line.value, line.value_of * POINT, 1),
                *(["đạt giải" if line.won else ""] if noted else []),
            ]
            for line in lines
            if line.won or not won_only
        ],
        empty="Không có đội đạt giải.",
    )


# ── Collective lists ────────────────────────────────────────────────────────────────────────────────────────────────


def group(one: CollectiveList, *, won_only: bool = False) -> list[Block]:
    rules = one.rules
    lines = [line for line in one.lines if line.won or not won_only]
    worth = [Paragraph(f"Trị giá mỗi giải: {said(rules.value)} đồng.")] if rules.value and won_only else []
    sized = any(line.line.headcount is not None for line in lines)
    valued = rules.measure not in ("C_COUNT", "C_RATE")
    banded = bool(rules.bands)
    rate = "Tỷ lệ (%)" if rules.rate_per == 100 else "Trên 1.000 người"
    columns = [
        Column("Hạng", 0.7, "C"),
        Column("Đơn vị", 3),
        *([Column("Nhóm quy mô", 1)] if banded else []),
        *([Column("Tổng số người", 1, "R")] if sized else []),
        Column("Số người dự thi", 1, "R"),
        *([Column(rate, 1, "R")] if sized else []),
        *([Column(_MEASURES[rules.measure], 1.1, "R")] if valued else []),
    ]
    rows = [
        [
            line.line.rank if line.line.rank is not None else "–",
            line.name,
            *([_band(rules, line.line.band)] if banded else []),
            *([line.line.headcount] if sized else []),
            line.line.people,
            *([rates.participation(line.line.people, line.line.headcount, rules.rate_per)] if sized else []),
            *([_measured(rules, line.line.value, line.line.value_of)] if valued else []),
        ]
        for line in lines
    ]
    return [*worth, Grid(rules.name.vi, columns, rows, empty="Không có đơn vị đạt giải.")]


_MEASURES = {
    "C_MEAN_TOP": "Điểm trung bình",
    "C_TOTAL": "Tổng điểm",
    "C_WINNERS": "Số giải cá nhân",
    "C_COMPOSITE": "Tổng hạng",
}


def _measured(rules: Collective, value: int, value_of: int) -> Cell:
    if rules.measure == "C_MEAN_TOP":
        return rates.rate(value, value_of * POINT, 1)
    return points(value) if rules.measure == "C_TOTAL" else value


def _band(rules: Collective, band: int | None) -> str:
    if band is None:
        return "–"
    low = rules.bands[band - 1] if band else 0
    high = rules.bands[band] if band < len(rules.bands) else None
    return f"từ {said(low)}" if high is None else f"dưới {said(high)}" if not low else f"{said(low)}–{said(high)}"
