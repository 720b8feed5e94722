"""Passages that two plans share: shingles find them, an alignment of words says how far.

Words are folded syllables of the sections' text; those of citations (number, date, issuer and the
title that follows a citation in its sentence is printed by everybody) are masked. Five words in a
row that two plans share are a seed. Seeds near each other in both plans make one chain, so that a
changed number or name inside a copied passage does not break it. Wording that plans of many
provinces share is a formula of the genre, not taken from one of them: its shingles are no seeds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import fold, pieces
from kh_nlp.model import Span

Ints = NDArray[np.int64]

SHINGLE = 5
GAP = 12
"""Words that may differ between two seeds of one passage."""

LEAST_WORDS = 25
"""Words that a passage must share: shorter runs are turns of phrase of the genre, or long names
("Chỉ số hài lòng của người dân, tổ chức đối với sự phục vụ của cơ quan hành chính nhà nước").
"""

OFTEN = 3
"""Times in one plan from which on a shingle is part of a name that the plan keeps repeating."""

LEAST_SHARE = 0.6
"""Of the words of the longer side, the share that must be common."""

LEAST_SHARED = 5
"""Shingles that two plans must share to be looked at: a passage of ``LEAST_WORDS`` has more."""

MOST_PLANS = 1000
"""Plans with a shingle beyond which it does not make two of them a pair."""

FORMULA_PLACES = 3
"""Provinces (beside the pair's own) with a shingle from which on it is a formula."""


@dataclass(frozen=True, eq=False)
class Wording:
    """The words of one plan: key numbers, places in ``Plan.text``, -1 as key where masked."""

    keys: Ints
    starts: Ints
    ends: Ints


@dataclass(frozen=True, slots=True)
class Match:
    """Words ``first``..``first_end`` of one plan and ``second``..``second_end`` of another.

    ``common`` words stand in both, in the same order.
    """

    first: int
    first_end: int
    second: int
    second_end: int
    common: int

    @property
    def share(self) -> float:
        """Common words over the length of the longer side, in 0..1."""
        return self.common / max(self.first_end - self.first, self.second_end - self.second)


def wording(
    text: str, spans: Sequence[Span], masked: Sequence[Span], known: dict[str, int]
) -> Wording:
    """Words of ``text`` inside ``spans`` in reading order; ``known`` numbers the keys of all."""
    keys: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    holes = sorted(masked)
    hole = 0
    for low, high in sorted(spans):
        for word, start, end, _ in pieces(text[low:high]):
            at = low + start
            while hole < len(holes) and holes[hole][1] <= at:
                hole += 1
            inside = hole < len(holes) and holes[hole][0] <= at
            keys.append(-1 if inside else known.setdefault(fold(word), len(known)))
            starts.append(at)
            ends.append(low + end)
    return Wording(*(np.array(part, dtype=np.int64) for part in (keys, starts, ends)))


def shingles(words: Wording) -> tuple[Ints, Ints]:
    """Hashes of five words in a row and where they begin; those with a masked word are left out."""
    keys = words.keys
    if len(keys) < SHINGLE:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(keys, SHINGLE)
    clean = np.flatnonzero((windows >= 0).all(axis=1))
    hashes = np.zeros(len(clean), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in range(SHINGLE):
            part = windows[clean, column].astype(np.uint64) + np.uint64(1)
            hashes = (hashes ^ part) * np.uint64(0x9E3779B97F4A7C15)
            hashes ^= hashes >> np.uint64(29)
    return hashes.view(np.int64), clean


def seeds(
    wordings: Sequence[Wording], places: Sequence[str | None]
) -> Iterator[tuple[tuple[int, int], Ints, Ints]]:
    """For each two plans (positions, the smaller first) that share enough shingles: where these
    begin in the one and in the other.

    ``places`` are the plans' provinces, None for plans of the centre or of an unknown one. A plan
    of the centre spreads its words over all provinces; these are no formulas in its own pairs.
    """
    made = [shingles(words) for words in wordings]
    if not any(len(h) for h, _ in made):
        return
    owner = np.repeat(np.arange(len(made)), [len(h) for h, _ in made])
    at = np.concatenate([p for _, p in made])
    _, group = np.unique(np.concatenate([h for h, _ in made]), return_inverse=True)
    numbers = {name: n for n, name in enumerate(sorted({p for p in places if p}))}
    place = np.array([numbers.get(p or "", -1) for p in places], dtype=np.int64)
    spread = _places(group, place[owner])
    ends = np.cumsum([len(h) for h, _ in made])
    sides = []
    for low, high in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        order = np.argsort(group[low:high], kind="stable")
        sides.append((group[low:high][order], at[low:high][order]))
    for one, other in _sharing(owner, group, len(made)):
        (groups_one, at_one), (groups_other, at_other) = sides[one], sides[other]
        common = np.intersect1d(groups_one, groups_other)
        if place[one] >= 0 and place[other] >= 0:
            own = len({int(place[one]), int(place[other])})
            common = common[spread[common] - own < FORMULA_PLACES]
        if len(common):
            yield (one, other), *_crossed(common, groups_one, at_one, groups_other, at_other)


def _sharing(owner: Ints, group: Ints, plans: int) -> list[tuple[int, int]]:
    """Pairs of plans with ``LEAST_SHARED`` common shingles, of those that few plans have."""
    from scipy.sparse import csr_matrix

    pairs = np.unique(np.stack([owner, group], axis=1), axis=0)
    often = np.bincount(pairs[:, 1])
    pairs = pairs[(often[pairs[:, 1]] > 1) & (often[pairs[:, 1]] <= MOST_PLANS)]
    table = csr_matrix(
        (np.ones(len(pairs), dtype=np.int32), (pairs[:, 0], pairs[:, 1])),
        shape=(plans, int(group.max()) + 1),
    )
    shared = (table @ table.T).tocoo()
    chosen = (shared.row < shared.col) & (shared.data >= LEAST_SHARED)
    return sorted(zip(shared.row[chosen].tolist(), shared.col[chosen].tolist(), strict=True))


def _places(group: Ints, place: Ints) -> Ints:
    """Number of known provinces in each group."""
    known = place >= 0
    both = np.unique(np.stack([group[known], place[known]], axis=1), axis=0)
    return np.bincount(both[:, 0], minlength=int(group.max()) + 1)


def _crossed(
    common: Ints, groups_one: Ints, at_one: Ints, groups_other: Ints, at_other: Ints
) -> tuple[Ints, Ints]:
    """All (place in one, place in other) of shared shingles."""
    firsts: list[int] = []
    seconds: list[int] = []
    low_one, high_one = (np.searchsorted(groups_one, common, side) for side in ("left", "right"))
    low, high = (np.searchsorted(groups_other, common, side) for side in ("left", "right"))
    for a, b, c, d in zip(low_one, high_one, low, high, strict=True):
        if max(b - a, d - c) >= OFTEN:
            continue
        for one in at_one[a:b].tolist():
            for other in at_other[c:d].tolist():
                firsts.append(one)
                seconds.append(other)
    return np.array(firsts, dtype=np.int64), np.array(seconds, dtype=np.int64)


def matches(one: Wording, other: Wording, firsts: Ints, seconds: Ints) -> list[Match]:
    """Passages from the seeds of a pair, in the order of the second plan, none inside another."""
    order = np.lexsort((firsts, seconds))
    chains: list[list[int]] = []  # first, last of one; first, last of other
    open_chains: list[list[int]] = []
    for a, b in zip(firsts[order].tolist(), seconds[order].tolist(), strict=True):
        open_chains = [c for c in open_chains if b - c[3] <= GAP]
        best = min(
            (c for c in open_chains if 0 < a - c[1] <= GAP and b >= c[3]),
            key=lambda c: abs((a - c[1]) - (b - c[3])),
            default=None,
        )
        if best is None:
            best = [a, a, b, b]
            chains.append(best)
            open_chains.append(best)
        else:
            best[1], best[3] = a, b
    found = []
    for first, last, second, end in chains:
        if last - first + SHINGLE < LEAST_WORDS // 2:
            continue
        found.append(_aligned(one, other, first, last + SHINGLE, second, end + SHINGLE))
    kept = [m for m in found if m.common >= LEAST_WORDS and m.share >= LEAST_SHARE]
    kept.sort(key=lambda m: -m.common)
    apart: list[Match] = []
    for match in kept:
        if all(m.second_end <= match.second or match.second_end <= m.second for m in apart):
            apart.append(match)
    return sorted(apart, key=lambda m: m.second)


def _aligned(one: Wording, other: Wording, a: int, b: int, c: int, d: int) -> Match:
    common = sum(size for _, _, size in blocks(one, other, a, b, c, d))
    return Match(a, b, c, d, common)


def blocks(
    one: Wording, other: Wording, a: int, b: int, c: int, d: int
) -> list[tuple[int, int, int]]:
    """(place in one, place in other, words) of equal runs; masked words are equal to none."""
    left = [key if key >= 0 else -2 - at for at, key in enumerate(one.keys[a:b].tolist())]
    right = [
        key if key >= 0 else -2 - (1 << 40) - at for at, key in enumerate(other.keys[c:d].tolist())
    ]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return [(a + m.a, c + m.b, m.size) for m in matcher.get_matching_blocks() if m.size]
