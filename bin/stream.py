#!/usr/bin/env python3
"""A livestream on this machine, for rehearsals and tests: ffmpeg turns a test picture, or a film, into HLS.

Every frame carries the server's clock as the strip of static/js/barcode.js, as a studio's overlay does, so whatever a
viewer sees can be compared with when it was sent. The playlists stamp each segment with its date; a segment is one
second with a keyframe at its beginning, as docs/livestream.md asks of a real media server. Needs nothing but ffmpeg.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
FONT = ROOT / "static" / "vendor" / "print" / "bold.ttf"

WIDTH, HEIGHT, FRAMES = 640, 360, 25
CELL, STRIP_HEIGHT, PLACE = 10, 32, 10  # static/js/barcode.js at a third of its size
START, END = (1, 0, 1), (1, 0, 1)
TIME_BITS, CHECK_BITS = 48, 8
KEPT_SECONDS = 45  # viewers may be 30 s behind, and a player wants some more
LONGEST = 4 * 3600


def main(words: Sequence[str]) -> int:
    """Run until the time is over or somebody stops it."""
    asked = options().parse_args(words)
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        print(
            "Cần ffmpeg để tạo luồng thử: hãy gõ `sudo make services`, hoặc cài gói ffmpeg rồi chạy lại.\n"
            "ffmpeg is needed for a trial stream: type `sudo make services`, or install ffmpeg, then repeat.",
            file=sys.stderr,
        )
        return 1
    if asked.file and not asked.file.is_file():
        print(f"Không tìm thấy tệp {asked.file}.\nThere is no file {asked.file}.", file=sys.stderr)
        return 1
    folder = asked.instance / "stream" / asked.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"→ Luồng thử · trial stream: /phat-thu/{asked.name}/index.m3u8 ({asked.seconds} s)", flush=True)
    try:
        return run(command(ffmpeg, folder, asked.file), asked.seconds)
    except KeyboardInterrupt:
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def options() -> argparse.ArgumentParser:
    instance = Path(os.environ.get("QUIZ_INSTANCE", ROOT / "instance"))
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--file", type=Path, help="a film to send, again and again, in place of the test picture")
    parser.add_argument("--name", default="thu", choices=("thu", "khac"), help="the folder of the stream")
    parser.add_argument("--seconds", type=lambda text: min(int(text), LONGEST), default=LONGEST)
    parser.add_argument("--instance", type=Path, default=instance, help="the folder of the server's data")
    return parser


def run(words: Sequence[str], seconds: int) -> int:
    """Feed the strip to ffmpeg, a frame at its own moment, until the time is over; what ffmpeg returned."""
    with subprocess.Popen(words, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        try:
            feed(encoder.stdin, frame_times(time.time(), seconds))
        except BrokenPipeError:
            pass  # ffmpeg ended and has said why
        finally:
            encoder.terminate()
            with contextlib.suppress(BrokenPipeError):  # what was not sent any more
                encoder.stdin.close()
    return 0 if encoder.returncode in {0, 255, -signal.SIGTERM} else encoder.returncode


def frame_times(begin: float, seconds: int) -> Iterator[float]:
    """The moments of the frames, each given when it has come."""
    for n in range(seconds * FRAMES):
        due = begin + n / FRAMES
        time.sleep(max(0.0, due - time.time()))
        yield due


def feed(pipe: IO[bytes], moments: Iterator[float]) -> None:
    """Write the strip of each moment; after a hiccup those that are late follow at once, so no frame is lost."""
    for moment in moments:
        pipe.write(strip(round(moment * 1000)))
        pipe.flush()


def strip(ms: int) -> bytes:
    """The strip of a moment as a grey picture: a row of cells, white for 1."""
    row = b"".join((b"\xff" if bit else b"\x00") * CELL for bit in cells(ms))
    return row * STRIP_HEIGHT


def cells(ms: int) -> tuple[int, ...]:
    """The cells for milliseconds since 1970, as `encode` in static/js/barcode.js gives them."""
    moment = bits(ms, TIME_BITS)
    return (*START, *moment, *bits(check(moment), CHECK_BITS), *END)


def bits(value: int, length: int) -> tuple[int, ...]:
    return tuple(value >> place & 1 for place in reversed(range(length)))


def check(row: Sequence[int]) -> int:
    """CRC-8 (0x07, from 0xff) of bits."""
    total = 0xFF
    for bit in row:
        over = (total >> 7 ^ bit) & 1
        total = total << 1 & 0xFF ^ (0x07 if over else 0)
    return total


def command(ffmpeg: str, folder: Path, film: Path | None) -> list[str]:
    """What ffmpeg is told: the picture and its sound at the pace of time, the strip over it, two renditions as HLS."""
    wide = len(cells(0)) * CELL
    strips = ["-f", "rawvideo", "-pix_fmt", "gray", "-video_size", f"{wide}x{STRIP_HEIGHT}", "-framerate", f"{FRAMES}"]
    return [
        *[ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin", "-y"],
        *strips,
        *["-i", "pipe:0"],
        *(shown(film) if film else test_picture()),
        *["-filter_complex", f"[1:v]{fitted(film)}{clock()}[seen];[seen][0:v]overlay={PLACE}:{PLACE}:shortest=1[out]"],
        *["-map", "[out]", "-map", "1:a:0?" if film else "2:a", "-map", "1:a:0?" if film else "2:a"],
        *["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"],
        *["-b:v", "220k", "-maxrate", "260k", "-bufsize", "260k"],
        *["-g", f"{FRAMES}", "-keyint_min", f"{FRAMES}", "-sc_threshold", "0"],
        *["-c:a", "aac", "-b:a", "64k", "-ar", "48000", "-ac", "1"],
        *["-f", "hls", "-hls_time", "1", "-hls_list_size", f"{KEPT_SECONDS}", "-hls_delete_threshold", "30"],
        *["-hls_flags", "program_date_time+delete_segments+independent_segments+omit_endlist+temp_file"],
        *["-hls_segment_filename", f"{folder}/%v-%06d.ts", "-master_pl_name", "index.m3u8"],
        *["-var_stream_map", "v:0,a:0,name:360p a:1,name:am-thanh", f"{folder}/%v.m3u8"],
    ]


def test_picture() -> list[str]:
    """A picture that moves, and a quiet tone."""
    picture = f"testsrc2=size={WIDTH}x{HEIGHT}:rate={FRAMES}"
    return ["-f", "lavfi", "-i", picture, "-re", "-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000,volume=0.1"]


def shown(film: Path) -> list[str]:
    """A film, from the beginning again when it is over."""
    return ["-re", "-stream_loop", "-1", "-i", str(film)]


def fitted(film: Path | None) -> str:
    """How a film's picture gets the size of the stream."""
    if film is None:
        return "null"
    inside = f"scale={WIDTH}:{HEIGHT}:force_original_aspect_ratio=decrease"
    return f"fps={FRAMES},{inside},pad={WIDTH}:{HEIGHT}:(ow-iw)/2:(oh-ih)/2"


def clock() -> str:
    """The time of day for people's eyes, where its font is installed."""
    if not FONT.exists():
        return ""
    look = "x=20:y=h-56:fontsize=36:fontcolor=white:box=1:boxcolor=black"
    return f",drawtext=fontfile={FONT}:text='%{{localtime\\:%T}}':{look}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
