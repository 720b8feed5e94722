"""The fixed yardstick: plain BM25 of the package bm25s, which no change of kh_nlp's index moves.

Syllables and pairs of neighbouring syllables, k1 0.9, b 0.4, idf as in Lucene; each term of a
question counts once, as in kh_nlp's own lexical leg (on 370 questions over law articles .891
against .888 when repeated ones count twice).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kh_nlp.errors import MissingExtraError
from kh_nlp.language import syllables

K1 = 0.9
B = 0.4
METHOD = "lucene"


class Reference:
    """An index of (key, text) pairs in memory. Raises MissingExtraError without bm25s."""

    def __init__(self, texts: Sequence[tuple[int, str]]) -> None:
        try:
            import bm25s
        except ImportError:
            raise MissingExtraError("Đo truy hồi", "eval") from None
        self._keys = [key for key, _ in texts]
        self._bm25 = bm25s.BM25(method=METHOD, k1=K1, b=B)
        self._bm25.index([terms(text) for _, text in texts], show_progress=False)

    def rank(self, query: str, depth: int) -> list[int]:
        """Keys of the best ``depth`` texts, best first, equal ones in their given order.

        Texts that share no term with ``query`` are left out.
        """
        asked = [term for term in dict.fromkeys(terms(query)) if term in self._bm25.vocab_dict]
        if not asked:
            return []
        scores = self._bm25.get_scores(asked)
        order = np.argsort(-scores, kind="stable")[:depth]
        return [self._keys[place] for place in order.tolist() if scores[place] > 0]


def terms(text: str) -> list[str]:
    """Syllables of ``text``, then pairs of neighbours: ``["hà", "nội", "hà nội"]``."""
    words = syllables(text)
    return words + [f"{one} {two}" for one, two in pairwise(words)]
