"""The first page, and the page that only says something: help."""

from __future__ import annotations

from flask import Blueprint, render_template

from quizapp import clock, db
from quizapp.rules.paper import MIX
from quizapp.services import banks, contests, quizzes, sittings
from quizapp.web.contest_view import round_view
from quizapp.web.quiz import name_of, player

OPEN_SHOWN = 3  # rounds that can be sat now, on the first page

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    now = clock.now()
    with db.read() as session:
        unfinished = [(one, name_of(session, one)) for one in quizzes.unfinished(session, player(), now=now)]
        return render_template(
            "home/show.html",
            unfinished=unfinished,
            topics=banks.topics(session),
            mix=MIX,
            open_rounds=[
                (row.contest, contests.settings(row.contest), round_view(row.contest, row, now=now))
                for row in sittings.open_rounds(session, now=now)[:OPEN_SHOWN]
            ],
        )


@bp.get("/tro-giup")
def help() -> str:
    return render_template("home/help.html")
