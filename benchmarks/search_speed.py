"""Speed of ``kh_nlp.search.search`` beside txtai and bm25s + faiss, in one run.

usage: python benchmarks/search_speed.py [--shared ../shared] [--units 10000 100000]
           [--queries 150] [--work FOLDER] [--save FILE] [--plot FILE]

Texts are the articles of ../shared cut to units (nothing of them is committed), queries those of
alqac_dev and their first 12 words; systems answer each query in turn, so that the noise of the
machine meets all of them. Vectors are given: those of the units are weighted means of E5's token
embeddings (see articles.py), those of alqac_dev E5's own. txtai and bm25s are no dependencies of
the project; those that cannot be imported are left out with a message.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy as np
from articles import StaticEncoder, Unit, build, units
from numpy.typing import NDArray

from kh_nlp.library import Library, passages
from kh_nlp.library.dense import DenseSegment
from kh_nlp.search import search
from kh_nlp.search.filters import Filters, allowed
from kh_nlp.search.query import read_query
from kh_nlp.search.ranking import encoding, opened, ranked

Vectors = NDArray[np.float32]
Answer = Callable[[str, int], list[str]]
OFFICIALS = Path(__file__).parents[1] / "tests" / "gold_retrieval"
TOP = 10
PAUSE = 0.03
"""Seconds before each timed query: threads of the system before wait for work busily until then."""


class Given:
    """An encoder that looks vectors up; a title, which is no hit, has none of its own."""

    def __init__(self, identity: str, known: dict[str, Vectors]) -> None:
        self.identity = identity
        self.known = {" ".join(text.split()): vector for text, vector in known.items()}
        self.dimensions = len(next(iter(known.values())))
        self._title = np.eye(1, self.dimensions, dtype=np.float32)[0]
        self.question = ""
        """What is asked: its vector serves for what was understood of it too."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        found = [self.known.get(" ".join(text.split())) for text in texts]
        whole = self.known.get(" ".join(self.question.split()), self._title)
        return np.stack([whole if vector is None else vector for vector in found])

    def encode_passages(self, texts: Sequence[str], progress: Any = None) -> Vectors:
        return np.stack([self.known.get(" ".join(text.split()), self._title) for text in texts])


class Ours:
    name = "kh_nlp"

    def __init__(self, library: Library, encoder: Any, names: dict[str, str] | None = None) -> None:
        self.library, self.encoder, self.names = library, encoder, names

    def answer(self, query: str, count: int) -> list[str]:
        self.encoder.question = query
        hits = search(self.library, query, limit=count, encoder=self.encoder).hits
        return [self.names[hit.text] if self.names else hit.text for hit in hits]


class Ranked(Ours):
    """What the others do: ids in their order, no texts, marks and sources."""

    name = "kh_nlp, ids only"

    def answer(self, query: str, count: int) -> list[str]:
        with self.library.reading() as connection:
            index = opened(self.library, connection)
            within = allowed(connection, Filters(), self.library)
            encode = encoding(self.library, self.encoder)
            _, ranking = ranked(index, read_query(query), within, encode)
        return [str(passage) for passage in ranking.passages[:count].tolist()]


class Txtai:
    """Its hybrid as documented: BM25 and faiss, scores joined by a convex sum."""

    name = "txtai"

    def __init__(self, ids: list[str], texts: list[str], vectors: Vectors, asked: Given) -> None:
        from importlib.metadata import version

        from txtai import Embeddings

        self.version = version("txtai")
        known = dict(zip(texts, vectors, strict=True))
        self.engine = Embeddings(
            {
                "method": "external",
                "transform": lambda batch: np.stack(
                    [
                        known[text] if text in known else asked.encode_queries([text])[0]
                        for text in batch
                    ]
                ),
                "hybrid": True,
                "backend": "faiss",
            }
        )
        self.ids = ids
        self.engine.index([(row, text, None) for row, text in enumerate(texts)])

    def answer(self, query: str, count: int) -> list[str]:
        return [self.ids[int(row)] for row, _ in self.engine.search(query, count)]


class ByHand:
    """bm25s and a flat faiss index, the best 200 of each joined by a convex sum of their scores."""

    name = "bm25s + faiss"

    def __init__(self, ids: list[str], texts: list[str], vectors: Vectors, asked: Given) -> None:
        import bm25s
        import faiss

        self.bm25s, self.ids, self.asked = bm25s, ids, asked
        self.version = f"{bm25s.__version__}, {faiss.__version__}"
        self.words = bm25s.BM25(k1=0.9, b=0.4)
        self.words.index(self._tokens(texts), show_progress=False)
        self.vectors = faiss.IndexFlatIP(vectors.shape[1])
        self.vectors.add(np.ascontiguousarray(vectors))

    def _tokens(self, texts: list[str]) -> Any:
        return self.bm25s.tokenize(
            texts, token_pattern=r"(?u)\b\w+\b", stopwords=None, show_progress=False
        )

    def answer(self, query: str, count: int) -> list[str]:
        depth = min(200, len(self.ids))
        rows, scores = self.words.retrieve(
            self._tokens([query]), k=depth, show_progress=False, n_threads=0
        )
        near, places = self.vectors.search(self.asked.encode_queries([query]), depth)
        total: dict[int, float] = {}
        for found, values, weight in ((rows[0], scores[0], 0.6), (places[0], near[0], 0.4)):
            low, high = float(values.min()), float(values.max())
            for row, value in zip(found.tolist(), values.tolist(), strict=True):
                share = (value - low) / (high - low) if high > low else 1.0
                total[row] = total.get(row, 0.0) + weight * share
        best = sorted(total, key=lambda row: (-total[row], row))[:count]
        return [self.ids[row] for row in best]


def peers(ids: list[str], texts: list[str], vectors: Vectors, asked: Given) -> Iterator[Any]:
    for kind in (Txtai, ByHand):
        try:
            start = time.perf_counter()
            found = kind(ids, texts, vectors, asked)
        except ImportError as error:
            print(f"{kind.name} is left out: {error}", file=sys.stderr)
            continue
        found.built = time.perf_counter() - start
        yield found


def timed(
    systems: Sequence[Any],
    queries: Sequence[str],
    warm: Sequence[str] = (),
    pause: float = PAUSE,
) -> dict[str, dict[str, Any]]:
    """Milliseconds of each query for each system; they take turns.

    ``warm``: what is asked before, unless the queries themselves. An encoder remembers questions.
    """
    for system in systems:
        for query in warm or queries:
            system.answer(query, TOP)
    wall: dict[str, list[float]] = {system.name: [] for system in systems}
    used: dict[str, list[float]] = {system.name: [] for system in systems}
    for query in queries:
        for system in systems:
            time.sleep(pause)
            start, cpu = time.perf_counter(), time.process_time()
            system.answer(query, TOP)
            wall[system.name].append(1000 * (time.perf_counter() - start))
            used[system.name].append(1000 * (time.process_time() - cpu))
    ours = systems[0].name
    return {
        name: {
            **percentiles(wall[name]),
            "processor": percentiles(used[name]),
            "times_ours": round(float(np.median(np.array(wall[name]) / np.array(wall[ours]))), 2),
        }
        for name in wall
    }


def alone(systems: Sequence[Any], queries: Sequence[str]) -> dict[str, dict[str, Any]]:
    """One query after the other, caches warm: what a loop over queries of one system sees."""
    found = {system.name: timed([system], queries, pause=0)[system.name] for system in systems}
    ours = found[systems[0].name]["p50"]
    for figures in found.values():
        figures["times_ours"] = round(figures["p50"] / ours, 2)
    return found


def percentiles(values: Sequence[float]) -> dict[str, float]:
    found = np.percentile(values, [0, 50, 99])
    return dict(zip(("least", "p50", "p99"), found.round(2).tolist(), strict=True))


def short(query: str) -> str:
    return " ".join(query.split()[:12])


def questions(folder: Path) -> dict[str, str]:
    with (folder / "queries.jsonl").open(encoding="utf-8") as lines:
        return {row.get("_id") or row["id"]: row["text"] for row in map(json.loads, lines)}


def recall(segment: DenseSegment, asked: Sequence[Vectors]) -> dict[str, float]:
    """Share of the exact nearest that ``top`` finds."""
    found: dict[int, list[float]] = {10: [], 200: []}
    for vector in asked:
        exact = np.argsort(-(segment.vectors @ vector), kind="stable")
        rows, _ = segment.top(vector, 200, None)
        for count, shares in found.items():
            some = set(exact[:count].tolist())
            shares.append(len(some & set(rows[:count].tolist())) / len(some))
    return {f"recall@{count}": round(float(np.mean(shares)), 4) for count, shares in found.items()}


def size(
    count: int, shared: Path, work: Path, queries: list[str], real: StaticEncoder
) -> dict[str, Any]:
    """All systems over ``count`` units."""
    found = units(shared / "corpus" / "phapdien_articles.jsonl.gz", count)
    folder = work / f"units-{count}"
    start = time.perf_counter()
    fresh = not folder.is_dir()
    library = build(folder, found, real) if fresh else Library.open(folder)
    built = time.perf_counter() - start
    rows = library.connection.execute(
        "SELECT id, text FROM passages WHERE kind = 'section' ORDER BY id"
    ).fetchall()
    (name,) = library.connection.execute(
        "SELECT name FROM segments WHERE kind = 'dense'"
    ).fetchone()
    segment = library.segments.load(name, DenseSegment)
    places = np.searchsorted(segment.passages, [row["id"] for row in rows])
    every = [*queries, *map(short, queries)]
    asked = Given(real.identity, dict(zip(every, real.vectors(every), strict=True)))
    texts = [row["text"] for row in rows]
    others = list(peers([str(row["id"]) for row in rows], texts, segment.vectors[places], asked))
    systems = [Ours(library, asked), Ranked(library, asked), *others]
    result: dict[str, Any] = {
        "units": len(rows),
        "built_seconds": {"kh_nlp": round(built, 1) if fresh else None}
        | {other.name: round(other.built, 1) for other in others},
        "whole_questions": timed(systems, queries),
        "up_to_12_words": timed(systems, [short(query) for query in queries]),
        "alone_up_to_12_words": alone(systems, [short(query) for query in queries] * 3),
        **recall(segment, [asked.encode_queries([query])[0] for query in queries]),
    }
    officials = [query for query in questions(OFFICIALS).values() if query == short(query)]
    for label, some in (
        ("with_encoding_up_to_12_words", list(dict.fromkeys(map(short, queries)))),
        ("with_encoding_questions_of_up_to_12_words", officials),
    ):
        ours = Ours(library, StaticEncoder(real=True))  # one that remembers nothing
        result[label] = timed([ours], some, [q for q in queries if q != short(q)], pause=0)
    flat = [segment.vectors @ asked.encode_queries(queries[:1])[0]]
    times = []
    for vector in asked.encode_queries(queries[:40]):
        start = time.perf_counter()
        flat.append(segment.vectors @ vector)
        times.append(1000 * (time.perf_counter() - start))
    result["flat_product"] = percentiles(times)
    library.close()
    return result


@contextmanager
def whole_passages() -> Iterator[None]:
    """Every document one passage, as the peers have it."""
    before, passages.WINDOW = passages.WINDOW, 10**9
    try:
        yield
    finally:
        passages.WINDOW = before


def quality(shared: Path, work: Path) -> dict[str, Any]:
    """nDCG@10 on alqac_dev with E5's vectors, and the time of each system there."""
    folder = shared / "retrieval" / "alqac_dev"
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    ids = [row["_id"] for row in rows]
    found = [Unit(row["_id"].split("@")[0], row["title"], row["text"]) for row in rows]
    asked = questions(folder)
    judged: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, _ = line.split("\t")
        judged.setdefault(query, set()).add(document)
    texts = [f"{unit.heading}\n{unit.text}" for unit in found]
    read = [f"{unit.heading}. {unit.text}" for unit in found]
    vectors, queries, identity = real_vectors(read, list(asked.values()), work)
    own = {unit.document: f"Kế hoạch thực hiện {unit.document}" for unit in found}
    known = {f"{own[u.document]}\n{t}": v for u, t, v in zip(found, texts, vectors, strict=True)}
    given = Given(identity, known | dict(zip(asked.values(), queries, strict=True)))
    target = work / "alqac"
    with whole_passages():
        library = Library.open(target) if target.is_dir() else build(target, found, given)
    by_text = {" ".join(text.split()): name for name, text in zip(ids, texts, strict=True)}
    names = {
        row["text"]: by_text[" ".join(row["text"].split())]
        for row in library.connection.execute("SELECT text FROM passages WHERE kind = 'section'")
    }
    systems = [Ours(library, given, names), *peers(ids, texts, vectors, given)]
    result: dict[str, Any] = {}
    for system in systems:
        scores = [ndcg(system.answer(text, TOP), judged[query]) for query, text in asked.items()]
        result[system.name] = {"ndcg@10": round(float(np.mean(scores)), 4)}
    for name, figures in timed(systems, list(asked.values())[:150]).items():
        result[name] |= figures
    library.close()
    return result


def real_vectors(texts: list[str], queries: list[str], work: Path) -> tuple[Vectors, Vectors, str]:
    from kh_nlp.embedding import VectorCache, cached_passages, load_encoder

    encoder = load_encoder()
    vectors = cached_passages(encoder, texts, VectorCache(work / "vectors.sqlite"))
    return vectors, encoder.encode_queries(queries), encoder.identity


def ndcg(found: Sequence[str], relevant: set[str]) -> float:
    gain = sum(1 / math.log2(rank + 2) for rank, one in enumerate(found) if one in relevant)
    best = sum(1 / math.log2(rank + 2) for rank in range(min(TOP, len(relevant))))
    return gain / best


def plot(result: dict[str, Any], file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 3.2))
    counts = [one["units"] for one in result["sizes"]]
    for name in result["sizes"][0]["whole_questions"]:
        values = [one["whole_questions"].get(name, {}).get("p50") for one in result["sizes"]]
        axes.plot(counts, values, marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="units", ylabel="median ms, whole questions")
    axes.legend(frameon=False)
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(file, dpi=90)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--units", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--queries", type=int, default=150)
    parser.add_argument("--work", type=Path, default=Path("/tmp/kh-search-speed"))
    parser.add_argument("--save", type=Path)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    queries = list(questions(given.shared / "retrieval" / "alqac_dev").values())[: given.queries]
    real = StaticEncoder(real=True)
    result: dict[str, Any] = {
        "machine": {"processors": os.cpu_count(), "system": platform.machine()},
        "load_before": os.getloadavg(),
        "quality": quality(given.shared, given.work),
        "sizes": [size(count, given.shared, given.work, queries, real) for count in given.units],
    }
    result["load_after"] = os.getloadavg()
    print(json.dumps(result, indent=1))
    if given.save:
        given.save.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if given.plot:
        plot(result, given.plot)


if __name__ == "__main__":
    main()
