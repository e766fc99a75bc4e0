"""Every state of stage and overlay, told to the page by its own messages; and what is wrong in what it draws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from quizapp import db
from quizapp.rules import law
from quizapp.rules.question import Text
from quizapp.services import banks

# Instead of the connection: the test speaks as the server, and time stands still.
DEAF = """
const heard = [];
window.hear = (name, body) => heard.forEach((on) => on[name] && on[name](body));
export const join = ({ on }) => {
  heard.push(on);
  window.serverNow = Date.now();
  return { now: () => window.serverNow, request: () => new Promise(() => {}), isUp: () => true, resume: () => {} };
};
"""
NOW = "window.serverNow"
NAME = "Nguyễn Thị Thuỳ Dương 24"
NAMES = [f"{NAME[:-2]}{n:02}" for n in range(1, 31)]
TEAM = "Công đoàn KCN Hoà Khánh"
CROWD = 1530
MARGIN = 0.04
LEAST = 28 / 1080  # of the height of a 16:9 stage

DRAWN = Path(__file__).parent / "drawn.js"
BOXES = (
    "main ol > li, .ring, .join, .done, .time-up, .count, .why, .hint, .top, .qr, .ask, .panel, .clock, "
    ".still-in, .more"
)


class Screen:
    """A page of stage or overlay that hears what the test tells it."""

    def __init__(self, page, room, part, host=False):
        self.page = page
        self.part = part
        page.route("**/js/live.js", lambda route: route.fulfill(body=DEAF, content_type="text/javascript"))
        if part == "overlay":
            page.goto(f"/phong/{room.code}/lop-phu?khoa={room.overlay_token}")
        else:
            page.goto(f"/phong/{room.code}/man-hinh")
        page.wait_for_function("() => window.serverNow !== undefined")
        page.evaluate("document.fonts.ready")
        page.evaluate(DRAWN.read_text(encoding="utf-8"))

    def theme(self, name):
        self.page.evaluate("name => { document.documentElement.dataset.theme = name }", name)

    def tell(self, name, body):
        """One message as the server sends it; `now` in it is the page's."""
        self.page.evaluate("([name, body]) => window.hear(name, body)", [name, body])

    def show(self, messages):
        """The state that follows from these messages."""
        for name, body in messages:
            self.tell(name, body(self.page.evaluate(NOW)) if callable(body) else body)

    def now(self):
        return self.page.evaluate(NOW)

    def settle(self):
        """What is told from now on is new: nothing has just come back."""
        self.page.wait_for_timeout(1600)

    def view(self):
        """Which part of the stage is shown."""
        return self.page.evaluate("document.body.dataset.shown")

    def script(self, name):
        """The address of a script of this page."""
        found = self.page.locator(f"link[href$='/js/{name}.js']").get_attribute("href")
        assert found
        return found

    def pale(self):
        """Text that is hard to read over some picture."""
        return self.page.evaluate("drawn.pale()")

    def faults(self):
        margin, least = (64 / 1920, 26 / 1080) if self.part == "overlay" else (MARGIN, LEAST)
        return self.page.evaluate("how => drawn.faults(how)", [margin, least, BOXES])


def press_until(page, key, selector):
    """Press a key again until the page shows this: it needs the connection that the page is just opening."""
    for _ in range(40):
        if page.locator(selector).is_visible():
            return
        page.keyboard.press(key)
        page.wait_for_timeout(250)
    raise AssertionError(f"{key} never led to {selector}")


def questions(server):
    """The questions of the bank."""
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session:
        found = [entry.question for entry in banks.dealt(session)]
    engine.dispose()
    return found


def longest(asked):
    """The hardest to draw: of each kind the one with most to read, and those with the longest single parts."""
    stem = [len(one.stem.vi) for one in asked]
    options = [sum(len(option.vi) for option in one.options) for one in asked]
    why = [len(one.explanation.vi) + len(law.basis_line(one, "vi")) for one in asked]
    option = [max((len(each.vi) for each in one.options), default=0) for one in asked]
    total = [sum(parts) for parts in zip(stem, options, why, strict=True)]
    by = lambda sizes, among=None: max(  # noqa: E731 - a word for the lines below
        (n for n in range(len(asked)) if among in {None, asked[n].kind}), key=sizes.__getitem__
    )
    chosen = {"stem": by(stem), "options": by(options), "option": by(option), "why": by(why), "total": by(total)}
    chosen |= {kind: by(total, kind) for kind in ("one", "several", "truefalse", "order", "number")}
    return {name: asked[n] for name, n in chosen.items()}


def reading(question, now, n=4):
    return {
        "turn": n,
        "n": n,
        "of": 10,
        "kind": question.kind,
        "stem": question.stem.vi,
        "short": question.short.vi,
        "opens_at": now + 5000,
        "now": now,
    }


def opened(question, now, n=4):
    options = [{"o": o, "text": option.vi} for o, option in enumerate(question.options)]
    return reading(question, now, n) | {"options": options, "opens_at": now - 2000, "closes_at": now + 18_000}


def revealed(question, now, n=4):
    shares = [1072, 257, 138, 45, 18]
    if question.kind == "number":
        counts = [{"v": question.key[0] + k, "count": shares[k]} for k in range(5)]
    elif question.kind == "order":
        counts = [{"o": list(question.key), "count": 1072}]
    else:
        counts = [{"o": o, "count": shares[(o - question.key[0]) % 5]} for o in range(len(question.options))]
    return opened(question, now, n) | {
        "key": list(question.key),
        "basis": {"text": law.basis_line(question, "vi"), "href": ""},
        "explanation": question.explanation.vi,
        "counts": counts,
        "answered": 1512,
        "right": 1072,
    }


def top(names=10, **more):
    lines = [
        {"rank": n + 1, "name": NAMES[n], "team": TEAM, "points": 12_840 - 311 * n}
        | {key: value(n) for key, value in more.items()}
        for n in range(names)
    ]
    return {"top": lines, "of": CROWD}


def state(phase, turn=None, **more):
    """`state` as it comes with a connection."""

    def body(now):
        asked = {} if turn is None else {"turn": turn(now)}
        return {"phase": phase, "now": now, "joined": CROWD, "answers": [], **asked, **more}

    return ("state", body)


TEAMS = [
    {
        "rank": n + 1,
        "team": f"{TEAM} {n + 1}",
        "score": f"{4656 - 97 * n:,}".replace(",", ".") + ",0",
        "present": 12 - n % 5,
    }
    for n in range(14)
]


def shared(found):
    """States that stage and overlay both have: a name, what the stage shows then, and the messages that lead there."""
    for name, asked in found.items():
        yield f"reading-{name}", "QUESTION", [state("READING", lambda now, asked=asked: reading(asked, now))]
        yield (
            f"open-{name}",
            "QUESTION",
            [
                state("OPEN", lambda now, asked=asked: opened(asked, now)),
                ("turn:count", {"turn": 4, "answered": 1248, "joined": CROWD}),
            ],
        )
        yield f"locked-{name}", "QUESTION", [state("LOCKED", lambda now, asked=asked: opened(asked, now))]
        yield f"revealed-{name}", "QUESTION", [state("REVEAL", lambda now, asked=asked: revealed(asked, now))]
    dates = replace(found["one"], options=tuple(Text(f"01/01/202{n}", "") for n in range(4)))
    yield "open-dates", "QUESTION", [state("OPEN", lambda now: opened(dates, now, 1))]
    yield "revealed-dates", "QUESTION", [state("REVEAL", lambda now: revealed(dates, now, 1))]
    last = found["one"]
    board = state("BOARD", lambda now: revealed(last, now))
    yield "lobby", "LOBBY", [("lobby", {"names": NAMES[:24], "joined": CROWD}), state("LOBBY")]
    yield "board", "BOARD", [board, ("board", top()), ("board", climbed())]
    keys = {"points": 9, "correct": 9, "distance": 128, "response_ms": 134_500}
    keys = {name: lambda n, value=value: value for name, value in keys.items()}
    yield "board-keys", "BOARD", [board, ("board", top()), ("board", climbed(**keys))]
    yield "board-hidden", "HIDDEN", [board, ("board", {"top": [], "of": 0})]
    yield "survival", "FIELD", [board, ("board", top(**{"in": lambda n: n < 7}) | {"left": 37, "of": 120})]
    yield "survival-last", "FIELD", [board, ("board", top(**{"in": lambda n: n < 1}) | {"left": 1, "of": 120})]
    yield "survival-none", "FIELD", [board, ("board", top(**{"in": lambda n: False}) | {"left": 0, "of": 120})]
    ended = state("FINISHED")
    yield "finished", "FINISHED", [ended, ("board", top())]
    yield "finished-tied", "FINISHED", [ended, ("board", top(rank=lambda n: 1 if n < 4 else n + 1))]
    yield "finished-teams", "TEAMS", [ended, ("board", top()), ("scene", {"name": "teams", "teams": TEAMS})]
    yield "teams", "TEAMS", [board, ("board", top()), ("scene", {"name": "teams", "teams": TEAMS})]
    yield "code", "LOBBY", [board, ("board", top()), ("scene", {"name": "code"})]
    yield (
        "break",
        "BREAK",
        [
            (
                "scene",
                {
                    "name": "break",
                    "text": "Mời quý vị nghỉ giải lao 15 phút và thưởng thức tiết mục văn nghệ của đội chủ nhà. " * 2,
                },
            )
        ],
    )
    yield "break-plain", "BREAK", [("scene", {"name": "break"})]
    draw = {"name": "wheel", "prize": "Giải may mắn: một thẻ bảo hiểm y tế hộ gia đình", "names": NAMES}
    yield "wheel", "WHEEL", [("scene", draw | {"winners": [4, 11, 25], "reserves": [7, 8]})]
    yield (
        "wheel-many",
        "WHEEL",
        [
            ("scene", draw | {"winners": list(range(3, 15)), "reserves": list(range(20, 25))}),
        ],
    )
    yield (
        "prediction",
        "QUESTION",
        [
            ("scene", {"name": ""}),
            ("state", lambda now: state("PREDICTION", prediction=predicting(now))[1](now)),
        ],
    )
    yield "predicted", "QUESTION", [("prediction:closed", {})]


def predicting(now):
    asked = "Có bao nhiêu người đang ở trong phòng thi khi khóa câu cuối?"
    return {"target": "P_LIVE", "question": asked, "opens_at": now - 1000, "closes_at": now + 25_000, "now": now}


def climbed(**more):
    """The same people, the last of them come up to the second place; somebody far below has climbed more."""
    lines = top(**more)["top"]
    order = [lines[0], lines[9], *lines[1:9]]
    climb = {"name": NAME, "from": 1204, "to": 887}
    return {"top": [line | {"rank": n + 1} for n, line in enumerate(order)], "of": CROWD, "climb": climb}
