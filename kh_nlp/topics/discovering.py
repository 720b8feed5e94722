"""Topics that the scheme does not hold: what units outside it have in common.

Units without a topic are compared by phrases of two and three syllables (TF-IDF, reduced by SVD)
and gathered by k-means; each gathering is named by class-based TF-IDF: the phrases that are
frequent in it and rare in the others, of those that are whole words. Phrases of nearly every plan
(``data/generic_phrases.txt``) do not count. Everything is seeded: equal input gives equal topics.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import Cut, fold, nfc, search_key, segment, stop_words
from kh_nlp.library import Library
from kh_nlp.topics.counting import Years, choose, read_texts, show
from kh_nlp.topics.records import DiscoveredTopic, Discovery, Scheme, UnitTopics
from kh_nlp.topics.scheme import load_scheme

SHORTEST = 8
"""Syllables of a unit that says enough to be compared."""

PLANS = 2
"""Plans that a topic must stand in: what one plan alone says is that plan's subject."""

NEAR = 0.3
"""Cosine to the middle of its topic below which a unit stands alone."""

SAMPLE = 20
"""Units of a topic that are segmented to see which phrases are words."""

_DIMENSIONS = 100
_MANY = 20_000
_CLAUSE = re.compile(r"[\n;:.,()“”\"/–-]+")
_LABEL = re.compile(r"^\W*(?:[\w.]{1,7}[.)]|[-+*•])\s+")


def discover(
    library: Library,
    scheme: Scheme | None = None,
    *,
    years: Years | None = None,
    levels: Sequence[str] = (),
    provinces: Sequence[str] = (),
    limit: int | None = None,
) -> Discovery:
    """Topics beside the scheme, those of most plans first; none where there are too few units."""
    scheme = scheme or load_scheme()
    chosen = choose(library, scheme, years=years, levels=levels, provinces=provinces)
    texts = read_texts(library, chosen.plans)
    outside: list[UnitTopics] = []
    phrases: list[list[str]] = []
    said: list[str] = []
    seen: set[str] = set()
    count = 0
    for unit in chosen.units:
        if unit.topics:
            continue
        count += 1
        text = texts[unit.plan_id][unit.start : unit.start + max(unit.characters, 1)]
        key = " ".join(text.split())
        found = _phrases(text)
        if len(found) >= SHORTEST and key not in seen:  # a duty is a section and a task
            seen.add(key)
            outside.append(unit)
            phrases.append(found)
            said.append(text)
    labels = _gather(phrases)
    topics = []
    members = {label: np.flatnonzero(labels == label) for label in sorted(set(labels) - {-1})}
    names = _names(phrases, said, members)
    for label, rows in members.items():
        plans = {outside[row].plan_id for row in rows}
        if len(plans) < PLANS or not names[label]:
            labels[rows] = -1
            continue
        wanted = set(names[label])
        best = max(rows, key=lambda row: (len(wanted & set(phrases[row])), -row))
        unit = outside[best]
        text = texts[unit.plan_id]
        topics.append(
            DiscoveredTopic(
                label=" · ".join(names[label][:3]),
                words=tuple(names[label]),
                units=len(rows),
                plans=len(plans),
                example=show(
                    chosen.plans[unit.plan_id], unit, text, 1.0, _places(text, unit, names[label])
                ),
            )
        )
    topics.sort(key=lambda topic: (-topic.plans, -topic.units, topic.label))
    return Discovery(
        units=len(chosen.units),
        outside=count,
        alone=int(np.count_nonzero(labels == -1)) + count - len(outside),
        topics=tuple(topics[:limit]),
    )


def _phrases(text: str) -> list[str]:
    """Pairs and triples of neighbouring syllables that neither begin nor end with a small word."""
    stop = stop_words()
    found: list[str] = []
    for clause in _CLAUSE.split(_LABEL.sub("", text)):
        words = [search_key(word) for word in Cut(clause).words]
        for run in _telling(words):
            ends = [word not in stop and len(word) > 1 for word in run]
            for size in (2, 3):
                found += [
                    " ".join(run[at : at + size])
                    for at in range(len(run) - size + 1)
                    if ends[at] and ends[at + size - 1]
                ]
    return found


def _telling(words: list[str]) -> Iterator[list[str]]:
    """What is left of a clause without its numbers and generic phrases."""
    generic = _generic()
    run: list[str] = []
    at = 0
    while at < len(words):
        skipped = int(words[at][0].isdecimal())
        for phrase in generic.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                skipped = len(phrase)
                break
        if skipped:
            yield run
            run = []
        else:
            run.append(words[at])
        at += skipped or 1
    yield run


@cache
def _generic() -> dict[str, list[tuple[str, ...]]]:
    """Generic phrases by their first syllable, longest first."""
    source = files("kh_nlp.topics").joinpath("data/generic_phrases.txt")
    table: dict[str, list[tuple[str, ...]]] = {}
    for line in nfc(source.read_text(encoding="utf-8")).splitlines():
        if line.strip() and not line.startswith("#"):
            phrase = tuple(search_key(line).split())
            table.setdefault(phrase[0], []).append(phrase)
    for phrases in table.values():
        phrases.sort(key=len, reverse=True)
    return table


def _gather(phrases: Sequence[list[str]]) -> NDArray[np.int64]:
    """A topic for each unit, -1 for those that stand alone."""
    from sklearn.cluster import KMeans, MiniBatchKMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    if len(phrases) < 4 * PLANS:
        return np.full(len(phrases), -1, dtype=np.int64)
    vectorizer = TfidfVectorizer(analyzer=list, min_df=2, max_df=0.5, sublinear_tf=True)
    try:
        matrix = vectorizer.fit_transform(phrases)
    except ValueError:  # no phrase stands in two units
        return np.full(len(phrases), -1, dtype=np.int64)
    size = min(_DIMENSIONS, matrix.shape[1] - 1, matrix.shape[0] - 1)
    if size < 2:
        return np.full(len(phrases), -1, dtype=np.int64)
    reduced = normalize(TruncatedSVD(size, random_state=0).fit_transform(matrix))
    clusters = max(2, min(80, round((len(phrases) / 2) ** 0.5)))
    maker: Any = MiniBatchKMeans if len(phrases) > _MANY else KMeans
    with warnings.catch_warnings():
        # Units that say the same leave fewer distinct points than asked for; that is no fault.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = maker(clusters, n_init=4, random_state=0).fit(reduced)
    middles = normalize(model.cluster_centers_)
    labels: NDArray[np.int64] = model.labels_.astype(np.int64)
    near = np.einsum("ij,ij->i", reduced, middles[labels])
    labels[near < NEAR] = -1
    return labels


def _names(
    phrases: Sequence[list[str]], said: Sequence[str], members: dict[int, NDArray[np.int64]]
) -> dict[int, list[str]]:
    """Class-based TF-IDF: tf in the topic · log(1 + mean size of topics / frequency in all)."""
    counts = {
        label: Counter(phrase for row in rows for phrase in set(phrases[row]))
        for label, rows in members.items()
    }
    every: Counter[str] = Counter()
    for one in counts.values():
        every.update(one)
    mean = sum(every.values()) / max(1, len(counts))
    names: dict[int, list[str]] = {}
    for label, one in counts.items():
        least = max(2, len(members[label]) // 10)
        whole = _words(said[row] for row in members[label][:SAMPLE])
        scored = sorted(
            (
                (-n / sum(one.values()) * np.log1p(mean / every[phrase]), phrase)
                for phrase, n in one.items()
                if n >= least and phrase in whole
            )
        )
        kept: list[str] = []
        for _, phrase in scored:
            if not any(_overlap(phrase, other) for other in kept):
                kept.append(phrase)
            if len(kept) == 6:
                break
        names[label] = kept
    return names


def _words(texts: Iterable[str]) -> set[str]:
    """Words of two or three syllables, and neighbours that make as many."""
    found: set[str] = set()
    for text in texts:
        words = [search_key(word) for word in segment(_LABEL.sub("", text))]
        sizes = [len(word.split()) for word in words]
        found.update(word for word, size in zip(words, sizes, strict=True) if size in (2, 3))
        for at in range(len(words) - 1):
            if 2 <= sizes[at] + sizes[at + 1] <= 3:
                found.add(f"{words[at]} {words[at + 1]}")
    return found


def _overlap(one: str, other: str) -> bool:
    return bool(set(pairwise(one.split())) & set(pairwise(other.split())))


def _places(text: str, unit: UnitTopics, names: Sequence[str]) -> list[tuple[int, int]]:
    """Where the phrases stand in the unit, as far as they are printed so."""
    key = search_key(text[unit.start : unit.end])
    places = []
    for name in names:
        at = key.find(name)
        if at >= 0:
            places.append((unit.start + at, unit.start + at + len(name)))
    return sorted(places)


def as_scheme(found: Discovery) -> str:
    """The discovered topics as a scheme file, to be named and sorted out by a person."""
    lines = ['name = "Chủ đề phát hiện thêm"']
    ids: set[str] = set()
    for topic in found.topics:
        topic_id = re.sub(r"[^a-z0-9]+", "_", fold(topic.words[0])).strip("_") or "chu_de"
        while topic_id in ids:
            topic_id += "_2"
        ids.add(topic_id)
        words = ", ".join(f'"{word}"' for word in topic.words)
        lines += ["", "[[topic]]", f'id = "{topic_id}"', f'name = "{topic.label}"']
        lines += ['group = "phát hiện thêm"', f"words = [{words}]"]
    return "\n".join(lines) + "\n"
