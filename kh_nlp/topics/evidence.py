"""What speaks for a topic in a unit: words, where they stand, and the headings above.

The same eight figures serve every topic of every scheme, so that weights found on labelled units
of the bundled scheme hold for schemes that users write.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kh_nlp.model import Span
from kh_nlp.topics.phrases import Hit, Phrases
from kh_nlp.topics.records import Scheme
from kh_nlp.topics.units import Unit

FIGURES = (
    "lead_word",
    "words",
    "share",
    "hints",
    "lead_hint",
    "parent",
    "above",
    "title",
    "bare",
    "length",
)
"""Names of the figures of ``Evidence.figures``, in order."""

LEAD = 90
"""Characters of a unit without heading that count as its beginning, to the end of a clause."""

_LABEL = re.compile(r"^\s*(?:[-+*•–]|\(?[\w.]{1,7}[.)]|(?:Điều|Phụ lục|PHỤ LỤC)\s+\w+\.?)\s*")
_CLAUSE = re.compile(r"[;:\n]|[.!?](?=\s)")


@dataclass(slots=True)
class Evidence:
    """Found for one topic in one unit; ``spans`` are of ``Plan.text``."""

    topic: int
    words: set[tuple[str | None, ...]] = field(default_factory=set)
    hints: set[tuple[str | None, ...]] = field(default_factory=set)
    lead_word: bool = False
    lead_hint: bool = False
    covered: int = 0
    parent: bool = False
    above: bool = False
    title: bool = False
    spans: list[Span] = field(default_factory=list)


class Finder:
    """Finds evidence for the topics of a scheme."""

    def __init__(self, scheme: Scheme) -> None:
        roles = (("words", "word"), ("heads", "head"), ("hints", "hint"), ("excluded", "not"))
        self._phrases = Phrases(
            [
                (place, role, phrase)  # type: ignore[misc]
                for place, topic in enumerate(scheme.topics)
                for name, role in roles
                for phrase in getattr(topic, name)
            ]
        )
        self._headings: dict[str, frozenset[int]] = {}

    def find(self, unit: Unit) -> list[Evidence]:
        """Evidence for each topic that has any, own or above, in the order of the scheme."""
        found: dict[int, Evidence] = {}
        for order, (text, offset) in enumerate(unit.parts):
            lead = _lead(text, unit.heading) if order == 0 else 0
            for hit in _counted(self._phrases.find(text)):
                self._add(found, hit, lead, offset)
        for depth, heading in enumerate(reversed(unit.above)):
            for topic in self._named(heading):
                one = found.setdefault(topic, Evidence(topic))
                if depth == len(unit.above) - 1:
                    one.title = True
                elif depth == 0:
                    one.parent = True
                else:
                    one.above = True
        return [found[topic] for topic in sorted(found)]

    def _add(self, found: dict[int, Evidence], hit: Hit, lead: int, offset: int | None) -> None:
        phrase = hit.phrase
        one = found.setdefault(phrase.topic, Evidence(phrase.topic))
        leads = hit.span[0] < lead
        if phrase.role == "word" or (phrase.role == "head" and leads):
            one.words.add(phrase.keys)
            one.lead_word |= leads
        else:
            one.hints.add(phrase.keys)
            one.lead_hint |= leads
        one.covered += hit.span[1] - hit.span[0]
        if offset is not None:
            one.spans.append((offset + hit.span[0], offset + hit.span[1]))

    def _named(self, heading: str) -> frozenset[int]:
        """Topics that a heading names by their words or heads."""
        known = self._headings.get(heading)
        if known is None:
            hits = _counted(self._phrases.find(heading))
            known = frozenset(hit.phrase.topic for hit in hits if hit.phrase.role != "hint")
            self._headings[heading] = known
        return known


def figures(unit: Unit, one: Evidence) -> tuple[float, ...]:
    """The figures of ``FIGURES`` for one topic of a unit, each about 0..1."""
    length = max(1, unit.characters)
    return (
        float(one.lead_word),
        min(len(one.words), 3) / 3,
        min(1.0, math.sqrt(one.covered / length)),
        min(len(one.hints), 3) / 3,
        float(one.lead_hint),
        float(one.parent),
        float(one.above),
        float(one.title),
        float(unit.heading is not None and length < len(unit.heading) + 12),
        min(1.5, math.log10(length / 30 + 1)),
    )


def _lead(text: str, heading: str | None) -> int:
    """Where the heading, or the first clause, of a unit ends."""
    label = _LABEL.match(text)
    start = label.end() if label else 0
    if heading:
        at = text.find(heading)
        if at >= 0:
            return at + len(heading)
    limit = start + LEAD
    for border in _CLAUSE.finditer(text, start):
        if border.start() > start + 12:
            return min(limit, border.start())
    return min(limit, len(text))


def _counted(hits: Sequence[Hit]) -> list[Hit]:
    """Hits that no excluded phrase covers and that lie in no longer hit of the same topic."""
    by_topic: dict[int, list[Hit]] = {}
    for hit in hits:
        by_topic.setdefault(hit.phrase.topic, []).append(hit)
    kept: list[Hit] = []
    for found in by_topic.values():
        if len(found) == 1:
            kept += [] if found[0].phrase.role == "not" else found
            continue
        # Longest first; of equal spans the stronger role.
        found.sort(key=lambda hit: (hit.span[0] - hit.span[1], hit.span[0], _RANK[hit.phrase.role]))
        taken: list[Hit] = []
        for hit in found:
            if not any(_inside(hit.span, other.span) for other in taken):
                taken.append(hit)
        kept += [hit for hit in taken if hit.phrase.role != "not"]
    kept.sort(key=lambda hit: (hit.span, hit.phrase.topic))
    return kept


_RANK = {"not": 0, "word": 1, "head": 2, "hint": 3}


def _inside(span: Span, other: Span) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]
