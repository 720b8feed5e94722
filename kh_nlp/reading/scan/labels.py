"""Labels that the engine misreads, set right where their place leaves no doubt.

A label is judged by those before and after it: "l. Mục đích" before "2. Yêu cầu" is "1.", a second
"d)" is "đ)". Whatever could be printed so stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kh_nlp.reading.scan.codes import settle_codes
from kh_nlp.reading.scan.notes import RAISED
from kh_nlp.reading.scan.pages import LayoutLine, LayoutTable, PageLayout
from kh_nlp.reading.scan.ruled import settled_tables

_ALPHABET = "abcdđeghiklmnopqrstuvxy"  # the letters that lists of Vietnamese documents count by
_LETTER = re.compile(r"^(?P<open>\(?)(?P<letter>[^\W_]|[¢@€©])(?P<end>\s?\)|\.)(?P<gap>\s*)(?=\S)")
_ARABIC = re.compile(r"^(?P<number>\d{1,2})\s?[.,](?=\s*[^\W\d]|\s+\d)")
_UNSURE_ONE = re.compile(r"^(?P<number>[lIi|!Ììíïj\]])\s?[.,]\s*(?P<rest>[A-ZĐÀ-ỸÁÂÊÔƠƯ“\"].*)$")
_ROMAN = re.compile(r"^(?P<numeral>[IVX]{1,5})\s?[.,]\s*(?P<rest>\S.*)$")
_UNSURE_CHAPTER = re.compile(r"^[L1lTJ|!Ì]\s?[.,]\s*(?P<rest>\S.*)$")
_NOTE = re.compile(r"^([⁰¹²³⁴-⁹]{1,2})\s")
# a mark in the text; "km²" is a unit
_MARK = re.compile(r"(?<=[^\s⁰¹²³⁴-⁹])(?<![cdkm\d\s]m)[⁰¹²³⁴-⁹]{1,2}(?![⁰¹²³⁴-⁹])")
_UNREAD = re.compile(r"(?<=[^\s⁰¹²³⁴-⁹])⁰(?![⁰¹²³⁴-⁹])")
_LOWERED = {
    ord(raised): ord(digit) for digit, raised in zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)
}
_TIGHT = re.compile(r"^([IVX]{1,5}|\d{1,2})([.,])([^\W\d_])(?=[^\W\d_])")
_COMMA = re.compile(r"^(\d{1,2})[,:](\s*[^\W\d_])")
_COLON = re.compile(r"^(\d{1,2})[:,](?=\d{1,2}\.\s)")  # "2:2. Tuyên truyền"
_BARE_CHAPTER = re.compile(r"^(?P<numeral>[IVX]{1,5})\s(?P<rest>[^\W\d_]\S*\s.*)$")
# dust beside the first letter of a line, where no sign is printed; dashes may be bullets
_DUST = re.compile(r"^[_.~|¬'‘`]{1,3}\s?(?=[^\W_])|^[-–](?=(?:[IVX]{1,5}|\d{1,2})[.,]\s*[^\W\d_])")
_DUST_INSIDE = re.compile(r"^[-–_.~|¬]{1,2}(?=[^\W\d_])")
_CHAPTERS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_AHEAD = 80  # lines among which the next label of a list is looked for

# what a letter of a list is read as when it is misread
_READ_AS = {
    "a": "aAàáảãạâä@",
    "b": "bB6",
    "c": "cCe¢€©",
    "d": "dDđởớ",
    "đ": "đĐdäởớỡôöó",
    "e": "eEcêéè",
    "g": "gGqø9",
    "h": "hHbn",
    "i": "iIíìïl1",
    "k": "kKx",
    "l": "lLI1i",
    "m": "mM",
    "n": "nNh",
    "o": "oO0ó",
    "p": "pP",
    "q": "qQg9",
    "s": "sS5",
    "u": "uU",
    "v": "vV",
    "x": "xX",
    "y": "yY",
}


@dataclass(slots=True)
class _Place:
    """A line among all lines of a file: page, item on the page, and its text so far."""

    page: int
    item: int
    text: str
    begins: bool


def settle_labels(layouts: Sequence[PageLayout]) -> list[PageLayout]:
    """The pages of one file, in order, with labels and codes set right."""
    places = [
        _Place(p, i, settle_codes(item.text), _may_begin(item))
        for p, layout in enumerate(layouts)
        for i, item in enumerate(layout.items)
        if isinstance(item, LayoutLine)
    ]
    for place in places:
        if not place.begins:
            place.text = _DUST_INSIDE.sub("", place.text)
        else:
            text = _COLON.sub(r"\1.", _dusted(place.text))
            place.text = _COMMA.sub(_label_apart, _TIGHT.sub(_label_apart, text))
    _settle_first_chapters(places)
    _settle_bare_chapters(places)
    _settle_chapters(places)
    _settle_ones(places)
    _settle_letters(places)
    _settle_notes(places)
    _settle_misread_notes(places)
    changed: dict[tuple[int, int], LayoutLine | LayoutTable] = dict(settled_tables(layouts))
    for place in places:
        line = layouts[place.page].items[place.item]
        assert isinstance(line, LayoutLine)
        changed[place.page, place.item] = replace(line, text=place.text)
    return [
        replace(layout, items=tuple(changed[p, i] for i in range(len(layout.items))))
        for p, layout in enumerate(layouts)
    ]


def _dusted(text: str) -> str:
    return _DUST.sub("", text) if not text.startswith("...") else text


def _label_apart(match: re.Match[str]) -> str:
    """A label with its full stop and a blank, before a capital."""
    label, first = match.group(1), match.groups()[-1].strip()
    return f"{label}. {first}" if first.isupper() else match.group()


def _may_begin(line: LayoutLine) -> bool:
    return line.after_blank and not line.in_cell


def _settle_ones(places: Sequence[_Place]) -> None:
    """A lone upright stroke is the number 1 when a "2." follows before any other label like it."""
    for index, place in enumerate(places):
        match = _UNSURE_ONE.match(place.text) if place.begins else None
        if match is None:
            continue
        rest = match.group("rest")
        if match.group("number") == "I" and _mostly_capitals(rest):
            continue
        if _next_number(places[index + 1 : index + 1 + _AHEAD]) == 2:
            place.text = f"1. {rest}"


def _settle_first_chapters(places: Sequence[_Place]) -> None:
    """A title in capitals labelled "L." or "1." is chapter I when the next such title is "II."."""
    for index, place in enumerate(places):
        match = _UNSURE_CHAPTER.match(place.text) if place.begins else None
        if match is None or not _mostly_capitals(match.group("rest")):
            continue
        for after in places[index + 1 : index + 1 + 3 * _AHEAD]:
            chapter = _ROMAN.match(after.text) if after.begins else None
            if chapter and _mostly_capitals(chapter.group("rest")):
                if chapter.group("numeral") == "II":
                    place.text = f"I. {match.group('rest')}"
                break


def _settle_bare_chapters(places: Sequence[_Place]) -> None:
    """A title in capitals after its numeral alone gets the stop that the one before it has."""
    last = ""
    for place in places:
        if not place.begins:
            continue
        if chapter := _ROMAN.match(place.text):
            last = chapter.group("numeral")
        elif (bare := _BARE_CHAPTER.match(place.text)) and _mostly_capitals(bare.group("rest")):
            numeral = bare.group("numeral")
            if last in _CHAPTERS and numeral in _CHAPTERS[_CHAPTERS.index(last) + 1 :][:1]:
                place.text = f"{numeral}. {bare.group('rest')}"
                last = numeral


def _settle_chapters(places: Sequence[_Place]) -> None:
    """A chapter between I and III is II, whatever its strokes were read as."""
    titles = [
        (place, match)
        for place in places
        if place.begins
        and (match := _ROMAN.match(place.text))
        and match.group("numeral") in _CHAPTERS
        and _mostly_capitals(match.group("rest"))
    ]
    count = [_CHAPTERS.index(match.group("numeral")) for _, match in titles]
    for at in range(1, len(titles) - 1):
        due = count[at - 1] + 1
        if count[at] not in (due, 0) and count[at + 1] == due + 1:
            place, match = titles[at]
            count[at] = due
            place.text = f"{_CHAPTERS[due]}. {match.group('rest')}"


def _settle_notes(places: Sequence[_Place]) -> None:
    """Notes whose label could not be read ("⁰") count on from those before them."""
    last = 0
    for page in sorted({place.page for place in places}):
        own = [place for place in places if place.page == page]
        unread = []
        for place in own:
            match = _NOTE.match(place.text)
            if match is None:
                continue
            label = int(match.group(1).translate(_LOWERED))
            if not label:
                label = last + 1
                place.text = _raised(label) + place.text[1:]
                unread.append(label)
            last = label
        for place in own:
            for label in unread[:]:
                text = _UNREAD.sub(_raised(label), place.text, count=1)
                if text == place.text:
                    break
                place.text = text
                unread.remove(label)


def _settle_misread_notes(places: Sequence[_Place]) -> None:
    """Labels of a page that do not count on are set right when those of the next page do.

    Notes 2 and 3 before the first page that has 3 and 4 are 1 and 2, and so are their marks.
    """
    pages: dict[int, list[_Place]] = {}
    for place in places:
        if _NOTE.match(place.text):
            pages.setdefault(place.page, []).append(place)
    labels = {page: [_label(place) for place in own] for page, own in pages.items()}
    last = 0
    for page, after in zip(pages, list(pages)[1:], strict=False):
        read = labels[page]
        due = list(range(last + 1, last + 1 + len(read)))
        if read != due and labels[after][0] == due[-1] + 1:
            _renumber(places, page, dict(zip(read, due, strict=True)))
            read = due
        last = read[-1]


def _label(note: _Place) -> int:
    match = _NOTE.match(note.text)
    return int(match.group(1).translate(_LOWERED)) if match else 0


def _renumber(places: Sequence[_Place], page: int, new: dict[int, int]) -> None:
    """Labels and marks of one page by the numbers they stand for."""

    def put(match: re.Match[str]) -> str:
        number = int(match.group().translate(_LOWERED))
        return _raised(new.get(number, number))

    for place in places:
        if place.page == page:
            note = _NOTE.match(place.text)
            head = _raised(new[_label(place)]) if note else ""
            rest = place.text[len(note.group(1)) :] if note else place.text
            place.text = head + _MARK.sub(put, rest)


def _raised(number: int) -> str:
    return str(number).translate(RAISED)


def _mostly_capitals(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) > 0.7 * len(letters)


def _next_number(places: Sequence[_Place]) -> int | None:
    """The next Arabic label; ``None`` when a chapter begins before it."""
    for place in places:
        if not place.begins:
            continue
        chapter = _ROMAN.match(place.text)
        if chapter and _mostly_capitals(chapter.group("rest")):
            return None
        if match := _ARABIC.match(place.text):
            return int(match.group("number"))
    return None


def _settle_letters(places: Sequence[_Place]) -> None:
    """Letters of lists counted through; the style (")" or ".") keeps two lists apart."""
    last: dict[str, str] = {}
    for index, place in enumerate(places):
        if not place.begins:
            continue
        match = _LETTER.match(place.text)
        if match is None or (match.group("end") == "." and match.group("letter").isupper()):
            if _ARABIC.match(place.text) or _ROMAN.match(place.text):
                last.clear()
            continue
        style = match.group("end").strip()
        read = match.group("letter")
        if style == "." and read.isdigit():
            last.clear()
            continue
        letter = _letter(read, last.get(style), _next_letter(places, index, style))
        if letter is None:
            continue
        last[style] = letter
        if letter != read:
            place.text = f"{match.group('open')}{letter}{style} {place.text[match.end() :]}"


def _letter(read: str, before: str | None, after: str | None) -> str | None:
    """The letter a label must be; as it was read when its neighbours do not tell."""
    expected = _following(before) if before else None
    if expected == read:
        return read
    if expected and read != before and after == _following(expected):
        return expected  # whatever it was read as: one label stands between "b)" and "d)"
    if expected and read in _READ_AS.get(expected, ""):
        # "n)" after "l)" may be printed so where a label was left out; "đ)" after "c)" never is
        left_out = read in _ALPHABET and _following(expected) == read and expected != "d"
        if not left_out:
            return expected
    if before is None and read in _READ_AS["a"] and after in ("b", "6", "B"):
        return "a"
    return read if read in _ALPHABET else None


def _following(letter: str) -> str | None:
    at = _ALPHABET.find(letter)
    return _ALPHABET[at + 1] if 0 <= at < len(_ALPHABET) - 1 else None


def _next_letter(places: Sequence[_Place], index: int, style: str) -> str | None:
    for place in places[index + 1 : index + 1 + _AHEAD]:
        if not place.begins:
            continue
        match = _LETTER.match(place.text)
        if match and match.group("end").strip() == style:
            return match.group("letter")
        if _ARABIC.match(place.text) or _ROMAN.match(place.text):
            return None
    return None
