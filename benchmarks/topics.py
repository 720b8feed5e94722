"""Weights of topics from labelled units, and how well topics are given with them.

usage: python benchmarks/topics.py --library DIR --gold FILE[+TOPIC,...] [--library ... --gold ...]
           [--fit kh_nlp/topics/data/weights.toml] [--save FILE]

Each gold file goes with the library of the same place in the line. Topics are compared that some
file names; after "+" stand those that its reader chose from too, though no unit was of them (the
first reader knew the six contents of reform: +cchc.tai_chinh). Weights are fitted with the
scheme's phrases whole (twice) and with 30 % of them left out (four times, fixed seeds), so that
they hold for plans that say things in other words. The figures "left out" are those of models that
did not see the plan (ten folds over plans). They still flatter: the phrases were chosen with these
units in view. So would the threshold that is best there; the one of the weights file is kept, which
was chosen on units that were labelled before any phrase was written for them (docs/topics.md).
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
from sklearn.model_selection import GroupKFold

from kh_nlp.evaluation import load_unit_topics, score_topics
from kh_nlp.library import Library
from kh_nlp.topics import Scheme, assign, load_scheme
from kh_nlp.topics.evidence import FIGURES, Finder, figures
from kh_nlp.topics.units import Unit, units
from kh_nlp.topics.vectors import likeness
from kh_nlp.topics.weighing import LIKENESS, load_model

DROPPED = 0.3
FOLDS = 10
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
WIDTHS = (("words", len(FIGURES)), ("vectors", len(FIGURES) + 1))


@dataclass
class Labelled:
    unit: Unit
    plan: str
    topics: frozenset[str]
    near: Any
    compared: frozenset[str]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", type=Path, action="append", required=True)
    parser.add_argument("--gold", action="append", required=True)
    parser.add_argument("--fit", type=Path)
    parser.add_argument("--save", type=Path)
    given = parser.parse_args()
    pairs = opened(given.library, given.gold)
    scheme = load_scheme()
    if given.fit:
        fit(pairs, scheme, given.fit)
        return
    report: dict[str, Any] = {}
    for vectors in (True, False):
        report["vectors" if vectors else "words"] = measure(pairs, scheme, vectors)
    labelled = collect(pairs, scheme)
    tables = [rows(one, labelled) for one in schemes(scheme)]
    for name, width in WIDTHS:
        report[name]["left out"] = left_out(tables, width, labelled, load_model().threshold)
    if given.save and given.save.is_file():  # figures of units that are never fitted on stay
        report["kept aside"] = json.loads(given.save.read_text("utf-8")).get("kept aside", {})
    text = json.dumps(report, ensure_ascii=False, indent=1)
    print(text)
    if given.save:
        given.save.write_text(text + "\n", encoding="utf-8")


def opened(folders: list[Path], golds: list[str]) -> Any:
    """Library, labelled units and compared topics of each pair."""
    pairs = []
    for folder, gold in zip(folders, golds, strict=True):
        path, _, more = gold.partition("+")
        units = load_unit_topics(Path(path))
        pairs.append((Library.open(folder), units, frozenset(filter(None, more.split(",")))))
    named = frozenset(topic for _, gold, _ in pairs for unit in gold for topic in unit.topics)
    return [(library, gold, named | more) for library, gold, more in pairs]


def measure(pairs: Any, scheme: Scheme, vectors: bool) -> dict[str, Any]:
    """Figures of what kh gives now, on units that its weights were fitted on."""
    result: dict[str, Any] = {}
    sums = [0, 0, 0, 0]
    for place, (library, gold, compared) in enumerate(pairs):
        found = assign(library, scheme, vectors=vectors)
        scores = score_topics(library, scheme, found, gold, compared)
        one = scores.micro
        counts = [one.both, one.false, one.missed, scores.units]
        result[f"file {place + 1}"] = shown(*counts)
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
    result["all"] = shown(*sums)
    return result


def shown(both: int, false: int, missed: int, units: int) -> dict[str, Any]:
    return {
        "units": units, "precision": round(both / max(1, both + false), 3),
        "recall": round(both / max(1, both + missed), 3),
        "f1": round(2 * both / max(1, 2 * both + false + missed), 3),
    }  # fmt: skip


def collect(pairs: Any, scheme: Scheme) -> list[Labelled]:
    labelled: list[Labelled] = []
    for library, gold, compared in pairs:
        near = likeness(library, scheme)
        stems = {p.plan: {Path(path).stem for path in p.paths} for p in library.plans()}
        wanted = {(u.plan, u.number, u.start): u for u in gold}
        for unit in units(library):
            for stem in stems[unit.plan_id]:
                label = wanted.get((stem, unit.number or "", unit.start))
                if unit.kind == "section" and label is not None:
                    like = near.get((unit.plan_id, unit.passage))
                    labelled.append(Labelled(unit, stem, label.topics, like, compared))
    print(f"{len(labelled)} units", file=sys.stderr)
    return labelled


def schemes(scheme: Scheme) -> list[Scheme]:
    return [scheme, scheme, *(thinned(scheme, seed) for seed in range(4))]


def fit(pairs: Any, scheme: Scheme, out: Path) -> None:
    labelled = collect(pairs, scheme)
    tables = [rows(one, labelled) for one in schemes(scheme)]
    lines = [
        "# Found by benchmarks/topics.py --fit; see docs/topics.md. Probabilities from figures of",
        "# kh_nlp/topics/evidence.py; a topic is given from the threshold on.",
        f"threshold = {load_model().threshold}",
        'encoder = "multilingual-e5-small"',
    ]
    for name, width in WIDTHS:
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


def rows(scheme: Scheme, labelled: list[Labelled]) -> Any:
    finder = Finder(scheme)
    x, y, owner = [], [], []
    for place, one in enumerate(labelled):
        for found in finder.find(one.unit):
            topic = scheme.topics[found.topic].id
            if topic in one.compared and (found.words or found.hints):
                near = 0.0 if one.near is None else LIKENESS * float(one.near[found.topic])
                x.append((*figures(one.unit, found), near))
                y.append(topic in one.topics)
                owner.append(place)
    return np.array(x), np.array(y), np.array(owner)


def left_out(
    tables: list[Any], width: int, labelled: list[Labelled], threshold: float
) -> dict[str, Any]:
    """Figures of units whose plan was left out of fitting, and at which threshold F1 is best."""
    groups = [one.plan for one in labelled]
    named = sum(len(one.topics) for one in labelled)
    x, y, owner = tables[0]
    p = np.zeros(len(y))
    for seen, held in GroupKFold(FOLDS).split(groups, groups=groups):
        known = [(t[0][np.isin(t[2], seen), :width], t[1][np.isin(t[2], seen)]) for t in tables]
        model = LogisticRegression(C=1 / len(tables), max_iter=5000).fit(
            np.vstack([a for a, _ in known]), np.concatenate([b for _, b in known])
        )
        rest = np.isin(owner, held)
        p[rest] = model.predict_proba(x[rest, :width])[:, 1]

    def at(limit: float) -> dict[str, Any]:
        given = p >= limit
        both = int((y & given).sum())
        return shown(both, int(given.sum()) - both, named - both, len(labelled))

    best = max(THRESHOLDS, key=lambda limit: at(limit)["f1"])
    return {**at(threshold), "best threshold": best, "f1 there": at(best)["f1"]}


if __name__ == "__main__":
    main()
