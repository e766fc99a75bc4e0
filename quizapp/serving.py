"""The server of one process: brings database and bank up to date, says where to click, and serves until stopped."""

from __future__ import annotations

import gc
import hashlib
import signal
import sys
from contextlib import suppress
from pathlib import Path

import gevent
from flask import Flask
from gevent.pywsgi import WSGIServer

from quizapp import clock, db, schema
from quizapp.config import ROOT, Config
from quizapp.services import banks, demo, laws

BACKLOG = 4096


def run(app: Flask) -> None:
    """Serve `app` on the address of its settings; a stop signal lets running requests end."""
    settings: Config = app.extensions["quiz_config"]
    server = WSGIServer((settings.host, settings.port), app, log=None, backlog=BACKLOG)
    try:
        server.init_socket()  # before any work on the data, which another server may be using
    except OSError:
        sys.exit(
            f"Cổng {settings.port} đang có chương trình khác dùng. "
            f"Chạy lại với cổng khác: make run PORT={settings.port + 1}\n"
            f"Port {settings.port} is in use. Choose another one: make run PORT={settings.port + 1}"
        )
    prepare(app, settings)
    gc.set_threshold(100_000, 50, 1_000)  # a pause for collecting must not fall into an answer storm
    gc.freeze()
    server.start()
    live = app.extensions["live"]
    live.start()
    print(_where_to_click(settings), flush=True)
    stopped = gevent.event.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(sign, stopped.set)
    stopped.wait()
    live.stop()
    server.stop(timeout=2)


def prepare(app: Flask, settings: Config) -> None:
    """Bring the database to today's shape and load the question files; seed the demo on a first local start."""
    schema.upgrade(db.engine())
    stamp, seen = settings.instance / "bank.stamp", _surroundings(settings.questions)
    with db.begin() as session:
        laws.keep_index(session, laws.of(settings.questions))
        known = stamp.exists() and stamp.read_text() == seen and banks.is_loaded(session, settings.questions)
        report = None if known else banks.load(session, banks.read(settings.questions), now=clock.now())
    for fault in report.faults if report else ():
        print(fault, file=sys.stderr)
    with suppress(OSError):  # a machine without this folder only checks the files at every start
        stamp.write_text(seen)
    if settings.shows_demo:
        with db.begin() as session:
            demo.seed(session, app.extensions["vault"], now=clock.now())
            demo.seed_contests(session, app.extensions["vault"], now=clock.now())


def _surroundings(questions: Path) -> str:
    """A hash of what a load depends on besides the question files: readings, the law's text, and the checks."""
    parts = [
        *questions.glob("readings/*.toml"),
        *questions.glob("law/*.toml"),
        *(ROOT / "quizapp" / "rules").glob("*.py"),
    ]
    sight = hashlib.sha256()
    for path in sorted(parts):
        sight.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return sight.hexdigest()


def _where_to_click(settings: Config) -> str:
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    lines = [
        "",
        f"  {settings.site_name}",
        f"  Mở trình duyệt / open:   {address}/",
        f"  Tổ chức phòng thi / host: {address}/to-chuc",
    ]
    if settings.shows_demo:
        lines += ["", "  Tài khoản dùng thử / demo sign-ins:"]
        lines += [f"    {login.login:<22} {login.password:<22} {login.what}" for login in demo.LOGINS]
    return "\n".join([*lines, "", "  Dừng / stop: Ctrl+C", ""])
