"""Units for measurements: the articles of ../shared cut to as many units as asked for."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.library import Library
from kh_nlp.library.indexing import refresh, remember_encoder
from kh_nlp.library.ingesting import index_plan, summary_of
from kh_nlp.library.store import now
from kh_nlp.model import Header, Plan, Quality, Section, Source, to_dict

WORDS = 180
"""Words of a unit at most; the library would cut at 220."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of an article with the document and the heading that it stands under."""

    document: str
    heading: str
    text: str


def units(path: Path, count: int) -> list[Unit]:
    """The first ``count`` units of the articles, cut at ends of lines where there are any."""
    found: list[Unit] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            heading = f"Điều {article['article']}. {article['title']}"
            for text in _cut(article["text"]):
                found.append(Unit(article["doc_number"], heading, text))
                if len(found) == count:
                    return found
    raise SystemExit(f"{path}: only {len(found)} units, {count} wanted.")


def _cut(text: str) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for line in text.split("\n"):
        words = line.split()
        if held and size + len(words) > WORDS:
            yield "\n".join(held)
            held, size = [], 0
        while len(words) > WORDS:
            yield " ".join(words[:WORDS])
            words = words[WORDS:]
        if words:
            held.append(" ".join(words))
            size += len(words)
    if held:
        yield "\n".join(held)


class StaticEncoder:
    """Vectors of real text in the time of reading it: weighted means of E5's token embeddings.

    The whole model would take hours for 100,000 units. A token of probability p counts
    a / (a + p) (Arora et al. 2017). With ``real`` an answer to a query costs what the real encoder
    costs, whose vector is thrown away.
    """

    dimensions = 384
    A = 1e-4

    def __init__(self, *, real: bool = False) -> None:
        from tokenizers import Tokenizer

        from kh_nlp.embedding.bundled import BundledEncoder, _package_folder, cache_folder
        from kh_nlp.embedding.packed_weights import PackedWeights, unpack

        weights = PackedWeights(_package_folder() / "e5-small-q4.bin")
        self.identity = f"bench-static:{weights.sha256[:12]}"
        folder = unpack(weights, cache_folder())
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(512)
        self._matrix = weights.tensor("emb.word", weights.sizes["vocabulary"], self.dimensions)
        scores = np.full(len(self._matrix), 0.0)
        scores[: len(weights.pieces)] = [score for _, score in weights.pieces]
        self._weights = (self.A / (self.A + np.exp(scores))).astype(np.float32)
        self._real = BundledEncoder() if real else None

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, 384)."""
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), 1000):
            batch = self._tokenizer.encode_batch(
                list(texts[start : start + 1000]), add_special_tokens=False
            )
            for row, found in enumerate(batch, start):
                ids = np.array(found.ids)
                out[row] = self._weights[ids] @ self._matrix[ids]
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        unit: NDArray[np.float32] = out / np.maximum(norms, 1e-9)
        return unit

    def encode_passages(self, texts: Sequence[str], progress: Any = None) -> NDArray[np.float32]:
        return self.vectors(texts)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._real is not None:
            self._real.encode_queries(texts)
        return self.vectors(texts)


LEVELS = ("province", "province_agency", "commune", "central")
PROVINCES = ("tỉnh Lào Cai", "tỉnh Nghệ An", "thành phố Hà Nội", "tỉnh Cà Mau", "tỉnh Quảng Trị")
MOST = 200
"""Sections of a plan."""


def plans(found: Sequence[Unit]) -> Iterator[Plan]:
    """Plans whose sections are the units, those of one document together."""
    by_document: dict[str, list[Unit]] = {}
    for unit in found:
        by_document.setdefault(unit.document, []).append(unit)
    number = 0
    for document, its in by_document.items():
        for start in range(0, len(its), MOST):
            number += 1
            yield _plan(number, document, its[start : start + MOST])


def _plan(number: int, document: str, found: Sequence[Unit]) -> Plan:
    sections: list[Section] = []
    text = ""
    for index, unit in enumerate(found):
        start = len(text)
        own = f"{unit.heading}\n{unit.text}"
        text += own + "\n"
        sections.append(
            Section(
                id=f"s{index}", number=str(index + 1), label=None, heading=unit.heading,
                parent=None, annex=False, start=start, end=start + len(own),
                spans=((start, start + len(own)),), page=1, text=own,
            )
        )  # fmt: skip
    province = PROVINCES[number % len(PROVINCES)]
    key = hashlib.sha256(f"{number}|{document}".encode()).hexdigest()
    return Plan(
        plan_id=f"kh-{key[:12]}",
        source=Source(
            path=f"/made/{number}.txt", sha256=key, format="text", pages=1, characters=len(text)
        ),
        quality=Quality(),
        header=Header(
            number=f"{number}/KH-UBND",
            issuer=f"UBND {province}",
            level=LEVELS[number % len(LEVELS)],
            province=province,
            year=2020 + number % 7,
            title=f"Kế hoạch thực hiện {document}",
        ),
        text=text,
        blocks=(),
        sections=tuple(sections),
        notes=(),
        tasks=(),
        citations=(),
        runs=(),
    )


def build(folder: Path, found: Sequence[Unit], encoder: Any) -> Library:
    """A library of the units, written as ``ingest`` writes it, in one transaction."""
    library = Library.open(folder, create=True)
    with library.lock(), library.writing() as connection:
        remember_encoder(connection, encoder)
        for plan in plans(found):
            row = connection.execute(
                "INSERT INTO plans (plan_id, created_at) VALUES (?, ?) RETURNING id",
                (plan.plan_id, now()),
            ).fetchone()
            version = connection.execute(
                "INSERT INTO versions (plan, sha256, parser, current, json, summary, created_at) "
                "VALUES (?, ?, 0, 1, ?, ?, ?) RETURNING id",
                (
                    row["id"],
                    plan.source.sha256,
                    json.dumps(to_dict(plan), ensure_ascii=False),
                    json.dumps(summary_of(plan), ensure_ascii=False),
                    now(),
                ),
            ).fetchone()
            connection.execute(
                "INSERT INTO files VALUES (?, ?, ?)", (plan.source.path, version["id"], now())
            )
            index_plan(connection, row["id"], plan)
        refresh(library, encoder, None)
    return library
