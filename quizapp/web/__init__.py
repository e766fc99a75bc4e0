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
    contestants,
    desk,
    essays,
    exchange,
    exclusions,
    figures,
    focal,
    health,
    home,
    law,
    lists,
    matters,
    me,
    notices,
    official,
    organize,
    organize_people,
    organize_wizard,
    papers,
    quiz,
    registration,
    reports,
    results,
    room,
    rulebook,
    signing,
    units,
)

INTERFACE = (api_contests, api_quizzes, api_rooms)  # each hangs its calls on the one blueprint of `api`
BANK = (bank_editor, bank_files, bank_law)  # likewise on that of `bank`
ORGANIZE = (organize_people, organize_wizard)  # and on that of `organize`


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
        essays.bp,
        results.bp,
        complaining.bp,
        registration.bp,
        room.bp,
        organize.bp,
        units.bp,
        contestants.bp,
        exclusions.bp,
        lists.bp,
        desk.bp,
        matters.bp,
        notices.bp,
        rulebook.bp,
        certificates.bp,
        reports.bp,
        focal.bp,
        official.bp,
        signing.bp,
        me.bp,
        admin.bp,
        api.bp,
        health.bp,
    ]
