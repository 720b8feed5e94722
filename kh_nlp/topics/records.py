"""What the room answers with; every record prints through ``model.to_dict``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kh_nlp.model import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic of a scheme.

    ``name`` and ``description`` are Vietnamese. ``group`` is the kind of topic as the scheme names
    it ("nội dung", "hình thức", "tổ chức"). ``parent`` is the id of the wider topic: a unit of this
    topic is also one of that. ``words`` speak for the topic by themselves, ``heads`` where they
    stand in the heading or first clause of a unit, ``hints`` with others or under a heading of the
    topic; inside ``excluded`` phrases none of them counts.
    """

    id: str
    name: str
    group: str
    parent: str | None
    description: str | None = None
    words: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A classification of units; ``topics`` in the order of the file, parents before children."""

    name: str
    topics: tuple[Topic, ...]
    bundled: bool = field(default=False)

    def topic(self, topic_id: str) -> Topic:
        """The topic with this id; KeyError when the scheme has none."""
        for topic in self.topics:
            if topic.id == topic_id:
                return topic
        raise KeyError(topic_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMatch:
    """A topic of a unit and what speaks for it.

    ``score`` is in 0..1. ``spans`` of ``Plan.text`` are the words that made it, in reading order
    (empty where words that the file prints otherwise, or a finer topic, speak for it).
    """

    topic_id: str
    score: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTopics:
    """A section (its own text, without children and task rows) or a task, and its topics.

    ``number`` is the section's path, or that of the task's section. ``characters`` counts the own
    text without blanks at its ends. ``topics`` come best first; a topic's parents are among them.
    """

    plan_id: str
    unit: Literal["section", "task"]
    unit_id: str
    number: str | None
    start: int
    end: int
    characters: int
    topics: tuple[TopicMatch, ...]
