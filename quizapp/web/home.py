"""The first page, and the pages that only say something: contests to come, help."""

from __future__ import annotations

from flask import Blueprint, render_template

from quizapp import clock, db
from quizapp.rules.paper import MIX
from quizapp.services import banks, quizzes
from quizapp.web.quiz import player, topic_name

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    with db.read() as session:
        unfinished = [
            (one, topic_name(session, one.topic)) for one in quizzes.unfinished(session, player(), now=clock.now())
        ]
        return render_template("home/show.html", unfinished=unfinished, topics=banks.topics(session), mix=MIX)


@bp.get("/cuoc-thi")
def contests() -> str:
    return render_template("home/contests.html")


@bp.get("/tro-giup")
def help() -> str:
    return render_template("home/help.html")
