"""For those who watch the machine: alive, ready, and figures."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from quizapp import db, schema
from quizapp.services import banks

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Database, its shape, and a bank to deal from: all there, or which one is not."""
    try:
        migrated = schema.is_current(db.engine())
        with db.read() as session:
            dealt = len(banks.dealt(session)) if migrated else 0
            faults = len(banks.faults(session)) if migrated else 0
        database = True
    except SQLAlchemyError:
        database, migrated, dealt, faults = False, False, 0, 0
    good = database and migrated and dealt > 0
    body = jsonify(
        status="ready" if good else "not ready",
        database=database,
        migrations=migrated,
        questions=dealt,
        faults_in_question_files=faults,
    )
    return body, 200 if good else 503


@bp.get("/metrics")
def metrics() -> Response:
    """Figures in the form Prometheus reads."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
