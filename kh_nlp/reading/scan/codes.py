"""Codes of documents and fixed words, set right where they can be printed in one way only.

Codes are judged by their own form: "76NQ-CP" lacks its stroke. Whatever could be printed so stays
as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from kh_nlp.reading.scan.phrases import settle_phrases

_CODE = re.compile(
    r"(?<![\w/])(\d{1,5})(NQ|QĐ|NĐ|KH|CT|TT|TTr|TTLT|BC|HD|CV|KL|TB|QC|CTr|CĐ)(?=-[A-ZĐ])"
)
# the engine reads one Đ twice
_DOUBLED = re.compile(r"(?<=/)([QN])ĐĐ(?=-)|(?<=[-/])()ĐĐ(?=U(?!\w))")
_TWO_STOPS = re.compile(r"(?<=\w),\.(?=\s)")
_OF_THE_PREMIER = re.compile(r"(?<=-)TT[qs9øØ](?![\wÀ-ỹ])")
_REPORTED = re.compile(r"\(b\s?(?:/\s?[€©¢eoc]?|[íìiïÍ1lI]\s?[c€©¢])\)")
_FORMULAS = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA", "VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc", "ĐẢNG CỘNG SẢN VIỆT NAM", "ỦY BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN",
    "TM. ỦY BAN NHÂN DÂN", "TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH",
    "TL. CHỦ TỊCH", "TUQ. CHỦ TỊCH", "GIÁM ĐỐC", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "CHÁNH VĂN PHÒNG",
    "PHÓ CHÁNH VĂN PHÒNG", "BÍ THƯ", "PHÓ BÍ THƯ", "HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG", "TRƯỞNG PHÒNG",
    "PHÓ TRƯỞNG PHÒNG", "TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "BỘ TRƯỞNG", "KT. BỘ TRƯỞNG", "THỨ TRƯỞNG",
    "TM. BAN THƯỜNG TRỰC", "TM. BAN THƯỜNG VỤ", "KẾ HOẠCH", "QUYẾT ĐỊNH", "QUYẾT ĐỊNH:",
    "NGHỊ QUYẾT", "PHỤ LỤC", "Nơi nhận:",
)  # fmt: skip
_BLANK_DATE = re.compile(
    r"(?<=ngày|háng) [—_|] (?=tháng|năm)"
)  # a speck where nothing is filled in
# Sở or Bộ Thông tin và Truyền thông, the T's of which run together; no other code is like it
_TELECOM = re.compile(r"(?<=-)(?P<body>[SB])[TIL1l]{4}(?!\w)")
_LONE_QUOTE = re.compile(r"(?<!\S)['‘`](?=[^\W\d_])")
# names of the Central Highlands ("Ia Grai"): "la" stands before a capital in "đô la Mỹ" only
_IA = re.compile(r"(?<!\w)(?<![Đđ]ô[ \n])la(?=[ \n][A-ZĐ][a-zà-ỹ])")
_ASSEMBLY = re.compile(r"(?<=QH)[Il|](?=\d(?!\d))")
# no syllable begins with LH: the T of a title, whose left arm was lost
_ARM = re.compile(r"(?<![\w/-])[L1I](?=H[^\W\d_]{1,4}(?![\w/-]))")
# no letter of Vietnamese: an N whose edge was read as a tilde, at times beside the N itself
_SPANISH = re.compile(r"NÑ|ÑN|Ñ|nñ|ñn|ñ")
# there is no quarter 11: strokes of a Roman numeral
_QUARTER = re.compile(r"(?<=[Qq]uý )(?=[I1l|]{2})(?=[I1l|]*[1l|])[I1l|]{2,3}(?!\w)")
_SPECK_AFTER = re.compile(r"(?<=[A-Z])[.,'_]$")
_STROKE = re.compile(r"/?⁄/?")
_ETH = re.compile(r"Ð")


def settle_cell(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines of a table cell as they can only be printed; names and quotes run over lines."""
    if not lines:
        return ()
    text = "\n".join(settle_codes(line) for line in lines)
    return tuple(_quotes(_IA.sub("Ia", text)).split("\n"))


def settle_codes(text: str) -> str:
    """Document codes and marks of the genre as they can only be printed."""
    text = _STROKE.sub("/", _ETH.sub("Đ", text))
    text = _ASSEMBLY.sub("1", _IA.sub("Ia", text))
    text = _TELECOM.sub(r"\g<body>TTTT", _ARM.sub(_with_arm, text))
    if "’" not in text and text.count("'") < 2:
        text = _LONE_QUOTE.sub("", text)
    text = _quotes(_QUARTER.sub(_quarter, _SPANISH.sub(_plain_n, text)))
    text = _CODE.sub(r"\1/\2", text)
    text = _OF_THE_PREMIER.sub("TTg", text)
    text = settle_phrases(_REPORTED.sub("(b/c)", text))
    text = _DOUBLED.sub(r"\1Đ", _TWO_STOPS.sub("", text))
    return _formula(_BLANK_DATE.sub(" ", text))


def _with_arm(match: re.Match[str]) -> str:
    rest = re.split(r"[\W_]", match.string[match.end() :], maxsplit=1)[0]
    vowel = _bare(rest[1:2]) in tuple("AEIOUY")
    return "T" if vowel and rest.isupper() else match.group()


def _plain_n(match: re.Match[str]) -> str:
    return "N" if match.group()[0] in "NÑ" else "n"


def _quarter(match: re.Match[str]) -> str:
    return "I" * len(match.group())


def _quotes(text: str) -> str:
    """The closing quote like the opening one, where there is one of each."""
    if text.count('"') == 1 and text.count("”") == 1 and "“" not in text:
        return text.replace("”", '"') if text.index('"') < text.index("”") else text
    return text


def _formula(text: str) -> str:
    """A line that is a formula of heads and signatures but for its accents, with these."""
    if len(text) > 40:
        return text
    bare = _bare(text)
    known = _BARE_FORMULAS.get(bare) or _BARE_FORMULAS.get(_SPECK_AFTER.sub("", bare))
    if known is None and text.isupper() and len(bare) > 6:  # one letter read for another
        close = [form for form in _BARE_FORMULAS if _one_apart(form, bare)]
        known = _BARE_FORMULAS[close[0]] if len(close) == 1 else None
    return text if not known or text in known else known[0]


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter is changed, added or left out."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


def _bare(text: str) -> str:
    """Letters without accents and blanks; capitals stay, so that "Kế hoạch" is no title line."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("Đ", "D").replace("đ", "d").replace(" ", "")


_BARE_FORMULAS: dict[str, list[str]] = {}
for _text in _FORMULAS:
    _BARE_FORMULAS.setdefault(_bare(_text), []).append(_text)
