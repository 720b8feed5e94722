"""What ``kh_nlp.search.accents`` knows of everyday words, and the weights of its evidence.

usage: python benchmarks/query_accents.py --words                writes the list of everyday words
       python benchmarks/query_accents.py --fit LIBRARY GOLD     weights, from odd queries of GOLD
       python benchmarks/query_accents.py [--test] LIBRARY GOLD  wrong words of odd queries

LIBRARY holds the plans of GOLD (``kh ingest``). With --test the errors of even queries are counted.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kh_nlp.evaluation.retrieval.wording import unaccented
from kh_nlp.language import has_accents, nfc, search_key
from kh_nlp.library import Library
from kh_nlp.repairing.restoring import load_restorer
from kh_nlp.search import accents
from kh_nlp.search.ranking import opened, viewing

WORDS = Path(accents.__file__).parent / "data" / "everyday_words.tsv.gz"

_SHAPE = re.compile(
    r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?P<vowels>[aăâeêioôơuưy]{1,3})(?P<end>ch|nh|ng|[cmnpt])?"
)
_TONES = str.maketrans(
    "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ",
    "aaaaaăăăăăâââââeeeeeêêêêêiiiiioooooôôôôôơơơơơuuuuuưưưưưyyyyy",
)
_STOPPED = re.compile(r"[áấắéếíóốớúứýạậặẹệịọộợụựỵ]")


def is_syllable(word: str) -> bool:
    """Whether ``word`` may be a Vietnamese syllable; one that ends in c, ch, p, t has a sharp or
    heavy tone."""
    shape = _SHAPE.fullmatch(word.translate(_TONES))
    if shape is None:
        return False
    return shape["end"] not in {"c", "ch", "p", "t"} or _STOPPED.search(word) is not None


def pieces() -> dict[str, float]:
    """Log probabilities of whole words in the tokenizer of multilingual-e5-small (web text)."""
    from kh_nlp.embedding.bundled import _package_folder
    from kh_nlp.embedding.packed_weights import PackedWeights

    found: dict[str, float] = {}
    for piece, score in PackedWeights(_package_folder() / "e5-small-q4.bin").pieces:
        if piece.startswith("▁") and len(piece) > 1:
            key = search_key(piece[1:].lower())
            found[key] = float(np.logaddexp(found.get(key, -99.0), score))
    return found


def press() -> tuple[Counter[str], set[str]]:
    """Pairs of syllables in the names of features of underthesea's models, learnt from news.

    How often a pair is named in several features grows with how often the news had it.
    """
    from importlib.util import find_spec

    spec = find_spec("underthesea")
    if spec is None or spec.origin is None:
        raise SystemExit("underthesea is not installed")
    folder = Path(spec.origin).parent / "pipeline"
    models = (
        "word_tokenize/models/ws_crf_vlsp2013_20230727/models.bin",
        "pos_tag/models/pos_crf_vlsp2013_20230303/models.bin",
    )
    pairs: Counter[str] = Counter()
    single: set[str] = set()
    syllable = re.compile(r"[^\W\d_]+")
    name = re.compile(rb"T\[-?\d(?:,-?\d)?\](?:\.lower)?=([^\x00]+)\x00")
    for model in models:
        for match in name.finditer((folder / model).read_bytes()):
            words = nfc(match[1].decode("utf-8", "ignore")).lower().split()
            keys = [search_key(word) if syllable.fullmatch(word) else "" for word in words]
            single.update(filter(None, keys))
            pairs.update(f"{a} {b}" for a, b in pairwise(keys) if a and b)
    return pairs, single


def write_words() -> None:
    scores, (pairs, single) = pieces(), press()
    legal = {search_key(word) for word in load_restorer().channel.words}
    words = {word for word in {*scores, *single} if is_syllable(word)} | legal
    rows = [f"{word}\t{scores.get(word, accents.RAREST):.1f}" for word in sorted(words)]
    rows += [
        f"{pair}\t{count}"
        for pair, count in sorted(pairs.items())
        if words.issuperset(pair.split(" "))
    ]
    head = [
        "# Syllables (keys) with their log probability as a word of web text, from the tokenizer",
        "# of multilingual-e5-small (MIT); pairs of syllables that news had, with the number of",
        "# features that name them in the models of underthesea 9.5 (Apache-2.0).",
    ]
    text = "\n".join([*head, *rows]) + "\n"
    WORDS.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    print(f"{len(words)} syllables, {len(rows) - len(words)} pairs, {WORDS.stat().st_size} bytes")


def queries(gold: Path, odd: bool) -> list[str]:
    found: list[str] = []
    for name in ("queries", "answerable", "offtopic"):
        file = gold / f"{name}.jsonl"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        texts = (" ".join(nfc(json.loads(line)["text"]).split()) for line in lines)
        found += [text for i, text in enumerate(texts, 1) if bool(i % 2) is odd]
    return [text for text in found if has_accents(text)]


def known(library: Path) -> accents.Accents:
    opened_library = Library.open(library)
    index = viewing(opened_library, lambda connection: opened(opened_library, connection))
    return accents.Accents(index.lexical)


def wrong(reader: accents.Accents, texts: list[str]) -> Iterator[tuple[str, str]]:
    """(word restored, word meant) for every word that is not restored."""
    for text in texts:
        restored = reader.restored(unaccented(text)).split()
        for got, meant in zip(restored, text.split(), strict=True):
            if search_key(got) != search_key(meant):
                yield got, meant


def fit(reader: accents.Accents, texts: list[str]) -> NDArray[np.float64]:
    """Weights of the evidence that make the right readings likeliest (a conditional random field,
    with a Gaussian prior around the language model alone)."""
    from scipy.optimize import minimize

    cases = []
    for text in texts:
        for sentence in reader.sentences(unaccented(text)):
            gold = [
                place.index(search_key(text[start:end]))
                if search_key(text[start:end]) in place
                else -1
                for place, (start, end) in zip(sentence.candidates, sentence.spans, strict=True)
            ]
            gold = [
                0 if place == (None,) else at
                for at, place in zip(gold, sentence.candidates, strict=True)
            ]
            if -1 not in gold:
                cases.append((reader.evidence(sentence), gold))
    start = np.zeros(len(accents.WEIGHTS))
    start[0] = 1.0

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.5 * float(((weights - start) ** 2).sum()), weights - start
        for steps, gold in cases:
            value, slope = _loss(steps, gold, weights)
            total, gradient = total + value, gradient + slope
        return total, gradient

    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    weights: NDArray[np.float64] = found.x
    return weights


def _loss(
    steps: list[NDArray[np.float64]], gold: list[int], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Negative log likelihood of the gold reading and its gradient (forward-backward)."""
    scores = [step @ weights for step in steps]
    forward = [np.zeros((1, 1))]
    for score in scores:
        forward.append(np.logaddexp.reduce(forward[-1][:, :, None] + score, axis=0))
    backward = [np.zeros_like(forward[-1])]
    for score in reversed(scores):
        backward.append(np.logaddexp.reduce(score + backward[-1][None], axis=2))
    backward.reverse()
    total = float(np.logaddexp.reduce(forward[-1], axis=None))
    gradient, value, before = np.zeros(len(weights)), total, (0, 0)
    for t, (step, score) in enumerate(zip(steps, scores, strict=True)):
        chance = np.exp(forward[t][:, :, None] + score + backward[t + 1][None] - total)
        here = gold[t] if t < len(gold) else 0
        gradient += np.tensordot(chance, step, 3) - step[(*before, here)]
        value -= float(score[(*before, here)])
        before = (before[1], here)
    return value, gradient


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--test", action="store_true", help="count over even queries too")
    parser.add_argument("library", type=Path, nargs="?")
    parser.add_argument("gold", type=Path, nargs="?")
    given = parser.parse_args()
    if given.words:
        write_words()
    if given.library is None or given.gold is None:
        return
    reader = known(given.library)
    if given.fit:
        print(fit(reader, queries(given.gold, odd=True)).round(2).tolist())
    for odd in (True, False) if given.test else (True,):
        texts = queries(given.gold, odd)
        errors = list(wrong(reader, texts))
        print("odd" if odd else "even", len(errors), "of", sum(len(t.split()) for t in texts))
        if odd:
            print(*(f"{got}→{meant}" for got, meant in errors))


if __name__ == "__main__":
    main()
