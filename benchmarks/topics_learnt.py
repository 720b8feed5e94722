"""Fits ``kh_nlp/topics/data/learnt.npz``: what labelled units say beyond the phrases of the scheme.

usage: python benchmarks/topics_learnt.py --library DIR --gold FILE [--library ... --gold ...]
           [--aside FILE]... [--scheme FILE --weights FILE] [--save FILE] [--check]

Gold files go with the libraries as in benchmarks/topics.py. Ridge over TF-IDF of syllables and
pairs (own text, heading above) and the stored vector, 0/1 targets, all topics at once. Units that
nobody labelled join with weight ``GUESSED``: their targets are the probabilities of a first
model together with the phrases. Units of ``--aside`` (a list of ids) are in nothing. How phrases
and model go together is fitted on units whose plan the model had not seen, with schemes that
30 % of the phrases were left out of, since phrases know the labelled units too well.

``--check`` measures units whose plan was left out of everything but the phrases (ten folds), by
gold file. Phrases flatter there; with a ``--scheme`` (and its ``--weights``) older than a gold
file its units are new to the phrases too.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.linalg import solve
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from topics import FOLDS, opened, thinned

from kh_nlp.evaluation.topics import NEAR
from kh_nlp.library import Library
from kh_nlp.library.dense import DenseSegment
from kh_nlp.topics import Scheme, load_scheme
from kh_nlp.topics.evidence import FIGURES, Finder, figures
from kh_nlp.topics.learnt import heading_phrases, own_phrases, weighed
from kh_nlp.topics.units import Unit, units
from kh_nlp.topics.vectors import likeness
from kh_nlp.topics.weighing import LIKENESS, Weights, load_model

TARGET = Path(__file__).parents[1] / "kh_nlp/topics/data/learnt.npz"
SHORTEST = 40
"""Characters of an unlabelled unit that joins."""
RIDGE = 0.2
HEADINGS = 0.2**0.5
VECTORS = 0.5**0.5
STRICT = 0.5
"""Weight of the first reader's units: he named fewer topics than the others."""
GUESSED = 0.1
COMMON = 0.3
"""Share of units from which on a phrase says nothing."""
UNITS, PLANS = 4, 3
"""Units and plans in which a phrase must stand."""
LABELS = 10
"""Units that readers must have given a topic."""
NO_WORD = -6.0
CUT = 0.5
"""Probability from which on the topic is given; the file moves it to the threshold of all."""


@dataclass
class Data:
    """Labelled units first. ``near`` is likeness to the scheme's topics."""

    units: list[Unit]
    plans: np.ndarray
    files: np.ndarray
    y: np.ndarray
    vectors: np.ndarray
    near: np.ndarray
    topics: tuple[str, ...]

    @property
    def labelled(self) -> int:
        return len(self.y)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", type=Path, action="append", required=True)
    parser.add_argument("--gold", action="append", required=True)
    parser.add_argument("--aside", type=Path, action="append", default=[])
    parser.add_argument("--scheme", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--save", type=Path)
    given = parser.parse_args()
    scheme = load_scheme(given.scheme)
    data = collected(given.library, given.gold, given.aside, scheme)
    if given.check:
        report = {name: checked(data, scheme, given.weights, name) for name in ("words", "vectors")}
        print(json.dumps(report, ensure_ascii=False, indent=1))
        if given.save:
            known = json.loads(given.save.read_text("utf-8")) if given.save.is_file() else {}
            known["older scheme" if given.scheme else "present scheme"] = report
            text = json.dumps(known, ensure_ascii=False, indent=1)
            given.save.write_text(text + "\n", encoding="utf-8")
        return
    write(data, scheme, given.weights)


def collected(folders: list[Path], golds: list[str], aside: list[Path], scheme: Scheme) -> Data:
    pairs = opened(folders, golds)
    named = Counter(topic for _, gold, _ in pairs for unit in gold for topic in unit.topics)
    topics = tuple(t.id for t in scheme.topics if named[t.id] >= LABELS)
    barred = {tuple(one["id"].split(":")) for path in aside for one in json.loads(path.read_text())}
    rows: list[Any] = []
    others: dict[Path, list[Any]] = {}
    for place, (library, gold, _) in enumerate(pairs):
        near, vectors = likeness(library, scheme), stored(library)
        stems = {p.plan: sorted(Path(path).stem for path in p.paths) for p in library.plans()}
        wanted = {(u.plan, u.number, u.start): u for u in gold}
        rest = []
        for unit in units(library):
            key = (unit.plan_id, unit.passage)
            if key not in vectors:
                continue
            row = [unit, stems[unit.plan_id][0], place, None, vectors[key], near[key]]
            hits = [wanted.get((s, unit.number or "", unit.start)) for s in stems[unit.plan_id]]
            known = [label for label in hits if label is not None and unit.kind == "section"]
            if known:
                rows.append([*row[:3], known[0].topics, *row[4:]])
            rest.append(row)
        others[folders[place]] = rest
    seen = {"\n".join(text for text, _ in row[0].parts) for row in rows}
    for rest in others.values():
        for row in rest:
            text = "\n".join(part for part, _ in row[0].parts)
            if row[0].characters >= SHORTEST and text not in seen and not kept(row, barred):
                seen.add(text)
                rows.append(row)
    labels = [row[3] for row in rows if row[3] is not None]
    print(f"{len(labels)} labelled units, {len(rows) - len(labels)} others, {len(topics)} topics")
    return Data(
        units=[row[0] for row in rows],
        plans=np.array([row[1] for row in rows]),
        files=np.array([row[2] for row in rows]),
        y=np.array([[topic in one for topic in topics] for one in labels], dtype=float),
        vectors=np.array([row[4] for row in rows]),
        near=np.array([row[5] for row in rows]),
        topics=topics,
    )


def kept(row: Any, barred: set[tuple[str, ...]]) -> bool:
    """Whether the unit is one of those aside (its start may have moved)."""
    unit, stem = row[0], row[1]
    return any(
        one[0] == stem
        and ":".join(one[1:-1]) == (unit.number or "")
        and abs(int(one[-1]) - unit.start) <= NEAR
        for one in barred
    )


def stored(library: Library) -> dict[tuple[str, str], np.ndarray]:
    """The mean vector of each unit's passages."""
    with library.reading() as connection:
        rows = connection.execute(
            "SELECT s.id, p.plan_id, s.unit FROM passages s JOIN plans p ON p.id = s.plan "
            "WHERE s.unit IS NOT NULL"
        ).fetchall()
        segments = connection.execute("SELECT name FROM segments WHERE kind = 'dense'").fetchall()
    keys = {row["id"]: (row["plan_id"], row["unit"]) for row in rows}
    found: dict[tuple[str, str], list[np.ndarray]] = {}
    for segment in segments:
        loaded = library.segments.load(segment["name"], DenseSegment)
        for passage, vector in zip(loaded.passages, loaded.vectors, strict=True):
            if int(passage) in keys:
                found.setdefault(keys[int(passage)], []).append(np.array(vector, dtype=float))
    return {key: np.mean(some, axis=0) for key, some in found.items()}


def phrases_of(data: Data) -> tuple[dict[str, int], list[float]]:
    """Phrases that count, in order, and their inverse document frequency."""
    times: Counter[str] = Counter()
    plans: dict[str, set[str]] = {}
    for unit, plan in zip(data.units, data.plans, strict=True):
        for phrase in {*own_phrases(unit), *heading_phrases(unit)}:
            times[phrase] += 1
            plans.setdefault(phrase, set()).add(plan)
    most = COMMON * len(data.units)
    known = sorted(p for p, n in times.items() if UNITS <= n < most and len(plans[p]) >= PLANS)
    rarity = [1 + math.log(len(data.units) / times[p]) for p in known]
    return {phrase: place for place, phrase in enumerate(known)}, rarity


def described(data: Data, places: dict[str, int], rarity: list[float]) -> sp.csr_matrix:
    """TF-IDF of each unit, headings in proportion."""
    built = sp.lil_matrix((len(data.units), len(places)))
    for row, unit in enumerate(data.units):
        at, own = weighed(own_phrases(unit), places, rarity)
        over, heading = weighed(heading_phrases(unit), places, rarity)
        built[row, at] = own
        built[row, over] = HEADINGS * heading
    return built.tocsr()


def phrase_logits(data: Data, scheme: Scheme, weights: Weights, vectors: bool) -> np.ndarray:
    """Logit of each topic by phrases, ``NO_WORD`` without any; finer topics count as the wider."""
    finder = Finder(scheme)
    places = {topic: place for place, topic in enumerate(data.topics)}
    wider = {topic.id: topic.parent for topic in scheme.topics}
    z = np.full((len(data.units), len(data.topics)), NO_WORD)
    for row, unit in enumerate(data.units):
        for one in finder.find(unit):
            if not (one.words or one.hints):
                continue
            name: str | None = scheme.topics[one.topic].id
            while name is not None and name not in places:
                name = wider[name]
            if name is None:
                continue
            given = figures(unit, one)
            if vectors:
                given = (*given, LIKENESS * float(data.near[row, one.topic]))
            logit = weights.bias + sum(a * b for a, b in zip(weights.values, given, strict=True))
            z[row, places[name]] = max(z[row, places[name]], logit)
    return z


def solved(kernel: np.ndarray, targets: np.ndarray, weight: np.ndarray) -> Any:
    """Dual weights of a ridge with weighted units, and the bias of each topic."""
    bias = (weight[:, None] * targets).sum(0) / weight.sum()
    root = np.sqrt(weight).astype(np.float32)
    system = kernel * root[:, None] * root[None] + RIDGE * np.eye(len(kernel), dtype=np.float32)
    wanted = root[:, None] * (targets - bias).astype(np.float32)
    return root[:, None] * solve(system, wanted, assume_a="pos", check_finite=False), bias


def joined(z: np.ndarray, q: np.ndarray, y: np.ndarray) -> LogisticRegression:
    """How phrases and model go together, on the pairs that have a word or hint."""
    has = z > NO_WORD
    return LogisticRegression(C=10).fit(np.stack([z[has], q[has]], 1), y[has])


def together(model: Any, z: np.ndarray, q: np.ndarray) -> np.ndarray:
    p = model.predict_proba(np.stack([z.ravel(), q.ravel()], 1))[:, 1].reshape(z.shape)
    return np.where(z > NO_WORD, p, 0)


def trained(kernel: np.ndarray, y: np.ndarray, weight: np.ndarray, z: np.ndarray, mix: Any) -> Any:
    """Dual weights with guessed targets of the units after the labelled ones."""
    n = len(y)
    dual, bias = solved(kernel[:n, :n], y, weight[:n])
    guessed = together(mix, z[n:], kernel[n:, :n] @ dual + bias)
    return solved(kernel, np.vstack([y, guessed]), weight)


class Fitting:
    """What folds and the final fit share."""

    def __init__(self, data: Data, scheme: Scheme, weights: Path | None, name: str) -> None:
        self.data = data
        vectors = name == "vectors"
        given = read_weights(weights, name)
        self.z = phrase_logits(data, scheme, given, vectors)
        self.thin = [
            phrase_logits(labelled_only(data), thinned(scheme, seed), given, vectors)
            for seed in range(4)
        ]
        self.places, self.rarity = phrases_of(data)
        self.x = described(data, self.places, self.rarity)
        self.kernel = (self.x @ self.x.T).toarray().astype(np.float32)
        self.mean = data.vectors.mean(0)
        self.size = float(np.linalg.norm(data.vectors - self.mean, axis=1).mean())
        if vectors:
            v = VECTORS * (data.vectors - self.mean) / self.size
            self.kernel += (v @ v.T).astype(np.float32)
        n = data.labelled
        strict = np.where(data.files[:n] < 2, STRICT, 1.0)
        self.weight = np.concatenate([strict, np.full(len(data.units) - n, GUESSED)])

    def first(self, rows: np.ndarray) -> np.ndarray:
        """Values of a model of labelled units only, for labelled units of plans left out."""
        y, plans = self.data.y, self.data.plans
        q = np.zeros((len(rows), y.shape[1]))
        for seen, held in GroupKFold(5).split(rows, groups=plans[rows]):
            a, b = rows[seen], rows[held]
            dual, bias = solved(self.kernel[np.ix_(a, a)], y[a], self.weight[a])
            q[held] = self.kernel[np.ix_(b, a)] @ dual + bias
        return q

    def mixed(self, rows: np.ndarray, q: np.ndarray) -> LogisticRegression:
        """Phrases and values together, by schemes with fewer phrases."""
        z = np.vstack([thin[rows] for thin in self.thin])
        return joined(z, np.tile(q, (4, 1)), np.tile(self.data.y[rows], (4, 1)) > 0)

    def fitted(self, rows: np.ndarray, others: np.ndarray) -> Any:
        """Dual weights of a model of these labelled and other units."""
        every = np.concatenate([rows, others])
        mix = self.mixed(rows, self.first(rows))
        kernel = self.kernel[np.ix_(every, every)]
        return trained(kernel, self.data.y[rows], self.weight[every], self.z[every], mix), every

    def left_out(self) -> np.ndarray:
        """Values of labelled units by models that saw nothing of their plans."""
        n, plans = self.data.labelled, self.data.plans
        q = np.zeros((n, self.data.y.shape[1]))
        labelled = np.arange(n)
        for seen, held in GroupKFold(FOLDS).split(labelled, groups=plans[:n]):
            barred = set(plans[held])
            others = np.array([i for i in range(n, len(plans)) if plans[i] not in barred])
            (dual, bias), every = self.fitted(seen, others)
            q[held] = self.kernel[np.ix_(held, every)] @ dual + bias
        return q


def labelled_only(data: Data) -> Data:
    n = data.labelled
    return dataclasses.replace(data, units=data.units[:n], near=data.near[:n])


def read_weights(path: Path | None, name: str) -> Weights:
    if path is None:
        weights: Weights = getattr(load_model(), name)
        return weights
    given = tomllib.loads(path.read_text("utf-8"))[name]
    names = (*FIGURES, "likeness") if name == "vectors" else FIGURES
    return Weights(given["bias"], tuple(given[figure] for figure in names))


def checked(data: Data, scheme: Scheme, weights: Path | None, name: str) -> dict[str, Any]:
    """F1 of phrases alone and with the model, plans left out, by gold file."""
    fitting = Fitting(data, scheme, weights, name)
    q = fitting.left_out()
    n = data.labelled
    z, y = fitting.z[:n], data.y > 0
    p = np.zeros(y.shape)
    for seen, held in GroupKFold(FOLDS).split(z, groups=data.plans[:n]):
        p[held] = together(fitting.mixed(seen, q[seen]), z[held], q[held])
    report: dict[str, Any] = {}
    limit = np.log(load_model().threshold / (1 - load_model().threshold))
    for place in (*range(int(data.files.max()) + 1), None):
        rows = np.ones(n, bool) if place is None else data.files[:n] == place
        one = {"phrases": scored(z[rows] >= limit, y[rows])}
        one["with model"] = scored(p[rows] >= CUT, y[rows])
        report["all" if place is None else f"file {place + 1}"] = one
    return report


def scored(given: np.ndarray, y: np.ndarray) -> dict[str, float]:
    both, g, named = int((given & y).sum()), int(given.sum()), int(y.sum())
    return {
        "precision": round(both / max(1, g), 3),
        "recall": round(both / max(1, named), 3),
        "f1": round(2 * both / max(1, g + named), 3),
    }


def write(data: Data, scheme: Scheme, weights: Path | None) -> None:
    arrays: dict[str, Any] = {}
    limit = load_model().threshold
    move = np.log(limit / (1 - limit)) - np.log(CUT / (1 - CUT))
    rows = np.arange(data.labelled)
    others = np.arange(data.labelled, len(data.units))
    for name in ("words", "vectors"):
        fitting = Fitting(data, scheme, weights, name)
        mix = fitting.mixed(rows, fitting.left_out())
        (dual, bias), every = fitting.fitted(rows, others)
        found = fitting.x[every].T @ dual
        if name == "vectors":
            axes = VECTORS * (dual.T @ (VECTORS * (data.vectors[every] - fitting.mean)))
            axes /= fitting.size**2
            arrays["axes"] = axes.astype(np.float16)
            bias = bias - arrays["axes"].astype(float) @ fitting.mean
        heading = np.array([phrase.startswith("^") for phrase in fitting.places])
        found[heading] *= HEADINGS
        scale = np.abs(found).max(0) / 127
        arrays |= {
            f"{name}_weights": np.round(found / scale).astype(np.int8),
            f"{name}_scale": scale.astype(np.float32),
            f"{name}_bias": bias.astype(np.float32),
            f"{name}_shift": np.array([mix.intercept_[0] + move, *mix.coef_[0]], dtype=np.float32),
        }
        arrays["rarity"] = np.array(fitting.rarity, dtype=np.float16)
        arrays["phrases"] = packed(fitting.places)
    arrays["topics"] = packed(data.topics)
    np.savez_compressed(TARGET, **arrays)
    print(f"{len(arrays['rarity'])} phrases, {TARGET.stat().st_size} bytes: {TARGET}")


def packed(names: Any) -> np.ndarray:
    return np.frombuffer("\n".join(names).encode("utf-8"), dtype=np.uint8)


if __name__ == "__main__":
    main()
