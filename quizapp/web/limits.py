"""How often one address may do what costs us much. Generous: a whole hall may share one address."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from quizapp.config import Config

SIGN_IN = "200 per minute"
REGISTER = "200 per minute; 2000 per hour"
START = "1000 per minute"
BADGE = "600 per minute"  # a hall enters at once; codes on badges are short
CHECK = "120 per minute"  # numbers of certificates cannot be guessed, and nobody shall try

limiter = Limiter(get_remote_address, in_memory_fallback_enabled=True, in_memory_fallback=["100000 per minute"])


def install(app: Flask, config: Config) -> None:
    """Count in Redis where there is one, so that all processes count together; else, or while it is away, in memory."""
    app.config["RATELIMIT_STORAGE_URI"] = config.redis_url or "memory://"
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True  # a limit is not worth a fault
    limiter.init_app(app)
