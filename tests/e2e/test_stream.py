"""A stream beside a show on the viewer's side: where a picture is in the programme, and what waits for it.

Scripts are loaded into a page of the site one by one and fed with frames and clocks made up by the test.
"""

import pytest

from tests.e2e.people import Browser

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def window(chromium, site):
    opened = Browser(chromium, site.address)
    yield opened.window()
    opened.close()


@pytest.fixture
def ask(window):
    """What a function in the browser answers; `load(name)` gives it a module of static/js."""
    window.goto("/tro-giup")
    load = "const load = (name) => import(`/static/now/js/${name}.js`);"
    return lambda body, *values: window.evaluate(f"async (values) => {{ {load} {body} }}", list(values))


# ── How far behind ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_programme_time_of_a_frame_is_its_date_less_the_measured_offset(ask):
    """The clock stands at 12 s of the media while the frame of 11.96 s is on screen."""
    told = """const { clockOfFrame, programmeOf } = await load("stream-time");
      return programmeOf(clockOfFrame(1_751_382_000_000, { mediaTime: 11.96, currentTime: 12 }), 800);"""
    assert ask(told) == pytest.approx(1_751_382_000_000 - 40 - 800)


@pytest.mark.parametrize(
    ("tapped", "frames", "latency"),
    [
        (20_250, [8_000], 12_000),
        (20_250, [1_000, 8_000, 30_000], 12_000),  # the newest that can already have been seen
        (8_100, [8_000], None),  # nobody is as quick as that
        (50_000, [8_000], None),  # farther behind than anybody plays
        (5_000, [], None),
    ],
)
def test_a_tap_tells_the_latency_by_the_newest_yellow_frame_it_can_mean(ask, tapped, frames, latency):
    body = """const { latencyOfTap } = await load("stream-time"); return latencyOfTap(values[0], values[1], 30_000);"""
    assert ask(body, tapped, frames) == latency


def test_a_latency_is_reported_on_a_real_change_and_at_most_every_five_seconds(ask):
    body = """const { reporter } = await load("stream-time");
      let now = 0, waiting = null; const sent = [];
      const report = reporter({
        send: async (method, latency) => {
          sent.push([now, method, latency]);
          if (sent.length === 3) throw new Error("no connection");
        },
        now: () => now,
        later: (what, wait) => { waiting = { what, at: now + wait }; },
      });
      const pass = (to) => {
        const due = waiting && waiting.at <= to ? waiting : null;
        if (due) { waiting = null; now = due.at; due.what(); }
        now = to;
      };
      report("pdt", 8000);
      for (const [at, latency] of [[1000, 8400], [2000, 9100.4], [6000, 9300], [12000, 9200]]) {
        pass(at);
        report("pdt", latency);
      }
      pass(18000); report("tap", 9200); await null; await null;
      pass(22000); pass(30000);
      return sent;"""
    assert ask(body) == [[0, "pdt", 8000], [5000, "pdt", 9100], [18000, "tap", 9200], [23000, "tap", 9200]]


def test_a_position_that_jumps_is_calmed_by_the_middle_of_the_last_ones(ask):
    body = """const { calm } = await load("stream-time"); const calmed = calm(); return values.map(calmed);"""
    assert ask(body, 9000, 9100, 14000, 9050, 9080, 9060)[2:] == [9100, 9100, 9080, 9080]


@pytest.mark.parametrize(
    ("data", "position"),
    [
        ('{"event":"infoDelivery","info":{"currentTime":3600.5}}', 3600.5),
        ('{"event":"infoDelivery","info":{"volume":40}}', None),
        ('{"event":"onReady","info":null}', None),
        ("not json", None),
        ("7", None),
    ],
)
def test_an_embedded_player_is_asked_by_messages_only(ask, data, position):
    assert ask('const { positionIn } = await load("stream-embed"); return positionIn(values[0]);', data) == position


# ── What waits ──────────────────────────────────────────────────────────────────────────────────────────────────

SHOW = """const { programme } = await load("programme");
  let now = 100_000; const shown = [];
  const show = programme({ now: () => now, release: (name) => shown.push(name) });"""


def test_a_message_waits_for_the_first_frame_that_is_not_before_it(ask):
    body = """show.hold("opened", { cue_at: 90_000 }); const early = [...shown]; shown.length = 0;
      show.frame(79_960); show.hold("reading", { cue_at: 80_000 }); show.hold("opened", { cue_at: 85_000 });
      show.frame(79_999); const before = [...shown]; show.frame(80_000); const at = [...shown];
      show.frame(85_020); return { early, before, at, after: shown };"""
    assert ask(SHOW + body) == {
        "early": ["opened"],  # nothing is known of a latency yet: at the programme itself it is due
        "before": [],
        "at": ["reading"],
        "after": ["reading", "opened"],
    }


def test_without_a_picture_a_message_waits_for_the_latency(ask):
    body = """show.behind(8_000); show.hold("reading", { cue_at: 92_100 }); const before = [...shown];
      now = 100_100; await new Promise((done) => setTimeout(done, 300)); return { before, after: shown };"""
    assert ask(SHOW + body) == {"before": [], "after": ["reading"]}


def test_what_has_no_time_of_its_own_stays_behind_what_it_follows(ask):
    """One's own points come after the reveal that earned them; before anything is held they come at once."""
    body = """show.behind(8_000); show.hold("you", {}); show.hold("board", { cue_at: 99_000 });
      show.hold("revealed", { cue_at: 95_000 }); show.hold("you again", {});
      const at = [...shown]; show.frame(95_000); const first = [...shown]; show.frame(99_000);
      return { at, first, all: shown };"""
    assert ask(SHOW + body) == {
        "at": ["you"],
        "first": ["you", "revealed"],
        "all": ["you", "revealed", "board", "you again"],
    }


def test_a_fresh_state_replaces_what_it_already_holds(ask):
    body = """show.behind(8_000); show.hold("reading", { cue_at: 95_000 }); show.hold("opened", { cue_at: 99_000 });
      show.forget(96_000); show.frame(99_000); return shown;"""
    assert ask(SHOW + body) == ["opened"]


def test_a_picture_that_stands_still_does_not_cost_the_question(ask):
    """After four seconds without a frame the latency known so far tells the time again."""
    body = """show.behind(8_000); show.frame(80_000); show.hold("opened", { cue_at: 91_000 });
      const still = show.time();
      const real = performance.now(); performance.now = () => real + 4_100; const gone = show.time();
      show.behind(8_000); return { still, gone, shown };"""
    assert ask(SHOW + body) == {"still": 80_000, "gone": 92_000, "shown": ["opened"]}


# ── WebRTC ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_offer_to_the_organizers_endpoint_brings_the_picture(ask, site):
    """The endpoint is a second end in the same page, with a drawn picture; leaving gives the session back."""
    body = """const { play } = await load("stream-whep"); const asked = []; const real = window.fetch;
      const canvas = document.createElement("canvas"); const pen = canvas.getContext("2d");
      const drawing = setInterval(() => pen.fillRect(0, 0, Math.random() * 99, 99), 40);
      window.fetch = async (address, { method, headers, body }) => {
        asked.push([method, new URL(address).pathname, headers && headers["content-type"]]);
        if (method === "DELETE") return new Response();
        const there = new RTCPeerConnection();
        for (const track of canvas.captureStream(25).getTracks()) there.addTrack(track);
        await there.setRemoteDescription({ type: "offer", sdp: body });
        await there.setLocalDescription(await there.createAnswer());
        await new Promise((done) => setTimeout(done, 500));
        return new Response(there.localDescription.sdp, { status: 201, headers: { location: "/whep/session/1" } });
      };
      const video = document.body.appendChild(document.createElement("video")); video.muted = true;
      const playing = await play({ video, address: values[0], failed: () => asked.push("failed") });
      video.play().catch(() => {});
      await new Promise((done) => video.requestVideoFrameCallback(done)); const wide = video.videoWidth > 0;
      playing.stop(); clearInterval(drawing); window.fetch = real; return { asked, wide, left: video.srcObject };"""
    assert ask(body, f"{site.address}/whep") == {
        "asked": [["POST", "/whep", "application/sdp"], ["DELETE", "/whep/session/1", None]],
        "wide": True,
        "left": None,
    }
