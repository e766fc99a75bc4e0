"""`make bench`: runs every measurement, prints its table, and writes bench/results.json.

Figures are of this machine in this minute, client and server on the same processors: read them as ratios between rows.
`make bench ARGS="live --players 500"` runs one of them.
"""

from __future__ import annotations

import argparse
import json
import platform
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import contest_page, live, start, storm, stream

MEASUREMENTS = {
    "start": start.measure,
    "live": live.measure,
    "contest_page": contest_page.measure,
    "storm": storm.measure,
    "stream": stream.measure,
}
RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Measure what is asked for, by default everything."""
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("names", nargs="*", choices=[*MEASUREMENTS, []], help="which ones")
    asked.add_argument("--players", type=int, default=200, help="sockets of the live measurement")
    options = asked.parse_args()
    figures = {}
    for name in options.names or MEASUREMENTS:
        figures[name] = MEASUREMENTS[name](options.players)
        show(name, figures[name])
    kept = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": " · ".join(
            (platform.machine(), platform.platform(terse=True), f"Python {platform.python_version()}")
        ),
        "figures": figures,
    }
    RESULTS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def show(name: str, figures: dict[str, float]) -> None:
    """Print one table."""
    table = Table("what", "figure", title=name)
    for what, figure in figures.items():
        table.add_row(what, f"{figure:,.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
