"""Form (*thể thức*) of state administrative documents: Nghị định số 30/2020/NĐ-CP, Phụ lục I.

Documents of the Party and of the Front have rules of their own and are never checked by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kh_nlp.checking.identity import Identity
from kh_nlp.checking.records import Found, Severity
from kh_nlp.language import letters
from kh_nlp.model import Plan

_STATE = re.compile(r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM")
_MOTTO = re.compile(r"Độc\s+lập\s*[-–—]\s*Tự\s+do\s*[-–—]\s*Hạnh\s+phúc", re.I)
_NUMBER = letters(
    r"\bSố\s*:?\s*(?P<number>\d*)\s*(?:[./…\s]*)/\s*(?P<symbol>[\p{Lu}][\p{Lu}\d&.-]*(?:-[\p{Lu}\w&.-]+)?)"
)
_LETTERHEAD = re.compile(
    r"^[ \t]*(?:ỦY BAN|UỶ BAN|UBND|SỞ|BỘ|TRƯỜNG|VĂN PHÒNG|HỘI ĐỒNG|CHÍNH PHỦ)\s", re.M
)
_DATE = re.compile(
    r",\s*ngày\s+(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s+năm\s+(?P<year>\d{4})"
)
_BASIS = re.compile(
    r"^[ \t]*(?P<word>Căn cứ|Thực hiện|Triển khai|Theo đề nghị|Xét|Trên cơ sở|Để)\b[^\n]*", re.M
)
_RECIPIENTS = re.compile(r"Nơi nhận\s*:?")
_KEPT = re.compile(r"^[ \t]*[-–+•]?\s*Lưu\s*:\s*(?P<where>[^\n]*)", re.M)
_ITEM = re.compile(r"^[ \t]*[-–]\s*(?P<item>[^\n]+)$", re.M)
_ENDS = (";", ".", ",")
_DEPUTY = re.compile(
    r"^[ \t]*PHÓ\s+(?P<office>CHỦ TỊCH|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|TRƯỞNG PHÒNG|HIỆU TRƯỞNG|CỤC TRƯỞNG"
    r"|CHI CỤC TRƯỞNG|TRƯỞNG BAN|CHÁNH THANH TRA)\b",
    re.M,
)
_COMMITTEE = re.compile(r"^[ \t]*(?:KT\.\s*)?(?:PHÓ )?CHỦ TỊCH[ \t]*$", re.M)
_RANK = (
    (re.compile(r"\b(?:Hiến pháp)\b"), 0),
    (re.compile(r"\b(?:Luật|Bộ luật)\b"), 1),
    (re.compile(r"\bPháp lệnh\b"), 2),
    (re.compile(r"\bNghị định\b"), 3),
    (re.compile(r"/QĐ-TTg\b"), 4),
    (re.compile(r"\bThông tư\b"), 5),
)


def check_form(plan: Plan, identity: Identity) -> Iterator[Found]:
    """Faults of head, căn cứ, nơi nhận and signature; nothing for Party and Front documents."""
    if identity.rules != "state":
        return
    first = min((section.start for section in plan.sections), default=len(plan.text))
    head = plan.text[: min(first, 900)]
    yield from _head(head)
    yield from _bases(plan.text, first)
    yield from _closing(plan, identity)


def _form(
    start: int, end: int, message: str, proposal: str | None = None, severity: Severity = "warning"
) -> Found:
    return Found(
        kind="form",
        start=start,
        end=end,
        message=message,
        proposal=proposal,
        severity=severity,
    )


def _head(head: str) -> Iterator[Found]:
    number = _NUMBER.search(head)
    if number is None and not _LETTERHEAD.search(head):
        yield _form(
            0, 0, "Văn bản không có phần đầu (Quốc hiệu, tên cơ quan, số, ngày).", None, "info"
        )
        return
    absent = [
        words
        for pattern, words in (
            (_STATE, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (_MOTTO, "Độc lập - Tự do - Hạnh phúc"),
        )
        if pattern.search(head) is None
    ]
    if absent:
        yield _form(0, 0, "Thiếu Quốc hiệu, Tiêu ngữ.", "\n".join(absent))
    if number is None and "Số" not in head:
        yield _form(0, 0, "Thiếu số, ký hiệu văn bản.", "Số: …/KH-…")
    elif number is not None and re.fullmatch(r"[1-9]", number["number"]):
        yield _form(
            *number.span("number"),
            "Số văn bản nhỏ hơn 10 phải ghi thêm số 0 ở trước.",
            f"0{number['number']}",
        )
    if day := _DATE.search(head):
        for part in ("day", "month"):
            short = re.fullmatch(r"[1-9]" if part == "day" else r"[12]", day[part])
            if short:
                what = "Ngày nhỏ hơn 10" if part == "day" else "Tháng 1, tháng 2"
                yield _form(*day.span(part), f"{what} phải ghi thêm số 0 ở trước.", f"0{day[part]}")


def _bases(text: str, first: int) -> Iterator[Found]:
    """Each basis on its own line ends with ";", the last with "."."""
    lines = [m for m in _BASIS.finditer(text, 0, first) if m["word"] == "Căn cứ"]
    if not lines:
        return
    every = list(_BASIS.finditer(text, 0, first))
    for match in every[:-1]:
        line = match.group().rstrip()
        if line.endswith(_ENDS[1:]) and match["word"] == "Căn cứ":
            at = match.start() + len(line) - 1
            yield _form(at, at + 1, "Mỗi căn cứ kết thúc bằng dấu chấm phẩy (;).", ";", "info")
    last = every[-1].group().rstrip()
    if last.endswith((";", ",")):
        at = every[-1].start() + len(last) - 1
        yield _form(at, at + 1, "Căn cứ cuối cùng kết thúc bằng dấu chấm (.).", ".", "info")
    ranked = [(m, rank) for m in lines if (rank := _rank(m.group())) is not None]
    for (_, higher), (match, lower) in pairwise(ranked):
        if lower < higher:
            yield _form(
                match.start(),
                match.start() + len(match.group().rstrip()),
                "Căn cứ có hiệu lực pháp lý cao hơn xếp trước.",
                None,
                "info",
            )


def _rank(line: str) -> int | None:
    """Rank of the first document of a line; ``None`` where it tells none."""
    first = re.split(r"[;,]", line)[0]
    return next((rank for pattern, rank in _RANK if pattern.search(first[:90])), None)


def _closing(plan: Plan, identity: Identity) -> Iterator[Found]:
    text = plan.text
    end = len(text)
    found = _RECIPIENTS.search(text)
    if found is None:
        if plan.header.signer_title:
            yield _form(end, end, "Thiếu phần “Nơi nhận”.")
    else:
        yield from _recipients(text, found.end())
    for deputy in _DEPUTY.finditer(text):
        before = text[max(0, deputy.start() - 80) : deputy.start()]
        if not re.search(rf"KT\.?\s*{deputy['office']}", before):
            yield _form(
                deputy.start(),
                deputy.end(),
                f"Cấp phó ký thay phải ghi “KT. {deputy['office']}” ở dòng trên.",
                f"KT. {deputy['office']}\nPHÓ {deputy['office']}",
            )
    issuer = plan.header.issuer or ""
    if issuer.startswith("UBND") and found is not None:
        yield from _on_behalf(text, found.end())


def _on_behalf(text: str, start: int) -> Iterator[Found]:
    """A people's committee issues plans in its own name: TM. before the chairman's office."""
    office = _COMMITTEE.search(text, start)
    decided = re.search(r"^CHỦ TỊCH (?:ỦY|UỶ) BAN NHÂN DÂN", text, re.M) is not None
    if office is None or decided:
        return
    before = text[max(start, office.start() - 160) : office.start()]
    if not re.search(r"T(?:M|UQ|L)\.?\s*(?:ỦY|UỶ|UBND)", before):
        yield _form(
            office.start(),
            office.end(),
            "Kế hoạch của Ủy ban nhân dân ký thay mặt: phải có dòng “TM. ỦY BAN NHÂN DÂN”.",
            "TM. ỦY BAN NHÂN DÂN",
        )


def _recipients(text: str, start: int) -> Iterator[Found]:
    kept = _KEPT.search(text, start)
    if kept is None:
        if (items := list(_ITEM.finditer(text[: start + 1200], start))) and len(items) > 1:
            at = items[-1].end()
            yield _form(at, at, "Nơi nhận thiếu dòng “Lưu”.", "- Lưu: VT, …")
        return
    where = kept["where"].strip()
    if not re.match(r"(?:VT|Văn thư)", where) and where.strip("., …"):
        yield _form(
            kept.start("where"),
            kept.start("where") + len(where),
            "Dòng “Lưu” ghi “VT” trước.",
            None,
            "info",
        )
    if where and not where.endswith((".", "/", ")")) and not where.endswith("…"):
        at = kept.start("where") + len(where)
        yield _form(at, at, "Dòng “Lưu” kết thúc bằng dấu chấm (.).", ".", "info")
    for item in _ITEM.finditer(text, start, kept.start()):
        line = item["item"].rstrip()
        if line.endswith((".", ",")) and not line.endswith("..."):
            at = item.start("item") + len(line) - 1
            yield _form(at, at + 1, "Mỗi nơi nhận kết thúc bằng dấu chấm phẩy (;).", ";", "info")
