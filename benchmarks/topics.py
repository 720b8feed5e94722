"""Weights of topics from labelled units, and how well topics are given with them.

usage: python benchmarks/topics.py --library DIR --gold FILE [--library DIR --gold FILE ...]
           [--fit kh_nlp/topics/data/weights.toml] [--test] [--save FILE]

Each gold file goes with the library of the same place in the line. Plans are split by their names:
of the names in order, every second is for fitting ("dev"), the others are looked at with --test
only. Weights are fitted on dev with the scheme's phrases whole (twice) and with 30 % of them left
out (four times, fixed seeds), so that they hold for plans that say things in other words; the
figures of dev are those of models that did not see the plan (ten folds over plans).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from kh_nlp.evaluation import LabelledUnit, load_unit_topics, score_topics
from kh_nlp.library import Library
from kh_nlp.topics import Scheme, assign, load_scheme
from kh_nlp.topics.evidence import FIGURES, Finder, figures
from kh_nlp.topics.units import Unit, units
from kh_nlp.topics.vectors import likeness
from kh_nlp.topics.weighing import LIKENESS, load_model

DROPPED = 0.3
FOLDS = 10


@dataclass
class Labelled:
    unit: Unit
    plan: str
    topics: frozenset[str]
    near: Any


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", type=Path, action="append", required=True)
    parser.add_argument("--gold", type=Path, action="append", required=True)
    parser.add_argument("--fit", type=Path)
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--save", type=Path)
    given = parser.parse_args()
    pairs = [
        (Library.open(folder), load_unit_topics(path))
        for folder, path in zip(given.library, given.gold, strict=True)
    ]
    compared = frozenset(t for _, gold in pairs for unit in gold for t in unit.topics)
    compared |= {"cchc.tai_chinh"}  # the reader knew the six contents of reform
    scheme = load_scheme()
    if given.fit:
        fit(pairs, scheme, compared, given.fit)
        return
    report: dict[str, Any] = {}
    for vectors in (True, False):
        report["vectors" if vectors else "words"] = measure(
            pairs, scheme, compared, vectors, given.test
        )
    text = json.dumps(report, ensure_ascii=False, indent=1)
    print(text)
    if given.save:
        given.save.write_text(text + "\n", encoding="utf-8")


def split(gold: tuple[LabelledUnit, ...]) -> tuple[list[LabelledUnit], list[LabelledUnit]]:
    plans = sorted({unit.plan for unit in gold})
    dev = set(plans[1::2])
    return [u for u in gold if u.plan in dev], [u for u in gold if u.plan not in dev]


def measure(
    pairs: Any, scheme: Scheme, compared: frozenset[str], vectors: bool, test: bool
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    total: dict[str, list[int]] = {}
    for place, (library, gold) in enumerate(pairs):
        found = assign(library, scheme, vectors=vectors)
        dev, held = split(gold)
        halves = {"dev": dev, **({"test": held} if test else {})}
        for half, labels in halves.items():
            scores = score_topics(library, scheme, found, labels, compared)
            one = scores.micro
            result[f"{place + 1} {half}"] = {
                "units": scores.units, "precision": round(one.precision, 3),
                "recall": round(one.recall, 3), "f1": round(one.f1, 3),
                "exact": round(scores.exact, 3),
            }  # fmt: skip
            for name in (half, f"library {place + 1}", "all"):
                sums = total.setdefault(name, [0, 0, 0, 0])
                for at, value in enumerate((one.both, one.false, one.missed, scores.units)):
                    sums[at] += value
    for name, (both, false, missed, count) in total.items():
        f1 = 2 * both / (2 * both + false + missed)
        result[name] = {
            "units": count, "precision": round(both / (both + false), 3),
            "recall": round(both / (both + missed), 3), "f1": round(f1, 3),
        }  # fmt: skip
    return result


def fit(pairs: Any, scheme: Scheme, compared: frozenset[str], out: Path) -> None:
    labelled: list[Labelled] = []
    for library, gold in pairs:
        near = likeness(library, scheme)
        stems = {p.plan: {Path(path).stem for path in p.paths} for p in library.plans()}
        wanted = {(u.plan, u.number, u.start): u for u in split(gold)[0]}
        for unit in units(library):
            for stem in stems[unit.plan_id]:
                label = wanted.get((stem, unit.number or "", unit.start))
                if unit.kind == "section" and label is not None:
                    labelled.append(
                        Labelled(unit, stem, label.topics, near.get((unit.plan_id, unit.passage)))
                    )
    print(f"{len(labelled)} units", file=sys.stderr)
    schemes = [scheme, scheme, *(thinned(scheme, seed) for seed in range(4))]
    tables = [rows(one, labelled, compared) for one in schemes]
    model = load_model() if out.exists() else None
    threshold = model.threshold if model else 0.55
    lines = [
        "# Found by benchmarks/topics.py --fit; see docs/topics.md. Probabilities from figures of",
        "# kh_nlp/topics/evidence.py; a topic is given from the threshold on.",
        f"threshold = {threshold}",
        'encoder = "multilingual-e5-small"',
    ]
    for name, width in (("words", len(FIGURES)), ("vectors", len(FIGURES) + 1)):
        show_folds(name, tables, width, labelled)
        x = np.vstack([table[0][:, :width] for table in tables])
        y = np.concatenate([table[1] for table in tables])
        found = LogisticRegression(C=1 / len(tables), max_iter=5000).fit(x, y)
        lines += ["", f"[{name}]", f"bias = {found.intercept_[0]:.3f}"]
        lines += [
            f"{figure} = {value:.3f}"
            for figure, value in zip((*FIGURES, "likeness"), found.coef_[0], strict=False)
        ]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def thinned(scheme: Scheme, seed: int) -> Scheme:
    rng = random.Random(seed)

    def kept(phrases: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(phrase for phrase in phrases if rng.random() >= DROPPED)

    topics = tuple(
        dataclasses.replace(
            topic, words=kept(topic.words), heads=kept(topic.heads), hints=kept(topic.hints)
        )
        for topic in scheme.topics
    )
    return dataclasses.replace(scheme, topics=topics)


def rows(scheme: Scheme, labelled: list[Labelled], compared: frozenset[str]) -> Any:
    finder = Finder(scheme)
    x, y, owner = [], [], []
    for place, one in enumerate(labelled):
        for found in finder.find(one.unit):
            topic = scheme.topics[found.topic].id
            if topic in compared and (found.words or found.hints):
                near = 0.0 if one.near is None else LIKENESS * float(one.near[found.topic])
                x.append((*figures(one.unit, found), near))
                y.append(topic in one.topics)
                owner.append(place)
    return np.array(x), np.array(y), np.array(owner)


def show_folds(name: str, tables: list[Any], width: int, labelled: list[Labelled]) -> None:
    """F1 of units whose plan was left out of fitting, at several thresholds."""
    plans = sorted({one.plan for one in labelled})
    fold = np.array([plans.index(one.plan) % FOLDS for one in labelled])
    named = sum(len(one.topics) for one in labelled)
    for label, test in (("whole", tables[:1]), ("thinned", tables[2:])):
        scores = []
        for x, y, owner in test:
            p = np.zeros(len(y))
            for at in range(FOLDS):
                seen = [(t[0][fold[t[2]] != at, :width], t[1][fold[t[2]] != at]) for t in tables]
                model = LogisticRegression(C=1 / len(tables), max_iter=5000).fit(
                    np.vstack([a for a, _ in seen]), np.concatenate([b for _, b in seen])
                )
                held = fold[owner] == at
                if held.any():
                    p[held] = model.predict_proba(x[held, :width])[:, 1]
            scores.append(
                [
                    2 * (y & (p >= t)).sum() / ((p >= t).sum() + named)
                    for t in (0.35, 0.45, 0.55, 0.65)
                ]
            )
        shown = " ".join(f"{value:.3f}" for value in np.mean(scores, axis=0))
        print(f"{name}, {label}: F1 at .35 .45 .55 .65: {shown}", file=sys.stderr)


if __name__ == "__main__":
    main()
