"""Topics of sections and tasks: a curated scheme, users' own schemes, and discovered topics."""

from kh_nlp.topics.assigning import assign
from kh_nlp.topics.counting import topics
from kh_nlp.topics.discovering import as_scheme, discover
from kh_nlp.topics.records import (
    DiscoveredTopic,
    Discovery,
    Scheme,
    Topic,
    TopicAnswer,
    TopicCount,
    TopicMatch,
    TopicUnit,
    UnitTopics,
)
from kh_nlp.topics.scheme import example, load_scheme, read_scheme

__all__ = [
    "DiscoveredTopic",
    "Discovery",
    "Scheme",
    "Topic",
    "TopicAnswer",
    "TopicCount",
    "TopicMatch",
    "TopicUnit",
    "UnitTopics",
    "as_scheme",
    "assign",
    "discover",
    "example",
    "load_scheme",
    "read_scheme",
    "topics",
]
