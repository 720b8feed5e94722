"""Titles of 27,000 plans with their sectors and E5 vectors, for titles.py and clusters.py.

The titles (``plan_titles_27k.tsv.gz``) have no accents and are no part of the repository. What
tells nothing of the matter (number, code, year and place of the plan) is taken off, the accents are
restored by the project's own restorer, and each distinct text is encoded once; texts and vectors
are kept in a work folder.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import fold
from kh_nlp.places import load_gazetteer

_OWN = re.compile(
    r"^(?:ke hoach )?(?:nam )?\d+[a-z]?(?: (?:19|20)\d\d)? (?:khlt|khph|ctrph|ctr|kh|qc)\b"
    r"(?: [a-z]{2,8}(?= ))?(?: (?:19|20)\d\d)?",
)
_TAIL = re.compile(r"(?: (?:va|den|nam|giai doan|thang \d+|quy [1-4iv]+|(?:19|20)\d\d|\d{1,2}))+$")


@dataclass(frozen=True, slots=True)
class Titles:
    """``texts``, ``sectors`` and ``vectors`` (n, 384; unit rows) of titles, in the file's order."""

    texts: list[str]
    sectors: list[str]
    vectors: NDArray[np.float32]


def load(path: Path, work: Path) -> Titles:
    """Titles, restored and encoded; taken from ``work`` where an earlier run left them."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines][1:]
    keys = [bare(row[5]) for row in rows]
    distinct = sorted(set(keys))
    work.mkdir(parents=True, exist_ok=True)
    texts = _restored(distinct, work / "titles.json")
    vectors = _encoded([texts[key] for key in distinct], work / "titles.npy")
    place = {key: at for at, key in enumerate(distinct)}
    return Titles(
        [texts[key] for key in keys],
        [row[1] for row in rows],
        np.ascontiguousarray(vectors[[place[key] for key in keys]]),
    )


def bare(slug: str) -> str:
    """A title in plain letters without the plan's own number, year and province."""
    text = slug.replace("-", " ").lower().strip()
    text = _OWN.sub("", text).strip()
    text = re.sub(r"^ke hoach\s+", "", text)
    before = ""
    while before != text:
        before = text
        text = _places().sub("", _TAIL.sub("", text)).strip()
    return text or slug.replace("-", " ").lower()


def _places() -> Any:
    global _PLACES
    if _PLACES is None:
        names = sorted({fold(p.name) for p in load_gazetteer().provinces()}, key=len, reverse=True)
        names += ["hue", "vung tau"]
        called = "|".join(re.escape(name.replace("-", " ")) for name in names)
        _PLACES = re.compile(
            rf" (?:(?:tren )?(?:dia ban )?(?:cua )?(?:tinh|thanh pho|tp|thu do|do) )?(?:{called})$"
            r"|(?: tren)? dia ban(?: tinh| thanh pho)?$| tinh$"
        )
    return _PLACES


_PLACES: Any = None


def _restored(texts: list[str], kept: Path) -> dict[str, str]:
    if kept.is_file():
        known: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
        if set(known) >= set(texts):
            return known
    from kh_nlp.repairing.restoring import load_restorer

    restorer = load_restorer()
    known = {}
    for at in range(0, len(texts), 500):
        part = texts[at : at + 500]
        for text, found in zip(part, restorer.restore(part, [True] * len(part)), strict=True):
            known[text] = found.text
    kept.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    return known


def _encoded(texts: list[str], kept: Path) -> NDArray[np.float32]:
    if kept.is_file():
        vectors: NDArray[np.float32] = np.load(kept)
        if len(vectors) == len(texts):
            return vectors
    from kh_nlp.embedding import load_encoder

    vectors = load_encoder().encode_passages(texts)
    np.save(kept, vectors)
    return vectors
