"""Chapters that comparable plans of a library have and the draft lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kh_nlp.checking.acts import acts
from kh_nlp.checking.identity import Identity
from kh_nlp.checking.lexicon import rows
from kh_nlp.checking.likeness import held, terms, weights
from kh_nlp.checking.records import Found
from kh_nlp.language import fold
from kh_nlp.library import Library, PlanSummary
from kh_nlp.model import Plan

_SAMPLE = 16
"""Plans of the level that are read at most."""
_COMPARED = 12
"""Plans of the library that are compared at most: the likest by title, of the same level first."""
_LEAST = 3
"""Comparable plans there must be, for anything to be called usual."""
_USUAL = 0.75
"""Share of them that must have a chapter."""
_MANY = 10
"""Plans there must be to say what plans have by custom, whatever their subject."""
_CUSTOMARY = 0.9
"""Share of them that must have a chapter."""
_ALIKE = 0.3
"""Share of the title's weighted words that makes a plan comparable."""

_EMPTY = re.compile(
    r"\b(?:thuc hien|trien khai|ke hoach|va|cac|cua|cong tac|noi dung|trong|nam|\d{4}"
    r"|tren dia ban|hinh thuc)\b"
)


@dataclass(frozen=True, slots=True)
class _Chapter:
    """A kind of chapter: words that name it, and how it is usually headed."""

    words: frozenset[str]
    heading: str


def check_outline(plan: Plan, identity: Identity, library: Library) -> Iterator[Found]:
    """One finding for each first-level chapter that most comparable plans have."""
    known = _others(plan, library)
    others = [library.plan(summary.plan) for summary in _comparable(plan, identity, known)]
    share, what = _USUAL, "kế hoạch tương tự trong thư viện"
    if len(others) < _LEAST:
        others = [library.plan(summary.plan) for summary in _of_level(identity, known)]
        share, what = _CUSTOMARY, "kế hoạch cùng cấp trong thư viện"
        if len(others) < _MANY:
            return
    own = [heading for heading in _headings(plan, everywhere=True)]
    counts: list[tuple[_Chapter, set[str]]] = []
    for other in others:
        for heading in _headings(other):
            chapter = _Chapter(_words(heading), heading)
            if not chapter.words:
                continue
            home = next((seen for kind, seen in counts if _same(kind.words, chapter.words)), None)
            if home is None:
                counts.append((chapter, {other.plan_id}))
            else:
                home.add(other.plan_id)
    end = max((s.end for s in plan.sections if not s.annex), default=len(plan.text))
    for chapter, having in counts:
        if share == _CUSTOMARY and "#work" in chapter.words:
            continue  # what is done goes by any name
        if len(having) < share * len(others):
            continue
        if any(_same(chapter.words, _words(heading)) for heading in own):
            continue
        yield Found(
            kind="missing_section",
            start=end,
            end=end,
            message=f"{len(having)} trên {len(others)} {what} có mục "
            f"“{chapter.heading}”, dự thảo chưa có.",
            proposal=chapter.heading,
            severity="warning",
        )


def _comparable(plan: Plan, identity: Identity, known: Sequence[PlanSummary]) -> list[PlanSummary]:
    """Plans of like title, those of the same level first; never the plan itself."""
    title = terms(plan.header.title or "")
    named = [(s, terms(s.title or "")) for s in known]
    weight = weights([title, *(words for _, words in named)])
    done = acts(plan.header.title or "")
    ranked = [
        (held(title, words, weight), s)
        for s, words in named
        if _same_act(done, acts(s.title or ""))
    ]
    like = [(score, s) for score, s in ranked if score >= _ALIKE]
    like.sort(key=lambda item: (item[1].level != identity.level, -item[0], item[1].plan))
    same = [s for _, s in like if s.level == identity.level]
    chosen = same if len(same) >= _LEAST else [s for _, s in like]
    return chosen[:_COMPARED]


def _same_act(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two plans do the same with their subjects, as far as their titles tell."""
    return bool(one & other) or not (one or other)


def _others(plan: Plan, library: Library) -> list[PlanSummary]:
    """All plans of the library but this one."""
    return [
        s
        for s in library.plans()
        if s.plan != plan.plan_id
        and not (s.number and s.number == plan.header.number and s.issuer == plan.header.issuer)
    ]


def _of_level(identity: Identity, known: Sequence[PlanSummary]) -> list[PlanSummary]:
    """Plans of the same level, the latest first, on whatever subject."""
    same = [s for s in known if s.level == identity.level and s.sections]
    same.sort(key=lambda s: (-(s.year or 0), s.plan))
    return same[:_SAMPLE]


def _headings(plan: Plan, *, everywhere: bool = False) -> Sequence[str]:
    """Headings of the first level, or of all sections."""
    return [
        " ".join(section.heading.split())
        for section in plan.sections
        if section.heading and not section.annex and (everywhere or section.parent is None)
    ]


@cache
def _kinds() -> tuple[tuple[str, str], ...]:
    return tuple((words, kind) for kind, words in rows("chapters.tsv"))


def _words(heading: str) -> frozenset[str]:
    """Words of a heading; those that show a kind of chapter give the kind instead."""
    folded = fold(heading)
    kinds = {f"#{kind}" for words, kind in _kinds() if words in folded}
    if "#organising" in kinds:
        kinds.discard("#work")  # "Phân công nhiệm vụ" says who, not what
    return frozenset(kinds | set(re.findall(r"[a-z]+", _EMPTY.sub(" ", folded))))


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one heading says what the other says: "Kinh phí", "Nguồn kinh phí thực hiện"."""
    if not one or not other:
        return one == other
    if any(word.startswith("#") for word in one & other):
        return True
    common = len(one & other)
    return common >= 2 and common >= 0.6 * min(len(one), len(other))
