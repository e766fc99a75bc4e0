"""Which changes are made by hand, and which of them need a second person (contest-rules §19.12, fairness §6)."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    # two people, always
    "void",  # a question is voided
    "attempt",  # an attempt is declared invalid, or valid again
    "round",  # somebody's round is
    "contest",  # somebody's whole contest is
    "bar",  # somebody is kept from later contests
    "target",  # a correction decision reopens a frozen target
    "back",  # a round goes back one state
    "publish",  # a snapshot is published
    "draw",  # lots are drawn
    "identity",  # identity numbers leave the house
    "export",  # a full export does
    "seed",  # the seed is opened early
    # two people once the contest is open (or, for `status`, once the person has attempts)
    "rulebook",
    "paper",
    "status",
    # one person
    "step",  # a round goes on to its next state
    "freeze",
    "snapshot",
    "decision",
    "warn",
    "flag",
    "check",
    "collect",
    "view",  # somebody looked at an identity number
    "complaint",
    "plan",  # of a draw
    "give_back",
    "accommodation",
    "headcount",
    "target_set",  # chỉ tiêu of a unit
    "unit",
    "unit_move",
    "registration",
    "withdraw",
    "exclusion",
    "delegate",
    "role",
    "invite",
    "essay",
    "certificate",
    "condition",  # a formal condition for prizes
    "room",  # of a live round: its paper set, its room made or taken away
]

TWO_PEOPLE: frozenset[Kind] = frozenset(
    (
        "void",
        "attempt",
        "round",
        "contest",
        "bar",
        "target",
        "back",
        "publish",
        "draw",
        "identity",
        "export",
        "seed",
    )
)

COUNTED: frozenset[Kind] = frozenset(  # after one of these a result must be counted again
    (
        "void",
        "attempt",
        "round",
        "contest",
        "bar",
        "target",
        "draw",
        "rulebook",
        "status",
        "check",
        "give_back",
        "accommodation",
        "headcount",
        "unit",
        "unit_move",
        "registration",
        "exclusion",
        "essay",
        "condition",
    )
)
