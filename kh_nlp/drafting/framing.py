"""Head and end of a draft: number, place, the sentence that issues it, nơi nhận, signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kh_nlp.drafting.bodies import column_of, same_tier
from kh_nlp.drafting.records import Paragraph
from kh_nlp.drafting.slots import Rewriter
from kh_nlp.drafting.sources import SourcePlan
from kh_nlp.drafting.target import Target
from kh_nlp.drafting.tracing import located
from kh_nlp.language import fold

_ISSUER = re.compile(
    r"(?:Chủ tịch |Ban Thường trực )?(?:UBND|[UỦ][ỷy] ban (?:nhân dân|MTTQ|Mặt trận))|"
    r"\b(?:Sở|Văn phòng|Trường|Công an|Huyện ủy|Đảng ủy|Ban Chỉ đạo|Tiểu ban|Bộ) "
)
_VERB = re.compile(
    r"[^;,\n]{0,140}?(?:,[^;,\n]{0,80}?){0,2}\b(?:ban hành|xây dựng|tổ chức|triển khai)\b"
)
_END = re.compile(
    r"(?:(?:cụ thể )?như sau|với (?:các )?nội dung[^;\n]{0,40}|cụ thể|sau đây)\s*:?(?=\s*$|\n)"
)


def _sentence(text: str) -> tuple[int, int] | None:
    """The last clause that issues the plan, from the name of the issuer to "như sau:"."""
    found: tuple[int, int] | None = None
    for end in _END.finditer(text):
        line = max(text.rfind("\n", 0, end.start()), text.rfind(";", 0, end.start())) + 1
        for name in _ISSUER.finditer(text, line, end.start()):
            verb = _VERB.match(text, name.end(), end.start())
            if verb and not re.search(r"ngày \d|về việc", text[name.end() : verb.end()]):
                found = (name.start(), end.end())
    return found


def nearest(sources: Sequence[SourcePlan], target: Target) -> list[SourcePlan]:
    """Sources of the same kind of issuer first, the most like the request first."""
    return sorted(
        sources,
        key=lambda s: (
            fold(s.plan.header.issuer or "") != fold(target.issuer),
            not same_tier(column_of(s.plan.header), target.seat.column),
            -s.weight,
        ),
    )


def opening(
    sources: Sequence[SourcePlan], target: Target, rewriters: dict[str, Rewriter]
) -> tuple[Paragraph, ...]:
    """The sentence after the *căn cứ* that issues the plan, of the nearest plan that has one."""
    for source in nearest(sources, target):
        for block in source.plan.blocks:
            if block.kind != "opening":
                continue
            text = source.plan.text[block.start : block.end]
            found = _sentence(text)
            if found:
                start, end = block.start + found[0], block.start + found[1]
                return (rewriters[source.plan.plan_id].rewrite(start, end),)
    return ()


def recipients(
    sources: Sequence[SourcePlan], target: Target, rewriters: dict[str, Rewriter]
) -> tuple[Paragraph, ...]:
    """*Nơi nhận* of the nearest plan of the same kind of issuer that has one."""
    for source in nearest(sources, target):
        if not same_tier(column_of(source.plan.header), target.seat.column):
            continue
        closing = next((b for b in reversed(source.plan.blocks) if b.kind == "closing"), None)
        start = closing.start if closing else len(source.plan.text) // 2
        found = [
            located(source.plan, start, len(source.plan.text), name)
            for name in source.plan.header.recipients
            if not name.startswith("Như Điều")  # of the decision that issued the source
        ]
        lines = [rewriters[o.plan].rewrite(o.start, o.end, label="-") for o in found if o]
        if lines:
            return tuple(lines)
    return ()


def signature(target: Target) -> tuple[str, ...]:
    """Who signs, by the form of Nghị định 30/2020/NĐ-CP: the collective first, then the office."""
    words = fold(target.issuer)
    if re.match(r"chu tich (?:ubnd|uy ban)", words):
        return ("CHỦ TỊCH",)
    if re.match(r"(?:ubnd|uy ban nhan dan)\b", words):
        return ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    if "mttq" in words or "mat tran" in words:
        return ("TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH")
    if words.startswith("so "):
        return ("GIÁM ĐỐC",)
    if words.startswith("van phong"):
        return ("CHÁNH VĂN PHÒNG",)
    if words.startswith("truong "):
        return ("HIỆU TRƯỞNG",)
    if words.startswith("bo "):
        return ("BỘ TRƯỞNG",)
    return ("THỦ TRƯỞNG CƠ QUAN",)


def superior(target: Target) -> str | None:
    """What stands above the issuer in the head: the committee of the province for a department."""
    seat = target.seat
    if seat.level == "province_agency" and seat.province:
        return f"{_committee(seat.province_kind)} {seat.province}".upper()
    return None


def _committee(kind: str | None) -> str:
    return f"Ủy ban nhân dân {kind or 'tỉnh'}"


def head_name(target: Target) -> str:
    """The issuer in the head, spelled out in capitals, a chairman's plan under the committee."""
    name = re.sub(r"^Chủ tịch\s+", "", target.issuer)
    name = re.sub(r"\bUBND\b", "Ủy ban nhân dân", name)
    name = re.sub(r"\bMTTQ\b", "Mặt trận Tổ quốc", name)
    if superior(target):
        name = re.sub(r"\s+(?:tỉnh|thành phố)\s+\S.*$", "", name)
    return name.upper()


def symbol(sources: Sequence[SourcePlan], target: Target) -> str:
    """``KH-UBND``: that of the issuer's own plans, else what its name makes."""
    for source in sources:
        header = source.plan.header
        if fold(header.issuer or "") == fold(target.issuer) and (header.symbol or "").startswith(
            "KH-"
        ):
            return header.symbol or ""
    words = fold(target.issuer)
    committee = "ubnd" in words.split() or "uy ban nhan dan" in words
    if committee and not words.startswith("van phong"):
        return "KH-UBND"
    if "mttq" in words or "mat tran" in words:
        return "KH-MTTQ-BTT"
    name = re.sub(r"\s+(?:tỉnh|thành phố|huyện|xã|phường)\s+\S.*$", "", target.issuer)
    letters = "".join(
        w[0].upper() for w in re.findall(r"\w+", name) if fold(w) not in ("va", "cua")
    )
    return f"KH-{letters}"


def place(target: Target) -> str:
    """The place before the date: the issuer's own area, else the province."""
    return target.seat.name or target.seat.province or "[…]"
