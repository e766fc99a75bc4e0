"""The product as a process of its own, as people meet it: started, killed, started again on the same data."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from quizapp import db
from quizapp.config import ROOT
from quizapp.rules.draw import sha256
from quizapp.rules.question import Question
from quizapp.rules.show import Settings
from quizapp.services import shows
from quizapp.services.tokens import Mint
from tests import make
from tests.programs import free_port

PATIENCE = 90  # seconds: a machine that runs other tests beside may need them


class Server:
    """One server with its own folder of data."""

    def __init__(self, folder: Path, **env: str):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self._env = {**os.environ, "QUIZ_INSTANCE": str(folder), "PORT": str(self.port), "HOST": "127.0.0.1", **env}
        self._process: subprocess.Popen | None = None

    def start(self) -> Server:
        self._log = open(self.folder / "server.log", "ab")  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "wsgi.py"], cwd=ROOT, env=self._env, stdout=self._log, stderr=self._log
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._process.poll() is not None:
                self._log.close()
                raise AssertionError(f"the server ended: {self.log()}")
            try:
                if self.get("/readyz")["status"] == "ready":
                    return self
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the server did not start in {PATIENCE} s: {self.log()}")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as a service manager would."""
        self._end(signal.SIGTERM)

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-4000:]

    def get(self, path: str, token: str | None = None):
        return self.call("GET", path, None, token)

    def post(self, path: str, body: object = None, token: str | None = None):
        return self.call("POST", path, body or {}, token)

    def call(self, method: str, path: str, body: object, token: str | None):
        """A JSON call; gives the decoded reply, or raises `urllib.error.HTTPError`."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.loads(reply.read())

    def flask(self, *words: str):
        """A command beside the running server; gives its JSON."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words, "--json"]
        done = subprocess.run(command, cwd=ROOT, env=self._env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def new_room(
        self,
        questions: int = 10,
        seed: str | None = None,
        *,
        stream: dict[str, Any] | None = None,
        asked: list[Question] | None = None,
        **settings: Any,
    ) -> Room:
        """A room made beside the running server, which knows it at once: the database is the truth. `asked` are its
        questions, new to the bank, in place of some from there."""
        engine = db.make_engine(self._env.get("DATABASE_URL") or f"sqlite:///{self.folder / 'quiz.sqlite3'}")
        secret = (self.folder / "secrets.env").read_text().split("SECRET_KEY=")[1].split()[0]
        with Session(engine) as session, session.begin():
            drawn = {"now": datetime.now(UTC), "seed": None if seed is None else sha256(seed.encode())}
            rules = Settings(**settings)
            if asked is None:
                made = shows.from_bank(session, None, questions, "Thi thử", rules, **drawn)
            else:
                made = shows.new(session, make.bank(session, *asked), "Thi thử", rules, **drawn)
            made.stream = stream
            mint = Mint([secret])
            room = Room(self, made.code, *(mint.room_token(part, made.id) for part in ("host", "viewer", "overlay")))
        engine.dispose()
        return room

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=PATIENCE)
        self._log.close()


class Room:
    """A live room on a server."""

    def __init__(self, server: Server, code: str, host_token: str, viewer_token: str = "", overlay_token: str = ""):
        self.server = server
        self.code = code
        self.host_token = host_token
        self.viewer_token = viewer_token
        self.overlay_token = overlay_token

    def join(self, name: str) -> dict:
        return self.server.post(f"/api/v1/rooms/{self.code}/players", {"name": name})

    def ticket(self, token: str) -> str:
        return self.server.post(f"/api/v1/rooms/{self.code}/tickets", token=token)["ticket"]

    def state(self, token: str) -> dict:
        return self.server.get(f"/api/v1/rooms/{self.code}/state", token)
