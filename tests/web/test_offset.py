"""What a monitor makes of the strips it reads: static/js/offset.js."""

import json
import subprocess

from tests.programs import ROOT, require

OFFSET = (ROOT / "static" / "js" / "offset.js").as_uri()


def run(script):
    command = [require("node"), "--input-type=module", "--eval", f'import * as offset from "{OFFSET}";\n{script}']
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)


def published(*readings):
    """What is published after each reading of a frame whose clock is ahead of its strip by so much."""
    return run(f"""
        const settle = offset.settling();
        const told = {json.dumps(readings)}.map((ahead, n) => settle(5000 + 40 * n + ahead, 5000 + 40 * n));
        console.log(JSON.stringify(told));
    """)


def test_an_offset_is_published_once_enough_frames_agree():
    assert published(948, 950, 940, 955, 948, 948, 950) == [None, None, None, None, 948, None, None]


def test_a_reading_that_disagrees_begins_anew():
    assert published(948, 948, 948, 948, 1500, 948, 948, 948, 948, 948) == [None] * 9 + [948]


def test_an_encoder_that_starts_again_is_measured_again():
    told = published(*[948] * 6, *[2100] * 6)
    assert [one for one in told if one is not None] == [948, 2100]


def test_noise_is_not_published():
    told = published(*[948] * 6, *[955] * 20)
    assert [one for one in told if one is not None] == [948]


def test_a_tap_says_the_same_of_a_stream_that_cannot_be_read():
    assert run("console.log(offset.offsetOfTap(61_000, 250, 55_000))") == 5750
