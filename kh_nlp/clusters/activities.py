"""Kinds of activity that a task names, from a list of cues: "tập huấn", "bố trí kinh phí", ….

The kind of a task is mostly told by its first words, so a cue counts less the later it stands.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import search_key

LEVELS = {"form": 1.0, "open": 1.0, "object": 0.6, "frame": 0.4, "broad": 0.35}
"""Weight of a cue by the level of its kind: which of the kinds named a task is of."""

FIRM = {"form": 1.0, "open": 0.65, "object": 0.65, "frame": 0.5, "broad": 0.4}
"""How far two tasks of a kind ask for the same work, by the level of the kind."""

REACH = 6.0
"""Syllables before a cue that halve its weight."""

CLAUSE = 0.6
"""Factor for each clause before the one in which the cue stands."""

NEAR = 60
"""Syllables in which cues are looked for; one further on would weigh less than a tenth."""

LONGEST = 100
"""Syllables in which the words of a standing duty are looked for."""

GAP = 4
"""Syllables that "…" may stand for."""

DUTY = 1.6
"""Weight of what a body is asked by its standing duty."""

SECOND = 0.4
"""Factor for a standing duty that is named after another one."""

PATIENCE = 40.0
"""Syllables before the words of a standing duty that halve its weight."""

_WORD = re.compile(r"\w+")
_READ = 15 * LONGEST
"""Characters that hold ``LONGEST`` syllables of any text."""

_Words = list[tuple[str, ...]]

_PIECE = re.compile(r"(\w+)|([;\n]|\.(?=\s))")


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: int
    weight: float
    words: tuple[str, ...]


@cache
def kinds() -> tuple[str, ...]:
    """Names of the kinds, in the order of the columns of ``activity_weights``."""
    return tuple(_data())


@cache
def kind_names() -> tuple[str, ...]:
    """What the kinds are called in Vietnamese, in the order of ``kinds``."""
    return tuple(entry["name"] for entry in _data().values())


@cache
def firmness() -> NDArray[np.float32]:
    """Shape (kinds,): ``FIRM`` of each kind."""
    return np.array([FIRM[entry["level"]] for entry in _data().values()], dtype=np.float32)


@cache
def _data() -> dict[str, dict[str, Any]]:
    source = files("kh_nlp.clusters").joinpath("data/activities.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def _cues() -> dict[str, dict[str, list[_Cue]]]:
    """Cues by their first and second syllable; "" stands where "…" or nothing comes next."""
    found: dict[str, dict[str, list[_Cue]]] = {}
    for kind, entry in enumerate(_data().values()):
        for cue in entry["cues"]:
            words = tuple(search_key(cue).split())
            second = "" if "…" in words[:2] or len(words) == 1 else words[1]
            starts = found.setdefault(words[0], {"": []})
            starts.setdefault(second, []).append(_Cue(kind, LEVELS[entry["level"]], words))
    return found


def keyed(texts: Sequence[str]) -> list[str]:
    """What is read of the texts, as keys: for those who ask for several weights of them."""
    return [search_key(text[:_READ]) for text in texts]


def activity_weights(
    texts: Sequence[str], keys: Sequence[str] | None = None
) -> NDArray[np.float32]:
    """Shape (n, kinds), each weight 0 or more: how clearly a text names each kind."""
    weights = np.zeros((len(texts), len(kinds())), dtype=np.float32)
    for row, key in enumerate(keyed(texts) if keys is None else keys):
        if not key:
            continue
        for kind, weight in _hits(key):
            weights[row, kind] = max(weights[row, kind], weight)
    return weights


def duty_weights(
    texts: Sequence[str], bodies: Sequence[Sequence[str]], keys: Sequence[str] | None = None
) -> NDArray[np.float32]:
    """Shape (n, kinds): what a text asks of bodies whose standing duty is that kind, else 0.

    "Sở Tài chính" is asked for the money of any plan, in whatever words and place. A body that is
    asked for two such duties has the one named first; -1 stands for a duty of other bodies.
    """
    weights = np.zeros((len(texts), len(kinds())), dtype=np.float32)
    duties = _duties()
    others = np.zeros(len(kinds()), dtype=np.float32)
    others[list(duties)] = -1
    keys = keyed(texts) if keys is None else keys
    for row, (key, charged) in enumerate(zip(keys, bodies, strict=True)):
        if not key or not charged:
            continue
        weights[row] = others
        words = _WORD.findall(key)[:LONGEST]
        places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            places.setdefault(word, []).append(place)
        found: list[tuple[int, int]] = []
        for kind in sorted(frozenset().union(*(_standing(body) for body in charged))):
            weights[row, kind] = 0
            cues, unless = duties[kind]
            if any(tuple(words[: len(one)]) == one for one in unless):
                continue
            at = min((_first(words, places, cue) for cue in cues), default=len(words))
            if at < len(words):
                found.append((at, kind))
        for rank, (place, kind) in enumerate(sorted(found)):
            weights[row, kind] = DUTY / (1 + place / PATIENCE) * (SECOND if rank else 1)
    return weights


def _first(words: Sequence[str], places: dict[str, list[int]], cue: Sequence[str]) -> int:
    """The first place of a cue, the number of words where it does not stand."""
    for place in places.get(cue[0], ()):
        if _end(words, place, cue) is not None:
            return place
    return len(words)


@lru_cache(maxsize=10_000)
def _standing(body: str) -> frozenset[int]:
    """Kinds that are a standing duty of a body of this name."""
    words = _WORD.findall(search_key(body))
    key = " ".join(("", *words, ""))
    return frozenset(
        kind
        for kind, names in _bodies().items()
        if any(
            name == "*" or (key.startswith(name[1:]) if name[0] == "^" else name in key)
            for name in names
        )
    )


@cache
def _bodies() -> dict[int, list[str]]:
    """By kind the names, each between blanks; "^" before one that begins the body's."""

    def name(cue: str) -> str:
        if cue == "*":
            return cue
        return f"^ {cue[1:]} " if cue.startswith("^") else f" {cue} "

    return {
        kind: [name(search_key(cue)) for cue in entry["bodies"]]
        for kind, entry in enumerate(_data().values())
        if "bodies" in entry
    }


@cache
def _duties() -> dict[int, tuple[_Words, _Words]]:
    """By kind that is a standing duty: the words that ask for it, openings that ask for another."""

    def words(entry: dict[str, Any], name: str) -> _Words:
        return [tuple(search_key(cue).split()) for cue in entry.get(name, ())]

    return {
        kind: (words(entry, "duties"), words(entry, "unless"))
        for kind, entry in enumerate(_data().values())
        if "bodies" in entry
    }


@cache
def yielding() -> tuple[tuple[int, int], ...]:
    """Pairs (kind, other): the kind tells little of a task that names the other as clearly."""
    at = {key: place for place, key in enumerate(kinds())}
    return tuple(
        (at[key], at[other]) for key, entry in _data().items() for other in entry.get("yields", ())
    )


def _hits(key: str) -> Iterator[tuple[int, float]]:
    words: list[str] = []
    clauses: list[int] = []
    clause = 0
    for match in _PIECE.finditer(key):
        if len(words) == NEAR:
            break
        if match[1]:
            words.append(match[1])
            clauses.append(clause)
        else:
            clause += 1
    found: list[tuple[int, int, _Cue]] = []
    cues = _cues()
    for place, word in enumerate(words):
        starts = cues.get(word)
        if starts is None:
            continue
        after = words[place + 1] if place + 1 < len(words) else ""
        for cue in (*starts[""], *(starts.get(after, ()) if after else ())):
            end = _end(words, place, cue.words)
            if end is not None:
                found.append((place, end, cue))
    for place, end, cue in found:
        # "đề án 06" is no "đề án": a cue within a longer one says nothing.
        if any(s <= place and end <= e and e - s > end - place for s, e, _ in found):
            continue
        near = 1 / (1 + place / REACH) * CLAUSE ** min(clauses[place], 3)
        yield cue.kind, cue.weight * near * (1 + 0.15 * (end - place))


def _end(words: Sequence[str], place: int, cue: Sequence[str]) -> int | None:
    """Where the cue that starts at ``place`` ends, None when it does not stand there."""
    index = 0
    while index < len(cue):
        if cue[index] == "…":
            for skip in range(GAP + 1):
                end = _end(words, place + skip, cue[index + 1 :])
                if end is not None:
                    return end
            return None
        if place >= len(words) or words[place] != cue[index]:
            return None
        place += 1
        index += 1
    return place
