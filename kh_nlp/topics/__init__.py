"""Topics of sections and tasks: a curated scheme, users' own schemes, and discovered topics."""

from kh_nlp.topics.assigning import assign
from kh_nlp.topics.records import Scheme, Topic, TopicMatch, UnitTopics
from kh_nlp.topics.scheme import example, load_scheme, read_scheme

__all__ = [
    "Scheme",
    "Topic",
    "TopicMatch",
    "UnitTopics",
    "assign",
    "example",
    "load_scheme",
    "read_scheme",
]
