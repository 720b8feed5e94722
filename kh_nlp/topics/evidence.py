"""What speaks for a topic in a unit: words, where they stand, and the headings above.

The same figures serve every topic of every scheme, so that weights found on labelled units
of the bundled scheme hold for schemes that users write.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kh_nlp.model import Span
from kh_nlp.topics.phrases import Hit, Phrases, Role
from kh_nlp.topics.records import Scheme
from kh_nlp.topics.units import Unit

FIGURES = (
    "any_word",
    "words",
    "several_words",
    "lead_word",
    "early",
    "share",
    "hints",
    "lead_hint",
    "parent",
    "above",
    "title",
    "hints_under",
    "length",
    "others",
)
"""Names of the figures of ``Evidence.figures``, in order."""

LEAD = 90
"""Characters of a unit without heading that count as its beginning, to the end of a clause."""

HEAD = 24
"""Characters after the label of such a unit in which ``heads`` may begin."""

REACH = 150
"""Characters before the first word of a topic that halve what its place says."""

REMEMBERED = 20_000
"""Texts whose hits are kept while a library is read."""

_LABEL = re.compile(r"^\s*(?:[-+*•–]|\(?[\w.]{1,7}[.)]|(?:Điều|Phụ lục|PHỤ LỤC)\s+\w+\.?)\s*")
_CLAUSE = re.compile(r"[;:\n]|[.!?](?=\s)")


@dataclass(slots=True)
class Evidence:
    """Found for one topic in one unit; ``spans`` are of ``Plan.text``.

    ``others`` are the topics, neither wider nor finer, that the unit has words of too; ``reached``
    is where the words met so far end.
    """

    topic: int
    words: set[tuple[str | None, ...]] = field(default_factory=set)
    hints: set[tuple[str | None, ...]] = field(default_factory=set)
    lead_word: bool = False
    lead_hint: bool = False
    covered: int = 0
    first: int = 1_000_000
    reached: int = 0
    parent: bool = False
    above: bool = False
    title: bool = False
    others: int = 0
    spans: list[Span] = field(default_factory=list)


class Finder:
    """Finds evidence for the topics of a scheme."""

    def __init__(self, scheme: Scheme) -> None:
        roles: tuple[tuple[str, Role], ...] = (
            ("words", "word"),
            ("heads", "head"),
            ("hints", "hint"),
            ("excluded", "not"),
        )
        places = {topic.id: place for place, topic in enumerate(scheme.topics)}
        wider = {topic.id: topic.parent for topic in scheme.topics}
        given: list[tuple[int, Role, str]] = []
        for place, topic in enumerate(scheme.topics):
            given += [
                (place, role, phrase) for name, role in roles for phrase in getattr(topic, name)
            ]
            over = topic.parent
            while over is not None:  # what makes the finer topic also makes the wider one
                given += [(places[over], "word", phrase) for phrase in topic.words]
                over = wider[over]
        self._phrases = Phrases(given)
        self._wider = [
            None if topic.parent is None else places[topic.parent] for topic in scheme.topics
        ]
        self._headings: dict[str, frozenset[int]] = {}
        self._known: dict[str, list[Hit]] = {}

    def find(self, unit: Unit) -> list[Evidence]:
        """Evidence for each topic that has any, own or above, in the order of the scheme."""
        found: dict[int, Evidence] = {}
        before = 0
        for order, (text, offset) in enumerate(unit.parts):
            head, lead = _lead(text, unit.heading) if order == 0 else (0, 0)
            for hit in self._hits(text):
                one = found.setdefault(hit.topic, Evidence(hit.topic))
                _add(one, hit, head, lead, before)
                if offset is not None:
                    one.spans.append((offset + hit.span[0], offset + hit.span[1]))
            before += len(text)
        for depth, heading in enumerate(reversed(unit.above)):
            for topic in self._named(heading):
                one = found.setdefault(topic, Evidence(topic))
                if depth == len(unit.above) - 1:
                    one.title = True
                elif depth == 0:
                    one.parent = True
                else:
                    one.above = True
        self._count_others(found)
        return [found[topic] for topic in sorted(found)]

    def _count_others(self, found: dict[int, Evidence]) -> None:
        """Sets ``others``: a unit of many subjects is mainly about few of them."""
        named = {topic: set(self._line(topic)) for topic, one in found.items() if one.words}
        for topic, one in found.items():
            line = set(self._line(topic))
            rivals = [
                other for other, above in named.items() if other not in line and topic not in above
            ]
            apart = set(rivals)
            # Of a wider and a finer rival only the wider counts.
            one.others = sum(self._wider[other] not in apart for other in rivals)

    def _line(self, topic: int) -> Iterator[int]:
        """The topic and those over it."""
        at: int | None = topic
        while at is not None:
            yield at
            at = self._wider[at]

    def _hits(self, text: str) -> list[Hit]:
        """Hits that count; plans say many things alike, and a duty is a section and a task."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[text] = _counted(self._phrases.find(text))
        return known

    def _named(self, heading: str) -> frozenset[int]:
        """Topics that a heading names by their words or heads."""
        known = self._headings.get(heading)
        if known is None:
            hits = self._hits(heading)
            known = frozenset(hit.topic for hit in hits if hit.role != "hint")
            self._headings[heading] = known
        return known


def _add(one: Evidence, hit: Hit, head: int, lead: int, before: int) -> None:
    start, end = hit.span
    leads = start < lead
    if hit.role == "word" or (hit.role == "head" and start < head):
        if before + start >= one.reached:  # phrases that cross are one mention
            one.words.add(hit.keys)
        one.reached = max(one.reached, before + end)
        one.lead_word |= leads
        one.first = min(one.first, before + start)
    else:
        one.hints.add(hit.keys)
        one.lead_hint |= leads
    one.covered += end - start


def figures(unit: Unit, one: Evidence) -> tuple[float, ...]:
    """The figures of ``FIGURES`` for one topic of a unit, each about 0..1."""
    length = max(1, unit.characters)
    hints = min(len(one.hints), 3) / 3
    return (
        float(bool(one.words)),
        min(len(one.words), 3) / 3,
        float(len(one.words) > 1),
        float(one.lead_word),
        REACH / (REACH + one.first) if one.words else 0.0,
        min(1.0, math.sqrt(one.covered / length)),
        hints,
        float(one.lead_hint),
        float(one.parent),
        float(one.above),
        float(one.title),
        hints * (one.parent or one.above or one.title),
        min(1.5, math.log10(length / 30 + 1)),
        min(one.others, 4) / 4,
    )


def _lead(text: str, heading: str | None) -> tuple[int, int]:
    """Where ``heads`` may begin at last, and where the heading or first clause ends."""
    label = _LABEL.match(text)
    start = label.end() if label else 0
    if heading:
        at = text.find(heading)
        if at >= 0:
            return at + len(heading), at + len(heading)
    limit = min(start + LEAD, len(text))
    for border in _CLAUSE.finditer(text, start):
        if border.start() > start + 12:
            limit = min(limit, border.start())
            break
    return start + HEAD, limit


def _counted(hits: Sequence[Hit]) -> list[Hit]:
    """Hits that no excluded phrase covers and that lie in no longer hit of the same topic."""
    by_topic: dict[int, list[Hit]] = {}
    for hit in hits:
        by_topic.setdefault(hit.topic, []).append(hit)
    kept: list[Hit] = []
    for found in by_topic.values():
        if len(found) == 1:
            kept += [] if found[0].role == "not" else found
            continue
        barred = [hit.span for hit in found if hit.role == "not"]
        left = found
        if barred:
            left = [hit for hit in found if not any(_barred(hit, span) for span in barred)]
        # Longest first; of equal spans the stronger role.
        left.sort(key=lambda hit: (hit.span[0] - hit.span[1], hit.span[0], _RANK[hit.role]))
        taken: list[Hit] = []
        for hit in left:
            if not any(_inside(hit.span, other.span) for other in taken):
                taken.append(hit)
        kept += taken
    kept.sort(key=lambda hit: (hit.span, hit.topic))
    return kept


_RANK = {"word": 1, "head": 2, "hint": 3}


def _barred(hit: Hit, excluded: Span) -> bool:
    """Whether the excluded phrase reaches into ``hit`` without being a mere part of it.

    So it takes what it crosses: "tổ chức hội nghị" of "tổ chức hội nghị cử tri".
    """
    if hit.role == "not":
        return True
    start, end = hit.span
    if end <= excluded[0] or excluded[1] <= start:
        return False
    return hit.span == excluded or not _inside(excluded, hit.span)


def _inside(span: Span, other: Span) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]
