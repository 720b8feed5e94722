"""Vietnamese text gets back the letters that an English OCR engine or a typist left out.

Every word keeps its place: what is restored is a list of words, each with the characters that were
read, what they are taken for, and how sure that is. Numbers, codes, addresses and punctuation stay.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import abbreviations, fold
from kh_nlp.repairing import boundaries, channel, ngrams
from kh_nlp.repairing.decoding import MANY, Decoder, Place
from kh_nlp.repairing.ngrams import NUMBER, RESERVED, UNKNOWN
from kh_nlp.repairing.words import Token, Word, cased, roman, tokenize

_LABEL = re.compile(r"^[A-Za-zĐđ]$")
_NUMERAL = re.compile(r"^(?:[IVX]|[IVXL]{2,5})$")
_ABBREVIATION = re.compile(r"^[A-ZĐ]{2,7}$")
_ODD = re.compile(r"[^\w'’-]|[éèêëàâîïôûüöäçñ]|\d", re.I)

# "ngayl6" is "ngày 16": a word of dates run together with its number
_FUSED_DATE = re.compile(r"^([^\W\d_]{3,5}?)((?:\d|[lIO](?=\d)|(?<=\d)[lIO]){1,4})$")
_DATE_WORDS = {"ngay": "ngày", "thang": "tháng", "nam": "năm", "quy": "quý"}
_DIGIT_LIKE = str.maketrans("lIO", "110")

_CALIBRATION = 1.6  # posterior to confidence, fitted on 24 pages of administrative documents
_WORST = 14.0  # a candidate this much less likely than the best is not worth weighing
_CHUNK = 192  # words read that are weighed against the vocabulary at a time
_PLAIN = 0.97  # share of words that are syllables without accents: typed so, not misread
_SURE = np.float32(0)


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored text; ``words`` are all that the model looked at, changed or not, in order."""

    text: str
    words: tuple[Word, ...]

    @property
    def marks(self) -> tuple[tuple[int, int], ...]:
        """Pairs (offset in ``text``, offset before), at the start and the end of changed words."""
        found: list[tuple[int, int]] = [(0, 0)]
        shift = 0
        for word in self.words:
            if word.text == word.read:
                continue
            found.append((word.start + shift, word.start))
            shift += len(word.text) - len(word.read)
            end = word.start + len(word.read)
            found.append((end + shift, end))
        return tuple(dict(found).items())


@dataclass(frozen=True)
class Costs:
    """What it costs (natural logarithms) to take a word that was read for no Vietnamese word."""

    base: float = 6.0
    letter: float = 2.5
    odd: float = 4.0
    abbreviation: float = -3.0


@dataclass(frozen=True)
class Restorer:
    """The model: a channel, a language model, and what was worked out for words read so far."""

    channel: channel.Channel
    model: ngrams.NGrams
    weight: float = 1.0
    costs: Costs = Costs()
    _known: dict[str, Place] = field(default_factory=dict)

    def restore(self, lines: Sequence[str], closed: Sequence[bool] | None = None) -> list[Restored]:
        """The lines of one damaged passage, in order.

        A sentence may go on over the end of a line, unless ``closed`` says that it ends there.
        """
        tokens = [tokenize(line, typed=True) for line in lines]
        plain = self._typed_plain(token for line in tokens for token in line)
        if not plain:
            tokens = self._mended([tokenize(line) for line in lines])
        settled = [
            [_settled(line[t.start - 1 : t.start + len(t.core) + 1], t, i == 0)
             for i, t in enumerate(found)]
            for line, found in zip(lines, tokens, strict=True)
        ]  # fmt: skip
        self._learn(
            (
                token.core
                for found, known in zip(tokens, settled, strict=True)
                for token, fixed in zip(found, known, strict=True)
                if fixed is None and token.kind == "word"
            ),
            plain,
        )
        sentences: list[list[Place]] = [[]]
        where: list[tuple[int, int, int, int]] = []  # line, token, sentence, place
        for number, (found, known) in enumerate(zip(tokens, settled, strict=True)):
            capitals = _in_capitals(found)
            for index, (token, fixed) in enumerate(zip(found, known, strict=True)):
                if token.kind != "mark":
                    word = token.kind == "word" and fixed is None
                    place = self._place(token.core, plain, capitals) if word else _FIXED
                    if word:
                        where.append((number, index, len(sentences) - 1, len(sentences[-1])))
                    sentences[-1].append(place)
                if token.ends and sentences[-1]:
                    sentences.append([])
            if closed and closed[number] and sentences[-1]:
                sentences.append([])
        if not sentences[-1]:
            sentences.pop()
        chosen = Decoder(self.model, self.weight).decode(sentences) if sentences else []
        words: list[list[Word]] = [[] for _ in lines]
        for number, index, sentence, at in where:
            choice = chosen[sentence][at]
            id = int(sentences[sentence][at].ids[choice.index])
            words[number].append(self._chosen(tokens[number], index, id, choice.probability))
        for number, (found, known) in enumerate(zip(tokens, settled, strict=True)):
            words[number] += [
                Word(token.start, token.core, fixed, 1.0)
                for token, fixed in zip(found, known, strict=True)
                if fixed is not None and fixed != token.core
            ]
        return [
            _rewritten(line, sorted(found, key=lambda word: word.start))
            for line, found in zip(lines, words, strict=True)
        ]

    def _chosen(self, tokens: Sequence[Token], index: int, id: int, probability: float) -> Word:
        """The word that an id of the language model stands for, written as its token was."""
        token, word = tokens[index], self._word(id)
        text = token.core
        if word is not None and word != token.core.lower():
            text = cased(word, token.core, _among_capitals(tokens, index))
        text = " " + text if token.apart else text
        return Word(token.start, token.read, text, probability**_CALIBRATION)

    def _mended(self, lines: list[list[Token]]) -> list[list[Token]]:
        """Words run together or split by the engine, where the vocabulary shows it."""
        self._learn((t.core for line in lines for t in line if t.kind == "word"), False)
        wanted: set[str] = set()
        for line in lines:
            wanted |= boundaries.candidates(line, lambda core: self._score(core) < boundaries.POOR)
        self._learn(wanted, False)
        return [boundaries.mended(line, self._score) for line in lines]

    def _score(self, core: str) -> float:
        place = self._known.get(core)
        if place is None:
            return -np.inf
        return float((place.scores + self.model.unigrams[place.ids]).max())

    def _word(self, id: int) -> str | None:
        return self.channel.words[id - RESERVED] if id >= RESERVED else None

    def _typed_plain(self, tokens: Iterable[Token]) -> bool:
        words = [t.core for t in tokens if t.kind == "word" and len(t.core) > 1]
        if not all(word.isascii() for word in words):
            return False
        syllables = sum(word.lower() in self._folded for word in words if not word.isupper())
        lower = sum(not word.isupper() for word in words)
        return lower > 0 and syllables >= _PLAIN * lower

    @property
    def _folded(self) -> dict[str, Place]:
        return _folded(self.channel.words)

    def _place(self, core: str, plain: bool, capitals: bool) -> Place:
        itself = _identity(self.costs, core, capitals)
        if not plain:
            known = self._known.get(core)
            return _joined(known, itself) if known is not None else itself
        found = self._folded.get(core.lower())
        if found is None or not core.isalpha():
            return itself
        return _joined(found, itself) if _ABBREVIATION.match(core) else found

    def _learn(self, cores: Iterable[str], plain: bool) -> None:
        """Weigh the words read that are not known yet against the whole vocabulary."""
        if plain:
            return
        if len(self._known) > 200_000:
            self._known.clear()
        by_length: dict[int, list[str]] = {}
        for core in dict.fromkeys(cores):
            if core not in self._known and len(core) <= channel.LONGEST:
                by_length.setdefault(len(core), []).append(core)
        for group in by_length.values():
            for start in range(0, len(group), _CHUNK):
                chunk = group[start : start + _CHUNK]
                costs = self.channel.costs([core.lower() for core in chunk])
                for column, core in enumerate(chunk):
                    self._known[core] = self._best(costs[:, column])

    def _best(self, costs: NDArray[np.float32]) -> Place:
        """The likeliest words, how often each occurs taken into account."""
        scores = self.model.unigrams[RESERVED:] - costs
        kept = np.argpartition(-scores, MANY - 1)[: MANY - 1]
        kept = kept[costs[kept] < costs[kept].min() + _WORST]
        return Place(kept.astype(np.int64) + RESERVED, -costs[kept])


_FIXED = Place(np.array([NUMBER], dtype=np.int64), np.array([_SURE]))


@cache
def _folded(words: tuple[str, ...]) -> dict[str, Place]:
    """All words by their letters without accents; each is equally likely to be typed so."""
    groups: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        groups.setdefault(fold(word), []).append(index + RESERVED)
    return {
        key: Place(np.array(ids[:MANY], dtype=np.int64), np.zeros(len(ids[:MANY]), np.float32))
        for key, ids in groups.items()
    }


def _among_capitals(tokens: Sequence[Token], index: int) -> bool:
    """Whether the words beside this one are set in capitals; of short ones, the whole line."""
    around = [
        token.core
        for at in (index - 2, index - 1, index + 1, index + 2)
        if 0 <= at < len(tokens) and (token := tokens[at]).kind == "word" and len(token.core) > 2
    ]
    if not around:  # "SO Y TE"
        around = [t.core for t in tokens if t.kind == "word" and len(t.core) > 1]
        return len(around) > 1 and all(core.isupper() for core in around)
    return sum(map(_mostly_upper, around)) > 0.5 * len(around)


def _mostly_upper(core: str) -> bool:
    letters = [char for char in core if char.isalpha()]
    return sum(char.isupper() for char in letters) > 0.6 * len(letters)


def _in_capitals(tokens: Sequence[Token]) -> bool:
    """Whether a line is set in capitals, so that capitals are no sign of an abbreviation."""
    words = [t.core for t in tokens if t.kind == "word" and len(t.core) > 1]
    return len(words) > 1 and sum(word.upper() == word for word in words) > 0.6 * len(words)


def _identity(costs: Costs, core: str, capitals: bool) -> Place:
    """The word as it was read, as a word that the model does not know."""
    cost = costs.base + costs.letter * len(core) + costs.odd * len(_ODD.findall(core))
    if not capitals and _ABBREVIATION.match(core):
        cost += costs.abbreviation - costs.letter * (len(core) - 1)
    return Place(np.array([UNKNOWN], dtype=np.int64), np.array([-cost], dtype=np.float32))


def _joined(one: Place, other: Place) -> Place:
    return Place(
        np.concatenate([one.ids[: MANY - 1], other.ids]),
        np.concatenate([one.scores[: MANY - 1], other.scores]),
    )


def _settled(around: str, token: Token, first: bool) -> str | None:
    """What a word certainly is without the model: a label, a numeral, a code; ``None`` if open."""
    core = token.core
    if token.kind == "fixed":
        return core
    if core.isupper() and core in _abbreviations():
        return _abbreviations()[core]
    fused = _FUSED_DATE.match(core)
    if fused and fold(fused[1]) in _DATE_WORDS:
        return f"{_DATE_WORDS[fold(fused[1])]} {fused[2].translate(_DIGIT_LIKE)}"
    numeral = roman(core, first)
    if numeral:
        return numeral
    if _NUMERAL.match(core):
        return core
    if _LABEL.match(core) and around.endswith((")", ".")) and first:
        return core
    return None


@cache
def _abbreviations() -> dict[str, str]:
    """Abbreviations with Đ by what is left of them without it ("HDND"), where that is none."""
    known = [short for short in abbreviations() if short.isupper()]
    return {
        bare: short
        for short in known
        if "Đ" in short and (bare := short.replace("Đ", "D")) not in known
    }


def _rewritten(line: str, words: list[Word]) -> Restored:
    pieces: list[str] = []
    at = 0
    for word in words:
        pieces += (line[at : word.start], word.text)
        at = word.start + len(word.read)
    return Restored("".join([*pieces, line[at:]]), tuple(words))


@cache
def load_restorer() -> Restorer:
    """The model that comes with the package."""
    data = files("kh_nlp.repairing").joinpath("data/restoring.npz").read_bytes()
    with np.load(io.BytesIO(data)) as arrays:
        return from_arrays(dict(arrays))


def from_arrays(arrays: dict[str, NDArray[Any]]) -> Restorer:
    """A model from the arrays that ``training.build`` writes."""
    return Restorer(channel.unpack(arrays), ngrams.unpack(arrays))
