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

    from kh_nlp.topics.learnt import Learnt


def assign(
    library: Library, scheme: Scheme | None = None, *, vectors: bool = True
) -> tuple[UnitTopics, ...]:
    """Topics of every section (own text, without children) and every task, each once.

    Units come by plan in order of ingest, sections before tasks; units without a topic too. The
    vectors of the library are used where they are of the encoder that the weights were found
    with; ``vectors=False`` leaves them out. What labelled units taught serves the bundled scheme.
    """
    scheme = scheme or load_scheme()
    model = load_model()
    learnt = learnt_for(scheme)
    near: Mapping[tuple[str, str], NDArray[np.float32]] = {}
    if vectors and library.manifest().get("encoder", "").startswith(model.encoder):
        from kh_nlp.topics.vectors import likeness

        near = likeness(library, scheme, learnt.axes if learnt else None)
    finder = Finder(scheme)
    return tuple(
        given_topics(
            scheme,
            model,
            unit,
            finder.find(unit),
            near.get((unit.plan_id, unit.passage)),
            learnt,
        )
        for unit in units(library)
    )


def learnt_for(scheme: Scheme) -> Learnt | None:
    """The learnt model that goes with the scheme, None for schemes of users."""
    if not scheme.bundled:
        return None
    from kh_nlp.topics.learnt import load_learnt

    return load_learnt()


def given_topics(
    scheme: Scheme,
    model: Model,
    unit: Unit,
    found: Sequence[Evidence],
    near: NDArray[np.float32] | None,
    learnt: Learnt | None = None,
) -> UnitTopics:
    """The unit with the topics that its evidence (and likeness, where known) speaks for.

    ``near`` holds likeness to the scheme's topics, then products with the axes of ``learnt``.
    """
    matches: dict[str, TopicMatch] = {}
    found = [one for one in found if one.words or one.hints]  # headings alone make no topic
    if learnt is not None and (not found or _plain(unit)):
        learnt = None
    if learnt is not None:
        beside = None if near is None else near[len(scheme.topics) :]
        values, shift = learnt.values(unit, beside), learnt.shift(near is not None)
    for one in found:
        given = figures(unit, one)
        if near is None:
            score = model.words.score(given)
        else:
            score = model.vectors.score((*given, LIKENESS * float(near[one.topic])))
        if learnt is not None and (place := learnt.of[one.topic]) is not None:
            shifted = shift.score(score, float(values[place]))
            # Of a finer topic the model knows the wider one only: it may take it away.
            finer = scheme.topics[one.topic].id != learnt.topics[place]
            score = min(score, shifted) if finer else shifted
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


def _plain(unit: Unit) -> bool:
    """Whether the text has no accents at all, by which the learnt model would know it."""
    return all(text.isascii() for text, _ in unit.parts)


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
