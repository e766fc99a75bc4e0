"""The demo: six accounts with known passwords, so that a newcomer can look at everything. Never on a public site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Person
from quizapp.services import accounts
from quizapp.services.accounts import RoleName
from quizapp.services.vault import Vault

DOMAIN = "demo.test"  # a domain that nobody can own


@dataclass(frozen=True)
class Login:
    """One demo account: how to sign in, and what it is there for, in both languages."""

    who: str
    name: str
    roles: tuple[RoleName, ...]
    what: str
    what_en: str

    @property
    def login(self) -> str:
        return f"{self.who}@{DOMAIN}"

    @property
    def password(self) -> str:
        return f"{self.who}-moi-thu-2026"


LOGINS = (
    Login("hana", "Trần Hạ Na", ("organizer",), "Người tổ chức: mở và dẫn phòng thi", "Organizer: hosts live rooms"),
    Login("revi", "Lê Minh Vi", ("reviewer",), "Người duyệt: ngân hàng câu hỏi", "Reviewer: keeps the question bank"),
    Login(
        "kim",
        "Đỗ Bảo Kim",
        ("reviewer", "organizer"),
        "Người duyệt thứ hai: duyệt câu của người khác, mở phòng thi",
        "Second reviewer: approves what others wrote, hosts rooms",
    ),
    Login("otto", "Phạm Tố Anh", ("admin",), "Quản trị: người dùng, vai trò, nhật ký", "Admin: people, roles, log"),
    Login("ada", "Nguyễn Ái Đa", (), "Người dự thi", "Citizen"),
    Login("bob", "Đặng Bảo Bình", (), "Người dự thi", "Citizen"),
)


def seed(session: Session, vault: Vault, *, now: datetime) -> int:
    """Make the demo accounts that are missing and say how many that were."""
    missing = [login for login in LOGINS if find(session, vault, login.who) is None]
    for login in missing:
        wish = accounts.prepare(login.login, login.name, login.password)
        made = accounts.register(session, vault, wish, appears=True, now=now)
        for role in login.roles:
            accounts.give_role(session, None, made, role, now=now)
    return len(missing)


def find(session: Session, vault: Vault, who: str) -> Person | None:
    """The demo account of this name, if it was seeded."""
    tag = vault.tag("email", f"{who}@{DOMAIN}")
    return session.scalar(select(Person).where(Person.email_tag == tag))


def is_demo(login: str) -> bool:
    """Whether somebody signs in with a demo account, which a public site refuses."""
    return login.strip().lower().endswith(f"@{DOMAIN}")
