"""Topics of every unit of a library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kh_nlp.library import Library
from kh_nlp.topics.evidence import Evidence, Finder, figures
from kh_nlp.topics.records import Scheme, TopicMatch, UnitTopics
from kh_nlp.topics.scheme import load_scheme
from kh_nlp.topics.units import Unit, units
from kh_nlp.topics.weighing import LIKENESS, Model, load_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def assign(
    library: Library, scheme: Scheme | None = None, *, vectors: bool = True
) -> tuple[UnitTopics, ...]:
    """Topics of every section (own text, without children) and every task, each once.

    Units come by plan in order of ingest, sections before tasks; units without a topic too. The
    vectors of the library are used where they are of the encoder that the weights were found
    with; ``vectors=False`` leaves them out.
    """
    scheme = scheme or load_scheme()
    model = load_model()
    near: Mapping[tuple[str, str], NDArray[np.float32]] = {}
    if vectors and library.manifest().get("encoder", "").startswith(model.encoder):
        from kh_nlp.topics.vectors import likeness

        near = likeness(library, scheme)
    finder = Finder(scheme)
    return tuple(
        given_topics(scheme, model, unit, finder.find(unit), near.get((unit.plan_id, unit.passage)))
        for unit in units(library)
    )


def given_topics(
    scheme: Scheme,
    model: Model,
    unit: Unit,
    found: Sequence[Evidence],
    near: NDArray[np.float32] | None,
) -> UnitTopics:
    """The unit with the topics that its evidence (and likeness, where known) speaks for."""
    matches: dict[str, TopicMatch] = {}
    for one in found:
        if not (one.words or one.hints):
            continue  # headings above alone make no topic of a unit
        given = figures(unit, one)
        if near is None:
            score = model.words.score(given)
        else:
            score = model.vectors.score((*given, LIKENESS * float(near[one.topic])))
        if score >= model.threshold:
            topic = scheme.topics[one.topic].id
            matches[topic] = TopicMatch(
                topic_id=topic, score=round(score, 4), spans=tuple(sorted(one.spans))
            )
    return UnitTopics(
        plan_id=unit.plan_id,
        unit=unit.kind,
        unit_id=unit.id,
        number=unit.number,
        start=unit.start,
        end=unit.end,
        characters=unit.characters,
        topics=with_parents(scheme, matches) if matches else (),
        page=unit.page,
    )


def with_parents(scheme: Scheme, matches: Mapping[str, TopicMatch]) -> tuple[TopicMatch, ...]:
    """The matches and, for each, one of its wider topics with at least its score; best first."""
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
