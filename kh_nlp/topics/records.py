"""What the room answers with; every record prints through ``model.to_dict``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kh_nlp.model import Level, Span


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
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicUnit:
    """A unit of a topic as a reader meets it: where it stands and what it says.

    ``text`` is the sentence or line around the first word that made the topic; ``highlights`` are
    places of those words in ``text``.
    """

    plan: str
    path: str
    title: str | None
    issuer: str | None
    level: Level | None
    province: str | None
    year: int | None
    unit: Literal["section", "task"]
    number: str | None
    page: int
    start: int
    end: int
    score: float
    text: str
    highlights: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCount:
    """A topic of the scheme with the numbers of its units and plans, and its clearest unit."""

    topic: str
    name: str
    group: str
    parent: str | None
    units: int
    plans: int
    example: TopicUnit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAnswer:
    """Counts of every topic, or the units of one (``topic``), best first.

    ``units`` and ``plans`` are all that passed the filters; ``without`` units have no topic.
    """

    scheme: str
    topic: str | None
    units: int
    plans: int
    without: int
    counts: tuple[TopicCount, ...]
    found: tuple[TopicUnit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredTopic:
    """What units outside the scheme have in common, named by its most telling phrases."""

    label: str
    words: tuple[str, ...]
    units: int
    plans: int
    example: TopicUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """``outside`` units have no topic of the scheme; ``alone`` of them are in no topic found."""

    units: int
    outside: int
    alone: int
    topics: tuple[DiscoveredTopic, ...]
