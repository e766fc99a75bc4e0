import pytest

from quizapp.web import browser

ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-A136B) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17 Safari/604.1"


@pytest.fixture
def visit(app):
    @app.get("/who")
    def who():
        return browser.own_id()

    @app.get("/known")
    def known():
        return browser.known_id() or "nobody"

    return app.test_client()


def test_a_browser_keeps_its_id(visit):
    first = visit.get("/who").text
    assert visit.get("/who").text == first
    assert visit.get("/known").text == first


def test_looking_alone_leaves_no_cookie(visit):
    assert visit.get("/known").text == "nobody"
    assert visit.get_cookie(browser.COOKIE) is None


@pytest.mark.parametrize("forged", ["", "x", "0" * 32, "0" * 32 + ".signature"])
def test_an_id_that_is_not_signed_is_nobodys(visit, forged):
    visit.set_cookie(browser.COOKIE, forged)
    assert visit.get("/known").text == "nobody"


@pytest.mark.parametrize(
    ("agent", "words"), [(ANDROID, "Chrome, Android"), (IPHONE, "Safari, iPhone"), ("curl/8", ""), ("X Linux", "Linux")]
)
def test_a_browser_is_described_as_its_owner_knows_it(app, agent, words):
    with app.test_request_context(headers={"User-Agent": agent}):
        assert browser.description() == words


@pytest.mark.parametrize(
    ("agent", "kind"),
    [(ANDROID, "phone"), (IPHONE, "phone"), ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0", "computer"), ("", "")],
)
def test_statistics_know_phones_from_computers_and_no_more(app, agent, kind):
    with app.test_request_context(headers={"User-Agent": agent}):
        assert browser.kind() == kind
