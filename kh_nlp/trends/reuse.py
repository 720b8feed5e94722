"""Text taken over: by a lower level from the level above, and copies between equals."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.library import Library
from kh_nlp.model import Span
from kh_nlp.trends.matching import SHINGLE, Match, Wording, blocks, matches, seeds, wording
from kh_nlp.trends.reading import StoredPlan, stored_plans
from kh_nlp.trends.records import PlanFacts
from kh_nlp.trends.reuse_records import Passage, Relation, Reuse, ReuseAnswer, Side, Untouched

Flags = NDArray[np.bool_]

RANKS = {"central": 0, "province": 1, "province_agency": 2, "district": 3, "commune": 4}
"""A department guides the districts in its field, so that it stands above them."""

_ROW = re.compile(r"^[^\t\n]*\t.*$", re.M)

LEAST_OWN = 12
"""Words from which on a section without copied text counts as written by the taker: shorter ones
are headings."""

VERBATIM = 0.95
"""Share of common words from which on a passage is called verbatim."""


def reuse(
    library: Library,
    *,
    plan: str | None = None,
    relations: Sequence[Relation] = ("above",),
    limit: int | None = None,
) -> ReuseAnswer:
    """Pairs of plans in which one takes over text of the other, the most text first.

    ``plan`` (id or unique prefix) gives only what that plan took over. ``relations``: ``above``
    (from a higher level of the same province or the centre), ``same`` (between equals),
    ``elsewhere`` (a higher level of another province), ``below`` (a higher level takes over).

    Raises:
        UsageError: no plan has that id.
    """
    wanted = library.resolve(plan) if plan is not None else None
    stored = list(stored_plans(library))
    facts = [item.facts for item in stored]
    known: dict[str, int] = {}
    outlines = [_Outline(item) for item in stored]
    words = [outline.wording(known) for outline in outlines]
    places = [None if f.level == "central" else f.province for f in facts]
    found: list[tuple[int, int, Match]] = []
    for pair, firsts, seconds in seeds(words, places):
        one, other = _direction(facts, *pair)
        if (one, other) != pair:
            firsts, seconds = seconds, firsts
        found += [(one, other, m) for m in matches(words[one], words[other], firsts, seconds)]
    nearer = _nearer(found, facts)
    by_pair: dict[tuple[int, int], list[Match]] = defaultdict(list)
    for one, other, match in found:
        by_pair[one, other].append(match)
    made = [
        _pair(stored, outlines, words, one, other, list_of, nearer)
        for (one, other), list_of in by_pair.items()
        if wanted is None or wanted in (facts[one].plan, facts[other].plan)
    ]
    chosen = [r for r in made if r.relation in relations]
    chosen.sort(key=lambda r: (-r.words, r.source.plan, r.taker.plan))
    return ReuseAnswer(
        plans=len(facts),
        total=len(chosen),
        pairs=tuple(chosen[:limit]),
        others=Counter(r.relation for r in made),
    )  # fmt: skip


def relation(source: PlanFacts, taker: PlanFacts) -> Relation:
    """How the levels of two plans stand; unknown levels count as equal."""
    high, low = RANKS.get(source.level or ""), RANKS.get(taker.level or "")
    if high is None or low is None or high == low:
        return "same"
    if high > low:
        return "below"
    apart = source.province and taker.province and source.province != taker.province
    return "elsewhere" if apart and source.level != "central" else "above"


def _direction(facts: Sequence[PlanFacts], one: int, other: int) -> tuple[int, int]:
    """(source, taker): the earlier is the source, without two dates the higher.

    Of equals without dates the first by id comes first; then nothing tells who copied.
    """
    a, b = facts[one], facts[other]
    if a.issued_on and b.issued_on and a.issued_on != b.issued_on:
        return (one, other) if a.issued_on < b.issued_on else (other, one)
    if RANKS.get(a.level or "", 9) > RANKS.get(b.level or "", 9):
        return other, one
    return one, other


class _Outline:
    """Sections of a plan by position, and its words without what all plans print."""

    def __init__(self, plan: StoredPlan) -> None:
        self.plan = plan
        self.text: str = plan.data["text"]
        self.own = sorted(
            (a, b, at)
            for at, section in enumerate(plan.data["sections"])
            for a, b in section["spans"] or ((section["start"], section["end"]),)
        )
        self._starts = [a for a, _, _ in self.own]

    def wording(self, known: dict[str, int]) -> Wording:
        """Words of the sections without those of citations, and of the titles after them."""
        masked = [(c["start"], self._title(c)) for c in self.plan.data["citations"]]
        masked += [*self._bodies(), *self._heads()]
        return wording(self.text, _flat([(a, b) for a, b, _ in self.own]), masked, known)

    def _bodies(self) -> Iterator[Span]:
        """Names of the bodies that tasks name: all plans of a level name the same."""
        sections = {s["id"]: (s["start"], s["end"]) for s in self.plan.data["sections"]}
        for task in self.plan.data["tasks"]:
            low, high = sections.get(task["section"], (task["start"], task["end"]))
            if task["origin"] == "table":
                low, high = task["start"], task["end"]
            for name in (*task["lead"], *task["partners"]):
                at = self.text.find(name, low, high)
                if at >= 0:
                    yield at, at + len(name)

    def _heads(self) -> Iterator[Span]:
        """Heads of tables: rows that are no tasks."""
        rows = sorted((t["start"], t["end"]) for t in self.plan.data["tasks"])
        for match in _ROW.finditer(self.text):
            if not any(a < match.end() and match.start() < b for a, b in rows):
                yield match.span()

    def _title(self, citation: dict[str, object]) -> int:
        """End of a citation with its title, where the plan prints it after the citation."""
        end = int(str(citation["end"]))
        document = citation.get("document")
        known = document.get("title") if isinstance(document, dict) else None
        titles = [citation.get("title"), known]
        for title in titles:
            if isinstance(title, str) and len(title) > 8:
                at = self.text.find(title, end, end + len(title) + 40)
                if at >= 0:
                    return at + len(title)
        return end

    def sections(self, positions: Sequence[int]) -> list[dict[str, Any]]:
        """The sections with at least ``SHINGLE`` of ``positions``, that with the most first."""
        held = Counter(
            self.own[at][2]
            for at in (np.searchsorted(self._starts, positions, side="right") - 1).tolist()
            if at >= 0
        )
        ranked = sorted(held, key=lambda at: (-held[at], at))
        return [
            self.plan.data["sections"][at]
            for place, at in enumerate(ranked)
            if place == 0 or held[at] >= SHINGLE
        ]


def _flat(spans: Sequence[Span]) -> list[Span]:
    """Sorted spans that do not overlap."""
    out: list[Span] = []
    for start, end in sorted(spans):
        low = max(start, out[-1][1] if out else 0)
        if low < end:
            out.append((low, end))
    return out


def _pair(
    stored: Sequence[StoredPlan],
    outlines: Sequence[_Outline],
    words: Sequence[Wording],
    one: int,
    other: int,
    found: Sequence[Match],
    nearer: dict[tuple[int, int, int], str],
) -> Reuse:
    source, taker = stored[one].facts, stored[other].facts
    taken = np.zeros(len(words[other].keys), dtype=bool)
    passages = []
    for match in found:
        taken[match.second : match.second_end] = True
        passages.append(
            _passage(outlines, words, one, other, match, nearer.get((one, other, match.second)))
        )
    return Reuse(
        source=source, taker=taker, relation=relation(source, taker), days=_days(source, taker),
        words=int(taken.sum()), share=round(float(taken.mean()), 4),
        passages=tuple(passages), added=tuple(_untouched(outlines[other], words[other], taken)),
    )  # fmt: skip


def _passage(
    outlines: Sequence[_Outline],
    words: Sequence[Wording],
    one: int,
    other: int,
    match: Match,
    nearer: str | None,
) -> Passage:
    runs = blocks(
        words[one], words[other], match.first, match.first_end, match.second, match.second_end
    )
    left = _side(
        outlines[one], words[one], match.first, match.first_end, [(a, n) for a, _, n in runs]
    )
    right = _side(
        outlines[other], words[other], match.second, match.second_end, [(b, n) for _, b, n in runs]
    )
    return Passage(
        source=left, taker=right, words=match.common, share=round(match.share, 4),
        how="verbatim" if match.share >= VERBATIM else "edited", nearer=nearer,
    )  # fmt: skip


def _side(
    outline: _Outline, words: Wording, first: int, end: int, runs: Sequence[tuple[int, int]]
) -> Side:
    start, stop = int(words.starts[first]), int(words.ends[end - 1])
    sections = outline.sections(words.starts[first:end].tolist())
    same = np.zeros(end - first, dtype=bool)
    for at, size in runs:
        same[at - first : at - first + size] = True
    changed = [
        (int(words.starts[first + a]) - start, int(words.ends[first + b - 1]) - start)
        for a, b in _stretches(~same)
    ]
    return Side(
        number=sections[0]["number"] if sections else None,
        heading=sections[0]["heading"] if sections else None,
        numbers=tuple(s["number"] for s in sections if s["number"]),
        start=start, end=stop, text=outline.text[start:stop], changed=tuple(changed),
    )  # fmt: skip


def _stretches(mask: Flags) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(int), [0]))))
    yield from ((a, b) for a, b in edges.reshape(-1, 2).tolist())


def _untouched(outline: _Outline, words: Wording, taken: Flags) -> Iterator[Untouched]:
    """Sections of the taker of which nothing was taken over."""
    sections = outline.plan.data["sections"]
    rows = np.searchsorted([a for a, _, _ in outline.own], words.starts, side="right") - 1
    owner = np.array([at for _, _, at in outline.own], dtype=np.int64)
    if not len(owner):
        return
    size = np.bincount(owner[rows], minlength=len(sections))
    used = np.bincount(owner[rows], taken, minlength=len(sections))
    for at, section in enumerate(sections):
        if size[at] >= LEAST_OWN and not used[at]:
            yield Untouched(
                number=section["number"], heading=section["heading"], words=int(size[at])
            )


def _days(source: PlanFacts, taker: PlanFacts) -> int | None:
    if not (source.issued_on and taker.issued_on):
        return None
    return (date.fromisoformat(taker.issued_on) - date.fromisoformat(source.issued_on)).days


def _nearer(
    found: Sequence[tuple[int, int, Match]], facts: Sequence[PlanFacts]
) -> dict[tuple[int, int, int], str]:
    """For passages that the taker has from several: the id of the plan it most likely used.

    That is the one with more common words; of equals the one nearest above, then the latest.
    """
    by_taker: dict[int, list[tuple[int, Match]]] = defaultdict(list)
    for one, other, match in found:
        by_taker[other].append((one, match))

    def strength(item: tuple[int, Match], taker: int) -> tuple[int, int, str, str]:
        one, match = item
        rank = RANKS.get(facts[one].level or "", 0)
        above = rank if relation(facts[one], facts[taker]) == "above" else -1
        return match.common, above, facts[one].issued_on or "", facts[one].plan

    answer: dict[tuple[int, int, int], str] = {}
    for taker, items in by_taker.items():
        for one, match in items:
            rivals = [item for item in items if item[0] != one and _overlap(item[1], match) >= 0.5]
            best = max([(one, match), *rivals], key=lambda item: strength(item, taker))
            if best[0] != one:
                answer[one, taker, match.second] = facts[best[0]].plan
    return answer


def _overlap(one: Match, other: Match) -> float:
    common = min(one.second_end, other.second_end) - max(one.second, other.second)
    return common / (other.second_end - other.second)


__all__ = ["RANKS", "VERBATIM", "relation", "reuse"]
