"""The formats by name, and which of them a file is."""

from __future__ import annotations

from collections.abc import Mapping

from quizapp.formats.upload import Format

FORMATS: Mapping[str, Format] = {}
