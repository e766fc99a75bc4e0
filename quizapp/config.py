"""Settings: the only place that reads the environment. Each has its type, its default and a line of why."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class BadSetting(Exception):
    """A setting that the product refuses to start with; the message says which and how to mend it."""


@dataclass(frozen=True)
class Config:
    """All settings of one process."""

    development: bool = True
    """Development accepts generated secrets and shows the demo; production refuses both (`QUIZ_ENV=production`)."""

    host: str = "127.0.0.1"
    """Address to serve on (`HOST`). The demo is refused anywhere but on this machine."""

    port: int = 8000
    """Port to serve on (`PORT`)."""

    secret_key: str = ""
    """Signs cookies and forms (`SECRET_KEY`)."""

    secret_key_fallbacks: tuple[str, ...] = ()
    """Older keys still accepted while a new one takes over (`SECRET_KEY_FALLBACKS`, comma-separated)."""

    field_key: str = ""
    """Encrypts phone and email at rest, 32 bytes in hex (`FIELD_KEY`)."""

    tag_key: str = ""
    """Makes equality tags of phone and email without reading them, 32 bytes in hex (`TAG_KEY`)."""

    database_url: str = ""
    """The truth (`DATABASE_URL`): SQLite under `instance/` unless PostgreSQL is named."""

    redis_url: str = ""
    """Fan-out and limits shared between processes (`REDIS_URL`); empty means one process."""

    public_url: str = ""
    """What people type, used for links and QR codes (`PUBLIC_URL`); default: the address of the request."""

    trusted_hosts: tuple[str, ...] = ()
    """Host names this site answers to (`TRUSTED_HOSTS`, comma-separated)."""

    site_name: str = "Cùng tìm hiểu Luật Bảo hiểm xã hội 2024"
    """Name in the header and in titles (`SITE_NAME`)."""

    sms_command: str = ""
    """A program that sends a text message: on its input it reads the phone in a line, then the text (`SMS_COMMAND`).
    Without one nothing is sent, and the secretariat confirms phones by a call."""

    live_transport: str = "stock"
    """Socket transport (`LIVE_TRANSPORT`)."""

    instance: Path = field(default_factory=lambda: ROOT / "instance")
    """Folder of the database and of generated secrets (`QUIZ_INSTANCE`)."""

    questions: Path = field(default_factory=lambda: ROOT / "questions")
    """Folder of the question files and of the law's text (`QUIZ_QUESTIONS`)."""

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the site."""
        return self.host in {"127.0.0.1", "localhost", "::1"}

    @property
    def shows_demo(self) -> bool:
        """Whether the demo and its known passwords may exist: only where nobody else can come."""
        return self.development and self.is_local


def load() -> Config:
    """The settings of the environment, with secrets made once and kept in the instance folder in development."""
    env = os.environ
    production = env.get("QUIZ_ENV", "development") == "production"
    instance = Path(env.get("QUIZ_INSTANCE", ROOT / "instance"))
    kept = {} if production else _kept_secrets(instance)
    config = Config(
        development=not production,
        host=env.get("HOST", "127.0.0.1"),
        port=_port(env.get("PORT", "8000")),
        secret_key=env.get("SECRET_KEY") or kept.get("SECRET_KEY", ""),
        secret_key_fallbacks=_names(env.get("SECRET_KEY_FALLBACKS", "")),
        field_key=env.get("FIELD_KEY") or kept.get("FIELD_KEY", ""),
        tag_key=env.get("TAG_KEY") or kept.get("TAG_KEY", ""),
        database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'quiz.sqlite3'}",
        redis_url=env.get("REDIS_URL", ""),
        public_url=env.get("PUBLIC_URL", "").rstrip("/"),
        trusted_hosts=_names(env.get("TRUSTED_HOSTS", "")),
        site_name=env.get("SITE_NAME") or Config.site_name,
        sms_command=env.get("SMS_COMMAND", ""),
        live_transport=env.get("LIVE_TRANSPORT", "stock"),
        instance=instance,
        questions=Path(env.get("QUIZ_QUESTIONS", ROOT / "questions")),
    )
    check(config)
    return config


def check(config: Config) -> None:
    """Refuse settings that would make the product unsafe, naming the one to mend."""
    for name, value in (("FIELD_KEY", config.field_key), ("TAG_KEY", config.tag_key)):
        if len(value) != 64 or any(letter not in "0123456789abcdefABCDEF" for letter in value):
            raise BadSetting(f"{name}: cần 64 ký tự hex (32 byte). / {name} must be 64 hex digits (32 bytes).")
    if len(config.secret_key) < 32:
        raise BadSetting("SECRET_KEY: cần ít nhất 32 ký tự. / SECRET_KEY needs at least 32 characters.")
    if config.field_key == config.tag_key:
        raise BadSetting("FIELD_KEY và TAG_KEY phải khác nhau. / FIELD_KEY and TAG_KEY must differ.")
    if config.live_transport not in {"stock"}:
        raise BadSetting("LIVE_TRANSPORT: chỉ nhận «stock». / LIVE_TRANSPORT must be «stock».")


def _kept_secrets(instance: Path) -> dict[str, str]:
    """Secrets of a development machine: made once, readable by its owner only."""
    path = instance / "secrets.env"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        lines = [f"{name}={secrets.token_hex(32)}" for name in ("SECRET_KEY", "FIELD_KEY", "TAG_KEY")]
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise BadSetting(f"PORT={text}: cần một số từ 1 đến 65535. / PORT must be a number from 1 to 65535.")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
