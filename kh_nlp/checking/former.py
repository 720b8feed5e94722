"""Bodies that no longer existed on the plan's day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from kh_nlp.checking.cited import cited_spans, within
from kh_nlp.checking.identity import DISTRICTS_UNTIL, Identity
from kh_nlp.checking.records import Found
from kh_nlp.model import Plan
from kh_nlp.places import body, is_current, successor

_HEAD = re.compile(
    r"(?<![\w&])(?:Sở|Bộ|Phòng|Ban|Cục|Tổng cục|Chi cục|Ủy ban|Uỷ ban|UBND|HĐND|Hội đồng nhân dân"
    r"|Công an"
    r"|Thanh tra|Văn phòng|Kho bạc|Huyện ủy|Huyện uỷ|Quận ủy|Thị ủy) (?=\w)"
)
_RUN = re.compile(r"[^.;:()\n\t“”\"]{2,90}")
# "UBND thành phố" is a district's or a province's: the register's word for it proves nothing
_CUT = re.compile(r"\s(?:[Tt]hành phố|TP)\b.*|(?<=\s(?:tỉnh|Tỉnh))\s.*", re.S)
_LONGEST = 11
"""Words of the longest name in the register, with a head of two."""

# the district level in words that the register does not hold one by one
_DISTRICT = re.compile(
    r"(?<!\w)(?P<name>(?:(?:UBND|HĐND|Ủy ban nhân dân|Uỷ ban nhân dân|Hội đồng nhân dân|Đảng ủy"
    r"|Công an|MTTQ"
    r"|Phòng [^.;:\n\t,]{3,40}|Văn phòng HĐND[^.;:\n\t,]{0,12}UBND|Chủ tịch(?: UBND)?)\s+)?"
    r"(?:(?:cấp|các)\s+(?:huyện|quận|thị xã)(?:,? (?:quận|thị xã|thành phố))*"
    r"|(?:(?:UBND|HĐND|Ủy ban nhân dân|Công an|Hội đồng nhân dân)\s+(?:huyện|quận|thị xã))"
    r"|(?:Huyện|Quận|Thị) (?:ủy|uỷ)|(?:Huyện|Quận) đoàn))(?!\w)"
)
_TOWNSHIP = re.compile(r"(?:,| và)? thị trấn(?!\s+[A-ZĐÀ-Ỵ])(?!\w)")
# words near the name that tell that the body is of the past: after it, before it
_PAST_AFTER = re.compile(
    r"\bcũ\b|trước đây|nay là|sáp nhập|hợp nhất|kết thúc|không còn|giải thể"
    r"|trước (?:ngày )?01/7/2025"
    r"|chuyển (?:sang|về|giao|đến)|bàn giao (?:sang|về|cho)|sang",
    re.I,
)
_PAST_BEFORE = re.compile(
    r"sáp nhập|hợp nhất|kết thúc hoạt động|không tổ chức|không còn|\bbỏ\b|thay (?:cho|thế)"
    r"|giải thể|sắp xếp"
    r"|(?:chuyển|tiếp nhận|bàn giao|nhận)\b[^,]*\b(?:từ|của)\b|hai cấp|0?2 cấp|trước đây|\btừ$",
    re.I,
)
_NEAR_BEFORE, _NEAR_AFTER = 60, 30
"""Characters around a name in which such words are of that name."""


def check_former(plan: Plan, identity: Identity) -> Iterator[Found]:
    """Bodies that had ended, each mention outside cited documents and talk of the past."""
    day = identity.day
    if day is None:
        return
    cited = cited_spans(plan)
    told: list[tuple[int, int]] = []
    for found in (*_registered(plan, day), *_districts(plan, day)):
        at = found.start
        if within(at, cited) or any(s < found.end and at < e for s, e in told):
            continue
        if _told_as_past(plan.text, at, found.end):
            continue
        told.append((at, found.end))
        yield found


_STOPS = (". ", "; ", "\n", "\t")


def _told_as_past(text: str, start: int, end: int) -> bool:
    """Whether the words right around a name, in its sentence or cell, say that it ended."""
    begin = max(text.rfind(mark, 0, start) for mark in _STOPS)
    before = text[max(begin + 1, start - _NEAR_BEFORE) : start]
    after = re.split(r"[.;,\n\t]", text[end : end + _NEAR_AFTER])[0]
    return bool(_PAST_AFTER.search(after) or _PAST_BEFORE.search(before.rstrip()))


def _registered(plan: Plan, day: date) -> Iterator[Found]:
    text = plan.text
    end = 0
    for head in _HEAD.finditer(text):
        if head.start() < end:
            continue
        run = _RUN.match(text, head.start())
        name = _longest(_CUT.sub("", run.group())) if run else None
        if name is None:
            continue
        end = head.start() + len(name)
        if is_current(name, day) is not False or _begins_later(name, day):
            continue
        known = body(name)
        heir = successor(name)
        heirs = known.successors if known else ()
        until = date.fromisoformat(known.valid_to) if known and known.valid_to else None
        ended = f" từ sau ngày {until.day}/{until.month}/{until.year}" if until else ""
        after = f"; nhiệm vụ nay thuộc {', '.join(heirs)}" if heirs else ""
        yield Found(
            kind="abolished_body",
            start=head.start(),
            end=end,
            message=f"“{name}” không còn{ended}{after}.",
            proposal=heir.name if heir else None,
        )


@lru_cache(maxsize=16384)
def _longest(run: str) -> str | None:
    """The longest beginning of a run of words that the register knows."""
    ends = [m.end() for m in re.finditer(r"\S+", run)][:_LONGEST]
    for stop in reversed(ends[1:]):
        name = run[:stop].rstrip(" ,-–")
        if body(name) is not None:
            return name
    return None


def _begins_later(name: str, day: date) -> bool:
    """A body that is younger than the plan is no leftover of an older one."""
    known = body(name)
    return known is not None and known.valid_from is not None and known.valid_from > day.isoformat()


def _districts(plan: Plan, day: date) -> Iterator[Found]:
    """Words for the district level and townships, since they ended."""
    if day <= DISTRICTS_UNTIL:
        return
    for match in _DISTRICT.finditer(plan.text):
        yield Found(
            kind="abolished_body",
            start=match.start("name"),
            end=match.end("name"),
            message=f"“{match['name']}”: cấp huyện kết thúc hoạt động từ ngày 01/7/2025.",
            proposal=None,
        )
    for match in _TOWNSHIP.finditer(plan.text):
        yield Found(
            kind="abolished_body",
            start=match.start() + match.group().index("thị trấn"),
            end=match.end(),
            message="Không còn đơn vị hành chính thị trấn từ ngày 01/7/2025 "
            "(chỉ còn xã, phường, đặc khu).",
            proposal=None,
            severity="warning",
        )
