"""What a text denies, obliges, allows and forbids, and where a rewriting turns that round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from kh_nlp.rewriting.words import Sources, Word, lexicon, words

REACH = 3
"""Words before a pair of words in which a negation of them stands."""

_MODALS = ("obliging", "allowing", "inviting", "forbidding")


@dataclass(frozen=True, slots=True)
class Stance:
    """A negator or modal at ``start:end`` and the words after it, in lower case."""

    kind: str
    text: str
    start: int
    end: int
    follows: tuple[str, ...]


@cache
def _lists() -> dict[str, tuple[tuple[str, ...], ...]]:
    return {
        name: tuple(tuple(phrase.split()) for phrase in sorted(values, key=len, reverse=True))
        for name, values in lexicon()["stances"].items()
    }


def _at(tokens: tuple[Word, ...], at: int, name: str) -> int:
    """How many words of a phrase of that list stand at ``at``; 0 for none."""
    for phrase in _lists()[name]:
        piece = tokens[at : at + len(phrase)]
        if tuple(word.key for word in piece) == phrase and all(w.joined for w in piece[1:]):
            return len(phrase)
    return 0


def _clause(tokens: tuple[Word, ...], at: int, most: int) -> tuple[Word, ...]:
    """Up to ``most`` words from ``at`` on, no mark in between."""
    found = []
    for word in tokens[at : at + most]:
        if not word.joined:
            break
        found.append(word)
    return tuple(found)


@lru_cache(maxsize=512)
def negations(text: str) -> tuple[Stance, ...]:
    """The negators of ``text``; those that only bound a number or begin a set phrase are none."""
    tokens = words(text)
    found = []
    done = 0
    for at, word in enumerate(tokens):
        if at < done or _at(tokens, at, "not_negations"):
            continue
        if at and _at(tokens, at - 1, "not_negations") > 1:
            continue
        if size := _at(tokens, at, "negators"):
            done = at + size
            follows = tuple(w.key for w in _clause(tokens, at + size, 4))
            last = tokens[at + size - 1]
            printed = text[word.start : last.end]
            found.append(Stance("negation", printed, word.start, last.end, follows))
    return tuple(found)


def modals(text: str) -> Iterator[Stance]:
    """Words that oblige, allow, invite or forbid."""
    tokens = words(text)
    done = 0
    for at, word in enumerate(tokens):
        if at < done:
            continue
        sizes = [(size, kind) for kind in _MODALS if (size := _at(tokens, at, kind))]
        if not sizes:
            continue
        size, kind = max(sizes)
        before = tokens[at - 1].key if at and word.joined else ""
        if kind != "forbidding" and before in ("không", "chưa"):
            continue  # a matter of negation
        done = at + size
        last = tokens[done - 1]
        follows = tuple(w.key for w in _clause(tokens, done, 3))
        yield Stance(kind, text[word.start : last.end], word.start, last.end, follows)


def _pairs(text: str, pair: tuple[str, str]) -> Iterator[tuple[bool, Word, Word]]:
    """Where two words stand side by side in ``text``, and whether something before denies them."""
    tokens = words(text)
    denied = [stance.end for stance in negations(text)]
    for first, second in pairwise(tokens):
        if (first.key, second.key) != pair or not second.joined:
            continue
        near = False
        for end in denied:
            between = [w for w in tokens if end <= w.start <= first.start]
            near |= bool(between) and len(between) <= REACH + 1 and all(w.joined for w in between)
        yield near, first, second


def turned(output: str, sources: Sources) -> Iterator[tuple[str, int, int]]:
    """Negations that ``output`` adds to or drops from what the sources say: text, start, end."""
    here = negations(output)
    there = [stance for text in sources.texts for stance in negations(text)]
    for stance in here:
        # Whom a ban binds stands before it or after it: only whether there is one can be told.
        if _bans(stance) and any(_bans(other) for other in there):
            continue
        for pair in pairwise(stance.follows):
            said = _said(pair, sources)
            if said and not any(said):
                yield stance.text, stance.start, stance.end
            if said:
                break
    for stance in there:
        if _bans(stance) and any(_bans(other) for other in here):
            continue
        for pair in pairwise(stance.follows[:3]):
            found = list(_pairs(output, pair))
            if found and all(_said(pair, sources)) and not any(near for near, _, _ in found):
                _, first, second = found[0]
                yield output[first.start : second.end], first.start, second.end
                break


def _bans(stance: Stance) -> bool:
    return stance.text.lower().endswith("cấm")


def _said(pair: tuple[str, str], sources: Sources) -> list[bool]:
    """For every place where the sources say two words in a row: whether they are denied."""
    return [near for text in sources.texts for near, _, _ in _pairs(text, pair)]


def shifted(output: str, sources: Sources) -> Iterator[tuple[str, int, int]]:
    """Modals that say otherwise than the sources do of the same words, or come from nowhere."""
    known = [stance for text in sources.texts for stance in modals(text)]
    strong = {" ".join(phrase) for phrase in _lists()["strong"]}
    for stance in modals(output):
        pair = stance.follows[:2]
        same = [one.kind for one in known if one.follows[:2] == pair and len(pair) == 2]
        if same:
            if stance.kind not in same:
                yield stance.text, stance.start, stance.end
        elif stance.text.lower() in strong and not any(one.kind == stance.kind for one in known):
            yield stance.text, stance.start, stance.end
