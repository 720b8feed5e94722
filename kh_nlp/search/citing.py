"""Documents that a query names: the passages that cite them are found whatever they are called."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import fold, tokens
from kh_nlp.library.table import Allowed
from kh_nlp.search.naming import Meaning, Names, resolve
from kh_nlp.search.query import Query
from kh_nlp.search.ranking import Index, Ranking, rank
from kh_nlp.search.records import Reason
from kh_nlp.search.understanding.notation import cut_short

CITES = 0.2
"""Added to the score (0..1) of a passage that cites what the query names."""

BASIS = 0.05
"""The same for the *căn cứ* at the head of a plan: a list of documents, mostly no answer."""

MOST = 200
"""Citing passages that are added to the candidates at most."""

_NAMED = re.compile(
    r"\b(?:de an|chuong trinh|nghi quyet|nghi dinh|quyet dinh|thong tu|chi thi|luat|phap lenh|"
    r"chien luoc|ket luan|quy hoach|du an|cong van|thong bao|ke hoach so|nq|nd|qd|tt|ct)\b"
)


@dataclass(frozen=True, slots=True)
class Cited:
    """Passages that cite what a query names: why, and what that adds to their score."""

    keys: tuple[str, ...]
    reasons: Mapping[int, Reason]
    basis: frozenset[int]
    said: str = ""

    def bonus(self, passage: int) -> float:
        """What citing adds to the score of a passage."""
        if passage not in self.reasons:
            return 0.0
        return BASIS if passage in self.basis else CITES


NOTHING = Cited((), {}, frozenset())


def cited(text: str, connection: sqlite3.Connection) -> Cited:
    """The documents that ``text`` names by number or name, and who cites them."""
    if not _NAMED.search(fold(text)) and not any(token.code for token in tokens(text)):
        return NOTHING  # the registry need not be read for most queries
    from kh_nlp.citations import load_registry

    meaning: Meaning = resolve(text, connection, load_registry())
    if not meaning.documents or not meaning.keys:
        return NOTHING
    reasons: dict[int, Reason] = {}
    basis: set[int] = set()
    for row in connection.execute(_CITING, (json.dumps(meaning.keys),)):
        spans = json.loads(row["spans"])
        if spans and not any(a <= row["start"] < b for a, b, _ in spans):
            continue
        numbered = any(token.code for token in tokens(row["text"]))
        if row["role"] == "basis":
            basis.add(row["id"])
        reasons.setdefault(
            row["id"],
            Reason(
                kind="cites" if numbered else "names",
                key=row["key"],
                text=row["text"],
                start=row["start"],
                end=row["end"],
            ),
        )
    return Cited(meaning.keys, reasons, frozenset(basis), _said(text, meaning))


def _said(text: str, meaning: Meaning) -> str:
    """How the query calls its documents: numbers and names as they stand in it."""
    spans = Names(meaning).find(text)
    if any(char.isdigit() for char in text):
        from kh_nlp.citations import find_mentions

        spans += [(m.start, m.end) for m in find_mentions(text)]
        spans += [(m.start, m.end) for m in cut_short(text)]
    return "\n".join(text[start:end] for start, end in spans)


_CITING = """
SELECT s.id, s.spans, c.key, c.role, c.text, c.start, c."end"
FROM citations c JOIN passages s
ON s.plan = c.plan AND s.kind != 'plan' AND s.start <= c.start AND s."end" >= c."end"
WHERE c.key IN (SELECT value FROM json_each(?)) ORDER BY s.id, c.start
"""


def with_citing(
    ranking: Ranking,
    cited: Cited,
    index: Index,
    query: Query,
    allowed: Allowed,
    encode: Callable[[str], NDArray[np.float32]] | None,
) -> Ranking:
    """The ranking with every citing passage among its candidates, and their bonus added.

    Passages that neither leg proposed stand at the low end of the scale before their bonus.
    """
    if not cited.reasons:
        return ranking
    ids = np.intersect1d(np.array(sorted(cited.reasons), dtype=np.int64), allowed.ids)
    ids = np.setdiff1d(ids, ranking.passages)[:MOST]
    if len(ids):
        more = rank(index, query, Allowed(ids), encode)
        missing = np.setdiff1d(ids, more.passages)
        ranking = replace(
            ranking,
            passages=np.concatenate([ranking.passages, more.passages, missing]),
            scores=np.concatenate(
                [ranking.scores, np.zeros(len(more.passages)), np.zeros(len(missing))]
            ),
            meaning=np.concatenate([ranking.meaning, np.zeros(len(ids))]),
            lexical=np.concatenate([ranking.lexical, more.lexical, np.zeros(len(missing))]),
            cosines=_joined(ranking, more, len(missing)),
        )
    scores = ranking.scores + np.array([cited.bonus(p) for p in ranking.passages.tolist()])
    order = np.lexsort((ranking.passages, -scores))
    return replace(
        ranking,
        passages=ranking.passages[order],
        scores=scores[order],
        meaning=ranking.meaning[order],
        lexical=ranking.lexical[order],
        cosines=None if ranking.cosines is None else ranking.cosines[order],
    )


def _joined(ranking: Ranking, more: Ranking, missing: int) -> NDArray[np.float64] | None:
    if ranking.cosines is None or more.cosines is None:
        return None
    return np.concatenate([ranking.cosines, more.cosines, np.zeros(missing)])
