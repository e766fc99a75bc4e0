"""One browser for all tests in it, a window for each person, and an eye on everything that must not happen."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.e2e.people import PATIENCE, Browser
from tests.live.server import Server
from tests.programs import require

HERE = Path(__file__).parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    """The browser comes last: it is slowest, and its event loop suffers no other beside it."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def chromium():
    program = require("chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(program), args=ARGUMENTS)
        expect.set_options(timeout=PATIENCE)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """One running server for all tests that do not end it."""
    running = Server(tmp_path_factory.mktemp("site")).start()
    yield running
    running.stop()


@pytest.fixture
def own_site(tmp_path):
    """A server of the test's own, to be killed and started again."""
    running = Server(tmp_path).start()
    yield running
    running.kill()


@pytest.fixture
def browser(chromium, site):
    """Opens windows on the shared server."""
    opened = Browser(chromium, site.address)
    yield opened
    opened.close()
