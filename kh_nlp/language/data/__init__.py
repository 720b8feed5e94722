"""Data files of the language room."""

from __future__ import annotations

from importlib.resources import files


def lines(name: str) -> list[str]:
    """Lines of the data file ``name``, blank lines and ``#`` comments dropped."""
    content = (files(__name__) / name).read_text(encoding="utf-8")
    return [
        line.rstrip() for line in content.splitlines() if line.strip() and not line.startswith("#")
    ]
