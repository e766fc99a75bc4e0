"""The command line of contests: made, taken in, written out, counted, and their results read."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import clock, db, schema, tallying
from quizapp.errors import NotFound, Refusal
from quizapp.models import Contest
from quizapp.rules import archive as written
from quizapp.rules import model_rulebooks, stage
from quizapp.rules.timing import day_in_vietnam
from quizapp.services import (
    archive_imports,
    archives,
    contest_results,
    contest_roles,
    contests,
    rulebooks,
    snapshots,
    tallies,
)
from quizapp.services.archive_intake import Fault, Faulty
from quizapp.services.vault import Vault

LARGEST = 1 << 30  # bytes of an archive

contest = AppGroup("contest", help="Cuộc thi / contests.")
_secretariat = click.option(
    "--secretary",
    "secretariat",
    multiple=True,
    metavar="LOGIN",
    help="Tài khoản vào Tổ Thư ký; lặp lại được / an account for the secretariat; may be repeated.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON / print JSON.")


def install(app: Flask) -> None:
    """Give `app` the commands of contests."""
    app.cli.add_command(contest)


@contest.command("list")
@_as_json
def list_contests(as_json: bool) -> None:
    """Các cuộc thi trên máy này. / The contests here."""
    found: list[dict[str, Any]]
    with db.read() as session:
        found = [
            {
                "slug": one.slug,
                "name": contests.settings(one).name.vi,
                "published": one.published_at is not None,
                "rounds": {row.key: row.state for row in one.rounds},
            }
            for one in session.scalars(select(Contest).order_by(Contest.id))
        ]
    if as_json:
        _print_json(found)
        return
    for one in found:
        click.echo(f"{one['slug']}: {one['name']}")
        for key, state in one["rounds"].items():
            click.echo(f"  {key}: {state}")
    click.echo(f"{len(found)} cuộc thi.")


@contest.command("new")
@click.argument("slug")
@click.option("--template", "key", default="A", show_default=True, help="A, B hoặc C / a ready rulebook.")
@click.option("--first-day", type=click.DateTime(["%Y-%m-%d"]), help="Ngày sớm nhất được mở vòng đầu / not before.")
@_secretariat
def new_contest(slug: str, key: str, first_day: Any, secretariat: tuple[str, ...]) -> None:
    """Bản nháp mới theo một thể lệ mẫu. / A new draft from a ready rulebook."""
    ready = dict(zip("ABC", model_rulebooks.MODELS, strict=True)) | {one.key: one for one in model_rulebooks.MODELS}
    model = ready.get(key) or ready.get(key.upper())
    if model is None:
        raise click.ClickException(f"Không có thể lệ mẫu «{key}». Các mẫu: {', '.join(ready)}.")
    schema.upgrade(db.engine())
    day: date = first_day.date() if first_day else day_in_vietnam(clock.now()) + timedelta(days=7)
    with _refusals(), db.begin() as session:
        made = rulebooks.begin(session, _vault(), slug, model.make(day), None, now=clock.now())
        _employ(session, made, secretariat)
    click.echo(f"Đã tạo bản nháp {slug}: {model.name.vi}.")


@contest.command("export")
@click.argument("slug")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Tệp ghi ra / the file.")
@click.option("--with-names", is_flag=True, help="Kèm họ tên và ngày sinh đầy đủ / names and whole birth dates too.")
def export(slug: str, out: Path, with_names: bool) -> None:
    """Ghi toàn bộ cuộc thi ra một tệp JSON; mặc định không có họ tên. / A whole contest into one JSON file."""
    with _refusals(), db.read() as session:
        made = archives.give(session, _vault(), _find(session, slug), with_names=with_names)
    out.write_bytes(written.write(made))
    click.echo(f"{out}: {len(made.people or ())} người, {len(made.attempts)} lượt thi.")
    if with_names:
        click.echo("Tệp có họ tên và ngày sinh: chỉ chuyển cho người được phép xem.", err=True)


@contest.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", help="Địa chỉ mới của cuộc thi / another address.")
@click.option("--force-new", is_flag=True, help="Địa chỉ đã có thì thêm số vào sau / number it where it is taken.")
@_secretariat
@_as_json
def import_archive(file: Path, slug: str | None, force_new: bool, secretariat: tuple[str, ...], as_json: bool) -> None:
    """Nhập một cuộc thi từ tệp JSON: nhập tất cả, hoặc không nhập gì nếu có lỗi.

    Thoát với mã 1 nếu có lỗi, mỗi lỗi một dòng với vị trí trong tệp. / Take in a whole contest, or nothing.
    """
    schema.upgrade(db.engine())
    try:
        if file.stat().st_size > LARGEST:
            raise click.ClickException("Tệp lớn quá 1 GiB.")
        archive = written.read(file.read_bytes())
        with db.begin() as session:
            wanted = slug or archive.slug
            if force_new and wanted:
                wanted = _free(session, wanted)
            taken = archive_imports.take(session, _vault(), archive, now=clock.now(), slug=wanted)
            _employ(session, taken.contest, secretariat)
            address = taken.contest.slug
    except Faulty as refusal:
        _stop(refusal.faults, as_json)
    except written.Misshapen as refusal:
        _stop([Fault(refusal.where, refusal.sentence)], as_json)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    if as_json:
        said = {"slug": address, "people": taken.people, "attempts": taken.attempts, "notes": list(taken.notes)}
        _print_json({**said, "faults": []})
        return
    for note in taken.notes:
        click.echo(note, err=True)
    click.echo(f"{address}: {taken.people} người, {taken.attempts} lượt thi.")


@contest.command("results")
@click.argument("slug")
@_as_json
def results(slug: str, as_json: bool) -> None:
    """Xếp hạng, giải thưởng, giải tập thể và số liệu theo bảng kết quả mới nhất.

    Chưa có bảng kết quả thì tính từ dữ liệu hiện có. / Rankings, prizes, collective lists and counts.
    """
    with _refusals(), db.read(steady=True) as session:
        found = contest_results.of_contest(session, _vault(), _find(session, slug))
    if as_json:
        _print_json(found)
        return
    if found["note"]:
        click.echo(found["note"])
    for part in [*found["rounds"], *found["overall"]]:
        _show(part)
    for part in found["collective"]:
        click.echo(f"\n{part['name']}")
        for line in part["ranking"]:
            click.echo(f"  {line['rank'] or '–':>4}  {line['name']}: {line['people']} người, {line['value']}")


def _show(part: dict[str, Any]) -> None:
    """The first lines and the prizes of one list, for people."""
    figures = part["figures"]
    click.echo(f"\n{part['name']}: {figures['people']} người dự thi, {figures['attempts']} lượt thi.")
    for line in part["ranking"][:10]:
        click.echo(f"  {line['rank']:>4}  {line['code']}  {line.get('name', '')}  {line['score']} điểm")
    for prize in part["prizes"]:
        click.echo(f"  {prize['prize_name']}: {prize['code']}  {prize.get('name', '')}")


@contest.command("tally")
@click.argument("slug")
@click.argument("key", required=False)
@click.option("--reason", default="", help="Lý do, cần từ bảng kết quả thứ hai / why, from the second snapshot on.")
@_as_json
def tally(slug: str, key: str | None, reason: str, as_json: bool) -> None:
    """Tính một vòng (hoặc mọi vòng đã vào rà soát) và lưu thành bảng kết quả đánh số.

    Vòng nào không có gì đổi từ bảng kết quả trước thì bỏ qua. / Count rounds and keep numbered snapshots.
    """
    made = []
    with _refusals():
        with db.read() as session:
            found = _find(session, slug)
            rows = (
                [contests.round_of(found, key)]
                if key
                else [row for row in found.rounds if stage.has_reached(row.state, "REVIEW")]
            )
            waiting = [row.key for row in rows if key or not _is_kept(session, found, row.key)]
        for one in waiting:
            with db.begin() as session:
                found = _find(session, slug)
                asked = tallies.ask(
                    session, found, contests.round_of(found, one), "snapshot", reason, None, now=clock.now()
                )
            tallying.run(_vault(), asked.id)
            made.append(_made(slug, one, asked.id))
    if as_json:
        _print_json(made)
        return
    for each in made:
        click.echo(f"{each['round']}: bảng kết quả số {each['n']}, {each['digest']}")
    click.echo(f"{len(made)} bảng kết quả mới.")


def _is_kept(session: Session, found: Contest, key: str) -> bool:
    row = contests.round_of(found, key)
    return snapshots.is_fresh(session, found, row, snapshots.newest(session, row))


def _made(slug: str, key: str, tallying_id: int) -> dict[str, Any]:
    with db.read() as session:
        found = _find(session, slug)
        ended = tallies.find(session, found, tallying_id)
        if ended.failure:
            raise click.ClickException(f"{key}: {ended.failure}")
        kept = snapshots.newest(session, contests.round_of(found, key))
        assert kept is not None
        return {"round": key, "n": kept.n, "digest": kept.digest}


# ── Shared ──────────────────────────────────────────────────────────────────────────────────────────────────────


class _Refusals:
    """A refusal becomes a sentence and exit code 1."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, raised: BaseException | None, trace: object) -> None:
        if isinstance(raised, Refusal):
            raise click.ClickException(raised.sentence) from raised


def _refusals() -> _Refusals:
    return _Refusals()


def _vault() -> Vault:
    vault = current_app.extensions["vault"]
    assert isinstance(vault, Vault)
    return vault


def _employ(session: Session, contest: Contest, logins: tuple[str, ...]) -> None:
    """Let these accounts run the contest from its pages: `secretariat` for all, and `host`."""
    for login in logins:
        for role in (contests.SECRETARIAT, "host"):
            contest_roles.give(session, _vault(), contest, login, role, None, now=clock.now())


def _find(session: Session, slug: str) -> Contest:
    """A contest for whoever sits at the machine: drafts and rehearsals too."""
    found = session.scalar(select(Contest).where(Contest.slug == slug))
    if found is None:
        raise NotFound(f"Không có cuộc thi «{slug}». Xem các cuộc thi bằng lệnh contest list.")
    return found


def _free(session: Session, slug: str) -> str:
    """The address itself, or with the first number behind it that nobody uses."""
    taken = set(session.scalars(select(Contest.slug)))
    number = 1
    free = slug
    while free in taken:
        number += 1
        free = f"{slug[:54].rstrip('-')}-{number}"
    return free


def _stop(faults: Any, as_json: bool) -> None:
    if as_json:
        _print_json({"slug": None, "faults": [{"where": one.where, "problem": one.sentence} for one in faults]})
    for one in faults:
        click.echo(f"{one.where}: {one.sentence}", err=True)
    if not as_json:
        click.echo(f"{len(faults)} lỗi, chưa nhập gì.", err=True)
    raise SystemExit(1)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
