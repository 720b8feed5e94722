"""Helpers for the tests of library and search: an encoder without weights, a reader of toy plans.

The toy format keeps these tests independent of the real reading and parsing: first line the head
("number|date|issuer|level|province|year|title"), then "1. Heading" lines with their text,
"* content|lead|deadline" task rows, and "[[text|kind|number|date|key]]" citations inside the text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from kh_nlp.language import fold
from kh_nlp.model import (
    Block,
    Citation,
    Document,
    Header,
    Plan,
    Quality,
    Section,
    Source,
    Task,
)


@cache  # many tests take in the same texts
def hashed(text: str, dimensions: int) -> np.ndarray:
    """The vector of a text, shape (dimensions,)."""
    out = np.zeros(dimensions, dtype=np.float32)
    key = f" {fold(text)} "
    for place in range(len(key) - 2):
        digest = hashlib.blake2b(key[place : place + 3].encode(), digest_size=4).digest()
        number = int.from_bytes(digest, "little")
        out[number % dimensions] += 1.0 if number >> 31 else -1.0
    return out / np.maximum(np.linalg.norm(out), 1e-9)


class HashEncoder:
    """Unit vectors of hashed character trigrams: deterministic, alike for alike texts."""

    def __init__(self, identity: str = "test-trigrams", dimensions: int = 64) -> None:
        self.identity = identity
        self.dimensions = dimensions
        self.encoded: list[str] = []

    def _vectors(self, texts: list[str]) -> np.ndarray:
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            out[row] = hashed(text, self.dimensions)
        return out

    def encode_queries(self, texts) -> np.ndarray:
        return self._vectors(list(texts))

    def encode_passages(self, texts, progress=None) -> np.ndarray:
        self.encoded.extend(texts)
        return self._vectors(list(texts))


CITATION = re.compile(r"\[\[([^|\]]+)\|([^|\]]*)\|([^|\]]*)\|([^|\]]*)\|([^|\]]*)\]\]")


def toy_plan(path: Path) -> Plan:
    """The plan in a toy file; ValueError for a file without a head."""
    raw = path.read_bytes()
    head, _, body = raw.decode("utf-8").partition("\n")
    number, date, issuer, level, province, year, title = head.split("|")
    found: list[tuple[int, int, re.Match[str]]] = []
    text = ""
    last = 0
    for match in CITATION.finditer(body):
        text += body[last : match.start()]
        found.append((len(text), len(text) + len(match[1]), match))
        text += match[1]
        last = match.end()
    text += body[last:]
    sections: list[Section] = []
    tasks: list[Task] = []
    starts = [m for m in re.finditer(r"^(\d+(?:\.\d+)*)\. (.*)$", text, re.M)]
    for index, match in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        parent = match[1].rpartition(".")[0]
        section = Section(
            id=f"s{index}", number=match[1], label=match[1], heading=match[2],
            parent=next((s.id for s in sections if s.number == parent), None), annex=False,
            start=match.start(), end=end, spans=((match.start(), end),), page=1,
            text=text[match.start() : end],
        )  # fmt: skip
        sections.append(section)
        for row in re.finditer(r"^\* (.*)$", text[match.start() : end], re.M):
            content, lead, deadline = [*row[1].split("|"), "", ""][:3]
            tasks.append(
                Task(
                    id=f"t{len(tasks)}",
                    origin="table",
                    order=len(tasks) + 1,
                    group=None,
                    content=content,
                    lead=(lead,) if lead else (),
                    deadline=deadline or None,
                    section=section.id,
                    start=match.start() + row.start(),
                    end=match.start() + row.end(),
                )
            )
    opening = starts[0].start() if starts else len(text)
    citations = tuple(
        Citation(
            text=m[1], kind=m[2] or None, number=m[3] or None, issued_on=m[4] or None, issuer=None,
            title=None, role="reference", relation=None,
            section=next((s.id for s in reversed(sections) if s.start <= start < s.end), None),
            start=start, end=end, confidence=1.0,
            document=Document(key=m[5], number=m[3] or None, issued_on=m[4] or None)
            if m[5]
            else None,
        )
        for start, end, m in found
    )  # fmt: skip
    digest = hashlib.sha256(raw).hexdigest()
    return Plan(
        plan_id=f"kh-{digest[:12]}",
        source=Source(
            path=str(path), sha256=digest, format="text", pages=1, characters=len(text)
        ),
        quality=Quality(damaged="HỎNG" in text),
        header=Header(
            number=number or None, issued_on=date or None, issuer=issuer or None,
            level=level or None, province=province or None, year=int(year) if year else None,
            title=title or None,
        ),
        text=text,
        blocks=(Block(kind="opening", start=0, end=opening),) if opening else (),
        sections=tuple(sections), notes=(), tasks=tuple(tasks), citations=citations, runs=(),
    )  # fmt: skip


@dataclass(frozen=True)
class ToyOutcome:
    path: Path
    plan: Plan | None
    error: str | None


def read_toys(paths, workers=None, allow_secret=False, options=None) -> Iterator[ToyOutcome]:
    for path in paths:
        try:
            yield ToyOutcome(path, toy_plan(Path(path)), None)
        except (OSError, ValueError):
            yield ToyOutcome(path, None, f"Không đọc được {path}")


def expand_toys(paths, on_error=None) -> list[Path]:
    found: list[Path] = []
    for path in map(Path, paths):
        found += sorted(path.rglob("*.txt")) if path.is_dir() else [path]
    return found


def use_toys(patch: pytest.MonkeyPatch) -> None:
    """Let ``ingest`` read toy files."""
    from kh_nlp import pipeline

    patch.setattr(pipeline, "read_plans", read_toys)
    patch.setattr(pipeline, "expand", expand_toys)


def write_toy(
    folder: Path,
    name: str,
    body: str,
    *,
    number: str = "",
    date: str = "",
    issuer: str = "UBND xã Thử",
    level: str = "commune",
    province: str = "",
    year: str = "2026",
    title: str = "Tuyên truyền cải cách hành chính",
) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "|".join((number, date, issuer, level, province, year, title)) + "\n" + body,
        encoding="utf-8",
    )
    return path
