"""Papers about a contest besides the decision (§17): the plan, figures, rankings, units, complaints, and the key.

They are Vietnamese, as papers of the state are. Every figure of results comes from one stored result, which each paper
names by number, moment and digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from quizapp.documents.contest_lists import (
    called,
    contest_title,
    group,
    in_teams,
    letterhead,
    people_with_attempts,
    source_line,
    values,
)
from quizapp.documents.official import (
    COMMITTEE,
    SECRETARIAT,
    Block,
    Cell,
    Column,
    Grid,
    Head,
    Official,
    Paragraph,
    at,
    said,
)
from quizapp.rules import contest as rulebook
from quizapp.rules import items, rates, teams
from quizapp.rules.contest import Overall, Settings
from quizapp.rules.law import basis_line
from quizapp.rules.question import Question
from quizapp.rules.spread import TENTHS, Share
from quizapp.rules.tally import Figures
from quizapp.services.focal import Board
from quizapp.services.official import Announcement, Entered, Keyed, Standing, UnitLine

FEW = f"dưới {items.FEWEST} người"

ENTRY_KINDS = {
    "score": "Điểm của mình",
    "counting": "Lượt được tính",
    "question": "Câu hỏi, đáp án",
    "winner": "Tư cách người đạt giải",
    "prizes": "Danh sách giải",
    "other": "Khác",
}
OUTCOMES = {
    "": "Đang giải quyết",
    "KEPT": "Giữ nguyên kết quả",
    "CHANGED": "Thay đổi kết quả",
    "VOIDED_QUESTION": "Hủy câu hỏi",
    "TRANSFERRED": "Chuyển nơi có thẩm quyền",
}
VOIDS = {
    "GIVE_ALL": "Đã hủy: mọi người nhận câu này đều được điểm.",
    "REMOVE": "Đã hủy: coi như không hỏi.",
    "ACCEPT_ALSO": "Có quyết định nhận thêm phương án.",
}


# ── Ranking list ────────────────────────────────────────────────────────────────────────────────────────────────────


def ranking_list(found: Announcement, lines: Sequence[Standing]) -> Official:
    """The whole ranking with the values that decide it, and every collective list."""
    columns, cells = values(found)
    gate = any(one.line.below_gate for one in lines)
    divided = any(one.line.division for one in lines)
    names = {one.key: one.name.vi for one in found.settings.who.divisions}
    grid = Grid(
        name="Bảng xếp hạng",
        columns=[
            Column("Hạng", 0.6, "C"),
            Column("Thí sinh", 2),
            Column("Đơn vị, địa phương", 2),
            *([Column("Bảng", 1)] if divided else []),
            *columns,
            *([Column("Ghi chú", 1.2)] if gate else []),
        ],
        rows=[
            [
                one.line.rank,
                called(one.shown.name, one.shown.code),
                one.shown.where,
                *([names.get(one.line.division or "", "")] if divided else []),
                *cells(one.line),
                *(["dưới điều kiện xét giải" if one.line.below_gate else ""] if gate else []),
            ]
            for one in lines
        ],
        empty="Chưa có người dự thi hợp lệ.",
        of=_people(found),
    )
    return Official(
        head=letterhead(found.settings),
        kind="BẢNG XẾP HẠNG",
        about=f"{found.stage.name.vi} – {contest_title(found.settings)}",
        blocks=[
            Paragraph("Họ tên chỉ ghi cho người đạt giải đã đồng ý công bố; những người khác ghi theo mã thí sinh."),
            grid,
            *_in_teams(found),
            *(block for one in found.collective for block in (Head(one.rules.name.vi), *group(one))),
        ],
        made_at=found.source.made_at,
        signature=SECRETARIAT,
        source=source_line(found),
        draft=found.source.published_at is None,
        wide=True,
    )


def _in_teams(found: Announcement) -> list[Block]:
    return [Head("Đội thi"), in_teams(found.numbers.teams)] if found.numbers.teams else []


def _people(found: Announcement) -> int:
    """How many lines the ranking has: everybody with a valid attempt."""
    return found.numbers.contest.people if isinstance(found.stage, Overall) else found.numbers.round.people


# ── Figures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def figures(found: Announcement) -> Official:
    """The figures of a round: people, attempts, all correct, places and units with most people, days and scores."""
    numbers = found.numbers
    own = numbers.contest if isinstance(found.stage, Overall) else numbers.round
    title = contest_title(found.settings)
    return Official(
        head=letterhead(found.settings),
        kind="SỐ LIỆU",
        about=f"{found.stage.name.vi} – {title}",
        blocks=[
            Paragraph(f"{found.stage.name.vi} có {people_with_attempts(own)}."),
            Grid("Số liệu chung", [Column("Nội dung", 3), Column("Số", 1, "R")], _lines(own)),
            *_most(found),
            Head("Theo ngày bắt đầu lượt thi"),
            _shares("Theo ngày", "Ngày", [(_day(day), share) for day, share in found.spread.days.items()]),
            Head("Theo điểm của lượt được tính"),
            _scores(found.spread.scores),
            *_so_far(found),
        ],
        made_at=found.source.made_at,
        signature=SECRETARIAT,
        source=source_line(found),
        draft=found.source.published_at is None,
    )


def _lines(own: Figures) -> list[list[Cell]]:
    """The words of the rules with their only meanings; people hors concours on lines of their own."""
    return [
        ["Người đăng ký", own.registered],
        ["Lượt bắt đầu", own.started],
        ["Lượt thi (lượt thi hợp lệ)", own.attempts],
        ["Người dự thi", own.people],
        ["Người đúng tất cả", own.all_correct],
        ["Lượt thi của người không xét giải (ghi riêng)", own.hors_attempts],
        ["Người không xét giải đã thi (ghi riêng)", own.hors_people],
    ]


def _most(found: Announcement) -> list[Block]:
    words = {"province": "tỉnh, thành phố", "commune": "xã, phường, đặc khu", "unit": "đơn vị"}
    blocks: list[Block] = []
    for level, shares in found.numbers.most.items():
        if shares:
            name = words.get(level, "đơn vị")
            blocks.append(Head(f"{len(shares)} {name} có nhiều người dự thi nhất"))
            columns = [
                Column("STT", 0.5, "C"),
                Column(name.capitalize(), 3),
                Column("Người dự thi", 1, "R"),
                Column("Lượt thi", 1, "R"),
            ]
            rows: list[list[Cell]] = [[n, one.name, one.people, one.attempts] for n, one in enumerate(shares, 1)]
            blocks.append(Grid(f"Nhiều nhất – {name}", columns, rows))
    return blocks


def _so_far(found: Announcement) -> list[Block]:
    """The contest up to here, said so that nobody adds people of rounds up."""
    if isinstance(found.stage, Overall) or len(found.settings.rounds) == 1:
        return []
    words = f"Toàn cuộc thi tính đến bảng kết quả này có {people_with_attempts(found.numbers.contest)}."
    more = "Một người dự nhiều vòng chỉ tính một lần, nên số này không phải là tổng số người của các vòng."
    return [Head("Toàn cuộc thi"), Paragraph(f"{words} {more}")]


def _shares(name: str, head: str, shares: Sequence[tuple[str, Share]]) -> Grid:
    """People and attempts, small numbers hidden so that they cannot be worked out from the others."""
    seen = [row[0] for row in items.visible([[share.people] for _, share in shares])]
    rows: list[list[Cell]] = [
        [words, share.people, share.attempts] if shown else [words, FEW, "–"]
        for (words, share), shown in zip(shares, seen, strict=True)
    ]
    return Grid(name, [Column(head, 2), Column("Người dự thi", 1, "R"), Column("Lượt thi", 1, "R")], rows)


def _scores(scores: Mapping[str, int]) -> Grid:
    counts = [scores.get(str(n), 0) for n in range(TENTHS + 1)]
    seen = [row[0] for row in items.visible([[count] for count in counts])]
    rows: list[list[Cell]] = [
        [_tenth(n), count if shown else FEW] for n, (count, shown) in enumerate(zip(counts, seen, strict=True))
    ]
    return Grid("Theo điểm", [Column("Điểm so với điểm tối đa", 2), Column("Người dự thi", 1, "R")], rows)


def _tenth(n: int) -> str:
    return "100 %" if n == TENTHS else f"{10 * n} % đến dưới {10 * n + 10} %"


# ── While it runs ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Table:
    """One table of a dashboard, as its page shows it."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


def running(
    settings: Settings, scope: str, own: Figures, tables: Sequence[Table], *, counted_at: datetime, source: str
) -> Official:
    """The figures of a dashboard: of a stored result where `source` names one, otherwise as counted at this moment."""
    moment = f"Số liệu tạm tính lúc {at(counted_at)}, chưa qua rà soát."
    blocks: list[Block] = [
        Paragraph(f"{scope}: {people_with_attempts(own)}."),
        *([] if source else [Paragraph(moment)]),
        Grid("Số liệu chung", [Column("Nội dung", 3), Column("Số", 1, "R")], _lines(own)),
    ]
    for table in tables:
        columns = [Column(head, 2.2 if n == 0 else 1.0, "L" if n == 0 else "R") for n, head in enumerate(table.heads)]
        blocks += [Head(table.title), *([Paragraph(table.note)] if table.note else [])]
        blocks.append(Grid(table.title, columns, table.rows, empty="Chưa có số liệu."))
    return Official(
        head=letterhead(settings),
        kind="BÁO CÁO SỐ LIỆU",
        about=f"{scope} – {contest_title(settings)}",
        blocks=blocks,
        made_at=counted_at,
        signature=SECRETARIAT,
        source=source,
        draft=not source,
    )


# ── Units ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def unit_report(found: Announcement, lines: Sequence[UnitLine], tree: str, total: Share) -> Official:
    """People, attempts, rate and target of every unit, or of every place, with all below it."""
    what = "ĐƠN VỊ" if tree == "unit" else "ĐỊA BÀN"
    return Official(
        head=letterhead(found.settings),
        kind=f"BÁO CÁO THEO {what}",
        about=f"{found.stage.name.vi} – {contest_title(found.settings)}",
        blocks=[
            Paragraph(
                "Số của mỗi dòng gồm cả các đơn vị trực thuộc. Mỗi người tính cho một đơn vị theo hồ sơ khi đóng vòng. "
                "Tỷ lệ không ghi quá 100 %."
            ),
            _units(lines, tree, total),
        ],
        made_at=found.source.made_at,
        signature=SECRETARIAT,
        source=source_line(found),
        draft=found.source.published_at is None,
    )


def _units(lines: Sequence[UnitLine], tree: str, total: Share) -> Grid:
    aimed = any(one.target_people or one.target_attempts for one in lines)
    rows: list[list[Cell]] = [
        [
            f"{'   ' * one.depth}{one.name or 'Không ghi đơn vị'}",
            one.headcount,
            one.share.people,
            one.share.attempts,
            rates.participation(one.share.people, one.headcount),
            *([_target(one), reached(one)] if aimed else []),
        ]
        for one in lines
    ]
    columns = [
        Column("Đơn vị" if tree == "unit" else "Địa bàn", 3.2),
        Column("Tổng số người", 1, "R"),
        Column("Người dự thi", 1, "R"),
        Column("Lượt thi", 1, "R"),
        Column("Tỷ lệ (%)", 0.9, "R"),
        *([Column("Chỉ tiêu", 1.1, "R"), Column("Đạt so với chỉ tiêu (%)", 1, "R")] if aimed else []),
    ]
    foot: list[Cell] = ["Cộng", None, total.people, total.attempts, None, *([None, None] if aimed else [])]
    name = "Báo cáo đơn vị" if tree == "unit" else "Báo cáo địa bàn"
    return Grid(name, columns, rows, foot=foot, empty="Chưa có đơn vị nào.")


def _target(one: UnitLine) -> str:
    if one.target_people:
        return f"{said(one.target_people)} người"
    return f"{said(one.target_attempts)} lượt" if one.target_attempts else ""


def reached(one: UnitLine) -> Decimal | None:
    """Reached ÷ target in percent; nothing where there is no target. It may be above a hundred."""
    if one.target_people:
        return rates.rate(one.share.people, one.target_people)
    return rates.rate(one.share.attempts, one.target_attempts) if one.target_attempts else None


def follow_up(settings: Settings, unit: str, board: Board) -> Official:
    """What a focal point follows: every unit with its target and its progress; what is being predicted is kept back."""
    rows: list[list[Cell]] = [
        [
            f"{'   ' * one.line.depth}{one.line.name or 'Không ghi đơn vị'}",
            one.line.headcount,
            _kept(one.people, hidden="P_PEOPLE" in board.kept_back),
            _kept(one.attempts, hidden="P_ATTEMPTS" in board.kept_back),
            one.rate,
            _target(one.line),
            None if one.reached is None else rates.rate(one.reached.numerator, one.reached.denominator),
        ]
        for one in board.lines
    ]
    columns = [
        Column("Đơn vị", 3.2),
        Column("Tổng số người", 1, "R"),
        Column("Người dự thi", 1, "R"),
        Column("Lượt thi", 1, "R"),
        Column("Tỷ lệ (%)", 0.9, "R"),
        Column("Chỉ tiêu", 1.1, "R"),
        Column("Đạt so với chỉ tiêu (%)", 1, "R"),
    ]
    return Official(
        head=letterhead(settings),
        kind="TIẾN ĐỘ THỰC HIỆN CHỈ TIÊU",
        about=" – ".join(part for part in (unit, contest_title(settings)) if part),
        blocks=[
            Paragraph(f"Số liệu tạm tính lúc {at(board.counted_at)}, chưa qua rà soát."),
            *([Paragraph("Số đang được dự đoán được ẩn hoặc làm tròn xuống.")] if board.kept_back else []),
            Grid("Chỉ tiêu", columns, rows, empty="Chưa có đơn vị nào."),
        ],
        made_at=board.counted_at,
        draft=True,
    )


def _kept(value: int | None, *, hidden: bool) -> Cell:
    if value is None:
        return "ẩn"
    return f"từ {said(value)}" if hidden else value


# ── Register and key ────────────────────────────────────────────────────────────────────────────────────────────────


def complaint_register(settings: Settings, entries: Sequence[Entered], made_at: datetime) -> Official:
    """Every complaint with its answer. Contacts and files are not in it, typed numbers of people neither."""
    rows: list[list[Cell]] = [
        [
            one.number,
            at(one.made_at),
            one.who.code if one.who else "–",
            "; ".join(
                part for part in (one.stage.vi if one.stage else "", ENTRY_KINDS.get(one.kind, one.kind)) if part
            ),
            one.text,
            at(one.answer_by),
            ". ".join(part for part in (OUTCOMES.get(one.outcome, one.outcome), one.answer) if part),
            at(one.answered_at) if one.answered_at else "",
        ]
        for one in entries
    ]
    columns = [
        Column("Số", 0.45, "C"),
        Column("Nhận lúc", 1),
        Column("Mã thí sinh", 1.2),
        Column("Vòng, loại", 1.1),
        Column("Nội dung", 2.6),
        Column("Hạn trả lời", 1),
        Column("Kết quả, trả lời", 2),
        Column("Trả lời lúc", 1),
    ]
    return Official(
        head=letterhead(settings),
        kind="SỔ THEO DÕI KHIẾU NẠI",
        about=contest_title(settings),
        blocks=[
            Paragraph(f"Sổ ghi {said(len(entries))} khiếu nại, tính đến {at(made_at)}."),
            Grid("Khiếu nại", columns, rows, empty="Chưa có khiếu nại nào."),
        ],
        made_at=made_at,
        signature=SECRETARIAT,
        wide=True,
    )


def answer_key(settings: Settings, stage: rulebook.Round, questions: Sequence[Keyed], made_at: datetime) -> Official:
    """Every question of a round with its right answer, its legal basis and the reason."""
    drawn = stage.paper.kind == "drawn"
    intro = (
        f"Đề của vòng được rút từ ngân hàng {said(len(questions))} câu đã duyệt dưới đây."
        if drawn
        else f"Đề của vòng gồm {said(len(questions))} câu dưới đây."
    )
    rows: list[list[Cell]] = [
        [
            n,
            one.question.stem.vi,
            right_answer(one.question, one.also),
            basis_line(one.question, "vi").removeprefix("Căn cứ: "),
            one.points,
            VOIDS.get(one.void or "", ""),
        ]
        for n, one in enumerate(questions, 1)
    ]
    voided = any(one.void for one in questions)
    columns = [
        Column("STT", 0.5, "C"),
        Column("Câu hỏi", 3),
        Column("Đáp án", 2.2),
        Column("Căn cứ pháp lý", 2),
        Column("Điểm", 0.6, "R"),
        *([Column("Ghi chú", 1.4)] if voided else []),
    ]
    return Official(
        head=letterhead(settings),
        kind="ĐÁP ÁN",
        about=f"{stage.name.vi} – {contest_title(settings)}",
        blocks=[
            Paragraph(intro),
            Grid("Đáp án", columns, [row if voided else row[:-1] for row in rows], empty="Vòng này chưa có câu hỏi."),
        ],
        made_at=made_at,
        signature=SECRETARIAT,
    )


def right_answer(asked: Question, also: Sequence[int] = ()) -> str:
    """The right answer in words: the options themselves, for everybody saw them in an order of their own."""
    if asked.kind == "number":
        return f"{said(asked.key[0])} {asked.unit.vi if asked.unit else ''}".strip()
    between = " → " if asked.kind == "order" else "; "
    words = between.join(asked.options[option].vi for option in asked.key)
    return f"{words} (nhận thêm: {'; '.join(asked.options[option].vi for option in also)})" if also else words


# ── Plan ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def plan(settings: Settings, made_at: datetime, *, draft: bool) -> Official:
    """The plan in short: who organizes, when the rounds are, which prizes there are and what they cost."""
    rounds: list[list[Cell]] = [
        [
            n,
            one.name.vi,
            _ROUND_KINDS[one.kind],
            at(one.opens_at),
            one.closes_phrase or at(one.closes_at),
            said(one.max_attempts) if one.max_attempts else "không giới hạn",
        ]
        for n, one in enumerate(settings.rounds, 1)
    ]
    prizes: list[list[Cell]] = []
    cost = 0
    stages: list[rulebook.Round | Overall] = [*settings.rounds, *settings.overall]
    for stage in stages:
        divisions = max(1, len(settings.who.divisions))
        for prize in stage.ranking.prizes:
            slots = prize.slots * (divisions if prize.per_division else 1)
            cost += slots * prize.value
            prizes.append([stage.name.vi, prize.name.vi, slots, prize.value or None, slots * prize.value or None])
        in_team = teams.rules_of(stage)
        if in_team is not None and in_team.slots:
            prizes.append([stage.name.vi, teams.TEAM_PRIZE.vi, in_team.slots, None, None])
    for one in settings.collective:
        cost += one.slots * one.value
        prizes.append(["Tập thể", one.name.vi, one.slots, one.value or None, one.slots * one.value or None])
    count = sum(int(row[2] or 0) for row in prizes if isinstance(row[2], int))
    return Official(
        head=letterhead(settings),
        kind="TÓM TẮT KẾ HOẠCH",
        about=contest_title(settings),
        blocks=[
            Paragraph(f"{settings.organizer.vi}.", lead="Đơn vị tổ chức:"),
            *([Paragraph(settings.purpose.vi, lead="Mục đích:")] if settings.purpose else []),
            Head("Thời gian các vòng"),
            Grid(
                "Các vòng",
                [
                    Column("STT", 0.5, "C"),
                    Column("Vòng", 2),
                    Column("Hình thức", 1.3),
                    Column("Mở", 1.4),
                    Column("Đóng", 1.6),
                    Column("Số lượt", 0.9, "R"),
                ],
                rounds,
                empty="Chưa có vòng nào.",
            ),
            Head("Giải thưởng"),
            Grid(
                "Giải thưởng",
                [
                    Column("Vòng, danh sách", 2),
                    Column("Giải", 2),
                    Column("Số giải", 0.8, "R"),
                    Column("Trị giá (đồng)", 1.2, "R"),
                    Column("Cộng (đồng)", 1.2, "R"),
                ],
                prizes,
                foot=["Cộng", "", count, None, cost or None],
                empty="Chưa có giải nào.",
            ),
            Head("Các mốc sau mỗi vòng"),
            Paragraph(f"Công bố kết quả trong {settings.results_days} ngày kể từ khi đóng vòng.", style="item"),
            Paragraph(f"Nhận khiếu nại trong {settings.complaint_days} ngày làm việc sau công bố.", style="item"),
            Paragraph(
                f"Xóa dữ liệu cá nhân sau {settings.keep_days} ngày kể từ khi kết thúc hồ sơ cuộc thi.", style="item"
            ),
        ],
        made_at=made_at,
        signature=COMMITTEE,
        draft=draft,
    )


_ROUND_KINDS = {"self_paced": "Tự làm bài", "live": "Thi cùng lúc", "essay": "Tự luận", "final": "Chung kết"}


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"
