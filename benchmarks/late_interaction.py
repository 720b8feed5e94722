"""Late interaction over the bundled encoder's token vectors, measured against the search as it is.

usage: python benchmarks/late_interaction.py NAME=DIR[:LIBRARY]... [--cache FOLDER] [--save FILE]

DIR is a folder of judged questions (docs/retrieval.md), LIBRARY the library of the plans that its
spans judge; without one DIR is a set of documents. For the 50 best passages of each question
MaxSim (Khattab and Zaharia 2020: for each token of the question the likest token of the passage)
is joined with the score of the search by a convex sum, both min-max normalised over the 50.

Weight and form of MaxSim are chosen on one half of the questions (by place, odd and even) and
applied to the other half, then the other way round; so each question is judged by a choice that did
not see it. ``transfer`` applies what all other sets choose. The tokens are those of the text that
is encoded anyway (title and headings above it), cut at 512; every distinct passage is read once.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from kh_nlp.embedding import load_encoder
from kh_nlp.embedding.bundled import PASSAGE_PREFIX, QUERY_PREFIX, _package_folder, cache_folder
from kh_nlp.embedding.encoder import prepared
from kh_nlp.embedding.packed_weights import PackedWeights, unpack
from kh_nlp.evaluation.retrieval import (
    Collection,
    difference,
    estimate,
    index_documents,
    judge,
    load_documents,
    load_judgements,
    load_questions,
    measured,
)
from kh_nlp.library import Library
from kh_nlp.library.indexing import dense_text
from kh_nlp.library.passages import windows
from kh_nlp.search import search
from kh_nlp.search.accents import Accents
from kh_nlp.search.query import read_query
from kh_nlp.search.ranking import Ranking, ranked

DEPTH = 50
KEPT = 100
LONGEST = 512
BATCH_TOKENS = 8192
WEIGHTS = tuple(round(0.05 * step, 2) for step in range(21))
FORMS = ("all", "words", "centred", "centred words")
"""Which tokens of the question count (all, or those of its words only), and whether the mean of all
token vectors of passages is taken off first, for they all lie in one narrow cone."""

Tokens = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what the search ranks: passages, scores, what the encoder reads of it."""

    id: str
    meaning: str
    passages: list[int]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Set:
    """A collection, the candidates of its questions, and MaxSim of the first 50 by form."""

    collection: Collection
    asked: list[Asked]
    likeness: dict[str, list[NDArray[np.float64]]]


class TokenVectors:
    """Token vectors of the bundled weights, each of length 1, by the torch side."""

    def __init__(self) -> None:
        from kh_nlp.embedding.torch_loading import load_sentence_transformer

        weights = PackedWeights(_package_folder() / "e5-small-q4.bin")
        self._model: Any = load_sentence_transformer(unpack(weights, cache_folder()))
        self._tokenizer: Any = self._model.tokenizer
        self.cut = 0

    def of(self, texts: Sequence[str], prefix: str) -> Iterator[tuple[int, Tokens]]:
        """(place of the text, its vectors (tokens, 384) in float16), longest texts first."""
        import torch

        from kh_nlp.embedding.torch_loading import fast_inference

        rows = [self._tokenizer(prefix + prepared(text))["input_ids"] for text in texts]
        self.cut += sum(len(row) > LONGEST for row in rows)
        end = self._tokenizer.eos_token_id
        rows = [row if len(row) <= LONGEST else [*row[: LONGEST - 1], end] for row in rows]
        order = sorted(range(len(rows)), key=lambda place: -len(rows[place]))
        at = 0
        while at < len(order):
            width = len(rows[order[at]])
            batch = order[at : at + max(1, BATCH_TOKENS // width)]
            ids = torch.full((len(batch), width), self._tokenizer.pad_token_id)
            mask = torch.zeros((len(batch), width), dtype=torch.long)
            for line, place in enumerate(batch):
                ids[line, : len(rows[place])] = torch.tensor(rows[place])
                mask[line, : len(rows[place])] = 1
            with fast_inference(self._model):
                states = self._model({"input_ids": ids, "attention_mask": mask})["token_embeddings"]
            vectors = torch.nn.functional.normalize(states.float(), dim=2).numpy()
            for line, place in enumerate(batch):
                yield place, vectors[line, : len(rows[place])].astype(np.float16)
            at += len(batch)

    def prefix_length(self, prefix: str) -> int:
        """Tokens before the first word: the opening mark and the prefix."""
        return len(self._tokenizer(prefix.strip())["input_ids"]) - 1


def documents(folder: Path, cache: Path, place: Path) -> tuple[Collection, list[Asked], list[str]]:
    """A set of documents, its candidates, and the text of each passage."""
    found = load_documents(folder)
    collection = index_documents(found, load_encoder(), place, cache / "vectors.sqlite")
    texts = [
        dense_text(part, "", document.title)
        for document in found.documents
        for part in list(windows(document.text)) or [""]
    ]
    accents = Accents(collection.index.lexical)
    asked = []
    for question in collection.answered():
        query = read_query(question.text, accents)
        query, ranking = ranked(collection.index, query, collection.allowed, collection.encode)
        asked.append(_asked(question.id, query.meaning, ranking))
    return collection, asked, texts


def plans(folder: Path, library: Library) -> tuple[Collection, list[Asked], list[str]]:
    """Judged spans of the plans of ``library``; candidates are those that a reranker is given."""
    questions = load_questions(folder)
    judgements = load_judgements(folder, questions)
    collection, lost = judge(folder.resolve().name, library, questions, judgements)
    if lost:
        print(f"{len(lost)} judged spans not found", file=sys.stderr)
    asked = []
    for question in collection.answered():
        seen: list[tuple[Ranking, Any]] = []

        def spy(ranking: Ranking, query: Any, *_: Any, into: list[Any] = seen) -> Ranking:
            into.append((ranking, query))
            return ranking

        with patch("kh_nlp.search.answering.reranked", spy):
            search(library, question.text, reranker=object())  # type: ignore[arg-type]
        ranking, query = seen[0]
        asked.append(_asked(question.id, query.meaning, ranking))
    rows = {
        row["id"]: dense_text(row["words"], row["context"], row["title"])
        for row in library.connection.execute(
            "SELECT id, coalesce(words, text) AS words, context, title FROM passages"
        )
    }
    return collection, asked, [rows.get(at, "") for at in range(max(rows) + 1)]


def _asked(question: str, meaning: str, ranking: Ranking) -> Asked:
    return Asked(question, meaning, ranking.passages.tolist(), ranking.scores[:DEPTH])


def likenesses(
    asked: Sequence[Asked], texts: Sequence[str], tokens: TokenVectors, timed: dict[str, float]
) -> dict[str, list[NDArray[np.float64]]]:
    """MaxSim of the first 50 candidates of each question, by form."""
    wanted = sorted({passage for one in asked for passage in one.passages[:DEPTH]})
    began, used = time.perf_counter(), time.process_time()
    vectors: dict[int, Tokens] = {}
    for done, (place, found) in enumerate(tokens.of([texts[p] for p in wanted], PASSAGE_PREFIX), 1):
        vectors[wanted[place]] = found
        if done % 500 == 0:
            print(f"  {done}/{len(wanted)}", file=sys.stderr)
    timed["passages"] = len(wanted)
    timed["tokens"] = round(float(np.mean([len(found) for found in vectors.values()])), 1)
    timed["encoding_seconds"] = round(time.perf_counter() - began, 1)
    timed["encoding_processor_seconds"] = round(time.process_time() - used, 1)
    timed["bytes_a_passage"] = round(float(np.mean([v.nbytes for v in vectors.values()])))
    mean = np.mean([found.mean(axis=0, dtype=np.float64) for found in vectors.values()], axis=0)
    mean = mean.astype(np.float32)
    queries = dict(tokens.of([one.meaning for one in asked], QUERY_PREFIX))
    skipped = tokens.prefix_length(QUERY_PREFIX)
    likeness: dict[str, list[NDArray[np.float64]]] = {form: [] for form in FORMS}
    began = time.perf_counter()
    for at, one in enumerate(asked):
        raw = queries[at].astype(np.float32)
        rows: dict[str, list[float]] = {form: [] for form in FORMS}
        for passage in one.passages[:DEPTH]:
            text = vectors[passage].astype(np.float32)
            for name, mine, other in (
                ("", raw, text),
                ("centred", _unit(raw - mean), _unit(text - mean)),
            ):
                best = (mine @ other.T).max(axis=1)
                rows[f"{name} words".strip()].append(float(best[skipped:-1].mean()))
                rows[name or "all"].append(float(best.mean()))
        for form, row in rows.items():
            likeness[form].append(np.array(row))
    timed["milliseconds_of_maxsim_a_question"] = round(
        1000 * (time.perf_counter() - began) / len(asked) / 2, 1
    )
    return likeness


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _normalised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = np.ptp(values) if len(values) else 0.0
    return (values - values.min()) / spread if spread else np.zeros(len(values))


def joined(found: Set, weight: float, form: str) -> dict[str, list[str]]:
    """Items by question, the first 50 passages ordered by the convex sum."""
    run = {}
    for one, likeness in zip(found.asked, found.likeness[form], strict=True):
        scores = (1 - weight) * _normalised(one.scores) + weight * _normalised(likeness)
        order = np.argsort(-scores, kind="stable").tolist()
        passages = [one.passages[place] for place in order] + one.passages[DEPTH:]
        run[one.id] = found.collection.items(one.id, passages)[:KEPT]
    return run


Grid = dict[tuple[str, float], NDArray[np.float64]]


def grid(found: Set) -> Grid:
    """nDCG@10 of every question for every form and weight."""
    values: Grid = {}
    for form, weight in product(FORMS, WEIGHTS):
        row = measured(found.collection.qrels, joined(found, weight, form))["ndcg@10"]
        values[form, weight] = np.array([row[one.id] for one in found.asked])
    return values


def chosen(grids: Sequence[tuple[Grid, NDArray[np.bool_]]]) -> tuple[str, float]:
    """Form and weight of the highest mean over the marked questions of all grids (each set counts
    alike); of equal ones the least weight."""

    def mean(key: tuple[str, float]) -> float:
        return float(np.mean([values[key][mask].mean() for values, mask in grids]))

    keys = sorted(product(FORMS, WEIGHTS), key=lambda key: (key[1], FORMS.index(key[0])))
    return max(keys, key=lambda key: round(mean(key), 6))


def report(name: str, grids: dict[str, Grid]) -> dict[str, Any]:
    """What is gained on the questions of one set by choices that did not see them."""
    values = grids[name]
    plain = values["all", 0.0]
    odd = np.arange(len(plain)) % 2 == 0  # the first question has number 1
    crossed = np.empty_like(plain)
    choices = {}
    halves = {}
    for label, half in (("odd", odd), ("even", ~odd)):
        key = chosen([(values, ~half)])
        crossed[half] = values[key][half]
        choices[label] = {"form": key[0], "weight": key[1]}
        halves[label] = _compared(values[key][half], plain[half])
    found: dict[str, Any] = {
        "questions": len(plain),
        "hybrid": round(float(plain.mean()), 4),
        "interval": _rounded(estimate(plain.tolist()).interval),
        "applied_to": choices,
        "halves": halves,
        "two_fold": _compared(crossed, plain),
        "best_with_all_seen": max(round(float(row.mean()), 4) for row in values.values()),
        "late_alone": {form: round(float(values[form, 1.0].mean()), 4) for form in FORMS},
        "curves": {
            form: [round(float(values[form, weight].mean()), 4) for weight in WEIGHTS]
            for form in FORMS
        },
    }
    others = [
        (grid, np.ones(len(grid["all", 0.0]), bool)) for n, grid in grids.items() if n != name
    ]
    if others:
        key = chosen(others)
        found["transfer"] = {
            "form": key[0], "weight": key[1], **_compared(values[key], plain)
        }  # fmt: skip
    return found


def _compared(values: NDArray[np.float64], plain: NDArray[np.float64]) -> dict[str, Any]:
    found = difference("late", "hybrid", "ndcg@10", values.tolist(), plain.tolist())
    return {
        "ndcg@10": round(float(values.mean()), 4),
        "difference": round(found.value, 4),
        "interval": _rounded(found.interval),
        "p": round(found.p, 4),
        "better": int((values > plain + 1e-9).sum()),
        "worse": int((values < plain - 1e-9).sum()),
    }


def _rounded(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else [round(bound, 4) for bound in interval]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", metavar="NAME=DIR[:LIBRARY]")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/kh_nlp/evaluation")
    parser.add_argument("--save", type=Path)
    given = parser.parse_args()
    tokens = TokenVectors()
    grids: dict[str, Grid] = {}
    costs: dict[str, dict[str, float]] = {}
    for argument in given.sets:
        name, _, rest = argument.partition("=")
        folder, _, library = rest.partition(":")
        print(name, file=sys.stderr)
        with TemporaryDirectory(prefix="kh-late-") as place:
            if library:
                opened = Library.open(Path(library))
                collection, asked, texts = plans(Path(folder), opened)
            else:
                collection, asked, texts = documents(Path(folder), given.cache, Path(place))
            costs[name], tokens.cut = {}, 0
            likeness = likenesses(asked, texts, tokens, costs[name])
            costs[name]["cut_at_512"] = tokens.cut
            grids[name] = grid(Set(collection, asked, likeness))
    found = {name: {**report(name, grids), "cost": costs[name]} for name in grids}
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if given.save:
        given.save.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
