"""Document numbers in running text: ``76/NQ-CP``, ``57-NQ/TW``, ``62/2020/QH14``, ``TCVN 5574``.

One pass of one expression that is anchored on a number finds candidates; each is then judged by
its parts against the codes of the grammar. A candidate that the grammar does not know counts only
with a word before it that announces a number, which is what keeps dates, telephone numbers,
fractions, budget codes and form codes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from kh_nlp.citations.grammar import HOMOGLYPHS, Grammar, align, grammar

Style = Literal["state", "party", "assembly", "letter", "standard"]

_UPPER = "A-ZĐÐƯƠÂÊÔĂ" + "".join(HOMOGLYPHS)
_LATIN = str.maketrans({**HOMOGLYPHS, "–": "-", "Ð": "Đ"})
_SEGMENT = rf"[{_UPPER}][\w&]*"
# Nothing stands before the first digit, so that the engine can skip from digit to digit; what may
# not come before it is checked afterwards.
CANDIDATE = re.compile(
    rf"""
    (?P<n>[0-9](?:[0-9]{{1,5}}\.\s?[0-9]{{1,2}}(?=\s?/\s?20\d\d\s?/)   # 66.4/2025/NQ-CP
              | [0-9]{{0,5}}[A-Z]?))                               # 522B/NQ-UBTVQH13
    (?:
      \s{{0,2}}[-–]\s{{0,2}}(?P<ptype>[{_UPPER}][A-Za-zĐđi]{{1,3}})\s?[/-]\s?(?P<porgan>{_SEGMENT})
      (?P<pdepartment>(?:-[{_UPPER}]{{2,12}}(?!\w)){{0,2}})          # 304-KH/TĐTN-PT
    |
      (?:\s{{0,2}}/\s{{0,2}}|-(?=(?:19|20)\d\d/))
      (?:(?P<year>(?:19|20)\d\d)(?:\s{{0,2}}/\s{{0,2}}|-(?=N[ĐDQ]-|QĐ-|TT-)))?
      (?P<symbol>{_SEGMENT}(?:\s?[-–./]\s{{0,2}}(?:{_SEGMENT}|\d\w*))*)
    )
    """,
    re.VERBOSE,
)
STANDARD = re.compile(
    rf"\b(?P<standard>[TQ]CVN)\s+"
    rf"(?P<rest>(?:[A-Z]{{2,4}}\s+)?\d[\d.]*(?:-\d+)?(?::\d{{4}})?(?:/[{_UPPER}]{{2,8}})?)"
)
_PIECE = re.compile(r"(?P<gap>\s?[-–./]\s*)?(?P<seg>[^\s\-–./]+)")
_DIVISION = re.compile(r"[IVX]{1,4}")
# The year after the code ("1025/PLYK/2025").
_YEAR_LAST = re.compile(r"/((?:19|20)\d\d)(?![\d/])")
_TAIL = re.compile(r"(?:ngay|cua|ve|nam)$")
# A number that names a form or a table ("Mẫu số 01/HNMT", "Biểu 02/BC-...") is no document.
_FORM = re.compile(
    # "s ố": a syllable that a converter took apart
    r"\b(?:mau(?:\s+s\s?o)?|bieu(?:\s+mau)?(?:\s+s\s?o)?|phu\s+luc(?:\s+s\s?o)?"
    r"|phieu\s+so|ma\s+so|ma)\W*$"
)
_ASSEMBLY = re.compile(r"(?:[qo]h(?=[il\d])|qh|(?:(?:pl|nq|l)-?)?ubtvqh)(?:\d{0,2}|[il]1?\d)$")


@dataclass(frozen=True, slots=True)
class Number:
    """One document number at ``start``..``end``.

    ``printed`` has no white space; ``type_code`` and ``organs`` are as in the data files (so QD is
    QĐ and TTG is TTg); ``year`` is the one inside the number. ``announced`` is needed where the
    grammar does not know the parts: such a number counts only after "số" or a kind of document.
    """

    start: int
    end: int
    printed: str
    symbol: str
    serial: str
    year: int | None
    type_code: str | None
    organs: tuple[str, ...]
    style: Style
    announced: bool


@cache
def _fused() -> re.Pattern[str]:
    """``NĐCP``, ``TTBTC``: a known type and a known organ written as one."""
    g = grammar()
    types = "|".join(sorted(map(align, g.state_kinds), key=len, reverse=True))
    organs = "|".join(sorted(map(re.escape, g.organs), key=len, reverse=True))
    return re.compile(rf"({types})({organs})$")


def find_numbers(text: str, aligned: str) -> Iterator[Number]:
    """Numbers of documents in ``text``, from left to right; ``aligned`` is ``align(text)``."""
    numbers = _coded(text, aligned)
    if "CVN" not in text:
        return numbers
    standards = [_standard(match) for match in STANDARD.finditer(text)]
    inside = {place for number in standards for place in range(number.start, number.end)}
    coded = [number for number in numbers if number.start not in inside]
    return iter(sorted([*coded, *standards], key=lambda number: number.start))


def _coded(text: str, aligned: str) -> Iterator[Number]:
    g = grammar()
    for match in CANDIDATE.finditer(text):
        start = match.start()
        before = text[start - 1] if start else " "
        if (before.isalnum() or before in "/_") and before not in "ốỐ":
            continue
        if start > 1 and before in ".," and text[start - 2].isdigit():
            continue
        number = _party(match, g) if match["ptype"] else _state(match, aligned, g)
        if number is not None and start > 1 and before in "-–" and text[start - 2].isdigit():
            number = _with_first_half(number, text)
        if number is None or _FORM.search(aligned, max(0, start - 16), start):
            continue
        yield number


_FIRST_HALF = re.compile(r"(?<![\w/.,\-–])(?:\d{1,4})[-–]$")


def _with_first_half(number: Number, text: str) -> Number | None:
    """A letter of a company that counts in two halves ("công văn số 25-2303/PBHC-KD")."""
    half = _FIRST_HALF.search(text, max(0, number.start - 6), number.start)
    if half is None or number.style != "letter" or len(number.organs) < 2:
        return None
    printed = half.group().replace("–", "-") + number.printed
    return replace(number, start=half.start(), printed=printed, announced=True)


def _standard(match: re.Match[str]) -> Number:
    name, rest = match["standard"], match["rest"].rstrip(".")
    end = match.end() - (len(match["rest"]) - len(rest))
    year = re.search(r":(\d{4})", rest)
    return Number(
        start=match.start(),
        end=end,
        printed=" ".join(f"{name} {rest}".split()),
        symbol=name,
        serial=rest,
        year=int(year[1]) if year else None,
        type_code=name,
        organs=(),
        style="standard",
        announced=False,
    )


def _party(match: re.Match[str], g: Grammar) -> Number | None:
    code, organ = match["ptype"], match["porgan"]
    known = g.type_code(code)
    if known not in g.party_kinds or len(organ) < 2:
        return None
    organ, cut = _trimmed(organ, g)
    department = match["pdepartment"]
    if cut:
        cut += len(department)
    if not organ[1:2].isalpha() or not any(c.isupper() for c in organ[1:]):
        return None
    end = match.end() - cut
    printed = "".join(match.string[match.start() : end].split()).translate(_LATIN)
    return Number(
        start=match.start(),
        end=end,
        printed=printed,
        symbol=printed.split("-", 1)[1],
        serial=match["n"],
        year=None,
        type_code=known,
        organs=(g.organ_codes.get(align(organ), organ),),
        style="party",
        announced=False,
    )


def _trimmed(segment: str, g: Grammar) -> tuple[str, int]:
    """A segment without a word that was fused to it ("CPngày"), and how much was cut."""
    key = align(segment)
    if key not in g.organs:
        tail = _TAIL.search(key)
        if tail and tail.start() > 1:
            return segment[: tail.start()], len(segment) - tail.start()
    return segment, 0


def _segments(symbol: str, g: Grammar) -> tuple[list[str], int]:
    """The segments that belong to the symbol and where in ``symbol`` the last of them ends.

    "76/NQ -CP" and "02/QĐ - UBND" go on over a space only when a known organ follows; otherwise
    the hyphen is a dash of the sentence.
    """
    parts: list[str] = []
    end = 0
    for piece in _PIECE.finditer(symbol):
        gap, segment = piece["gap"] or "", piece["seg"]
        segment, cut = _trimmed(segment, g)
        if parts:
            loose = gap.strip(" \n\t") not in ("-", "–") or gap != gap.strip()
            known = align(segment) in g.organs or bool(_ASSEMBLY.match(align(segment)))
            typed = g.type_code(parts[0]) is not None
            if gap == "." and _DIVISION.fullmatch(segment):  # 11554/VPCP-V.I
                loose = False
            # "3380/QĐ- TTPVHCC": nothing but an organ can follow a kind and its hyphen.
            if gap[:1] in "-–" and gap.strip() and len(parts) == 1 and _is_code(segment):
                known = True
            # "27/QĐ-UBND - UBND tỉnh …": a number that has its organ ends before a dash.
            if len(parts) > 1 and gap[:1].isspace() and not align(parts[0]).endswith("lt"):
                known = False
            if loose and not (known and typed and segment[0].isupper()):
                break
            if segment[0].isdigit() and not parts[-1].isalpha():
                break
        parts.append(segment)
        end = piece.end() - cut
        if cut:
            break
    return parts, end


def _state(match: re.Match[str], aligned: str, g: Grammar) -> Number | None:
    symbol = match["symbol"]
    parts, length = _segments(symbol, g)
    if not parts:
        return None
    year = int(match["year"]) if match["year"] else None
    if year is None and (dashed := re.match(r"\d+-(\d{4})/", match.group())):
        year = int(dashed[1])
    key = align(parts[0])
    code: str | None = None
    organs = parts[1:]
    style: Style = "state"
    announced = False
    if _ASSEMBLY.match(key):
        style, organs = "assembly", parts
        announced = year is None
    elif len(parts) > 1 and g.type_code(parts[0]):
        code = g.type_code(parts[0])
        if _ASSEMBLY.match(align(parts[1])):
            style = "assembly"
    elif year and key in ("nqlt", "ttlt"):
        code = g.codes[key]
    elif len(parts) == 1 and (fused := _fused().match(key)):
        code, organs = g.codes[fused[1]], [parts[0][len(fused[1]) :]]
        announced = year is None
    elif _is_code(parts[0]):
        # A kind alone ("53/SL") is judged by the printed kind, see mentions._is_announced.
        code = g.type_code(parts[0]) if len(parts) == 1 else None
        style, organs, announced = "letter", [] if code else parts, True
    else:
        return None
    if len(parts) > 1 and not any(c.isupper() for c in parts[1]):
        return None
    end = match.start("symbol") + length
    if style == "letter" and year is None and (last := _YEAR_LAST.match(match.string, end)):
        year, end = int(last[1]), last.end()
    printed = "".join(match.string[match.start() : end].split()).translate(_LATIN)
    return Number(
        start=match.start(),
        end=end,
        printed=printed,
        symbol="-".join(parts) if style == "letter" else printed.rsplit("/", 1)[1],
        serial=match["n"],
        year=year,
        type_code=code,
        organs=tuple(g.organ_codes.get(align(o), o) for o in organs),
        style=style,
        announced=announced,
    )


def _is_code(segment: str) -> bool:
    """Looks like an abbreviation: two letters at least and mostly capitals ("SNgV", "BĐG")."""
    letters = [c for c in segment if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) * 2 > len(letters)
