"""The simulated players move by the tick of the clock, and what is over goes once nobody looks."""

from datetime import timedelta

import pytest

from quizapp import db, models
from quizapp.live.hub import Hub, Line
from quizapp.live.rehearsal import Rehearsal
from quizapp.services import rehearsals
from quizapp.services.tokens import Bearer
from tests import make


@pytest.fixture
def show_id(app):
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
        real = make.show(session, [make.question("om-dau-1", topic="om-dau")])
        return rehearsals.begin(session, real, 9, None, now=make.MADE).id


def test_players_enter_by_the_tick_of_the_clock(show_id):
    duty = Rehearsal(Hub())
    for _ in range(3):
        duty.move(make.MADE)
    with db.read() as session:
        assert session.query(models.Attempt).filter_by(show_id=show_id).count() == 9


def test_what_is_over_is_removed_once_no_browser_looks_at_it(show_id):
    lines = Hub()
    duty = Rehearsal(lines)
    watching = Line("sid", Bearer("viewer", show_id), "vi")
    lines.add(watching)
    late = make.MADE + rehearsals.LIFE + timedelta(seconds=1)
    duty.sweep(late)
    with db.read() as session:
        assert session.get(models.Show, show_id).ended_at == late
    lines.drop("sid")
    duty.sweep(late)
    with db.read() as session:
        assert session.get(models.Show, show_id) is None
