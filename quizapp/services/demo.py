"""The demo: six accounts with known passwords, a contest that is open and a draft of another, so that a newcomer can
look at everything. Never on a public site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Contest, ContestRole, Person
from quizapp.rules import deal, model_rulebooks
from quizapp.rules.contest import BlueprintLine, Fields, Settings, Words
from quizapp.rules.model_rulebooks import MONDAY, WEEK
from quizapp.rules.timing import VIETNAM, day_in_vietnam
from quizapp.services import accounts, contests, round_papers, rulebooks, units
from quizapp.services.accounts import RoleName
from quizapp.services.vault import Vault

DOMAIN = "demo.test"  # a domain that nobody can own
OPEN, DRAFT = "cuoc-thi-mau", "livestream-mau"  # addresses of the two contests


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


def seed_contests(session: Session, vault: Vault, *, now: datetime) -> list[str]:
    """Make the demo's contests that are missing, and say which that were: one whose first week is running, and a draft.

    Nothing happens where the demo's organizers are not there.
    """
    hana, kim = find(session, vault, "hana"), find(session, vault, "kim")
    if hana is None or kim is None:
        return []
    there = set(session.scalars(select(Contest.slug).where(Contest.slug.in_((OPEN, DRAFT)))))
    if OPEN not in there:
        _seed_open(session, vault, hana, kim, now)
    if DRAFT not in there:
        rules = model_rulebooks.livestream(day_in_vietnam(now + WEEK))
        _share(session, rulebooks.begin(session, vault, DRAFT, rules, hana.id, now=now), kim, now)
    return [slug for slug in (OPEN, DRAFT) if slug not in there]


def _seed_open(session: Session, vault: Vault, hana: Person, kim: Person, now: datetime) -> None:
    """Rulebook A with its first week running now, easy to enter for somebody who only looks around."""
    rules = _open_rules(now)
    before = rules.rounds[0].opens_at - timedelta(days=3)
    made = rulebooks.begin(session, vault, OPEN, rules, hana.id, now=before)
    _share(session, made, kim, before)
    for name, people in (("Liên đoàn Lao động (mẫu)", 740), ("Trường Trung học phổ thông (mẫu)", 1_250)):
        unit = units.add(session, made, hana.id, "unit", name, level=rules.unit_levels[0], now=before)
        units.set_headcount(session, made, hana.id, unit, people, now=before)
    rulebooks.open_to_public(session, made, hana.id, now=before)
    try:
        round_papers.commit(session, vault, made, contests.round_of(made, rules.rounds[0].key), now=now)
    except deal.NotEnough:
        return  # without a bank there is nothing to look at; the clock tries again once there is one


def _open_rules(now: datetime) -> Settings:
    rules = model_rulebooks.weekly(day_in_vietnam(now))
    lines = tuple(
        BlueprintLine(topic=topic, count=count)
        for topic, count in (
            ("nguoi-su-dung-lao-dong", 3),
            ("nguoi-lao-dong", 3),
            ("thu-tuc-ho-so", 2),
            ("quy-hutribosung-xuly", 2),
        )
    )
    by = datetime.combine(_first_day(now), rules.rounds[0].opens_at.timetz()) - rules.rounds[0].opens_at
    rounds = tuple(
        replace(
            one,
            opens_at=one.opens_at + by,
            closes_at=one.closes_at + by,
            closes_phrase="",
            paper=replace(one.paper, blueprint=lines),
        )
        for one in rules.rounds
    )
    return replace(
        rules,
        name=Words("Cuộc thi mẫu: Tìm hiểu Luật Bảo hiểm xã hội 2024", "Sample contest: the 2024 Social Insurance Law"),
        contact=Words("Tổ Thư ký của cuộc thi mẫu", "The secretariat of the sample contest"),
        who=replace(rules.who, fields=Fields()),
        rounds=rounds,
    )


def _first_day(now: datetime) -> date:
    """The Monday of this week; where its round is not open now, or nearly over, yesterday."""
    local = now.astimezone(VIETNAM)
    monday = local.date() - timedelta(days=(local.weekday() - MONDAY) % 7)
    early = local.weekday() == MONDAY and local.hour < 8
    return local.date() - timedelta(days=1) if early or local.weekday() > 4 else monday


def _share(session: Session, contest: Contest, person: Person, now: datetime) -> None:
    """Somebody else in the secretariat, for steps that need two."""
    role = contests.SECRETARIAT
    session.add(ContestRole(contest_id=contest.id, person_id=person.id, role=role, given_at=now))
    session.flush()


def find(session: Session, vault: Vault, who: str) -> Person | None:
    """The demo account of this name, if it was seeded."""
    tag = vault.tag("email", f"{who}@{DOMAIN}")
    return session.scalar(select(Person).where(Person.email_tag == tag))


def is_demo(login: str) -> bool:
    """Whether somebody signs in with a demo account, which a public site refuses."""
    return login.strip().lower().endswith(f"@{DOMAIN}")
