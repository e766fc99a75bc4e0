"""What pages of a contest have in common: rounds as a reader meets them, names of attempts, points, links to pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.numbers import format_decimal
from flask import current_app
from flask.sansio.app import App
from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.models import Contest, Contestant, Participation, Round
from quizapp.rules import contest as rulebook
from quizapp.rules import prediction, stage
from quizapp.rules.contest import POINT
from quizapp.services import contests, sittings
from quizapp.web.frame import VIETNAM, day, language


@dataclass(frozen=True)
class RoundView:
    """One round or list over rounds as a page shows it; `rules` is None for a list, `mine` for whoever has nothing."""

    row: Round
    name: str
    state: stage.State
    rules: rulebook.Round | None
    mine: Participation | None = None

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def is_open(self) -> bool:
        return self.state == "OPEN"

    @property
    def is_to_come(self) -> bool:
        return self.state == "PUBLISHED"

    @property
    def is_counted(self) -> bool:
        """Closed, and its result not yet there."""
        return self.state in ("CLOSED", "REVIEW")

    @property
    def is_announced(self) -> bool:
        return stage.has_reached(self.state, "ANNOUNCED")

    @property
    def shows_score(self) -> bool:
        """Whether somebody's own score may be seen: at once, or where nothing is shown with the provisional result."""
        assert self.rules is not None
        return self.rules.show_after == "SCORE_ONLY" or stage.has_reached(self.state, "PROVISIONAL")

    @property
    def shows_keys(self) -> bool:
        """Whether one's own papers may be seen with their keys (§6)."""
        assert self.rules is not None
        return self.rules.full_after_close and self.is_announced


def install(app: App) -> None:
    """Give templates what they ask of contests."""
    app.jinja_env.filters.update(points=points, exact=exact, predicted=predicted, spelled=spelled)
    app.jinja_env.globals.update(contest_page=page)


def round_view(contest: Contest, row: Round, mine: Participation | None = None, *, now: datetime) -> RoundView:
    """One round of a contest at this moment."""
    settings = contests.settings(contest)
    if row.overall:
        name = next(one.name for one in settings.overall if one.key == row.key)
        return RoundView(row, name.of(language()), stage.at(row.state, None, now), None, mine)
    rules = settings.round(row.key)
    return RoundView(row, rules.name.of(language()), stage.at(row.state, rules.window, now), rules, mine)


def round_views(
    session: Session, contest: Contest, contestant: Contestant | None = None, *, now: datetime
) -> list[RoundView]:
    """All rounds of a contest in the order of the rulebook, with what somebody has in each."""
    mine = sittings.participations(session, contestant) if contestant else {}
    return [round_view(contest, row, mine.get(row.id), now=now) for row in contest.rounds]


def attempt_name(session: Session, round_id: int) -> str:
    """What the head of a page calls an attempt of a contest: the round and its contest."""
    row = session.get(Round, round_id)
    assert row is not None
    settings = contests.settings(row.contest)
    return f"{settings.round(row.key).name.of(language())} – {settings.name.of(language())}"


def page(slug: str, tail: str) -> str:
    """The address of a page of a contest, or "" as long as there is none."""
    rules: set[str] = current_app.extensions.setdefault("contest_pages", set())
    if not rules:
        rules.update(rule.rule for rule in current_app.url_map.iter_rules() if rule.rule.startswith("/cuoc-thi/"))
    return f"/cuoc-thi/{slug}/{tail}" if f"/cuoc-thi/<slug>/{tail}" in rules else ""


def points(sixtieths: int) -> str:
    """Points as they are printed: whole, or with two decimals, half up (contest-rules §7)."""
    locale = "en" if language() == "en" else "vi"
    if sixtieths % POINT == 0:
        return str(format_decimal(sixtieths // POINT, locale=locale))
    hundredths = (200 * sixtieths + POINT) // (2 * POINT)
    return str(format_decimal(Decimal(hundredths).scaleb(-2), format="#,##0.00", locale=locale))


def exact(moment: datetime) -> str:
    """An instant to the second in Viet Nam: `22:00:00 ngày 08/3/2026`."""
    clock = f"{moment.astimezone(VIETNAM):%H:%M:%S}"
    return f"{clock}, {day(moment)}" if language() == "en" else f"{clock} ngày {day(moment)}"


def predicted(value: int | None, asked: rulebook.Prediction) -> str:
    """A saved prediction as it is printed, or that there is none."""
    return gettext("chưa có") if value is None else prediction.write(value, asked, language())


def spelled(value: int, asked: rulebook.Prediction) -> str:
    """A prediction in words."""
    return prediction.spell(value, asked, language())
