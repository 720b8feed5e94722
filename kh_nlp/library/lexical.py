"""Lexical segments: BM25 impacts of syllables and syllable bigrams, with and without accents.

The score of a passage is the sum over the query's terms of idf · impact, where

    impact = tf · (k1 + 1) / (tf + k1 · (1 − b + b · length / average length))

(Robertson and Zaragoza 2009). Impacts are frozen in the segment together with its average length;
idf is worked out at query time from counts summed over all active segments, so that a passage
scores alike in whichever segment it stands.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import fold, nfc, search_key, tokens
from kh_nlp.library.segments import SegmentFolder

K1 = 0.9
B = 0.4
ABOVE = 0.5

Field = Literal["accented", "folded"]
FIELDS: tuple[Field, ...] = ("accented", "folded")


def units(text: str, field: Field) -> list[tuple[str, int, int, bool]]:
    """(key, start, end, code) for each token of NFC ``text``."""
    key = search_key if field == "accented" else fold
    return [(key(token.text), token.start, token.end, token.code) for token in tokens(text)]


def terms(text: str, field: Field) -> list[str]:
    """Index terms of ``text``: syllables, adjacent bigrams, and the first number of each code.

    "Quyết định 06/QĐ-TTg" also gives "06" and "định 06", so that "quyết định 06" finds it.
    """
    found: list[str] = []
    previous: str | None = None
    # A bigram must not reach over a line: the end of one row or item is not the start of a phrase.
    for line in nfc(text).splitlines():
        previous = None
        for key, _, _, code in units(line, field):
            found.append(key)
            if previous is not None:
                found.append(f"{previous} {key}")
            if code and "/" in key and any(char.isalpha() for char in key):
                number = key.split("/", 1)[0]
                found.append(number)
                if previous is not None:
                    found.append(f"{previous} {number}")
            previous = key
    return found


def digest(term: str) -> int:
    """64-bit key of a term (blake2b). Two of ten million terms collide with probability 3e-6."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


def build(
    texts: Sequence[tuple[str, str]], passages: Sequence[int]
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays and facts of a segment over ``texts`` with these passage ids (ascending).

    Each text is (its own words, what stands above it: headings, title and issuer of the plan). A
    term above counts ``ABOVE`` of one in the text itself, in frequency and in length (BM25F).
    """
    arrays: dict[str, NDArray[Any]] = {"passages": np.asarray(passages, dtype=np.int64)}
    averages: dict[str, float] = {}
    for field in FIELDS:
        vocabulary: dict[str, int] = {}
        columns: list[int] = []
        rows: list[int] = []
        counts: list[float] = []
        lengths = np.zeros(len(texts), dtype=np.float64)
        for row, (text, above) in enumerate(texts):
            bag: dict[str, float] = dict(Counter(terms(text, field)))
            for term, above_count in Counter(terms(above, field)).items():
                bag[term] = bag.get(term, 0.0) + ABOVE * above_count
            lengths[row] = sum(bag.values())
            for term, count in bag.items():
                columns.append(vocabulary.setdefault(term, len(vocabulary)))
                rows.append(row)
                counts.append(count)
        average = float(lengths.mean()) if len(texts) and lengths.any() else 1.0
        keys = np.array([digest(term) for term in vocabulary], dtype=np.uint64)
        order_of_terms = np.argsort(keys, kind="stable")
        rank = np.empty(len(keys), dtype=np.int64)
        rank[order_of_terms] = np.arange(len(keys))
        column = rank[np.array(columns, dtype=np.int64)] if columns else np.empty(0, np.int64)
        order = np.argsort(column, kind="stable")  # rows stay ascending inside a term
        row_array = np.array(rows, dtype=np.int32)[order]
        count_array = np.array(counts, dtype=np.float64)[order]
        norm = K1 * (1 - B + B * lengths / average)
        impacts = count_array * (K1 + 1) / (count_array + norm[row_array])
        starts = np.searchsorted(column[order], np.arange(len(keys) + 1))
        arrays[f"{field}-terms"] = keys[order_of_terms]
        arrays[f"{field}-starts"] = starts.astype(np.int64)
        arrays[f"{field}-rows"] = row_array
        arrays[f"{field}-impacts"] = impacts.astype(np.float32)
        averages[field] = average
    facts = {"k1": K1, "b": B, "average": averages, "passages": len(texts)}
    return arrays, facts


@dataclass(frozen=True, slots=True)
class _Postings:
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    impacts: NDArray[np.float32]


class LexicalSegment:
    """An opened segment. Rows are 0 .. ``len(passages)``; postings are read from the memory map."""

    def __init__(self, folder: SegmentFolder, name: str) -> None:
        self.passages: NDArray[np.int64] = np.asarray(folder.array(name, "passages"))
        self._fields = {
            field: _Postings(
                *(
                    folder.array(name, f"{field}-{part}")
                    for part in ("terms", "starts", "rows", "impacts")
                )
            )
            for field in FIELDS
        }

    def postings(
        self, keys: NDArray[np.uint64], field: Field
    ) -> list[tuple[NDArray[np.int32], NDArray[np.float32]]]:
        """Rows and impacts of each term (empty for an unknown one)."""
        index = self._fields[field]
        places = np.searchsorted(index.terms, keys)
        found = []
        for place, key in zip(places.tolist(), keys.tolist(), strict=True):
            if place < len(index.terms) and int(index.terms[place]) == key:
                start, end = int(index.starts[place]), int(index.starts[place + 1])
            else:
                start = end = 0
            found.append((index.rows[start:end], index.impacts[start:end]))
        return found


def idf(counts: Iterable[int], total: int) -> NDArray[np.float64]:
    """log(1 + (N − n + ½) / (n + ½)) for terms that stand in ``counts`` of ``total`` passages."""
    n = np.array(list(counts), dtype=np.float64)
    return np.log(1.0 + (np.maximum(total - n, 0.0) + 0.5) / (n + 0.5))
