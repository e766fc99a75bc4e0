"""Accounts: register, sign in and out, choose, and what the admin may do with them.

Comparing a password takes long and must not hold up a transaction, so signing in takes three steps: `claim` (who is
meant, and is it too fast?), `passwords.matches`, `settle`. A claim counts as a failure until it is settled, so that
guessing many at once gains nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast, get_args

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp import news
from quizapp.errors import Conflict, NotAllowed, NotFound, TooMany, Unreadable
from quizapp.models import Person, Role, SignIn, SignInFailure, new_id
from quizapp.rules import identity
from quizapp.rules.identity import LoginKind
from quizapp.rules.words import fold
from quizapp.services import deeds, passwords, tokens
from quizapp.services.vault import Vault

RoleName = Literal["organizer", "reviewer", "admin"]
ROLES: tuple[RoleName, ...] = get_args(RoleName)

FREE_TRIES = 5
SLOWED_FOR = timedelta(seconds=30)  # between tries after that; nobody is ever locked out
FORGOTTEN_AFTER = timedelta(minutes=15)
IDLE_FOR = timedelta(days=30)  # a browser not seen for so long must sign in again
SEEN_EVERY = timedelta(minutes=10)  # how exactly "last seen" is kept

MOST_MEMBERS = 20  # of one household

PAGE = 50


@dataclass(frozen=True)
class SignedOut:
    """News: a sign-in ended, and whatever it held open must close."""

    person_id: str
    sign_in_id: str


@dataclass(frozen=True)
class Someone:
    """Who is signed in: as much of an account as pages need."""

    id: str
    name: str
    roles: frozenset[str]
    appears: bool
    language: str
    sign_in_id: str
    seen_at: datetime


@dataclass(frozen=True)
class Prepared:
    """An account that may be registered: everything checked, the password already hashed."""

    kind: LoginKind
    login: str
    name: str
    password_hash: str


@dataclass(frozen=True)
class Claim:
    """Somebody says they own an account; `person_id` is None when there is none, which must not show."""

    account_tag: str
    person_id: str | None
    password_hash: str


@dataclass(frozen=True)
class Opened:
    """A new sign-in, with the token that only its browser keeps."""

    token: str
    sign_in_id: str
    person: Person


class AlreadyThere(Conflict):
    """There is an account with this phone or email."""

    code = "already-there"
    sentence = "Số điện thoại hoặc email này đã có tài khoản. Vui lòng đăng nhập."


class WrongPassword(NotAllowed):
    """The old password was not right."""

    code = "wrong-password"
    sentence = "Mật khẩu hiện tại chưa đúng."


# ── Registering ─────────────────────────────────────────────────────────────────────────────────────────────────


def prepare(login: str, name: str, password: str) -> Prepared:
    """Check what somebody wants to register with, and hash the password. Slow: not inside a transaction."""
    kind, plain_login = identity.login(login)
    plain_name = identity.name(name)
    plain_password = identity.password(password, (plain_name, plain_login))
    return Prepared(kind, plain_login, plain_name, passwords.kept(plain_password))


def register(
    session: Session, vault: Vault, wish: Prepared, *, appears: bool = False, language: str = "vi", now: datetime
) -> Person:
    """Make the account; refuses a phone or email that has one already."""
    person = Person(
        id=new_id(),
        name=wish.name,
        search=fold(wish.name),
        password_hash=wish.password_hash,
        appears=appears,
        language=language,
        made_at=now,
    )
    _keep_login(vault, person, wish.kind, wish.login)
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as taken:
        raise AlreadyThere() from taken
    return person


def add_member(session: Session, keeper: Person, name: str, *, now: datetime) -> Person:
    """An account of somebody in `keeper`'s household without a phone of their own: nobody signs in to it but through
    the keeper's account."""
    count = session.scalar(select(func.count()).select_from(Person).where(Person.keeper_id == keeper.id)) or 0
    if keeper.keeper_id is not None or count >= MOST_MEMBERS:
        raise Conflict("Tài khoản này không đăng ký thêm cho người nhà được nữa.")
    plain = identity.name(name[: identity.LONGEST_NAME])
    made = Person(
        id=new_id(),
        name=plain,
        search=fold(plain),
        password_hash=passwords.NOBODY,
        language=keeper.language,
        keeper_id=keeper.id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


def find_member(session: Session, keeper_id: str, member_id: str) -> Person:
    """Somebody of one's own household."""
    found = session.get(Person, member_id)
    if found is None or found.keeper_id != keeper_id or found.blocked_at is not None:
        raise NotFound()
    return found


# ── Signing in and out ──────────────────────────────────────────────────────────────────────────────────────────


def claim(session: Session, vault: Vault, login: str, *, now: datetime) -> Claim:
    """Look up who is meant, for somebody who will show a password next. Refuses when tries come too fast.

    Known and unknown accounts look alike: both are slowed, and both have a hash to compare with.
    """
    try:
        kind, plain = identity.login(login)
    except Unreadable:
        kind, plain = "phone", fold(login)[:200]
    tag = vault.tag(kind, plain)
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - FORGOTTEN_AFTER))
    of_account = SignInFailure.account_tag == tag
    tries, last = session.execute(select(func.count(), func.max(SignInFailure.at)).where(of_account)).one()
    if tries >= FREE_TRIES and now < last + SLOWED_FOR:
        raise TooMany("Đăng nhập chưa đúng nhiều lần. Vui lòng chờ 30 giây rồi thử lại.")
    session.add(SignInFailure(account_tag=tag, at=now))
    column = Person.phone_tag if kind == "phone" else Person.email_tag
    found = session.execute(select(Person.id, Person.password_hash).where(column == tag)).one_or_none()
    session.flush()
    return Claim(tag, None, passwords.NOBODY) if found is None else Claim(tag, found.id, found.password_hash)


def settle(session: Session, claimed: Claim, right: bool, *, device: str, now: datetime) -> Opened | None:
    """Open a sign-in if the password was right; nobody gets one otherwise. Refuses a blocked account."""
    if claimed.person_id is None or not right:
        return None
    session.execute(delete(SignInFailure).where(SignInFailure.account_tag == claimed.account_tag))
    person = session.get_one(Person, claimed.person_id)
    if person.blocked_at is not None:
        raise NotAllowed("Tài khoản này đang tạm khóa. Vui lòng liên hệ ban tổ chức.")
    return open_sign_in(session, person, device=device, now=now)


def open_sign_in(session: Session, person: Person, *, device: str, now: datetime) -> Opened:
    """A new sign-in for somebody whose identity is already certain."""
    token, token_hash = tokens.new_token()
    row = SignIn(id=new_id(), person_id=person.id, token_hash=token_hash, device=device[:80], made_at=now, seen_at=now)
    session.add(row)
    session.flush()
    return Opened(token, row.id, person)


def who(session: Session, token: str, *, now: datetime) -> Someone | None:
    """Who holds this token, if their sign-in still lives: one query, asked on every request."""
    rows = session.execute(
        select(SignIn.id, SignIn.seen_at, Person.id, Person.name, Person.appears, Person.language, Role.name)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(Role, Role.person_id == Person.id)
        .where(
            SignIn.token_hash == tokens.token_hash(token),
            SignIn.ended_at.is_(None),
            SignIn.seen_at > now - IDLE_FOR,
            Person.blocked_at.is_(None),
        )
    ).all()
    if not rows:
        return None
    sign_in_id, seen_at, person_id, name, appears, language, _ = rows[0]
    roles = frozenset(row[-1] for row in rows if row[-1] is not None)
    return Someone(person_id, name, roles, appears, language, sign_in_id, seen_at)


def seen(session: Session, sign_in_id: str, *, now: datetime) -> None:
    """Keep that this browser was here; callers ask at most every `SEEN_EVERY`."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(seen_at=now))


def sign_ins(session: Session, person_id: str, *, now: datetime) -> Sequence[SignIn]:
    """The browsers where somebody is signed in, the latest first."""
    alive = (SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.seen_at > now - IDLE_FOR)
    return session.scalars(select(SignIn).where(*alive).order_by(SignIn.seen_at.desc(), SignIn.id)).all()


def sign_out(session: Session, person_id: str, sign_in_id: str, *, now: datetime) -> None:
    """End one of somebody's own sign-ins; one that has ended or is another's changes nothing."""
    ending = update(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if cast("CursorResult[object]", session.execute(ending.values(ended_at=now))).rowcount == 1:
        news.tell(session, SignedOut(person_id, sign_in_id))


def sign_out_everywhere(session: Session, person_id: str, *, but: str | None = None, now: datetime) -> int:
    """End all of somebody's sign-ins, or all but one, and say how many that were."""
    alive = session.scalars(select(SignIn.id).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))).all()
    ended = [sign_in_id for sign_in_id in alive if sign_in_id != but]
    for sign_in_id in ended:
        sign_out(session, person_id, sign_in_id, now=now)
    return len(ended)


# ── One's own account ───────────────────────────────────────────────────────────────────────────────────────────


def find(session: Session, person_id: str) -> Person:
    """One's own account, or for the admin anybody's."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound()
    return person


def rename(session: Session, person: Person, name: str) -> None:
    """Change the name; what was shown on past boards of rooms stays as it was."""
    person.name = identity.name(name)
    person.search = fold(person.name)
    session.flush()


def choose(session: Session, person: Person, *, appears: bool | None = None, language: str | None = None) -> None:
    """Change whether one stands on leaderboards, and the language of the account."""
    if appears is not None:
        person.appears = appears
    if language is not None:
        person.language = language
    session.flush()


def new_password_hash(person: Person, vault: Vault, old: str, new: str) -> str:
    """What to keep of a new password, if the old one was right and the new one is not too easy. Slow."""
    if not passwords.matches(person.password_hash, old):
        raise WrongPassword()
    return passwords.kept(identity.password(new, (person.name, *contacts(vault, person))))


def change_password(session: Session, person: Person, password_hash: str, *, keep: str, now: datetime) -> None:
    """Keep the new password and sign out everywhere but here: whoever knew the old one is out."""
    person.password_hash = password_hash
    sign_out_everywhere(session, person.id, but=keep, now=now)
    session.flush()


def contacts(vault: Vault, person: Person) -> list[str]:
    """The phone and email of an account, for its owner only."""
    places = (("phone_sealed", person.phone_sealed), ("email_sealed", person.email_sealed))
    return [
        vault.open(sealed, table="person", column=column, row=person.id)
        for column, sealed in places
        if sealed is not None
    ]


def masked_contacts(vault: Vault, person: Person) -> list[str]:
    """Phone and email as staff may see them: enough to tell two people apart."""
    return [
        identity.masked_email(value) if "@" in value else identity.masked_phone(value)
        for value in contacts(vault, person)
    ]


# ── What the admin does ─────────────────────────────────────────────────────────────────────────────────────────


def search(
    session: Session, vault: Vault, words: str, *, role: str = "", after: str = "", limit: int = PAGE
) -> Sequence[Person]:
    """Accounts by a whole phone or email, or by parts of the name with or without accents; newest first.

    `after` is the id of the last one already shown.
    """
    wanted = select(Person).order_by(Person.made_at.desc(), Person.id.desc()).limit(limit)
    try:
        kind, plain = identity.login(words)
        wanted = wanted.where((Person.phone_tag if kind == "phone" else Person.email_tag) == vault.tag(kind, plain))
    except Unreadable:
        for word in fold(words).split():
            wanted = wanted.where(Person.search.contains(word, autoescape=True))
    if role:
        wanted = wanted.where(Person.roles.any(Role.name == role))
    last = session.get(Person, after) if after else None
    if last is not None:
        older = (Person.made_at < last.made_at) | ((Person.made_at == last.made_at) & (Person.id < last.id))
        wanted = wanted.where(older)
    return session.scalars(wanted).all()


def names(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The names of these accounts; ids of nobody are left out."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


def give_role(session: Session, admin_id: str | None, person: Person, role: str, *, now: datetime) -> None:
    """Give somebody a role. Giving one they have changes nothing."""
    if role not in ROLES:
        raise Unreadable()
    before = _role_names(person)
    if role in before:
        return
    person.roles.append(Role(name=role, given_at=now))
    session.flush()
    after = {"roles": _role_names(person)}
    deeds.note(session, admin_id, "role.give", f"person/{person.id}", {"roles": before}, after, now=now)


def take_role(session: Session, admin_id: str | None, person: Person, role: str, *, now: datetime) -> None:
    """Take a role from somebody, who has to sign in again. Nobody takes the admin's role from themselves."""
    before = _role_names(person)
    if role not in before:
        return
    if role == "admin" and person.id == admin_id:
        raise Conflict("Không thể tự bỏ vai trò quản trị của chính mình. Hãy nhờ một quản trị viên khác.")
    person.roles[:] = [held for held in person.roles if held.name != role]
    sign_out_everywhere(session, person.id, now=now)
    session.flush()
    after = {"roles": _role_names(person)}
    deeds.note(session, admin_id, "role.take", f"person/{person.id}", {"roles": before}, after, now=now)


def block(session: Session, admin_id: str | None, person: Person, *, reason: str, now: datetime) -> None:
    """Shut somebody out until unblocked, at once and everywhere. Nobody blocks themselves."""
    if person.id == admin_id:
        raise Conflict("Không thể tự khóa tài khoản của chính mình.")
    if person.blocked_at is not None:
        return
    person.blocked_at = now
    sign_out_everywhere(session, person.id, now=now)
    session.flush()
    deeds.note(session, admin_id, "person.block", f"person/{person.id}", None, {"reason": reason[:200]}, now=now)


def unblock(session: Session, admin_id: str | None, person: Person, *, now: datetime) -> None:
    """Let somebody in again."""
    if person.blocked_at is None:
        return
    person.blocked_at = None
    session.flush()
    deeds.note(session, admin_id, "person.unblock", f"person/{person.id}", None, None, now=now)


def _role_names(person: Person) -> list[str]:
    return sorted(role.name for role in person.roles)


def _keep_login(vault: Vault, person: Person, kind: LoginKind, login: str) -> None:
    sealed = vault.seal(login, table="person", column=f"{kind}_sealed", row=person.id)
    if kind == "phone":
        person.phone_tag, person.phone_sealed = vault.tag(kind, login), sealed
    else:
        person.email_tag, person.email_sealed = vault.tag(kind, login), sealed
