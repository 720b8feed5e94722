"""The parts of a document: a decision that issues the plan, the plan, its annexes.

Each part has a head (title), a body with sections, and perhaps a closing (*nơi nhận*, signature).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kh_nlp.language import fold, letters
from kh_nlp.parsing.closing import PERSON_TITLES
from kh_nlp.parsing.labels import read_labels
from kh_nlp.reading import TextLine

PartKind = Literal["decision", "plan", "annex"]

KIND_LINE = letters(
    r"^(KẾ HOẠCH (?:LIÊN TỊCH|LIÊN NGÀNH|PHỐI HỢP|HÀNH ĐỘNG)|KẾ HOẠCH|CHƯƠNG TRÌNH HÀNH ĐỘNG"
    r"|QUYẾT ĐỊNH|NGHỊ QUYẾT|CHƯƠNG TRÌNH"
    r"|PHƯƠNG ÁN|ĐỀ ÁN)(?=$|\s*:?$|\s+[^\p{Ll}\d])|^(KẾ HOẠCH)\s+(?=\S)"
)
_ISSUING = ("QUYẾT ĐỊNH", "NGHỊ QUYẾT")
_OPENING = re.compile(
    r"^(?:căn cứ|thực hiện|triển khai|xét|theo|trên cơ sở|thi hành|để|nhằm|tiếp tục|chiếu|được sự"
    r"|hưởng ứng|ngày \d|năm \d{4}|phát huy|kính gửi|xuất phát|với mục|qua )\b",
    re.IGNORECASE,
)
_ISSUED_WITH = re.compile(
    r"^[(\[]?\s*(?:đính\s+)?(?:ban hành\s+)?k[eè]m\s+theo|^[(\[]?\s*ban hành tại", re.IGNORECASE
)
_RECIPIENTS = re.compile(r"^n[oơ]i\s+nh[aậ]?n", re.IGNORECASE)
_RECIPIENTS_INSIDE = re.compile(r"nơi\s+nhận\s*:?\s*[-–+]", re.IGNORECASE)
_SIGNATURE = letters(
    r"^(?:T\s?/?M\s?\.?|KT\s?\.|K/T|TL\s?\.|TUQ\s?\.|Q\s?\.|T/L)\s*[\p{Lu}]"
    r"|^(?:PHÓ\s+)?(?:CHỦ TỊCH|GIÁM ĐỐC|CHÁNH"
    r"|BÍ THƯ|TRƯỞNG|HIỆU TRƯỞNG|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG|TỔNG GIÁM ĐỐC|VIỆN TRƯỞNG"
    r"|(?:TỔNG |CHI )?CỤC TRƯỞNG|VỤ TRƯỞNG|CHỦ NHIỆM|HẠT TRƯỞNG|TRẠM TRƯỞNG|ĐỘI TRƯỞNG|TỔ TRƯỞNG"
    r"|CHỈ HUY TRƯỞNG|CHÍNH (?:ỦY|UỶ)|TƯ LỆNH|TỔNG THƯ KÝ)[\p{Lu} ,]*"
)
_ANNEX = re.compile(
    r"^(?:\d+\.\s+)?(?:PHỤ LỤC|Phụ lục|PHỤ BIỂU|BIỂU SỐ|Biểu số|BIỂU MẪU|Mẫu số"
    r"|MẪU SỐ)\b(?!\s+(?:kèm|này|của|ban))"
)
_THANKS = re.compile(r"^(?:trên đây là|tr[eê]n d[aâ]y l?[aà1]?)\b", re.IGNORECASE)
_NAME = letters(
    rf"^{PERSON_TITLES}"
    r"[\p{Lu}][\p{Ll}]*(?:\s+(?:[\p{Lu}]['’])?[\p{Lu}][\p{Ll}]*\.?){1,5}$"
)
_SIGNED = re.compile(
    r"^[(\[]?(?:đã ký|đã kí|ký tên|ký, đóng dấu|daky)|^[(\[](?:ký|kí|chữ ký)\b[^()]{0,50}[)\]]$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Part:
    """Line indexes of a part: head ``start:body``, body ``body:closing``, closing to ``end``."""

    kind: PartKind
    start: int
    body: int
    closing: int
    end: int


def is_recipients(line: str) -> bool:
    """Whether a line begins the list of recipients (also read by an English OCR engine)."""
    return bool(_RECIPIENTS.match(line) or _RECIPIENTS_INSIDE.search(line[:200]))


def is_signature(line: str) -> bool:
    """Whether a line holds the office of a signer: "TM. …", "KT. …", "PHÓ CHỦ TỊCH"."""
    return bool(_SIGNATURE.match(line)) and len(line) < 160


def find_parts(text: str, lines: Sequence[TextLine]) -> list[Part]:
    """Parts in printed order; together they hold every line."""
    words = [text[line.start : line.end] for line in lines]
    parts: list[Part] = []
    start, kind = 0, _first_kind(words)
    while start < len(lines) or not parts:
        body = _body_start(words, lines, start, kind)
        closing, end = _closing(words, lines, body, kind)
        parts.append(Part(kind, start, body, min(closing, end), end))
        start = end
        if start < len(lines):
            kind = "plan" if kind == "decision" and _issues_plan(words, start) else "annex"
            if all(part.kind == "decision" for part in parts) and kind == "annex":
                kind = "plan" if _has_outline(words, start) else "annex"
    return parts


def _first_kind(words: list[str]) -> PartKind:
    for line in words[:40]:
        if match := KIND_LINE.match(line):
            return "decision" if match.group(1) in _ISSUING else "plan"
        if _OPENING.match(line) and not line.lower().startswith("kính gửi"):
            break
    return "plan"


def _issues_plan(words: list[str], start: int) -> bool:
    return any(KIND_LINE.match(line) for line in words[start : start + 6])


def _has_outline(words: list[str], start: int) -> bool:
    return any(read_labels(line) for line in words[start : start + 12])


def _body_start(words: list[str], lines: Sequence[TextLine], start: int, kind: PartKind) -> int:
    """First line after the title: an opening formula, a label, a sentence, a table row."""
    named = next(
        (i for i in range(start, min(len(words), start + 40)) if KIND_LINE.match(words[i])), None
    )
    at = named + 1 if kind != "annex" and named is not None else start
    while at < len(words):
        line = words[at]
        if lines[at].kind != "text":
            return at
        if not _title_like(line, at == start, kind, named is not None and at == named + 1):
            return at
        at += 1
    return at


def _title_like(line: str, first: bool, kind: PartKind, after_kind: bool) -> bool:
    if _ISSUED_WITH.match(line) or (first and _ANNEX.match(line)) or KIND_LINE.match(line):
        return True
    labels = read_labels(line)
    if labels and not (first and kind == "annex"):
        return False
    if line.isupper():
        return True
    if line.startswith("Căn cứ "):
        return False  # no title begins so, while "Thực hiện …" may
    if _OPENING.match(line) and (
        (len(line) > 120 and not after_kind) or line.endswith((";", ".", ":", ","))
    ):
        return False
    return not line.endswith((";", ".", ":")) and len(line) < 400 and line[:1] not in "-+•"


def _closing(
    words: list[str], lines: Sequence[TextLine], body: int, kind: PartKind
) -> tuple[int, int]:
    """Where the closing of the part begins and where the part ends."""
    at = body
    while at < len(words):
        line = words[at]
        if lines[at].kind == "text":
            if is_recipients(line) or (is_signature(line) and _signs(words, at)):
                return _with_thanks(words, body, at), _closing_end(words, lines, at)
            if at > body and _begins_annex(words, lines, at):
                return _with_thanks(words, body, at), at
            if (
                at > body
                and kind == "decision"
                and KIND_LINE.match(line)
                and not line.endswith(":")
            ):
                return at, at
        at += 1
    return _with_thanks(words, body, at), at


def _with_thanks(words: list[str], body: int, closing: int) -> int:
    """The paragraph "Trên đây là Kế hoạch …" belongs to the closing, with what follows it."""
    for at in range(max(body, closing - 4), closing):
        if _THANKS.match(words[at]):
            return at
    return closing


def _signs(words: list[str], at: int) -> bool:
    """A signature stands near the end of its part, with a name or recipients close by."""
    near = words[at : at + 8]
    return any(_NAME.match(line) or is_recipients(line) for line in near) or bool(
        words[at][-1:].islower()
    )


def _begins_annex(words: list[str], lines: Sequence[TextLine], at: int) -> bool:
    if _ANNEX.match(words[at]) and len(words[at]) < 200:
        return True
    # a title in capitals, then "(Kèm theo Kế hoạch số …)"
    if not words[at].isupper() or read_labels(words[at]) or is_signature(words[at]):
        return False
    for line in words[at + 1 : at + 5]:
        if _ISSUED_WITH.match(line):
            return True
        if not line.isupper() or is_signature(line):
            return False
    return False


def _closing_end(words: list[str], lines: Sequence[TextLine], at: int) -> int:
    """One past the last line of recipients and signature."""
    signed = False
    last = at
    while at < len(words):
        line = words[at]
        if lines[at].kind == "note":  # at the foot of the page on which the closing begins
            at += 1
            continue
        if lines[at].kind != "text" and not is_recipients(line):
            break
        if at > last and (_begins_annex(words, lines, at) or KIND_LINE.match(line)):
            break
        if _NAME.match(line) and (signed or not _recipient_like(line)):
            return _skip_signed(words, at + 1)
        if is_signature(line):
            signed = True
            if line[-1:].islower():  # office and name in one line
                return _skip_signed(words, at + 1)
        elif not signed and _typed_by(words, at):
            pass
        elif signed and _signs_too(words, at):
            pass  # "KT. GIÁM ĐỐC / SỞ Y TẾ / PHÓ GIÁM ĐỐC": of which body
        elif not (
            _recipient_like(line)
            or is_recipients(line)
            or _SIGNED.match(line)
            or (line.isupper() and len(line) < 120 and not signed)
        ):
            break
        at += 1
    return at


def _skip_signed(words: list[str], at: int) -> int:
    """Behind a name: notes of signing, the signatures of other bodies, recipients below them."""
    while at < len(words):
        line = words[at]
        if _signs_too(words, at):
            at = next(i for i in range(at, len(words)) if _NAME.match(words[i]))
        elif is_signature(line) and line[-1:].islower():
            pass  # of another body, office and name in one line
        elif not (_SIGNED.match(line) or is_recipients(line) or line[:1] in "-+"):
            break
        at += 1
    return at


def _typed_by(words: list[str], at: int) -> bool:
    """The mark of who typed it, below the recipients and above the signature: "Hoannk/KH.01"."""
    mark = words[at]
    return (
        " " not in mark
        and len(mark) < 25
        and any(is_signature(line) and _signs(words, at) for line in words[at + 1 : at + 2])
    )


def _signs_too(words: list[str], at: int) -> bool:
    """Whether lines in capitals, an office among them, lead to a name: a signature goes on here."""
    if not words[at].isupper() or _ANNEX.match(words[at]) or KIND_LINE.match(words[at]):
        return False
    for line in words[at : at + 6]:
        if _NAME.match(line) and not line.isupper():
            return any(is_signature(above) for above in words[at : words.index(line, at)])
        if not (line.isupper() or _SIGNED.match(line)) or read_labels(line):
            return False
    return False


def _recipient_like(line: str) -> bool:
    short = len(line) < 220
    return short and (
        line[:1] in "-–+•*" or line.endswith((";", ",")) or fold(line).startswith(("luu", "nhu "))
    )
