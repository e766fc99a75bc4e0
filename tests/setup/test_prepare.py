"""Set-up is done once, repaired when it was interrupted, and tells in one sentence what goes wrong."""

import ast
import errno
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "bin" / "prepare.py"


def load():
    spec = importlib.util.spec_from_file_location("prepare", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["prepare"] = module
    spec.loader.exec_module(module)
    return module


prepare = load()
STEP = prepare.Step("thử", "trying", again="make run")


@pytest.fixture
def project(tmp_path):
    """A copy of what set-up reads, with nothing set up."""
    (tmp_path / "bin").mkdir()
    shutil.copy(SCRIPT, tmp_path / "bin")
    for pattern in ("requirements*", "package*.json", "Makefile"):
        for path in ROOT.glob(pattern):
            shutil.copy(path, tmp_path)
    return prepare.Project(tmp_path)


@pytest.fixture
def tools(project, monkeypatch):
    """The commands that set-up would run, in order; each succeeds and makes what it is meant to make."""
    commands = []

    def follow(command, step, *, cwd):
        commands.append(" ".join(map(str, command)))
        if "venv" in command:
            shutil.rmtree(project.venv)
            project.python.parent.mkdir(parents=True)
            project.python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
            project.python.chmod(0o755)
        if "ci" in command:
            for source in [*prepare.PAGE_FILES, *prepare.TEST_FILES]:
                target = cwd / "node_modules" / source
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(f"{source}\n//# sourceMappingURL=x.map\n")

    monkeypatch.setattr(prepare, "follow", follow)
    monkeypatch.setattr(prepare, "npm", lambda project: ["npm"])
    return commands


def start(project, *words, **settings):
    """What `bin/prepare.py` in the copy says."""
    command = [sys.executable, project.root / "bin" / "prepare.py", *words]
    return subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=False, timeout=60
    )


def is_one_sentence_in_two_languages(result):
    lines = result.stderr.strip().splitlines()
    return result.returncode == 1 and len(lines) == 2 and all(line.endswith(".") for line in lines)


# Python


@pytest.mark.parametrize("version", [(2, 7), (3, 8), (3, 10)])
def test_an_old_python_is_named_with_what_is_needed(version):
    with pytest.raises(prepare.Trouble, match=r"Python 3\.11 or newer is needed") as trouble:
        prepare.must_be_new_enough(version)
    assert f"Python {version[0]}.{version[1]}." in str(trouble.value)


@pytest.mark.parametrize("version", [(3, 11), (3, 13), (4, 0)])
def test_a_new_python_is_welcome(version):
    prepare.must_be_new_enough(version)


def test_an_old_python_can_read_the_script_that_refuses_it():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_make_without_a_new_python_says_so(project):
    commands = project.root / "commands"
    commands.mkdir()
    for name in ("python3", "python3.13", "python3.12", "python3.11"):
        (commands / name).write_text("#!/bin/sh\nexit 1\n")
        (commands / name).chmod(0o755)
    result = subprocess.run(
        [shutil.which("make"), "run"],
        cwd=project.root,
        env={"PATH": str(commands)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_python_without_venv_names_the_package_to_install(monkeypatch):
    monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
    with pytest.raises(prepare.Trouble, match=r"apt-get install python3\.\d+-venv"):
        prepare.install_venv_module()


# Address


def test_a_taken_port_is_named_with_a_free_one(project):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        result = start(project, "run", PORT=str(taken), HOST="127.0.0.1")
    assert is_one_sentence_in_two_languages(result)
    assert f"Port {taken} is taken" in result.stderr
    assert re.search(r"make run PORT=\d+", result.stderr)
    assert not project.venv.exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80", "８０００"])
def test_a_port_is_a_number(port):
    with pytest.raises(prepare.Trouble, match="is no port number"):
        prepare.address({"PORT": port})


def test_the_address_defaults_to_this_machine_only():
    assert prepare.address({}) == ("127.0.0.1", 8000)
    assert prepare.address({"HOST": "", "PORT": ""}) == ("127.0.0.1", 8000)
    assert prepare.address({"HOST": "0.0.0.0", "PORT": "80"}) == ("0.0.0.0", 80)


def test_a_host_of_another_machine_is_refused():
    with pytest.raises(prepare.Trouble, match=r"HOST=192\.0\.2\.1 is not an address of this machine"):
        prepare.must_be_free("192.0.2.1", 8000)


# Folders


@pytest.mark.parametrize("folder", ["instance", ".venv", "static/vendor"])
def test_a_folder_that_cannot_be_written_is_named(project, folder):
    path = project.root / folder
    path.parent.mkdir(exist_ok=True)
    path.write_text("a file in the folder's place")
    with pytest.raises(prepare.Trouble) as trouble:
        prepare.must_be_writable(path)
    assert f"{path} cannot be written" in str(trouble.value)


def test_the_command_ends_with_one_sentence_when_its_folder_cannot_be_written(project):
    (project.root / "instance").write_text("a file in the folder's place")
    result = start(project, "run", PORT=str(prepare.free_port("127.0.0.1", 20000)))
    assert is_one_sentence_in_two_languages(result)


def test_a_full_disk_is_called_full():
    error = OSError(errno.ENOSPC, "No space left on device")
    assert "is full" in str(prepare.disk_trouble(error, "/instance"))


def test_set_up_does_not_begin_without_room_for_it(project):
    with pytest.raises(prepare.Trouble, match="MB are needed"):
        prepare.must_have_space(project, 10**12)


# Stamps


def test_a_step_is_done_when_its_stamp_fits_the_files(project):
    project.venv.mkdir()
    locked = project.root / "requirements.txt"
    assert not prepare.is_stamped(project, "packages", prepare.fingerprint(locked))
    prepare.stamp(project, "packages", prepare.fingerprint(locked))
    assert prepare.is_stamped(project, "packages", prepare.fingerprint(locked))
    locked.write_text("another==1.0\n")
    assert not prepare.is_stamped(project, "packages", prepare.fingerprint(locked))


def test_a_fingerprint_knows_which_file_holds_what(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("b")
    before = prepare.fingerprint(one, two)
    one.write_text("b")
    two.write_text("a")
    assert prepare.fingerprint(one, two) != before


def test_the_first_set_up_installs_with_hashes_and_the_second_runs_nothing(project, tools):
    prepare.prepare(project, tests=False)
    venv, packages, browser = tools
    assert " -m venv --clear " in venv
    assert "--require-hashes" in packages
    assert "requirements-dev" not in packages
    assert browser.startswith("npm ci --ignore-scripts")
    tools.clear()
    prepare.prepare(project, tests=False)
    assert tools == []


def test_what_was_set_up_for_tests_also_serves(project, tools):
    prepare.prepare(project, tests=True)
    assert "requirements-dev.txt" in tools[1]
    tools.clear()
    prepare.prepare(project, tests=False)
    assert tools == []
    assert (project.root / "tests/vendor/axe.min.js").exists()


def test_new_requirements_are_installed_into_the_same_venv(project, tools):
    prepare.prepare(project, tests=False)
    tools.clear()
    (project.root / "requirements.txt").write_text("another==1.0\n")
    prepare.prepare(project, tests=False)
    assert len(tools) == 1
    assert "pip install" in tools[0]


def test_a_python_that_the_system_replaced_gets_its_packages_anew(project, tools, tmp_path):
    prepare.prepare(project, tests=False)
    tools.clear()
    newer = project.python.rename(tmp_path / "python3.99")
    project.python.symlink_to(newer)
    prepare.prepare(project, tests=False)
    assert len(tools) == 1
    assert "pip install" in tools[0]
    newer.unlink()
    prepare.prepare(project, tests=False)
    assert " -m venv --clear " in tools[1]


def test_an_interrupted_installation_is_begun_anew(project, tools, monkeypatch):
    def interrupted(command, step, *, cwd):
        if "pip" in command:
            raise KeyboardInterrupt
        tools_follow(command, step, cwd=cwd)

    tools_follow = prepare.follow
    monkeypatch.setattr(prepare, "follow", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare.prepare(project, tests=False)
    monkeypatch.setattr(prepare, "follow", tools_follow)
    tools.clear()
    prepare.prepare(project, tests=False)
    assert " -m venv --clear " in tools[0]
    tools.clear()
    prepare.prepare(project, tests=False)
    assert tools == []


def test_a_browser_library_that_is_missing_is_fetched_again(project, tools):
    prepare.prepare(project, tests=False)
    (project.root / "static/vendor/socket.io.esm.min.js").unlink()
    tools.clear()
    prepare.prepare(project, tests=False)
    assert len(tools) == 1
    assert tools[0].startswith("npm ci")


def test_a_copied_script_names_no_source_map(project, tools):
    prepare.prepare(project, tests=False)
    assert "sourceMappingURL" not in (project.root / "static/vendor/socket.io.esm.min.js").read_text()
    assert prepare.without_source_map(b"let a;\n//# sourceMappingURL=a.js.map") == b"let a;\n"
    assert prepare.without_source_map(b"let a;\n") == b"let a;\n"


def test_translations_are_compiled_when_their_text_changes(project, tools):
    prepare.prepare(project, tests=False)
    tools.clear()
    text = project.root / "translations/en/LC_MESSAGES/messages.po"
    text.parent.mkdir(parents=True)
    text.write_text('msgid ""\nmsgstr ""\n')
    prepare.prepare(project, tests=False)
    assert len(tools) == 1
    assert "babel" in tools[0]
    text.with_suffix(".mo").touch()
    tools.clear()
    prepare.prepare(project, tests=False)
    assert tools == []


# Tools and their faults


def test_a_failed_tool_is_told_in_one_sentence_with_its_own_last_words(tmp_path):
    command = [sys.executable, "-c", "print('ERROR: no such thing'); raise SystemExit(1)"]
    with pytest.raises(prepare.Trouble) as trouble:
        prepare.follow(command, STEP, cwd=tmp_path)
    assert "The step “trying” failed: the tool said “ERROR: no such thing”" in str(trouble.value)
    assert "`make run`" in str(trouble.value)


@pytest.mark.parametrize(
    "words",
    [
        [
            "WARNING: Retrying after NewConnectionError",
            "ERROR: No matching distribution found for alembic==1",
        ],
        ["npm error code ENOTFOUND", "npm error A complete log of this run can be found in: /root/x.log"],
        ["E: Failed to fetch x  Temporary failure resolving 'deb.example'"],
    ],
)
def test_a_missing_network_is_called_so(words, tmp_path):
    said = str(prepare.tool_trouble(STEP, words, tmp_path))
    assert "the network seems to be away" in said
    assert "complete log" not in said


def test_a_tool_that_filled_the_disk_is_told_as_a_full_disk(tmp_path):
    words = ["OSError: [Errno 28] No space left on device", "ERROR: Could not install packages"]
    assert "is full" in str(prepare.tool_trouble(STEP, words, tmp_path))


@pytest.mark.parametrize(("printed", "major"), [("v20.20.2", 20), ("v9.0.0", 9), ("command not found", 0)])
def test_the_version_of_node_is_read_from_its_answer(tmp_path, printed, major):
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho '{printed}'\n")
    node.chmod(0o755)
    assert prepare.node_major(str(node)) == major
    assert prepare.node_major(str(tmp_path / "nowhere")) == 0


def test_services_need_debian(project, monkeypatch):
    monkeypatch.setenv("PATH", str(project.root))
    with pytest.raises(prepare.Trouble, match="works on Debian or Ubuntu only"):
        prepare.services(project, [])


def test_services_need_root(project, monkeypatch):
    monkeypatch.setattr(prepare.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
    with pytest.raises(prepare.Trouble, match="needs root"):
        prepare.services(project, [])


def test_an_unknown_word_lists_the_known_ones(project):
    result = start(project, "dance")
    assert is_one_sentence_in_two_languages(result)
    assert "run, test" in result.stderr


def test_cleaning_keeps_what_people_entered(project, tools):
    prepare.prepare(project, tests=True)
    (project.root / "instance").mkdir()
    prepare.clean(project, [])
    assert (project.root / "instance").exists()
    assert not project.venv.exists()
    assert not (project.root / "static/vendor").exists()


# Locks


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_locked_package_has_hashes(name):
    text = (ROOT / name).read_text().replace("\\\n", "")
    packages = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert packages
    assert all("==" in line and "--hash=sha256:" in line for line in packages)


def test_no_lock_names_the_host_that_packages_come_from():
    locked = json.loads((ROOT / "package-lock.json").read_text())
    assert all("resolved" not in package for package in locked["packages"].values())
    for path in ROOT.glob("requirements*"):
        assert "://" not in path.read_text(), path


def test_fonts_of_one_page_fit_a_slow_network():
    files = [ROOT / target for target in prepare.PAGE_FILES.values() if target.endswith(".woff2")]
    assert len(files) == 8
    assert sum(path.stat().st_size for path in files) <= 140_000
