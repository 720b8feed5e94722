"""Fits ``kh_nlp/search/data/relevance.json``: how relevant a unit is, and the line of "not found".

usage: python benchmarks/relevance.py [--save] LIBRARY GOLD [LIBRARY GOLD]...

LIBRARY holds the plans of GOLD (``kh ingest``). GOLD holds graded queries (``queries.jsonl``,
``judgements.jsonl``) and files of queries that have an answer (``*answerable.jsonl``) and that
have none (``*offtopic.jsonl``). With two libraries it also says how well numbers fitted on the one
tell the queries of the other.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from kh_nlp.evaluation.retrieval import judge, load_judgements, load_questions, shelf
from kh_nlp.library import Library
from kh_nlp.search import answering, judging, relevance, search

HARD = 0.3
"""What a graded query weighs: most are worded as differently from the plans as can be."""

LINE = 0.4
"""Below it nothing is found. Drawn by hand on all sets: where errors of both kinds are fewest on
the queries fitted to (.519), it refused too many of a new reader's."""

GUESSED = 0.85
"""Line for readings with a guessed slip."""

ROUNDS = 8


@dataclass(frozen=True)
class Asked:
    """A query with the features of the units that each of its readings proposes, (n, 4)."""

    library: str
    kind: str
    features: list[NDArray[np.float64]]
    grades: list[int]

    @property
    def answered(self) -> bool:
        return self.kind != "offtopic"

    @property
    def all(self) -> NDArray[np.float64]:
        return np.concatenate(self.features)


def gather(folder: Path, gold: Path) -> list[Asked]:
    """Every query of ``gold``; grades are those of the units of the first reading, -1 unknown."""
    recorded: list[list[float]] = []

    def recording(share: float, missing: float, length: int, above: float, encoder: str) -> float:
        recorded.append(relevance.features(share, missing, length, above))
        return 0.0  # never found, so that every reading is tried

    readings: list[tuple[int, list[tuple[str, int, int]]]] = []
    hits = answering._Session._hits

    def listing(self: Any, query: Any, ranking: Any, documents: Any) -> Any:
        found = hits(self, query, ranking, documents)
        readings.append((len(recorded), [(hit.plan, hit.start, hit.end) for hit in found]))
        return found

    kept = judging.relevance, hits, answering._Session._guesses
    judging.relevance = recording  # type: ignore[assignment]
    answering._Session._hits = listing  # type: ignore[method-assign]
    answering._Session._guesses = lambda self, reading: []  # type: ignore[method-assign]
    found: list[Asked] = []
    try:
        with Library.open(folder) as library:
            questions = load_questions(gold)
            collection, _ = judge("relevance", library, questions, load_judgements(gold, questions))
            ids = {(p.plan, p.start, p.end): p.id for p in shelf(library).places.values()}
            texts = [("graded", q.text, q.id) for q in questions]
            for kind in ("answerable", "offtopic"):
                for file in sorted(gold.glob(f"*{kind}.jsonl")):
                    lines = file.read_text("utf-8").splitlines()
                    texts += [(kind, json.loads(line)["text"], "") for line in lines]
            for kind, text, identity in texts:
                recorded.clear()
                readings.clear()
                search(library, text)
                features, grades, start = [], [], 0
                for end, spans in readings:
                    rows = np.array(recorded[start:end]).reshape(-1, 4)
                    start = end
                    if not len(rows):
                        continue
                    if not features:
                        relevant = collection.qrels.get(identity, {})
                        for span in spans:
                            items = collection.items(identity, [ids[span]]) if identity else ()
                            grades.append(max((relevant.get(i, 0) for i in items), default=0))
                    features.append(rows)
                if features:
                    found.append(Asked(str(folder), kind, features, grades))
    finally:
        judging.relevance, answering._Session._hits, answering._Session._guesses = kept  # type: ignore
    return found


def fit(asked: Sequence[Asked], columns: int) -> NDArray[np.float64]:
    """Intercept and weights that tell the best unit of a query with an answer from that of one
    without, on the scale of readers' grades of single units."""
    answered = np.array([a.answered for a in asked])
    weights = np.array([HARD if a.kind == "graded" else 1.0 for a in asked])
    best = [a.all[np.argmax(a.all[:, 0] - a.all[:, 1]), :columns] for a in asked]
    model = LogisticRegression(C=5, max_iter=1000)
    for _ in range(ROUNDS):
        model.fit(np.array(best), answered, sample_weight=weights)
        best = [max(a.all[:, :columns], key=lambda row: float(model.coef_[0] @ row)) for a in asked]
    single: list[float] = []
    graded: list[bool] = []
    for a in asked:
        if a.kind != "answerable":
            rows = a.features[0][:, :columns]
            single += (rows @ model.coef_[0]).tolist()
            graded += [a.kind == "graded" and grade > 0 for grade in a.grades]
    scale = LogisticRegression(C=100).fit(np.array(single)[:, None], graded)
    return np.concatenate((scale.intercept_, scale.coef_[0] * model.coef_[0]))


def scores(asked: Sequence[Asked], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The best relevance of each query."""
    columns = len(weights) - 1
    values = [(a.all[:, :columns] @ weights[1:]).max() + weights[0] for a in asked]
    return 1 / (1 + np.exp(-np.array(values)))


def told(asked: Sequence[Asked], found: NDArray[np.float64], line: float) -> dict[str, Any]:
    """What a line refuses, and how well the order of the scores tells the queries apart."""
    kinds = np.array([a.kind for a in asked])
    easy = kinds != "graded"
    return {
        "area": round(float(roc_auc_score(kinds[easy] == "answerable", found[easy])), 4),
        **{
            f"refused {kind}": f"{int((found[kinds == kind] < line).sum())}/{(kinds == kind).sum()}"
            for kind in ("answerable", "offtopic", "graded")
        },
    }


def bins(asked: Sequence[Asked], weights: NDArray[np.float64]) -> list[tuple[float, float, int]]:
    """(mean relevance, share that readers graded, units) of graded queries' units, by relevance."""
    columns = len(weights) - 1
    rows = [a for a in asked if a.kind == "graded"]
    claimed = np.concatenate(
        [1 / (1 + np.exp(-(a.features[0][:, :columns] @ weights[1:] + weights[0]))) for a in rows]
    )
    right = np.concatenate([np.array(a.grades) > 0 for a in rows])
    place = np.digitize(claimed, [0.2, 0.4, 0.6, 0.8])
    return [
        (round(float(claimed[place == b].mean()), 2), round(float(right[place == b].mean()), 2), n)
        for b in range(5)
        if (n := int((place == b).sum()))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--save", action="store_true")
    parser.add_argument("sets", nargs="+", type=Path, metavar="LIBRARY GOLD")
    given = parser.parse_args()
    pairs = list(zip(given.sets[::2], given.sets[1::2], strict=True))
    gathered = [gather(library, gold) for library, gold in pairs]
    asked = [one for group in gathered for one in group]
    both, words = fit(asked, 4), fit(asked, 3)
    found = scores(asked, both)
    print("both", both.round(2).tolist(), "words", words.round(2).tolist(), "line", LINE)
    print("all", told(asked, found, LINE), "words alone", told(asked, scores(asked, words), LINE))
    print("claimed, right, units", bins(asked, both))
    for at, group in enumerate(gathered):
        print(pairs[at][1].name, told(group, scores(group, both), LINE))
        others = [one for other in gathered if other is not group for one in other]
        if others:
            print("  fitted elsewhere", told(group, scores(group, fit(others, 4)), LINE))
    if given.save:
        saved = {
            "both": both.round(2).tolist(),
            "words": words.round(2).tolist(),
            "found": LINE,
            "guessed": GUESSED,
        }
        file = Path(relevance.__file__).parent / "data" / "relevance.json"
        file.write_text(json.dumps(saved) + "\n", "utf-8")


if __name__ == "__main__":
    main()
