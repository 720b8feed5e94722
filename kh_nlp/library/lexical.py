"""Lexical segments: BM25 impacts of syllables and syllable bigrams, with and without accents.

The score of a passage is the sum over the query's terms of idf · impact, where

    impact = tf · (k1 + 1) / (tf + k1 · (1 − b + b · length / average length))

(Robertson and Zaragoza 2009). Impacts are frozen in the segment together with its average length;
idf is worked out at query time from counts summed over all active segments, so that a passage
scores alike in whichever segment it stands.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import fold, nfc, pieces, printed, search_key
from kh_nlp.library.segments import SegmentFolder

K1 = 0.9
B = 0.4
HEADINGS = 1.0
"""What a term of a heading counts, beside what it counts where it is printed in the text itself."""

ABOVE = 0.5
"""What a term of the plan's title or issuer counts."""

Field = Literal["accented", "folded"]
FIELDS: tuple[Field, ...] = ("accented", "folded")


class _Keys(dict[str, str]):
    """Keys of words, worked out once: ten thousand syllables make up nearly all of a text."""

    def __init__(self, key: Callable[[str], str]) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, word: str) -> str:
        if len(self) >= 1 << 16:
            self.clear()
        found = self[word] = self._key(word)
        return found


_NOTE_MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def _unmarked(word: str) -> str:
    """A word without the number of a footnote that is printed at its end: "TTHC²"."""
    return word.rstrip(_NOTE_MARKS) or word


_KEYS: dict[Field, Callable[[str], str]] = {
    "accented": _Keys(lambda word: search_key(_unmarked(word))).__getitem__,
    "folded": _Keys(lambda word: fold(_unmarked(word))).__getitem__,
}


def keys(words: Iterable[str], field: Field) -> list[str]:
    """Keys of words as the index holds them."""
    return list(map(_KEYS[field], words))


def units(text: str, field: Field) -> list[tuple[str, int, int, bool]]:
    """(key, start, end, code) for each token of NFC ``text``."""
    key = _KEYS[field]
    return [(key(piece), start, end, code) for piece, start, end, code in pieces(text)]


def terms(text: str, field: Field) -> list[str]:
    """Index terms of ``text``: syllables, adjacent bigrams, and the first number of each code.

    "Quyết định 06/QĐ-TTg" also gives "06" and "định 06", so that "quyết định 06" finds it.
    """
    return _terms(_printed_lines(text), field)


def _printed_lines(text: str) -> list[list[tuple[str, bool]]]:
    return [printed(line) for line in nfc(text).splitlines()]


def _terms(lines: list[list[tuple[str, bool]]], field: Field) -> list[str]:
    key_of = _KEYS[field]
    found: list[str] = []
    # A bigram must not reach over a line: the end of one row or item is not the start of a phrase.
    for line in lines:
        previous: str | None = None
        for piece, code in line:
            key = key_of(piece)
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


FREQUENT = 16
"""A term that stands in one passage of this many is added as a whole column, not by its rows."""

COLUMN_BYTES = 64_000_000
"""Memory for such columns of one segment; a syllable in sixteen passages is one of about 250."""

SKETCH = 512
"""Bits of the sketch of a passage."""


def build(
    texts: Sequence[tuple[str, str, str]], passages: Sequence[int]
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays and facts of a segment over ``texts`` with these passage ids (ascending).

    Each text is (its own words, its heading and those above it, title and issuer of the plan). A
    term of a heading counts ``HEADINGS``, one of the plan ``ABOVE`` of one in the text itself, in
    frequency and in length (BM25F).
    """
    arrays: dict[str, NDArray[Any]] = {"passages": np.asarray(passages, dtype=np.int64)}
    fields = {field: _Field(field) for field in FIELDS}
    for text, headings, above in texts:
        lines = _printed_lines(text)  # read once for both fields
        for part in fields.values():
            part.add(lines, ((headings, HEADINGS), (above, ABOVE)))
    for field, part in fields.items():
        arrays |= {f"{field}-{name}": values for name, values in part.arrays().items()}
    arrays["sketches"] = fields["folded"].sketches()
    arrays["sizes"] = np.array(fields["folded"].owns, dtype=np.int32)
    facts = {
        "k1": K1,
        "b": B,
        "average": {field: part.average() for field, part in fields.items()},
        "passages": len(texts),
        "sketch": SKETCH,
    }
    return arrays, facts


class _Field:
    """Terms of one field gathered text by text; flat arrays, for there may be tens of millions."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._vocabulary: dict[str, int] = {}
        self._columns = array("i")
        self._counts = array("d")
        self._sizes: list[int] = []
        self._lengths: list[float] = []
        self.owns: list[int] = []
        """Distinct terms of each text itself; they come first among its terms."""

        # Most passages stand under the same headings as the one before.
        self._above = lru_cache(maxsize=1024)(lambda text: Counter(terms(text, field)))

    def add(self, lines: list[list[tuple[str, bool]]], above: Iterable[tuple[str, float]]) -> None:
        bag: dict[str, float] = dict(Counter(_terms(lines, self._field)))
        self.owns.append(len(bag))
        for text, weight in above:
            for term, count in self._above(text).items():
                bag[term] = bag.get(term, 0.0) + weight * count
        self._lengths.append(sum(bag.values()))
        self._sizes.append(len(bag))
        known = self._vocabulary
        self._columns.extend([known.setdefault(term, len(known)) for term in bag])
        self._counts.extend(bag.values())

    def average(self) -> float:
        """Mean length of a text; 1 where there are no words at all."""
        mean = float(np.mean(self._lengths)) if self._lengths else 0.0
        return mean if mean > 0 else 1.0

    @cached_property
    def _keys(self) -> NDArray[np.uint64]:
        return np.array([digest(term) for term in self._vocabulary], dtype=np.uint64)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The postings: sorted terms, where each one's rows start, rows and impacts."""
        order_of_terms = np.argsort(self._keys, kind="stable")
        rank = np.empty(len(self._keys), dtype=np.int32)
        rank[order_of_terms] = np.arange(len(self._keys), dtype=np.int32)
        column = rank[np.array(self._columns, dtype=np.int32)]
        order = np.argsort(column, kind="stable")  # rows stay ascending inside a term
        rows = np.repeat(np.arange(len(self._sizes), dtype=np.int32), self._sizes)[order]
        counts = np.array(self._counts, dtype=np.float64)[order]
        norm = K1 * (1 - B + B * np.array(self._lengths, dtype=np.float64) / self.average())
        impacts = counts * (K1 + 1) / (counts + norm[rows])
        return {
            "terms": self._keys[order_of_terms],
            "starts": np.searchsorted(column[order], np.arange(len(self._keys) + 1)),
            "rows": rows,
            "impacts": impacts.astype(np.float32),
        }

    def sketches(self) -> NDArray[np.uint8]:
        """Odd sketch (Mitzenmacher, Pagh and Pham 2014) of each text's own terms, (n, SKETCH / 8).

        A bit is the parity of the terms that fall on it. Two sketches so differ in at most as many
        bits as there are terms in one text and not in the other: most texts that are no copies are
        told apart without being read.
        """
        bits = (self._keys % np.uint64(SKETCH)).astype(np.int64)
        columns = np.array(self._columns, dtype=np.int32)
        found = np.zeros((len(self._sizes), SKETCH // 8), dtype=np.uint8)
        start = 0
        for row, (size, own) in enumerate(zip(self._sizes, self.owns, strict=True)):
            parity = np.bincount(bits[columns[start : start + own]], minlength=SKETCH) & 1
            found[row] = np.packbits(parity)
            start += size
        return found


@dataclass(frozen=True, slots=True)
class _Postings:
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    impacts: NDArray[np.float32]


class LexicalSegment:
    """An opened segment. Rows are 0 .. ``len(passages)``; postings are read from the memory map.

    ``sketches`` (n, SKETCH / 8) and ``sizes`` (n) tell copies apart; None in an older segment.
    """

    def __init__(self, folder: SegmentFolder, name: str) -> None:
        self.passages: NDArray[np.int64] = folder.array(name, "passages")
        self._fields = {
            field: _Postings(
                *(
                    folder.array(name, f"{field}-{part}")
                    for part in ("terms", "starts", "rows", "impacts")
                )
            )
            for field in FIELDS
        }
        sketched = folder.facts(name).get("sketch") == SKETCH
        self.sketches = folder.array(name, "sketches") if sketched else None
        self.sizes = folder.array(name, "sizes") if sketched else None
        self._columns: dict[tuple[Field, int], NDArray[np.float32]] = {}

    def postings(
        self, keys: NDArray[np.uint64], field: Field
    ) -> list[tuple[NDArray[np.int32], NDArray[np.float32]]]:
        """Rows and impacts of each term (empty for an unknown one)."""
        index = self._fields[field]
        return [
            (index.rows[start:end], index.impacts[start:end])
            for start, end in self.spans(keys, field)
        ]

    def spans(self, keys: NDArray[np.uint64], field: Field) -> list[tuple[int, int]]:
        """Where the postings of each term stand; their number is the passages that hold it."""
        index = self._fields[field]
        places = np.searchsorted(index.terms, keys)
        found = []
        for place, key in zip(places.tolist(), keys.tolist(), strict=True):
            if place < len(index.terms) and int(index.terms[place]) == key:
                found.append((int(index.starts[place]), int(index.starts[place + 1])))
            else:
                found.append((0, 0))
        return found

    def counts(self, keys: NDArray[np.uint64], field: Field) -> NDArray[np.int64]:
        """How many passages hold each term."""
        index = self._fields[field]
        if not len(index.terms):
            return np.zeros(len(keys), dtype=np.int64)
        places = np.searchsorted(index.terms, keys)
        places[places == len(index.terms)] = 0
        found = index.starts[places + 1] - index.starts[places]
        return np.where(index.terms[places] == keys, found, 0)

    def scores(
        self, spans: Sequence[tuple[int, int]], weights: NDArray[np.float64], field: Field
    ) -> NDArray[np.float32]:
        """Sum of weight · impact over the terms for each row, shape (n,), in float32."""
        index = self._fields[field]
        total = np.zeros(len(self.passages), dtype=np.float32)
        product = np.empty_like(total)
        for (start, end), weight in zip(spans, weights.astype(np.float32), strict=True):
            if (end - start) * FREQUENT < len(total):
                # A passage stands once in the postings of a term.
                total[index.rows[start:end]] += weight * index.impacts[start:end]
            else:
                total += np.multiply(self._column(field, start, end), weight, out=product)
        return total

    def holding(
        self, spans: Sequence[tuple[int, int]], rows: NDArray[np.int64], field: Field
    ) -> NDArray[np.bool_]:
        """(terms, rows): whether each term stands in the text of a row or in what is above it."""
        index = self._fields[field]
        rows = rows.astype(index.rows.dtype)  # of another type, all postings would be copied
        found = np.zeros((len(spans), len(rows)), dtype=np.bool_)
        for held, (start, end) in zip(found, spans, strict=True):
            if end > start:
                having = index.rows[start:end]
                places = np.minimum(np.searchsorted(having, rows), end - start - 1)
                np.equal(having[places], rows, out=held)
        return found

    def _column(self, field: Field, start: int, end: int) -> NDArray[np.float32]:
        """The impacts of a frequent term for all rows: adding it is one walk through memory."""
        column = self._columns.get((field, start))
        if column is None:
            index = self._fields[field]
            column = np.zeros(len(self.passages), dtype=np.float32)
            column[index.rows[start:end]] = index.impacts[start:end]
            if (len(self._columns) + 1) * column.nbytes <= COLUMN_BYTES:
                self._columns[field, start] = column
        return column


def idf(counts: Iterable[int], total: int) -> NDArray[np.float64]:
    """log(1 + (N − n + ½) / (n + ½)) for terms that stand in ``counts`` of ``total`` passages."""
    n = np.array(list(counts), dtype=np.float64)
    return np.log(1.0 + (np.maximum(total - n, 0.0) + 0.5) / (n + 0.5))
