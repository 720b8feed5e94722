"""The head and the signature of a plan, whose columns a text file has run together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kh_nlp.language import letters

from .layout import Block, Head, Paragraph, Piece, Signing

FORMULA = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

_RIGHT = re.compile(
    r"^(?:CỘNG H(?:ÒA|OÀ) XÃ HỘI|Độc lập\s*[-–]|ĐẢNG CỘNG SẢN VIỆT NAM)|,\s*ngày\b", re.IGNORECASE
)
_DATE = re.compile(r",\s*ngày\b", re.IGNORECASE)
_CUT = re.compile(
    r"\s+(?=CỘNG H(?:ÒA|OÀ) XÃ HỘI|Độc lập\s*[-–]|ĐẢNG CỘNG SẢN VIỆT NAM|Số\s*:)"
    r"|(?<=ạnh phúc)\s+|(?<=CHỦ NGHĨA VIỆT NAM)\s+|(?<=CỘNG SẢN VIỆT NAM)\s+"
)
_NUMBER = re.compile(r"^((?:Số|SỐ)\s*:?\s*[\d\s.…_]*[/-]\s?\S+)(?:\s+(.*))?$")
_PLACE = r"(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|XÃ|PHƯỜNG|ĐẶC KHU)\s(?!ỦY|UỶ)"
_AREA = re.compile(rf"^{_PLACE}")
_ORGAN = (
    r"(?:ỦY BAN|UỶ BAN|UBND|SỞ|BỘ|(?<!VĂN )PHÒNG|BAN THƯỜNG TRỰC|BAN CHỈ ĐẠO|BAN QUẢN LÝ|VĂN PHÒNG"
    r"|CHI CỤC|CỤC|TRUNG TÂM|HỘI|CÔNG AN|TRƯỜNG|BẢO HIỂM|ĐẢNG ỦY|ĐẢNG BỘ|TỈNH ỦY|HUYỆN ỦY)\b"
)
_BODY_START = re.compile(rf"^(?:{_ORGAN}|{_PLACE})")
_BETWEEN_BODIES = re.compile(rf"\s+(?={_ORGAN})|(?<=NHÂN DÂN)\s+(?={_PLACE})")
_STATE = re.compile(r"(?:ỦY|UỶ) BAN NHÂN DÂN|\bUBND\b|^SỞ |^BỘ |HỘI ĐỒNG NHÂN DÂN", re.MULTILINE)

_RECIPIENTS = re.compile(r"^n[oơ]i\s+nh[aậ]?n", re.IGNORECASE)
_ITEM = re.compile(r"(?<=[;:.])\s+(?=[-–+]\s)")
_OFFICE = (
    r"(?:KT\.|TL\.|TUQ\.|PHÓ\s|(?<!PHÓ )(?<![A-Z]\. )(?:CHỦ TỊCH|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|BÍ THƯ"
    r"|HIỆU TRƯỞNG|TRƯỞNG (?:BAN|PHÒNG|CÔNG AN)))"
)
_BETWEEN_OFFICES = re.compile(rf"\s+(?={_OFFICE})")
_NAME = letters(r"(?:^|\s)([\p{Lu}][\p{Ll}]*(?:\s+[\p{Lu}][\p{Ll}]*){1,4})$")


def is_recipients(line: str) -> bool:
    """Whether a line begins the list of recipients."""
    return bool(_RECIPIENTS.match(line))


def compose_head(paragraphs: Sequence[Sequence[str]]) -> list[Block]:
    """The head from its paragraphs, each as its printed lines; what is no head stays below it."""
    left: list[str] = []
    right: list[str] = []
    number: list[str] = []
    date: list[str] = []
    rest: list[str] = []
    for text in _pieces_of(paragraphs):
        if _DATE.search(text):
            date.append(text)
        elif _RIGHT.match(text):
            right.append(text)
        elif text.startswith(("Số", "SỐ")):
            number.append(text)
        elif text.isupper() and not date:
            left.append(text)
        elif number or date:
            rest.append(text)
        else:
            left.append(text)
    if not right and _STATE.search("\n".join(left)):
        right = list(FORMULA)
    if not (left or right or number or date):
        return []
    own = len(left) - 1
    while own > 0 and _AREA.match(left[own]):
        own -= 1
    own = max(own, 0)
    head = Head(tuple(left[:own]), tuple(left[own:]), tuple(right), tuple(number), tuple(date))
    return [head, *(Paragraph((Piece(text),)) for text in rest)]


def _pieces_of(paragraphs: Sequence[Sequence[str]]) -> list[str]:
    """Paragraphs cut where one column ends and the other begins."""
    out: list[str] = []
    for lines in paragraphs:
        whole = " ".join(lines)
        for text in _CUT.split(whole):
            match = _NUMBER.match(text)
            if match and match.group(2):
                out += [match.group(1), match.group(2)]
            elif match or _RIGHT.search(text) or not text.isupper():
                out.append(text)
            elif len(lines) > 1 and text == whole:
                out += _bodies(lines)
            else:
                out.append(text)
    return [text for text in out if text.strip(" -_*")]


def _bodies(lines: Sequence[str]) -> list[str]:
    """Names of bodies one a line; lines that a web page broke anywhere are put together first."""
    if all(_BODY_START.match(line) for line in lines):
        return list(lines)
    return _BETWEEN_BODIES.split(" ".join(lines))


def compose_signing(paragraphs: Sequence[Sequence[str]]) -> Signing:
    """Recipients and signature from the paragraphs of a closing, each as its printed lines."""
    recipients: list[str] = []
    offices: list[str] = []
    name: str | None = None
    for lines in paragraphs:
        text = " ".join(lines)
        listed = bool(recipients) and not offices
        if is_recipients(text) or text[:1] in "-–+•" or (listed and text.endswith((";", ","))):
            recipients += _ITEM.split(text)
        elif listed and text[:1].islower():
            recipients[-1] = f"{recipients[-1]} {text}"
        else:
            match = _NAME.search(text)
            if match and name is None and not text.isupper():
                name = match.group(1).strip()
                text = text[: match.start()].strip()
            elif offices and name is None and not text.isupper() and len(text.split()) < 7:
                name, text = text, ""  # "Rơ Châm H'Duen", "TS. Lê Văn Ba (đã ký)"
            # Offices that the file has on one line stay so: "QUYỀN CHỦ TỊCH" is one.
            parts = _BETWEEN_OFFICES.split(text) if len(lines) > 1 else [text]
            offices += [office for office in parts if office]
    return Signing(tuple(recipients), tuple(offices), name)
