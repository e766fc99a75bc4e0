"""The decision that recognises the results of a round, or of a list over rounds, with all lists annexed (§17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from quizapp.documents.contest_lists import (
    contest_title,
    group,
    in_teams,
    letterhead,
    people_with_attempts,
    source_line,
    winners,
)
from quizapp.documents.official import COMMITTEE, Annex, Block, Grid, Official, Paragraph, at, long_date, said
from quizapp.rules import contest as rulebook
from quizapp.rules import prediction, teams
from quizapp.rules.contest import Overall
from quizapp.rules.timing import day_in_vietnam
from quizapp.services.official import Announcement

_UPRIGHT = 6


def decision(found: Announcement) -> Official:
    """The decision that recognises results, with a list for every prize, for the teams that won, and for every
    collective list annexed."""
    settings, row = found.settings, found.row
    day = date.fromisoformat(row.decided_on) if row.decided_on else None
    title, stage = contest_title(settings), found.stage.name.vi
    what = title if isinstance(found.stage, Overall) else f"{stage} {title}"
    people = sum(len(one.winners) for one in found.prizes)
    groups = _teams(found) + sum(line.won for one in found.collective for line in one.lines)
    last = "Điều 4." if row.complaints_until else "Điều 3."
    note = f"(Kèm theo Quyết định số {row.decision_number or '..........'} {long_date(day)} của Ban Tổ chức)"
    lists = [(one.prize.name.vi, winners(found, one)) for one in found.prizes]
    if _teams(found):
        lists.append((teams.TEAM_PRIZE.vi, [in_teams(found.numbers.teams, won_only=True)]))
    lists += [(one.rules.name.vi, group(one, won_only=True)) for one in found.collective]
    return Official(
        head=letterhead(settings, row.decision_number, day),
        kind="QUYẾT ĐỊNH",
        about=f"Về việc công nhận kết quả {what}",
        blocks=[
            Paragraph("BAN TỔ CHỨC CUỘC THI", style="centre"),
            Paragraph(f"Căn cứ Thể lệ {title}{_version(found)};", style="basis"),
            Paragraph(
                f"Căn cứ bảng kết quả số {found.source.n} của {stage}, lập lúc {at(found.source.made_at)};",
                style="basis",
            ),
            Paragraph("Theo đề nghị của Tổ Thư ký.", style="basis"),
            Paragraph("QUYẾT ĐỊNH:", style="centre"),
            Paragraph(f"Công nhận kết quả {what} với số liệu như sau:", lead="Điều 1."),
            *(Paragraph(words, style="item") for words in _counts(found)),
            Paragraph(_awarding(people, groups), lead="Điều 2."),
            *(Paragraph(words, style="item") for words in _awarded(found)),
            *_complaints(found),
            Paragraph(
                "Quyết định này có hiệu lực kể từ ngày ký. Tổ Thư ký, các đơn vị liên quan và cá nhân, tập thể có tên "
                "tại các danh sách kèm theo chịu trách nhiệm thi hành.",
                lead=last,
            ),
        ],
        made_at=found.source.made_at,
        signature=replace(COMMITTEE, receivers=[f"Như {last[:-1]};", "Lưu: VT, Tổ Thư ký."]),
        annexes=[
            Annex(f"Phụ lục {_roman(n)}", f"DANH SÁCH {name.upper()}", note, blocks, wide=_is_wide(blocks))
            for n, (name, blocks) in enumerate(lists, 1)
        ],
        source=source_line(found),
        draft=not row.decision_number,
    )


def _counts(found: Announcement) -> list[str]:
    figures = found.numbers.contest if isinstance(found.stage, Overall) else found.numbers.round
    lines = [f"{people_with_attempts(figures)};"]
    if not isinstance(found.stage, Overall):
        lines.append(f"Số người trả lời đúng tất cả các câu hỏi: {said(figures.all_correct)} người;")
    if found.numbers.target is not None and isinstance(found.stage, rulebook.Round) and found.stage.prediction:
        target = prediction.write(found.numbers.target, found.stage.prediction, "vi")
        lines.append(f"Con số của câu hỏi dự đoán: {target};")
    return [*lines[:-1], lines[-1].rstrip(";") + "."]


def _awarding(people: int, groups: int) -> str:
    parts = [f"{said(people)} giải cá nhân"] if people else []
    parts += [f"{said(groups)} giải tập thể"] if groups else []
    if not parts:
        return "Không có cá nhân, tập thể nào đạt giải."
    return f"Trao {' và '.join(parts)} theo các danh sách kèm theo Quyết định này, gồm:"


def _awarded(found: Announcement) -> list[str]:
    given = [(one.prize.name.vi, len(one.winners)) for one in found.prizes if one.winners]
    given += [(teams.TEAM_PRIZE.vi, won)] if (won := _teams(found)) else []
    given += [(one.rules.name.vi, won) for one in found.collective if (won := sum(line.won for line in one.lines))]
    words = [f"{name}: {said(count)} giải" for name, count in given]
    return [f"{one}{'.' if one is words[-1] else ';'}" for one in words]


def _teams(found: Announcement) -> int:
    """How many teams won a prize."""
    return sum(line.won for line in found.numbers.teams)


def _complaints(found: Announcement) -> list[Block]:
    until = found.row.complaints_until
    if until is None:
        return []
    words = f"Ban Tổ chức tiếp nhận khiếu nại về kết quả đến {at(until)}. {found.settings.decides.vi}"
    return [Paragraph(words, lead="Điều 3.")]


def _version(found: Announcement) -> str:
    if not found.source.rulebook:
        return ""
    day = found.source.rulebook_at
    return f", bản số {found.source.rulebook}" + (f", công bố {long_date(day_in_vietnam(day))}" if day else "")


def _is_wide(blocks: Sequence[Block]) -> bool:
    """Whether a list has more columns than stand side by side on a page that is not turned."""
    return any(isinstance(block, Grid) and len(block.columns) > _UPRIGHT for block in blocks)


def _roman(n: int) -> str:
    """Numbers of annexes."""
    made = ""
    for value, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while n >= value:
            made, n = made + letters, n - value
    return made
