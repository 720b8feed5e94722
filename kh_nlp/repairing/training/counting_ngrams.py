"""The language model from the articles of the legal code: counts, discounts, pruning."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np

from kh_nlp.repairing.counting import is_syllable
from kh_nlp.repairing.ngrams import BOUNDARY, NUMBER, RESERVED, UNKNOWN, Ids, NGrams
from kh_nlp.repairing.words import tokenize

LEAST = 3
"""Occurrences from which a syllable is a word of the vocabulary."""
OTHERS = 160
"""Words that are no syllables (UBND, HĐND, km) and still of the vocabulary: the most frequent."""
LEAST_ACCENTED = 0.35
"""Share of words that are not plain ASCII; below it a line is foreign or typed without accents."""
DISCOUNT = 0.75
GENRE = 12
"""How often the text of plans counts beside that of the legal code."""
BIGRAMS, TRIGRAMS = 330_000, 830_000
"""How many are kept, those that change the probabilities of the text most: what 3 MB can hold."""


def sentences(path: Path, part: slice = slice(None)) -> Iterator[str]:
    """Lines of the articles' texts."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line)["text"] for line in lines][part]
    for article in articles:
        for line in unicodedata.normalize("NFC", article).splitlines():
            words = line.split()
            accented = sum(not word.isascii() for word in words)
            if len(words) < 8 or accented > LEAST_ACCENTED * len(words):
                yield line


def genre(folder: Path) -> Iterator[str]:
    """Lines of the six samples of ``kh demo`` and of the formulas that plans are made of.

    The other samples stay unseen, so that they can be used to measure.
    """
    files = sorted(folder.glob("0[1-6]-*.txt")) + sorted(folder.glob("0[1-6]-*.md"))
    texts = [file.read_bytes().decode("utf-8-sig") for file in files]
    texts.append(Path(__file__).with_name("formulas.txt").read_text("utf-8"))
    for text in texts:
        # hard wraps and markup would stand for ends of sentences
        for block in re.split(r"\n\s*\n|\f", unicodedata.normalize("NFC", text)):
            yield re.sub(r"[*#|\t]|</?b>", " ", " ".join(block.split()))
    yield from (f"tỉnh {name}." for name in provinces())


def provinces() -> list[str]:
    """Names of all provinces, those that were merged in 2025 too."""
    table = files("kh_nlp.places").joinpath("data/provinces.tsv").read_text("utf-8")
    return [row.split("\t")[0] for row in table.splitlines() if row and row[0] not in "#n"]


def vocabulary(lines: Iterable[str]) -> list[str]:
    """Syllables and the most frequent other words, lower case, by falling count."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(token.core.lower() for token in tokenize(line) if token.kind == "word")
    syllables = [w for w, n in counts.most_common() if n >= LEAST and is_syllable(w)]
    others = [w for w, _ in counts.most_common() if w.isalpha() and not is_syllable(w)][:OTHERS]
    names = {word for name in provinces() for word in name.lower().split() if word.isalpha()}
    return syllables + others + sorted(names - {*syllables, *others})


def encode(lines: Iterable[str], words: list[str]) -> Ids:
    """All lines as one stream of ids, two ``BOUNDARY`` between sentences."""
    ids = {word: RESERVED + index for index, word in enumerate(words)}
    stream: list[int] = [BOUNDARY, BOUNDARY]
    for line in lines:
        for token in tokenize(line):
            if token.kind == "mark":
                continue
            word = token.core.lower()
            stream.append(NUMBER if token.kind == "fixed" else ids.get(word, UNKNOWN))
            if token.ends:
                stream += (BOUNDARY, BOUNDARY)
        if stream[-1] != BOUNDARY:
            stream += (BOUNDARY, BOUNDARY)
    return np.array(stream, dtype=np.int64)


def count(stream: Ids, size: int) -> NGrams:
    """The pruned model of a stream."""
    u, v, w = stream[:-2], stream[1:-1], stream[2:]
    ones = np.bincount(w, minlength=size).astype(np.float64)
    p1 = (ones + 0.1) / (ones + 0.1).sum()
    keys2, n2 = np.unique(v * size + w, return_counts=True)
    first, second = keys2 // size, keys2 % size
    total = np.bincount(first, n2, minlength=size)
    kinds = np.bincount(first, minlength=size)
    share = np.where(total > 0, DISCOUNT * kinds / np.maximum(total, 1), 1.0)
    p2 = (n2 - DISCOUNT) / total[first] + share[first] * p1[second]

    keys3, n3 = np.unique((u * size + v) * size + w, return_counts=True)
    context = np.searchsorted(keys2, keys3 // size)
    total3 = np.bincount(context, n3, minlength=len(keys2))
    kinds3 = np.bincount(context, minlength=len(keys2))
    share3 = np.where(total3 > 0, DISCOUNT * kinds3 / np.maximum(total3, 1), 1.0)
    lower = p2[np.searchsorted(keys2, keys3 % (size * size))]
    p3 = (n3 - DISCOUNT) / total3[context] + share3[context] * lower

    # What a trigram tells beyond its bigram, over all its occurrences.
    gain = n3 * (np.log(p3) - np.log(share3[context] * lower))
    kept3 = np.sort(np.argsort(-gain, kind="stable")[:TRIGRAMS])
    needed = np.zeros(len(keys2), dtype=bool)
    needed[context[kept3]] = True
    gain2 = n2 * (np.log(p2) - np.log(share[first] * p1[second]))
    gain2[needed] = np.inf
    kept2 = np.sort(np.argsort(-gain2, kind="stable")[: max(BIGRAMS, needed.sum())])

    keys2, p2, first, second = keys2[kept2], p2[kept2], first[kept2], second[kept2]
    keys3, p3, lower = keys3[kept3], p3[kept3], lower[kept3]
    owner = np.searchsorted(keys2, keys3 // size)
    left2 = 1 - np.bincount(first, p2, minlength=size)
    left1 = 1 - np.bincount(first, p1[second], minlength=size)
    word_backoff = np.log(np.maximum(left2, 1e-6) / np.maximum(left1, 1e-6))
    left3 = 1 - np.bincount(owner, p3, minlength=len(keys2))
    left = 1 - np.bincount(owner, lower, minlength=len(keys2))
    pair_backoff = np.log(np.maximum(left3, 1e-6) / np.maximum(left, 1e-6))
    return NGrams(
        size=size,
        unigrams=np.log(p1).astype(np.float32),
        word_backoff=word_backoff.astype(np.float32),
        bigrams=keys2,
        bigram_scores=np.log(p2).astype(np.float32),
        pair_backoff=pair_backoff.astype(np.float32),
        trigrams=keys3,
        trigram_scores=np.log(p3).astype(np.float32),
    )
