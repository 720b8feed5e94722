"""Topics of every unit of a library."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kh_nlp.library import Library
from kh_nlp.topics.evidence import Evidence, Finder, figures
from kh_nlp.topics.records import Scheme, TopicMatch, UnitTopics
from kh_nlp.topics.scheme import load_scheme
from kh_nlp.topics.units import Unit, units

WEIGHTS = (2.0, 3.0, 2.0, 1.0, 0.5, 1.0, 0.5, 0.5, 0.0, -0.5)
BIAS = -2.5


def assign(library: Library, scheme: Scheme | None = None) -> tuple[UnitTopics, ...]:
    """Topics of every section (own text, without children) and every task, each once.

    Units come by plan in order of ingest, sections before tasks; units without a topic too.
    """
    scheme = scheme or load_scheme()
    finder = Finder(scheme)
    return tuple(_topics(scheme, unit, finder.find(unit)) for unit in units(library))


def _topics(scheme: Scheme, unit: Unit, found: Sequence[Evidence]) -> UnitTopics:
    matches: dict[str, TopicMatch] = {}
    for one in found:
        if not (one.words or one.hints):
            continue
        total = sum(w * f for w, f in zip(WEIGHTS, figures(unit, one), strict=True)) + BIAS
        if total > 0:
            topic = scheme.topics[one.topic].id
            score = round(1 / (1 + math.exp(-total)), 4)
            matches[topic] = TopicMatch(topic_id=topic, score=score, spans=tuple(one.spans))
    return UnitTopics(
        plan_id=unit.plan_id,
        unit=unit.kind,
        unit_id=unit.id,
        number=unit.number,
        start=unit.start,
        end=unit.end,
        characters=unit.characters,
        topics=with_parents(scheme, matches),
    )


def with_parents(scheme: Scheme, matches: dict[str, TopicMatch]) -> tuple[TopicMatch, ...]:
    """The matches and, for each, one of its wider topics with the same score; best first."""
    every = dict(matches)
    for topic in reversed(scheme.topics):  # children before parents
        match = every.get(topic.id)
        if match is None or topic.parent is None:
            continue
        known = every.get(topic.parent)
        if known is None or known.score < match.score:
            spans = {*match.spans, *(known.spans if known else ())}
            every[topic.parent] = TopicMatch(
                topic_id=topic.parent, score=match.score, spans=tuple(sorted(spans))
            )
    order = {topic.id: place for place, topic in enumerate(scheme.topics)}
    return tuple(sorted(every.values(), key=lambda m: (-m.score, order[m.topic_id])))
