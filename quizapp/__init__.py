"""The wiring: how settings, database, pages, sockets and commands become one application. Read this first."""

from __future__ import annotations

from flask import Flask

from quizapp import cli, cli_contest, config, db, live
from quizapp.config import ROOT, Config
from quizapp.services.tokens import Mint
from quizapp.web import frame, groups, signing


def create_app(settings: Config | None = None) -> Flask:
    """The application with `settings`, by default those of the environment.

    Raises `config.BadSetting` when they would make it unsafe.
    """
    settings = settings or config.load()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    db.connect(settings.database_url)
    frame.install(app, settings)
    signing.install(app, settings)
    for group in groups():
        app.register_blueprint(group)
    app.extensions["mint"] = Mint([settings.secret_key, *settings.secret_key_fallbacks])
    live.install(app, settings)
    cli.install(app, settings)
    cli_contest.install(app)
    return app
