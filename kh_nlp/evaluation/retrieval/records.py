"""What retrieval is measured on: questions, what answers them, and an index to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kh_nlp.library.table import Allowed
from kh_nlp.search.ranking import Index

if TYPE_CHECKING:
    from kh_nlp.embedding import Reranker

Qrels = Mapping[str, Mapping[str, int]]
"""Grades by question and item; 0 is "no answer", from 1 on it is one."""

Encode = Callable[[str], NDArray[np.float32]]
"""Vector of a query, shape (d,)."""

Progress = Callable[[str, int, int], None]
"""Called with stage, done, total."""

RELEVANT = 1
"""Grade from which an item counts as an answer where a measure knows only yes and no."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query of a set; ``kind`` (topic, name, place, …) is that of the set's author."""

    id: str
    text: str
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """An index with judged questions over it.

    ``allowed`` are the passages that may be found (None: all). ``search`` is what finds passages
    where a query is more than words (years, places, documents named), best first; ``reranked`` the
    same with a cross-encoder. ``reference``
    holds (passage id, text) of every unit that the reference ranks. ``items(question id,
    passages)`` turns passages, best first, into the items that ``qrels`` grade, each once.
    """

    name: str
    questions: Sequence[Question]
    qrels: Qrels
    index: Index
    allowed: Allowed | None
    encode: Encode
    search: Callable[[str], list[int]] | None = None
    reranked: Callable[[str, Reranker], list[int]]
    reference: Sequence[tuple[int, str]]
    items: Callable[[str, Iterable[int]], list[str]]

    def answered(self) -> list[Question]:
        """The questions that something answers: the others would be 0 whatever is found."""
        return [
            question
            for question in self.questions
            if any(grade >= RELEVANT for grade in self.qrels.get(question.id, {}).values())
        ]
