"""Accents of a query that was typed without them, as a library's passages suggest.

For every syllable the spellings that it may stand for; of their sequences the one with the highest
weighted sum of evidence (a conditional random field over trigrams, Viterbi):

- the language model of ``kh_nlp.repairing``, learnt from articles of law;
- how usual the syllable is in text of every day, and whether news had the pair;
- how many passages of the library hold the syllable, and the pair.

Law lacks the words that people ask in ("quét rác", "lỡ bị gạt"), the library has what there is to
be found, and either alone was measured to restore less.
"""

from __future__ import annotations

import gzip
import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import abbreviations, fold, has_accents, search_key
from kh_nlp.library.lexical import LexicalSegment
from kh_nlp.repairing.ngrams import BOUNDARY, NUMBER, RESERVED, UNKNOWN, NGrams
from kh_nlp.repairing.restoring import load_restorer
from kh_nlp.repairing.words import Token, tokenize
from kh_nlp.search.terms import Terms

WEIGHTS = (0.35, -1.27, 0.22, 1.21, 0.3, 1.84)
"""Of the evidence, in the order of ``Accents.evidence``: fitted by ``benchmarks/query_accents.py``
on the odd queries of the samples' gold set."""

RAREST = -16.0
"""Log probability of a syllable that is no word of the everyday list."""

_FLOOR = -14.0
"""Log probability below which the language model only says that it has not seen it."""

_SIZE = 2500
"""Passages of a library up to which they are counted one by one; of a larger one by shares."""

_MOST = 12
"""Spellings of a syllable that are weighed: the most usual ones."""

_LETTERS = 4
"""Letters D of an abbreviation that may each be a Đ."""

Candidates = tuple[str, ...] | tuple[None]
"""Keys of spellings; ``(None,)`` where a word stays as it is."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words that are read together: what each may be, and where it stands in the text."""

    candidates: list[Candidates]
    spans: list[tuple[int, int]]


class Accents:
    """Gives queries their accents. Without ``segments`` no library says what it holds."""

    def __init__(self, segments: Sequence[LexicalSegment] = ()) -> None:
        self._terms = Terms(segments, "accented")
        passages = sum(len(segment.passages) for segment in segments)
        self._share = min(1.0, _SIZE / max(1, passages))
        self._known: dict[str, str] = {}

    def restored(self, text: str) -> str:
        """``text``, typed without accents, with those that it most probably lacks.

        A text that has accents stays as it is.
        """
        if has_accents(text) or not any(char.isalpha() for char in text):
            return text
        if text not in self._known:
            self._known[text] = self._restored(text)
        return self._known[text]

    def _restored(self, text: str) -> str:
        tokens = tokenize(text, typed=True)
        capitals = _in_capitals(tokens)
        new = {token.start: spelled for token in tokens if (spelled := self._with_d(token))}
        for sentence in _sentences(tokens, capitals):
            chosen = _best(self.evidence(sentence))
            for place, (start, end), index in zip(
                sentence.candidates, sentence.spans, chosen, strict=True
            ):
                key = place[index]
                if key is not None:
                    new[start] = _cased(_spelling(key), text[start:end])
        pieces: list[str] = []
        at = 0
        for start, word in sorted(new.items()):
            pieces += (text[at:start], word)
            at = start + len(word)  # a syllable keeps its letters, only their accents change
        return "".join([*pieces, text[at:]])

    def sentences(self, text: str) -> list[Sentence]:
        """The sentences of ``text`` with the spellings that are weighed."""
        tokens = tokenize(text, typed=True)
        return _sentences(tokens, _in_capitals(tokens))

    def evidence(self, sentence: Sentence) -> list[NDArray[np.float64]]:
        """What speaks for each word after each two before it.

        One array for each word and one for the end: (words two before, words before, words,
        ``WEIGHTS``).
        """
        model, everyday = load_restorer().model, _everyday()
        places = sentence.candidates
        held = self._held(places)
        ids = [np.array([_id(key) for key in place]) for place in places]
        edge = np.array([BOUNDARY])
        ids = [edge, edge, *ids, edge]
        found: list[NDArray[np.float64]] = []
        for t, place in enumerate((*places, (None,))):
            u, v, w = ids[t], ids[t + 1], ids[t + 2]
            step = np.zeros((len(u), len(v), len(w), len(WEIGHTS)))
            step[..., 0] = np.maximum(_trigrams(model, u, v, w), _FLOOR)
            step[..., 0] = np.where(w == UNKNOWN, _FLOOR, step[..., 0])
            step[..., 1] = w == UNKNOWN
            step[..., 2] = [0.0 if key is None else everyday.score(key) for key in place]
            step[..., 4] = [0.0 if key is None else held[key] for key in place]
            before = places[t - 1] if 0 < t < len(places) else (None,)
            for (i, one), (j, other) in itertools.product(enumerate(before), enumerate(place)):
                if one is not None and other is not None:
                    pair = f"{one} {other}"
                    step[:, i, j, 3] = math.log1p(everyday.pairs.get(pair, 0))
                    step[:, i, j, 5] = held[pair]
            found.append(step)
        return found

    def _held(self, places: Sequence[Candidates]) -> dict[str, float]:
        """Logarithms of how many passages hold each syllable and each pair of neighbours."""
        known = [[key for key in place if key is not None] for place in places]
        wanted = dict.fromkeys(itertools.chain(*known))
        for before, after in itertools.pairwise(known):
            wanted.update(dict.fromkeys(f"{one} {other}" for one in before for other in after))
        counts = np.array(self._terms.counts(list(wanted)), dtype=np.float64)
        return dict(zip(wanted, np.log1p(counts * self._share).tolist(), strict=True))

    def _with_d(self, token: Token) -> str | None:
        """An abbreviation or a code in which the plans write Đ for a D ("ND-CP" is "NĐ-CP")."""
        core = token.core
        places = [i for i, char in enumerate(core) if char == "D"][:_LETTERS]
        if not places or not (core.isupper() or token.kind == "fixed"):
            return None
        forms = []
        for letters in itertools.product("DĐ", repeat=len(places)):
            form = list(core)
            for place, letter in zip(places, letters, strict=True):
                form[place] = letter
            forms.append("".join(form))
        counts = self._terms.counts([search_key(form) for form in forms])
        known = [form in abbreviations() for form in forms]
        best = max(range(len(forms)), key=lambda i: (counts[i], known[i], -i))
        return forms[best] if best else None


def _sentences(tokens: Sequence[Token], capitals: bool) -> list[Sentence]:
    found = [Sentence([], [])]
    for token in tokens:
        if token.kind != "mark":
            found[-1].candidates.append(_candidates(token, capitals))
            found[-1].spans.append((token.start, token.start + len(token.core)))
        if token.ends and found[-1].spans:
            found.append(Sentence([], []))
    return [sentence for sentence in found if sentence.spans]


def _candidates(token: Token, capitals: bool) -> Candidates:
    core = token.core
    if token.kind != "word" or not core.isalpha():
        return (None,)
    if core.isupper() and len(core) > 1 and (not capitals or core in _short_forms()):
        return (None,)
    return _everyday().spellings.get(fold(search_key(core)), (None,))  # "ki" is "ky"


def _in_capitals(tokens: Sequence[Token]) -> bool:
    """Whether a query is typed in capitals, so that they are no sign of an abbreviation."""
    words = [token.core for token in tokens if token.kind == "word" and len(token.core) > 1]
    return len(words) > 2 and all(word.isupper() for word in words)


@cache
def _short_forms() -> frozenset[str]:
    return frozenset(fold(short).upper() for short in abbreviations())


def _best(steps: Sequence[NDArray[np.float64]]) -> list[int]:
    """The index of the word chosen at each place; the last step is the end (Viterbi)."""
    weights = np.array(WEIGHTS)
    total = np.zeros((1, 1))
    back: list[NDArray[np.int64]] = []
    for step in steps:
        ahead = total[:, :, None] + step @ weights
        back.append(ahead.argmax(axis=0))
        total = ahead.max(axis=0)
    before, here = int(total[:, 0].argmax()), 0
    chosen: list[int] = []
    for came in reversed(back):
        before, here = int(came[before, here]), before
        chosen.append(here)
    return chosen[::-1][1:] if len(steps) > 1 else []


def _trigrams(
    model: NGrams, u: NDArray[np.int64], v: NDArray[np.int64], w: NDArray[np.int64]
) -> NDArray[np.float32]:
    return model.score(u[:, None, None], v[None, :, None], w[None, None, :])


def _id(key: str | None) -> int:
    return NUMBER if key is None else _ids().get(key, UNKNOWN)


@cache
def _ids() -> dict[str, int]:
    """Ids of the language model by key; of two spellings with one key the more usual one."""
    found: dict[str, int] = {}
    for index, word in enumerate(load_restorer().channel.words):
        found.setdefault(search_key(word), index + RESERVED)
    return found


def _spelling(key: str) -> str:
    """How a word is printed whose key this is."""
    at = _ids().get(key)
    return key if at is None else load_restorer().channel.words[at - RESERVED]


def _cased(word: str, like: str) -> str:
    return "".join(
        char.upper() if typed.isupper() else char for char, typed in zip(word, like, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Everyday:
    scores: Mapping[str, float]
    pairs: Mapping[str, int]
    spellings: Mapping[str, tuple[str, ...]]

    def score(self, key: str) -> float:
        return self.scores.get(key, RAREST)


@cache
def _everyday() -> _Everyday:
    """Words of every day: what each row means stands at the head of the file."""
    packed = files("kh_nlp.search").joinpath("data/everyday_words.tsv.gz").read_bytes()
    scores: dict[str, float] = {}
    pairs: dict[str, int] = {}
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        if line.startswith("#"):
            continue
        word, _, value = line.partition("\t")
        if " " in word:
            pairs[word] = int(value)
        else:
            scores[word] = float(value)
    spellings: dict[str, list[str]] = defaultdict(list)
    for folded, key in zip(fold("\n".join(scores)).split("\n"), scores, strict=True):
        spellings[folded].append(key)
    usual = {
        folded: tuple(sorted(keys, key=lambda key: (-_usual(key, scores[key]), key))[:_MOST])
        for folded, keys in spellings.items()
    }
    return _Everyday(scores, pairs, usual)


def _usual(key: str, score: float) -> float:
    at = _ids().get(key)
    return score if at is None else max(score, float(load_restorer().model.unigrams[at]))
