"""Pages and the JSON interface: read, call one service, show."""

from __future__ import annotations

from flask import Blueprint

from quizapp.web import (
    admin,
    api,
    api_contests,
    api_quizzes,
    api_rooms,
    bank,
    bank_editor,
    bank_files,
    bank_law,
    certificates,
    complaining,
    contest,
    exchange,
    figures,
    health,
    home,
    law,
    me,
    organize,
    papers,
    quiz,
    registration,
    results,
    room,
    signing,
)

INTERFACE = (api_contests, api_quizzes, api_rooms)  # each hangs its calls on the one blueprint of `api`
BANK = (bank_editor, bank_files, bank_law)  # likewise on that of `bank`


def groups() -> list[Blueprint]:
    """Every group of pages, in the order of the contract's table of paths."""
    return [
        home.bp,
        law.bp,
        bank.bp,
        figures.bp,
        papers.bp,
        exchange.bp,
        quiz.bp,
        contest.bp,
        results.bp,
        complaining.bp,
        registration.bp,
        room.bp,
        organize.bp,
        certificates.bp,
        signing.bp,
        me.bp,
        admin.bp,
        api.bp,
        health.bp,
    ]
