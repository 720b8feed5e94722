"""The closing of a plan: recipients (*nơi nhận*), the signer's name and office."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kh_nlp.language import letters

_OFFICE = re.compile(
    r"(?:PHÓ\s+|QUYỀN\s+|Q\.\s*)?(?:TỔNG GIÁM ĐỐC|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|CHỦ TỊCH|CHỦ NHIỆM"
    r"|BỘ TRƯỞNG|THỨ TRƯỞNG"
    r"|CHỈ HUY TRƯỞNG|HẠT TRƯỞNG|TRẠM TRƯỞNG|ĐỘI TRƯỞNG|TỔ TRƯỞNG|CHÍNH ỦY|CHÍNH UỶ|TỔNG THƯ KÝ"
    r"|THỦ TƯỚNG|BÍ THƯ|HIỆU TRƯỞNG|VIỆN TRƯỞNG|CỤC TRƯỞNG|VỤ TRƯỞNG|CHI CỤC TRƯỞNG"
    r"|TRƯỞNG TIỂU BAN|TRƯỞNG BAN"
    r"|TRƯỞNG PHÒNG|CHÁNH THANH TRA|TƯ LỆNH|TỔNG THANH TRA|THỐNG ĐỐC|HIỆU PHÓ"
    r"|TRƯỞNG)(?:\s+(?:THƯỜNG TRỰC|BAN|TIỂU BAN|PHÒNG))?"
)
_NAME_PART = r"(?:[\p{Lu}]['’])?[\p{Lu}][\p{Ll}]+"  # "H'Nhur": names of the Central Highlands
_NAME = letters(
    rf"((?:(?<![^\s])[AYK]\s+)?{_NAME_PART}(?:\s+(?:{_NAME_PART}|[\p{{Lu}}](?=\s|$))){{1,5}})\s*\.?(?=$|\s+[\p{{Lu}}]{{3}})"
)
PERSON_TITLES = (  # degrees, honours and ranks printed before the name of a signer
    r"(?:(?:TS|Th\.?[Ss]|PGS|GS|BSCK(?:I{1,2}|[12])|B[Ss]|CK(?:I{1,2}|[12])|KS|CN|LS|DS"
    r"|NGƯT|NGND|TTƯT|TTND|Thạc sĩ|Tiến sĩ|Bác sĩ|Kỹ sư|Luật sư|Nhà giáo"
    r"|(?:Đại|Thượng|Trung|Thiếu) (?:tá|tướng|úy))(?:\.\s*|\s+))*"
)
_TITLES = re.compile(f"^{PERSON_TITLES}")
_MARKER = re.compile(r"n[oơ]i\s+nh[aậ]?n\s*:?", re.IGNORECASE)
_BETWEEN = letters(r";\s*[-–]?\s*|(?:^|\s)[-–+]\s+(?=[\p{Lu}])")
_SIGN_START = letters(r"\b(?:TM|KT|TL|TUQ|T/M)\s?\.?\s+[\p{Lu}]{2}")


_IN_LIST = re.compile(r"^(?:[-–+•*]|n[oơ]i\s+nh[aậ]?n)", re.IGNORECASE)
_BESIDE = letters(  # "Phó CHỦ TỊCH": small letters that an OCR engine made of capitals
    r"^(?P<left>(?:[-–+•*]|[Nn][oơ]i\s+nh[aậ]?n).*?[;:.,)]?)\s*(?<=[\s;:.,)])"
    r"(?P<right>(?:T/?M|KT|TL|TUQ|Q)\s?\.\s*[\p{Lu}][^;:]{2,60}"
    rf"|(?:Phó\s+)?(?=[\p{{Lu}}\s.]+$){_OFFICE.pattern}[\p{{Lu}}\s,-]*)$"
)
_NAME_BESIDE = letters(
    rf"^(?P<left>[-–+•*]?\s*Lưu\b.*[\p{{Lu}}\d)][.;,]?)\s+"
    rf"(?P<right>{_NAME_PART}(?:\s+{_NAME_PART}){{1,4}})$"
)


def _one_column(lines: Sequence[str]) -> list[str]:
    """Lines of recipients without the words of the signature that stood beside them in print.

    "- Như Điều 3; KT. CHỦ TỊCH", "- Lưu: VT, NC. Hoàng Nam": read line by line over both columns,
    as OCR engines do. The words of the signature follow the recipients.
    """
    left: list[str] = []
    right: list[str] = []
    for line in lines:
        beside = _BESIDE.match(line) or _NAME_BESIDE.match(line)
        if beside:
            left.append(beside["left"].rstrip())
            right.append(re.sub(r"^Phó(?=\s+[A-ZĐ])", "PHÓ", beside["right"].strip()))
        elif right and not _IN_LIST.match(line):
            right.append(line)
        else:
            left.append(line)
    return [*left, *right]


def recipients(lines: Sequence[str]) -> tuple[str, ...]:
    """Recipients of the closing lines, without dashes and final marks."""
    found: list[str] = []
    open_list = False
    for line in _one_column(lines):
        if match := _MARKER.search(line):
            open_list = True
            rest = line[match.end() :]
            if stop := _SIGN_START.search(rest):
                rest = rest[: stop.start()]
            found += _BETWEEN.split(rest)
        elif open_list:
            if re.match(r"^[-–+•*]", line):
                found.append(line[1:])
            elif (
                found and not _SIGN_START.match(line) and not line.isupper() and line[:1].islower()
            ):
                found[-1] = f"{found[-1]} {line}"
            elif line.endswith(";"):
                found.append(line)
            else:
                open_list = False
    cleaned = (re.sub(r"^[-–+•*\s]+|[\s;.,]+$", "", item) for item in found)
    return tuple(item for item in cleaned if item)


def signer(lines: Sequence[str]) -> tuple[str | None, str | None]:
    """Name and office of the signer: the first name after an office, else the last name."""
    lines = _one_column(lines)
    offices: list[str] = []
    for index, line in enumerate(lines):
        text = _TITLES.sub("", line.strip())
        found = [match.group() for match in _OFFICE.finditer(line)]
        upper = [w for w in found if w.isupper()]
        offices += upper
        if line[:1] in "-–+•*" or (_MARKER.search(line) and not offices):
            continue
        match = _NAME.search(text)
        if match and (offices or index == len(lines) - 1):
            before = text[: match.start()].strip()
            if before and not (before.isupper() or before.endswith((")", "."))):
                continue
            name = match.group(1)
            return name, (re.sub(r"\s+", " ", offices[-1]) if offices else None)
    return None, (re.sub(r"\s+", " ", offices[-1]) if offices else None)
