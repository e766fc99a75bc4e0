"""The trial stream carries the server's clock in its picture, dated as a media server would."""

import importlib.util
import json
import re
import subprocess
import sys
import time
from datetime import datetime

import pytest

from tests.programs import ROOT, require

SCRIPT = ROOT / "bin" / "stream.py"
BARCODE = (ROOT / "static" / "js" / "barcode.js").as_uri()
READ = f"""
import {{ readFileSync }} from "node:fs";
import {{ decode }} from "{BARCODE}";
const data = readFileSync(0);
console.log(JSON.stringify(decode({{ data, width: 640, height: 360 }})));
"""


def load():
    spec = importlib.util.spec_from_file_location("trial_stream", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


stream = load()


def in_node(script, **more):
    command = [require("node"), "--input-type=module", "--eval", script]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=30, **more).stdout)


@pytest.mark.parametrize("ms", [0, 1, 1_795_381_351_407, 2**48 - 1])
def test_the_strip_is_the_one_that_browsers_draw(ms):
    drawn = in_node(f'import {{ encode }} from "{BARCODE}"; console.log(JSON.stringify(encode({ms})));')
    assert list(stream.cells(ms)) == drawn


def test_a_strip_is_one_row_of_cells_over_and_over():
    picture = stream.strip(1_795_381_351_407)
    row = picture[: 62 * 10]
    assert picture == row * 32
    assert [light // 255 for light in row[::10]] == list(stream.cells(1_795_381_351_407))


def test_frames_come_at_their_moments():
    begin = time.time()
    moments = list(stream.frame_times(begin - 10, 1))
    assert moments[0] == begin - 10
    assert len(moments) == 25
    assert moments[1] - moments[0] == pytest.approx(0.04)


def test_a_film_is_fitted_and_sent_with_its_own_sound(tmp_path):
    words = stream.command("ffmpeg", tmp_path, tmp_path / "film.mp4")
    assert ["-stream_loop", "-1", "-i", str(tmp_path / "film.mp4")] == words[words.index("-stream_loop") :][:4]
    assert "scale=640:360" in " ".join(words)
    assert "testsrc2" not in " ".join(words)


def test_an_encoder_that_fails_is_not_fed_any_more():
    assert stream.run(["false"], seconds=2) == 1


def test_without_ffmpeg_one_sentence_says_what_to_install(tmp_path):
    command = [sys.executable, SCRIPT, "--instance", tmp_path]
    result = subprocess.run(command, env={"PATH": ""}, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 1
    assert "sudo make services" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_film_that_is_missing_is_named(tmp_path):
    require("ffmpeg")
    command = [sys.executable, SCRIPT, "--instance", tmp_path, "--file", tmp_path / "film.mp4"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 1
    assert "film.mp4" in result.stderr


def test_what_is_seen_was_sent_when_its_segment_says(tmp_path):
    """The first frame of a segment shows when it was sent; its date differs by the encoder's offset only."""
    ffmpeg = require("ffmpeg")
    sending = subprocess.Popen([sys.executable, SCRIPT, "--instance", tmp_path, "--seconds", "30"])
    folder = tmp_path / "stream" / "thu"
    try:
        playlist = folder / "360p.m3u8"
        until = time.monotonic() + 25
        while not playlist.exists() or playlist.read_text().count("#EXTINF") < 2:
            assert time.monotonic() < until
            time.sleep(0.1)
        dated = re.findall(r"DATE-TIME:(\S+)\n(360p-\d+\.ts)", playlist.read_text())
        offsets = []
        for date, name in dated[:2]:
            first = [ffmpeg, "-loglevel", "error", "-i", folder / name, "-frames:v", "1"]
            raw = [*first, "-pix_fmt", "rgba", "-f", "rawvideo", "-"]
            picture = subprocess.run(raw, capture_output=True, check=True, timeout=30).stdout
            offsets.append(datetime.fromisoformat(date).timestamp() * 1000 - in_node(READ, input=picture))
        assert abs(offsets[0] - offsets[1]) <= 2
        assert abs(offsets[0]) < 10_000
        master = (folder / "index.m3u8").read_text()
        assert "360p.m3u8" in master
        assert "am-thanh.m3u8" in master
    finally:
        sending.terminate()
        assert sending.wait(timeout=20) == 0
    assert not folder.exists()
