"""Passages in encodings from before Unicode, found by what they say and brought to Unicode.

Text is judged stretch by stretch (a line, a cell of a row): as it stands and as each encoding would
read it. Words that are Vietnamese syllables speak for a reading, words that are none against it,
and against an encoding more than against leaving the text alone. A change between neighbouring
stretches must be worth its cost (the cheapest path, by dynamic programming), so that one odd word
changes nothing and a line too short to tell goes with the lines around it.
"""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kh_nlp.repairing.glyphs import syllable_cost
from kh_nlp.repairing.legacy_tables import NAMES, Encoding, table
from kh_nlp.repairing.origins import Marks, through
from kh_nlp.repairing.syllables import is_well_formed

Case = Literal["lower", "upper", "abbreviation"]

# Every passage of some length in one of the encodings has one of these; sound Vietnamese hardly
# ever. One search for each is faster than a regular expression.
_TELLING = "¡¢£¤¥¦¨ª¬®µ¶¸º»¼½¾ÄÅÆÇËÎÏÐÑÖØÞßäåæçëîïðñöøûüþ"
_TELLING_ANY = re.compile(f"[{_TELLING}]")
_LETTERS = re.compile(r"[^\W\d_]+")
_BOTH_CASES = frozenset(string.ascii_letters + "ăâêôơưđĂÂÊÔƠƯĐ")  # as far as TCVN3 goes
_ROMAN = re.compile("[IVX]+")
_ABBREVIATION = re.compile("[B-DĐF-HJ-NP-TV-XZ]+|[A-ZĐ]{1,3}")
_RAISED = re.compile(r"[¹²³](?![^\W\d_]|[\xa1-\xb8\xba-\xff])")
_HYPHEN = re.compile(
    r"(?<![\w-])(?=[^\W\d_]|-[^\W\d_])"
    r"(?P<before>[^\W\d_]{0,4})-(?P<behind>[^\W\d_]{0,4})(?![\w-])"
)
_RARER = 3.0  # natural logarithm: the parts by themselves are so much rarer than the syllable
_LONGEST = 7  # letters of a syllable: "nghiêng"
_STRETCH = re.compile(r"[^\n\r\f\t|]+")
# Letters, and all beyond ASCII; VISCII and VPS have letters among the control characters.
_RUN = re.compile(r"[^\x00\x07-\x0d\x1b\x20!-@\[-`{-\x7f\xa0]+")
_BEFORE = "“”‘’„‚–—…•«»°±·×÷™¹²³\ufeff\u200b\ufffd"
_BEHIND = _BEFORE + "§©®ºª€"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\ufeff]")
_NOT_OUR_D = str.maketrans("Ðð", "Đđ")  # the Icelandic letter, typed for the Vietnamese one
_SMALL = re.compile(r"(?<![^\s(“\"])[^\W\d_A-ZĐ]+(?![^\s.,;:!?)”\"])")

# Costs of a word, about natural logarithms
_WELL_FORMED = 1.0  # no syllable of the legal code, but it could be one
_NONE = 2.6  # of another language, or a name
_SIGNS_INSIDE = 4.0
_AS_READ = 0.9  # more of each where the right table was used: little of it is to be expected
_SURE = 0.25  # of the cost as it stands: no other encoding need be tried
_INTO, _BACK = 2.8, 1.0  # of a change to an encoding, and back
_LEAST = 2  # different words beyond ASCII in a passage
_CLEAR = 3.8  # by which a passage must make more sense than it makes as it stands
_CLEAR_A_WORD = 0.5  # samples in CP1258: 0.9, in the others 1.4 to 3.5; a damaged plan: 0.14
_VIETNAMESE = 0.85  # of the words; plans and samples: 0.97 and more


@dataclass(frozen=True, slots=True)
class Passage:
    """The characters ``start:end`` of a text are in ``encoding``."""

    start: int
    end: int
    encoding: Encoding


def convert(text: str, encoding: Encoding, *, capitals: bool = False) -> str:
    """Text of a legacy encoding in Unicode (NFC).

    ``text`` holds the characters that CP1252 or Latin-1 has for its bytes. TCVN3 has no capitals
    with tones: fonts whose name ends in H (.VnTimeH) draw all letters as capitals, which the text
    does not tell; ``capitals`` says that it was set in one. Without it, only words whose other
    letters are capitals become so ("HO¹CH" is "HOẠCH").
    """
    out = read(text, encoding)[0]
    return out.upper() if capitals else out


def read(text: str, encoding: Encoding) -> tuple[str, Marks]:
    """The same, with the place in ``text`` of every character."""
    out, marks = _by_table(text, encoding)
    if encoding == "tcvn3":
        out = _STRETCH.sub(lambda match: _recased(match[0]), out)
    return out, marks


def _by_table(text: str, encoding: Encoding) -> tuple[str, Marks]:
    if encoding == "utf8-twice":
        once, inner = table("utf8").read(text)
        out, outer = table("utf8").read(once)
        return out, through(outer, inner, len(out))
    out, marks = table(encoding).read(text)
    if len(out) == len(text) and _RAISED.search(text):
        out = _marks_kept(text, out)
    if encoding == "tcvn3" and len(out) == len(text):
        out = _HYPHEN.sub(_hyphen_or_letter, out)
    return out, marks


def find_passages(text: str) -> list[Passage]:
    """The passages of a text that are in a legacy encoding, in order; none in sound text."""
    if not any(sign in text for sign in _TELLING):
        return []
    stretches = [(m.start(), m.end()) for m in _STRETCH.finditer(text)]
    telling = [text[start:end] for start, end in stretches]
    encodings = _candidates([piece for piece in telling if _TELLING_ANY.search(piece)])
    if not encodings:
        return []
    states: list[Encoding | None] = [None, *encodings]
    path = _cheapest(telling, states)
    passages: list[Passage] = []
    for (start, end), piece, state in zip(stretches, telling, path, strict=True):
        encoding = states[state]
        if encoding is None or piece.isascii():
            continue
        before = passages[-1] if passages else None
        if before and before.encoding == encoding and _unbroken(text, before.end, start):
            passages[-1] = Passage(before.start, end, encoding)
        else:
            passages.append(Passage(start, end, encoding))
    return [passage for passage in passages if _is_clear(text, passage)]


def explained(text: str, passages: Sequence[Passage]) -> float:
    """Share of the words with letters beyond ASCII that the passages read as Vietnamese, 0..1."""
    words = sum(not _is_plain(run) for run in _RUN.findall(text))
    good = 0
    for passage in passages:
        new = read(text[passage.start : passage.end], passage.encoding)[0]
        good += sum(_cost_of(word) <= _WELL_FORMED for word in _words(new))
    return min(1.0, good / words) if words else 0.0


def _unbroken(text: str, start: int, end: int) -> bool:
    """Whether nothing but ASCII stands between two passages of one encoding."""
    return text[start:end].isascii()


def _candidates(pieces: Sequence[str]) -> list[Encoding]:
    """Encodings that some pieces speak for, clearly when taken together."""
    gains: dict[Encoding, float] = dict.fromkeys(NAMES, 0.0)
    best: Encoding | None = None
    for piece in pieces:
        standing = _standing(piece)
        if standing < _NONE:
            continue
        cost = _as_read(piece, best) if best else standing
        if best is None or cost > _SURE * standing:
            cost, best = min(((_as_read(piece, e), e) for e in NAMES), key=lambda pair: pair[0])
        gains[best] += max(0.0, standing - cost)
    return [encoding for encoding, gain in gains.items() if gain > _CLEAR]


def _cheapest(pieces: Sequence[str], states: Sequence[Encoding | None]) -> list[int]:
    """For each piece the number of its state on the cheapest path; state 0 is sound text."""
    count = range(len(states))
    best = [0.0 if state == 0 else _INTO for state in count]
    back: list[list[int]] = []
    for piece in pieces:
        if piece.isascii():
            back.append(list(count))  # tells nothing
            continue
        out_of = min(count, key=lambda s: best[s] + (s != 0) * _BACK)
        leaving = best[out_of] + (out_of != 0) * _BACK
        came: list[int] = []
        new: list[float] = []
        for state, encoding in enumerate(states):
            change = leaving + (_INTO if state else 0.0)
            stays = best[state] <= change
            came.append(state if stays else out_of)
            here = _standing(piece) if encoding is None else _as_read(piece, encoding)
            new.append(min(best[state], change) + here)
        back.append(came)
        best = new
    state = min(count, key=best.__getitem__)
    path: list[int] = []
    for came in reversed(back):
        path.append(state)
        state = came[state]
    return path[::-1]


def _is_clear(text: str, passage: Passage) -> bool:
    """Whether a passage makes much more sense as read, and reads as Vietnamese from end to end."""
    old = text[passage.start : passage.end]
    words = [run for run in _RUN.findall(old) if not _is_plain(run)]
    if len(set(words)) < _LEAST:
        return False
    pieces = _STRETCH.findall(old)
    gain = sum(_standing(piece) - _as_read(piece, passage.encoding) for piece in pieces)
    if gain <= max(_CLEAR, _CLEAR_A_WORD * len(words)):
        return False
    return _share(_by_table(old, passage.encoding)[0]) >= _VIETNAMESE


def _share(text: str) -> float:
    """Share of the words that are Vietnamese syllables; capitals, names and codes do not count.

    This tells foreign text: "på" could be TCVN3 for "pồ", but words around it are no syllables.
    """
    words = [word for word in _SMALL.findall(text) if len(word) > 1]
    return sum(_cost_of(word) <= _WELL_FORMED for word in words) / len(words) if words else 1.0


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha()


def _standing(piece: str) -> float:
    """Cost of a piece as it stands."""
    if piece.isascii():
        return 0.0
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", piece)).translate(_NOT_OUR_D)
    return sum(map(_cost_of, _words(text)))


def _as_read(piece: str, encoding: Encoding) -> float:
    """Cost of a piece read in an encoding."""
    if encoding == "utf8-twice":
        once = table("utf8").read(piece)[0]
        cost = table("utf8").aliens(piece) * (_SIGNS_INSIDE + _AS_READ)
        return cost + (_as_read(once, "utf8") if once != piece else _standing(piece) + _AS_READ)
    cost = table(encoding).aliens(piece) * (_SIGNS_INSIDE + _AS_READ)
    for word in _words(_by_table(piece, encoding)[0]):
        here = _cost_of(word)
        cost += here + _AS_READ if here > _WELL_FORMED else here
    return cost


def _words(text: str) -> Iterator[str]:
    """Words with letters beyond ASCII, in lower case, without signs around them.

    One letter or sign by itself tells nothing ("¹" marks a note), nor does an abbreviation.
    """
    for run in _RUN.findall(text):
        if _is_plain(run):
            continue
        word = run.lstrip(_BEFORE).rstrip(_BEHIND)
        if len(word) > 1 and not _is_plain(word) and not _ABBREVIATION.fullmatch(word):
            yield word.lower()


def _cost_of(word: str) -> float:
    if len(word) <= _LONGEST:
        return _cost_of_short(word)
    return _NONE if word.isalpha() else _SIGNS_INSIDE


@lru_cache(maxsize=8192)
def _cost_of_short(word: str) -> float:
    cost = syllable_cost(word)
    if cost is not None:
        return cost / 20
    if not word.isalpha():
        return _SIGNS_INSIDE
    return _WELL_FORMED if is_well_formed(word) else _NONE


def _marks_kept(text: str, out: str) -> str:
    """What was read, with the raised digit of a note where a letter would make no word of it.

    "¹" is "ạ" in TCVN3, and is set by readers of other formats behind the last word of a sentence.
    """
    letters = list(out)
    for match in _RAISED.finditer(text):
        at = match.start()
        start = at
        while start and out[start - 1].isalpha() and at - start < _LONGEST:
            start -= 1
        if start == at or _cost_of(out[start : at + 1].lower()) > _WELL_FORMED:
            letters[at] = text[at]
    return "".join(letters)


def _hyphen_or_letter(match: re.Match[str]) -> str:
    """The letter "ư" for a hyphen, where it makes a syllable of parts that are none: "đ-ợc", "t-".

    "ư" is a soft hyphen in TCVN3, which readers of PDF print as a hyphen.
    """
    before, behind = match["before"], match["behind"]
    cost = syllable_cost(f"{before}ư{behind}".lower())
    parts = [syllable_cost(part.lower()) or math.inf for part in (before, behind) if part]
    if cost is None or cost + _RARER > max(parts):
        return match[0]
    if not behind and len(before) == 1 and _begins_line(match.string, match.start()):
        return match[0]  # a label: "c- Nội dung"
    return f"{before}ư{behind}"


def _begins_line(text: str, at: int) -> bool:
    while at and text[at - 1] == " ":
        at -= 1
    return at == 0 or text[at - 1] in "\n\r\f\t|"


def _recased(line: str) -> str:
    """A line of TCVN3 with the letters that it has only as small ones in the case of their word.

    Without a letter that shows its case, a word ("Vµ") goes with those beside it.
    """
    words = list(_LETTERS.finditer(line))
    cases = [_case(match[0]) for match in words]
    before, behind = _carried(cases), _carried(cases[::-1])[::-1]
    out: list[str] = []
    at = 0
    for index, match in enumerate(words):
        word, case = match[0], cases[index]
        if word == word.upper() or case == "lower":
            continue
        if case is None and {before[index], behind[index]} - {None} != {"upper"}:
            continue
        out += (line[at : match.start()], word.upper())
        at = match.end()
    out.append(line[at:])
    return "".join(out)


def _case(word: str) -> Case | None:
    """What the letters behind the first tell, as far as TCVN3 has both cases of them."""
    if word[0] in _BOTH_CASES and word[0].islower():
        return "lower"
    told = [letter for letter in word[1:] if letter in _BOTH_CASES]
    if not told:
        return None
    if any(letter.islower() for letter in told):
        return "lower"
    if word.isascii() and (_ROMAN.fullmatch(word) or syllable_cost(word.lower()) is None):
        return "abbreviation"
    return "upper"


def _carried(cases: Sequence[Case | None]) -> list[Case | None]:
    """For each word the case of the last one before it; abbreviations are capitals anywhere."""
    out: list[Case | None] = []
    last: Case | None = None
    for case in cases:
        out.append(last)
        last = case if case in ("lower", "upper") else last
    return out
