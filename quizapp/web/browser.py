"""The browser in front of us: its own signed id, which lets somebody without account go on where they were."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, Signer

from quizapp.config import Config

COOKIE = "visitor"
_YEAR = 365 * 24 * 3600
_ID = re.compile(r"[0-9a-f]{32}")
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))
_CARRIED = ("Mobi", "Android", "iPhone", "iPad", "Tablet")
_NAMES = (("Edg", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))


def install(app: Flask) -> None:
    """Let `app` keep the id in a cookie whenever a page asked for one."""
    app.after_request(_keep)


def known_id() -> str | None:
    """The id this browser came with, if it is one of ours."""
    if "browser_id" not in g:
        try:
            kept = _signer().unsign(request.cookies.get(COOKIE, "")).decode()
        except BadSignature:
            kept = ""
        g.browser_id = kept if _ID.fullmatch(kept) else None
    found: str | None = g.browser_id
    return found


def own_id() -> str:
    """The id of this browser; a newcomer is given one."""
    known = known_id()
    if known is None:
        known = g.browser_id = g.new_browser_id = secrets.token_hex(16)
    return known


def description() -> str:
    """What its owner recognises it by, such as `Chrome, Android`."""
    agent = request.user_agent.string
    name = next((word for sign, word in _NAMES if sign in agent), "Safari" if "Safari/" in agent else "")
    system = next((word for sign, word in _SYSTEMS if sign in agent), "Linux" if "Linux" in agent else "")
    return ", ".join(part for part in (name, system) if part)


def kind() -> str:
    """`phone` (tablets too) or `computer`, as coarsely as statistics want it; "" where the browser does not say."""
    agent = request.user_agent.string
    if not agent:
        return ""
    return "phone" if any(sign in agent for sign in _CARRIED) else "computer"


def _keep(answer: Response) -> Response:
    made = g.get("new_browser_id")
    if made is not None:
        signed = _signer().sign(made).decode()
        answer.set_cookie(COOKIE, signed, max_age=_YEAR, httponly=True, samesite="Lax", secure=_is_secure())
    return answer


def _is_secure() -> bool:
    config: Config = current_app.extensions["quiz_config"]
    return not config.development


def _signer() -> Signer:
    config: Config = current_app.extensions["quiz_config"]
    return Signer([*reversed(config.secret_key_fallbacks), config.secret_key], salt="visitor")
