"""The command line: the same services for whoever sits at the machine."""

from __future__ import annotations

import json
import secrets
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from quizapp import clock, db, schema
from quizapp.config import Config
from quizapp.errors import Refusal
from quizapp.formats import registry, sandbox
from quizapp.formats.upload import Problem
from quizapp.rules import bank as bank_rules
from quizapp.rules.bank import Fault, Sheet, Topic
from quizapp.rules.contest import LiveScoring
from quizapp.rules.draw import pack, sha256
from quizapp.rules.show import Settings
from quizapp.services import accounts, banks, demo, exchange, filing, laws, shows


def install(app: Flask, settings: Config) -> None:
    """Give `app` its commands."""
    for group in (bank, user, demo_group, show, database):
        app.cli.add_command(group)


def _settings() -> Config:
    settings = current_app.extensions["quiz_config"]
    assert isinstance(settings, Config)
    return settings


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


# ── bank ────────────────────────────────────────────────────────────────────────────────────────────────────────

bank = AppGroup("bank", help="Ngân hàng câu hỏi / the bank of questions.")
_as_json = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON / print JSON.")


@bank.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@_as_json
def check(path: Path | None, as_json: bool) -> None:
    """Kiểm tra tệp câu hỏi (một tệp, một thư mục, mặc định: questions/). Không cần cơ sở dữ liệu.

    Thoát với mã 1 nếu có lỗi. / Check question files; exits with 1 if there are faults.
    """
    sheets = _sheets(path or _settings().questions)
    faults = [fault for sheet in sheets for fault in sheet.faults]
    questions = len({question.item for sheet in sheets for question in sheet.questions})
    if as_json:
        _print_json({"files": len(sheets), "questions": questions, "faults": _plain(faults)})
    else:
        _show(faults)
        click.echo(f"{len(sheets)} tệp, {questions} câu hỏi đạt yêu cầu, {len(faults)} lỗi.")
    if faults or not sheets:
        raise SystemExit(1)


@bank.command("load")
@_as_json
def load(as_json: bool) -> None:
    """Nạp tệp câu hỏi vào ngân hàng; tệp có lỗi không được nạp. / Load the question files into the bank."""
    sheets = banks.read(_settings().questions)
    with db.begin() as session:
        report = banks.load(session, sheets, now=clock.now())
    if as_json:
        _print_json({**asdict(report), "faults": _plain(report.faults)})
    else:
        _show(report.faults)
        click.echo(
            f"Thêm {len(report.added)}, đổi {len(report.changed)}, giữ nguyên {report.unchanged}, "
            f"ngừng dùng {len(report.vanished)}, dùng lại {len(report.returned)} câu hỏi; "
            f"{len(report.faults)} lỗi trong tệp."
        )
        if report.kept:
            click.echo(f"Giữ bản đã sửa trên trang, không lấy theo tệp: {', '.join(report.kept)}.")
    if report.faults:
        raise SystemExit(1)


@bank.command("stats")
@_as_json
def stats(as_json: bool) -> None:
    """Số liệu của ngân hàng: theo chủ đề, loại, mức độ. / Figures of the bank."""
    with db.read() as session:
        figures = banks.figures(session)
    if as_json:
        _print_json(asdict(figures))
        return
    for topic in figures.topics:
        kinds = ", ".join(f"{kind} {count}" for kind, count in topic.kinds.items() if count)
        levels = ", ".join(f"{level} {count}" for level, count in topic.difficulties.items() if count)
        click.echo(f"{topic.letter}  {topic.questions:>4}  {topic.slug:<26} {kinds} | {levels}")
    click.echo(
        f"Tổng {figures.questions} câu đang dùng, {figures.retired} câu ngừng dùng, {figures.scenarios} tình huống; "
        f"câu đúng/sai: {figures.true_share:.0%} đúng; "
        f"phương án đúng dài nhất: {figures.longest_right_share:.0%}; {figures.faults} lỗi trong tệp."
    )


@bank.command("export")
@click.option("--format", "name", required=True, type=click.Choice(list(registry.FORMATS)), help="Định dạng / format.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Tệp ghi ra, hoặc thư mục (toml) / file, or folder."
)
@click.option("--topic", "topics", multiple=True, help="Chủ đề / topic; lặp lại được, mặc định: tất cả.")
def export(name: str, out: Path, topics: tuple[str, ...]) -> None:
    """Xuất các câu hỏi đã duyệt ra tệp; nội dung mà định dạng không giữ được được nêu ra.

    Định dạng có giới hạn số câu được ghi thành nhiều tệp; toml với một thư mục ghi lại từng tệp của questions/, giữ
    nguyên mọi chỗ không đổi. / Write the approved questions into a file, or back into a folder of question files.
    """
    if name == "toml" and not topics and (out.is_dir() or not out.suffix):
        return _export_files(out)
    if out.is_dir():
        raise click.ClickException("Chỉ định dạng toml ghi được ra thư mục. / Only toml writes a folder.")
    made = registry.FORMATS[name]
    with db.read() as session:
        heads = [Topic(one.slug, one.letter, one.name, one.lead) for one in banks.topics(session)]
        questions = exchange.chosen(session, topics)
    held = [question for question in questions if made.holds(question)]
    if not held:
        raise click.ClickException("Không có câu hỏi nào xuất được với lựa chọn này.")
    most = made.most or len(held)
    parts = [held[begin : begin + most] for begin in range(0, len(held), most)]
    for number, part in enumerate(parts, 1):
        path = out if len(parts) == 1 else out.with_stem(f"{out.stem}-{number}")
        path.write_bytes(made.write(part, heads))
        click.echo(f"{path}: {len(part)} câu hỏi.")
    with db.begin() as session:
        exchange.note_export(session, None, name, len(held), now=clock.now())
    if len(held) < len(questions):
        click.echo(f"{len(questions) - len(held)} câu hỏi không thể có trong tệp này.", err=True)
    for loss, count in Counter(loss for question in held for loss in made.losses(question)).most_common():
        click.echo(f"Không giữ được: {loss} ({count} câu hỏi).", err=True)


def _export_files(folder: Path) -> None:
    """The bank back into its question files; refuses while a file there says what was not loaded yet."""
    with db.read() as session:
        filed = filing.files(session)
    try:
        changed = filing.write(filed, folder)
    except filing.FileMoved as refusal:
        raise click.ClickException(f"{refusal.sentence} ({', '.join(refusal.files)})") from refusal
    with db.begin() as session:
        exchange.note_export(session, None, "toml", len(filed.changed) + len(filed.added), now=clock.now())
    click.echo(f"{folder}: {len(filed.texts)} tệp, {len(changed)} tệp thay đổi.")
    for words, ids in (
        ("Đổi theo bản đã duyệt trên trang", filed.changed),
        ("Thêm vào tệp", filed.added),
        ("Bỏ khỏi tệp vì ngừng dùng", filed.dropped),
        ("Giữ theo tệp vì cả hai cùng sửa, cần chọn ở trang đối chiếu", filed.open),
    ):
        if ids:
            click.echo(f"{words}: {', '.join(ids)}.")


@bank.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "name", default="", type=click.Choice(["", *registry.FORMATS]), help="Định dạng / format.")
@click.option("--topic", default="", help="Chủ đề cho câu không ghi chủ đề / topic of questions that name none.")
@_as_json
def import_file(file: Path, name: str, topic: str, as_json: bool) -> None:
    """Đọc tệp câu hỏi thành bản nháp; dòng có lỗi không được nhập.

    Thoát với mã 1 nếu có dòng lỗi hoặc tệp không đọc được. / Read a file into drafts; exits with 1 if a line is faulty.
    """
    try:
        name, found = sandbox.read(file.read_bytes(), name, file.name)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    law = laws.of(_settings().questions)
    read = [exchange.Read(row.where, row.values, [_remark(problem) for problem in row.problems]) for row in found.rows]
    with db.read() as session:
        lines = exchange.check(session, read, law, otherwise=topic)
    taken = []
    for begin in range(0, len(lines), exchange.AT_ONCE):
        with db.begin() as session:
            some = lines[begin : begin + exchange.AT_ONCE]
            taken += exchange.take_now(session, some, law, file_name=file.name, now=clock.now())
    faulty = [line for line in lines if line.faults]
    notes = [(note.where, _sentence(_remark(note))) for note in found.notes]
    if as_json:
        _print_json(
            {
                "format": name,
                "drafts": [{"where": line.where, "id": id} for line, id in taken],
                "faults": [
                    {"where": line.where, "problems": [_sentence(fault) for fault in line.faults]} for line in faulty
                ],
                "notes": [{"where": where, "note": sentence} for where, sentence in notes],
                "conversion": None if found.conversion is None else asdict(found.conversion),
            }
        )
    else:
        for where, sentence in notes:
            click.echo(f"{where}: {sentence}")
        for line in faulty:
            for fault in line.faults:
                click.echo(f"{line.where}: {_sentence(fault)}", err=True)
        click.echo(f"{registry.FORMATS[name].title}: {len(taken)} bản nháp, {len(faulty)} dòng lỗi.")
        if found.conversion is not None:
            click.echo(f"Chữ đã chuyển từ {found.conversion.charset} sang Unicode: {found.conversion.after}")
    if faulty or not taken:
        raise SystemExit(1)


def _remark(problem: Problem) -> exchange.Remark:
    return exchange.Remark(problem.message, problem.remedy, dict(problem.details), problem.where)


def _sentence(remark: exchange.Remark) -> str:
    return " ".join(filter(None, (remark.message % remark.details, remark.remedy % remark.details)))


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

user = AppGroup("user", help="Tài khoản / accounts.")
demo_group = AppGroup("demo", help="Dữ liệu dùng thử / the demo.")


@user.command("add")
@click.argument("name")
@click.argument("login")
@click.option("--role", "roles", multiple=True, type=click.Choice(accounts.ROLES), help="Vai trò / role; lặp lại được.")
@click.option("--password-stdin", is_flag=True, help="Đọc mật khẩu từ đầu vào / read the password from stdin.")
@click.option("--generate", is_flag=True, help="Tạo mật khẩu ngẫu nhiên và in ra / make up a password and print it.")
@_as_json
def add_user(
    name: str, login: str, roles: tuple[accounts.RoleName, ...], password_stdin: bool, generate: bool, as_json: bool
) -> None:
    """Thêm tài khoản: họ tên, rồi số điện thoại hoặc email. / Add an account: name, then phone or email."""
    password = _new_password(password_stdin, generate)
    try:
        wish = accounts.prepare(login, name, password)
        schema.upgrade(db.engine())
        with db.begin() as session:
            made = accounts.register(session, current_app.extensions["vault"], wish, now=clock.now())
            for role in roles:
                accounts.give_role(session, None, made, role, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    shown = {"password": password} if generate else {}
    if as_json:
        _print_json({"id": made.id, "name": made.name, "login": wish.login, "roles": sorted(set(roles)), **shown})
        return
    click.echo(f"Đã thêm {made.name} ({wish.login}), vai trò: {', '.join(sorted(set(roles))) or 'người dự thi'}.")
    if generate:
        click.echo(f"Mật khẩu: {password}")


@demo_group.command("seed")
@_as_json
def seed_demo(as_json: bool) -> None:
    """Thêm các tài khoản dùng thử còn thiếu, chỉ trên máy phát triển. / Add the missing demo accounts."""
    if not _settings().shows_demo:
        raise click.ClickException(
            "Tài khoản dùng thử có mật khẩu công khai nên chỉ tạo được khi HOST là máy này và QUIZ_ENV=development. / "
            "Demo passwords are public: only with a local HOST and QUIZ_ENV=development."
        )
    schema.upgrade(db.engine())
    with db.begin() as session:
        added = demo.seed(session, current_app.extensions["vault"], now=clock.now())
        demo.seed_contests(session, current_app.extensions["vault"], now=clock.now())
    if as_json:
        logins = [{"login": one.login, "password": one.password, "roles": list(one.roles)} for one in demo.LOGINS]
        _print_json({"added": added, "logins": logins})
        return
    click.echo(f"Đã thêm {added} tài khoản dùng thử:")
    for one in demo.LOGINS:
        click.echo(f"  {one.login:<16} {one.password:<18} {one.what}")


def _new_password(from_stdin: bool, generate: bool) -> str:
    if generate:
        return secrets.token_urlsafe(12)
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Mật khẩu / password", hide_input=True, confirmation_prompt=True))


def _sheets(path: Path) -> tuple[Sheet, ...]:
    """The question files at `path`, checked against the law's text of this site."""
    paths = [path] if path.is_file() else sorted(path.glob("*.toml"))
    return bank_rules.check({str(one): one.read_bytes() for one in paths}, laws.of(_settings().questions))


def _show(faults: Sequence[Fault]) -> None:
    for fault in faults:
        problem, remedy = fault.say()
        where = f"{fault.file}:{fault.line}" + (f" ({fault.question})" if fault.question else "")
        click.echo(f"{where}\n  Lỗi: {problem}\n  Cách sửa: {remedy}", err=True)


def _plain(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    return [
        {
            "file": f.file,
            "line": f.line,
            "question": f.question,
            **dict(zip(("problem", "remedy"), f.say(), strict=True)),
        }
        for f in faults
    ]


# ── Live rooms ──────────────────────────────────────────────────────────────────────────────────────────────────


show = AppGroup("show", help="Phòng thi trực tiếp / live rooms.")


@show.command("new")
@click.option("--topic", help="Slug of a topic; all topics without it.")
@click.option("--questions", default=10, show_default=True, type=click.IntRange(1, 30), help="How many questions.")
@click.option("--seconds", default=20, show_default=True, type=click.IntRange(5, 120), help="Time for each answer.")
@click.option("--seed", help="The same seed and bank give the same room.")
@click.option("--scoring", default=Settings().scoring, show_default=True, type=click.Choice(get_args(LiveScoring)))
@click.option("--reserves", default=0, show_default=True, type=click.IntRange(0, 5), help="Questions standing by.")
@click.option("--auto", is_flag=True, help="Once the host starts it, the show leads itself to its end.")
@click.option("--join-until", default=1, show_default=True, type=click.IntRange(1, 30), help="Last for newcomers.")
@click.option("--first-counts", is_flag=True, help="The first answer is final (by default the last one counts).")
@click.option("--title", default="", help="What the screens are headed with.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def new_show(
    topic: str | None,
    questions: int,
    seconds: int,
    seed: str | None,
    scoring: LiveScoring,
    reserves: int,
    auto: bool,
    join_until: int,
    first_counts: bool,
    title: str,
    as_json: bool,
) -> None:
    """Make a live room, ready to play, outside any contest."""
    rules = Settings(
        seconds=seconds,
        scoring=scoring,
        may_change=not first_counts,
        join_until=join_until,
        reserves=reserves,
    )
    drawn_from = sha256(pack("quiz-show-1", seed)) if seed is not None else None
    try:
        with db.begin() as session:
            made = shows.from_bank(session, topic, questions, title, rules, now=clock.now(), seed=drawn_from)
            if auto:
                shows.press(session, made, "auto", {"on": True}, now=clock.now())
            addresses = _addresses(made.id, made.code)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    if as_json:
        _print_json(addresses)
    else:
        click.echo("\n".join(f"{name}: {value}" for name, value in addresses.items()))


def _addresses(show_id: int, code: str) -> dict[str, str]:
    """Where to go for a room: players, host, stage, overlay."""
    settings = _settings()
    site = settings.public_url or f"http://{settings.host}:{settings.port}"
    mint = current_app.extensions["mint"]
    host, layer = mint.room_token("host", show_id), mint.room_token("overlay", show_id)
    return {
        "code": code,
        "room_url": f"{site}/phong/{code}",
        "host_url": f"{site}/phong/{code}/dieu-khien?khoa={host}",
        "stage_url": f"{site}/phong/{code}/man-hinh",
        "overlay_url": f"{site}/phong/{code}/lop-phu?khoa={layer}",
        "host_token": host,
    }


# ── The database ────────────────────────────────────────────────────────────────────────────────────────────────


database = AppGroup("db", help="Cơ sở dữ liệu / the database.")


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to the shape this version expects."""
    schema.upgrade(db.engine())
