"""Pages and the JSON interface: read, call one service, show."""

from __future__ import annotations

from flask import Blueprint

from quizapp.web import admin, api, api_quizzes, api_rooms, bank, exchange, health, home, law, me, quiz, room, signing

INTERFACE = (api_quizzes, api_rooms)  # each hangs its calls on the one blueprint of `api`


def groups() -> list[Blueprint]:
    """Every group of pages, in the order of the contract's table of paths."""
    return [home.bp, law.bp, bank.bp, exchange.bp, quiz.bp, room.bp, signing.bp, me.bp, admin.bp, api.bp, health.bp]
