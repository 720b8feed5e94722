"""Years, periods and days to finish that were not rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kh_nlp.checking.cited import cited_spans, sentence, within
from kh_nlp.checking.identity import Identity
from kh_nlp.checking.records import Found
from kh_nlp.model import Plan

_FINISH = re.compile(
    r"(?:\b(?:[Tt]rước|[Hh]ết|[Xx]ong|[Đđ]ến|[Tt]ừ|[Nn]gày|[Cc]hậm nhất)\s+(?:là\s+"
    r"|hết\s+)?(?:ngày\s+)?)?"
    r"(?<![\d/])(?P<day>\d{1,2})\s*(?:/|tháng)\s*(?P<month>\d{1,2})\s*(?:/"
    r"|năm)\s*(?P<year>20\d\d)\b"
    r"|\b[Tt]háng\s+(?P<month2>\d{1,2})\s*(?:/|năm)\s*(?P<year2>20\d\d)\b"
    r"|\b[Qq]uý\s+(?P<quarter>I{1,3}|IV|[1-4])\s*(?:/|năm)\s*(?P<year3>20\d\d)\b"
)
_YEAR = re.compile(r"\bnăm\s+(?P<year>20\d\d)\b(?!\s*[-–]\s*20\d\d)")
_PERIOD = re.compile(r"\bgiai đoạn\s+(?P<from>20\d\d)\s*[-–]\s*(?P<to>20\d\d)\b")
# what already happened, or is compared with
_TOLD = re.compile(
    r"\b(?:cho thấy|đã|kết quả|tình trạng|tình hình|so với|so sánh|từ năm|kể từ|trước đây|năm trước"
    r"|tổng kết|xếp hạng|thứ hạng|báo cáo|còn|tính đến|căn cứ|theo|thực trạng"
    r"|đạt|công bố|ban hành|ký|có hiệu lực|thành lập|ước|giảm|tăng|quyết toán|chuyển nguồn|tồn tại"
    r"|khắc phục)\b",
    re.I,
)
_PASSED = re.compile(
    r"\b(?:cho thấy|đã|so với|từ năm|kể từ|tính đến|đạt|còn|tình trạng|tồn tại|khắc phục)\b", re.I
)
_DUE = re.compile(
    r"\b(?:trước|xong|hoàn thành|chậm nhất|hết|muộn nhất|thời gian|thời hạn|gửi|vào|sơ kết"
    r"|trong)\b[^.;\n]{0,40}$",
    re.I,
)
# words after which the year is the plan's own
_OWN = re.compile(
    r"(?:\b(?:dự toán|ngân sách(?:\s+\w+){0,3}|kinh phí(?:\s+\w+){0,3}|[Tt]rong|[Hh]ết|[Cc]uối"
    r"|[Cc]ả|[Tt]hực hiện"
    r"|\d+ tháng(?: đầu| cuối)?|hành chính|nhiệm vụ|[Kk]ế hoạch|CCHC|chuyển đổi số|pháp luật"
    r"|công tác)"
    r"(?:\s+(?:của|đến|cho|trong))?)\s*$"
)
_CLOSING = re.compile(r"^\W*(?:Trên đây là|Yêu cầu|Đề nghị các)")
_DOCUMENT = re.compile(r"\d+(?:/20\d\d)?[/\-][A-ZĐ][\w&\-/]*[^.;\n]{0,160}$")


_SINCE = 6
"""Months before the plan in which its work may have begun."""


def check_years(plan: Plan, identity: Identity) -> Iterator[Found]:
    """Days to finish before the day of issue, own years before the plan's year, periods gone by."""
    if identity.year is None or identity.years is None:
        return
    first = min((section.start for section in plan.sections), default=0)
    cited = cited_spans(plan)
    deadlines = _deadline_spans(plan)
    for match in _FINISH.finditer(plan.text, first):
        if not within(match.start(), cited):
            yield from _finish(plan, identity, match, within(match.start(), deadlines))
    for match in _YEAR.finditer(plan.text, first):
        if not within(match.start(), cited):
            yield from _own_year(plan, identity, match)
    for match in _PERIOD.finditer(plan.text, first):
        if not within(match.start(), cited):
            yield from _period(plan, identity, match)


def _deadline_spans(plan: Plan) -> list[tuple[int, int]]:
    """Where rows of tables stand: a day in them is one to finish by."""
    return sorted(
        (t.start, t.end) for t in plan.tasks if t.origin in ("table", "listed") and t.deadline
    )


def _finish(plan: Plan, identity: Identity, match: re.Match[str], row: bool) -> Iterator[Found]:
    """A day to finish that lies before the plan was issued."""
    text = plan.text
    year = int(match["year"] or match["year2"] or match["year3"])
    issued = identity.day
    if issued is None:
        return
    month = int(match["month"] or match["month2"] or 0) or _quarter_end(match["quarter"])
    before = (year, month) < (issued.year, issued.month) if identity.dated else year < issued.year
    if not before:
        return
    lead = sentence(text, match.start())
    after = text[match.end() : match.end() + 30]
    due = bool(
        _DUE.search(text[: match.start()][-60:])
        or re.match(r"(?i)trước|hết|xong|đến|chậm", match.group())
    )
    if _DOCUMENT.search(lead) or re.match(r"\s*(?:\(ngày|(?:cho thấy|của|về)\b)", after):
        return
    if not row and not due and (_PASSED.search(lead) or re.search(r"(?i)kết quả|báo cáo", lead)):
        return
    if re.match(r"(?i)(?:tính )?đến", match.group()) and re.match(r"\s*,", after):
        return  # "Đến ngày 31/12/2022, huyện đã thu nhận …"
    begins = re.search(r"(?i)\btừ(?: ngày)?\s*$", lead) or re.match(r"(?i)từ\b", match.group())
    if begins and issued.year * 12 + issued.month - year * 12 - month <= _SINCE:
        return  # a plan may order what has begun
    if not (row or due) and year < issued.year - 2:
        return
    proposal = None
    if identity.years and year < identity.years[0]:
        own = str(identity.year)
        proposal = match.group()[: -len(str(year))] + own
    yield Found(
        kind="wrong_year",
        start=match.start(),
        end=match.end(),
        message=f"Thời hạn “{match.group()}” trước ngày ban hành kế hoạch "
        f"({issued.day}/{issued.month}/{issued.year}); có thể còn sót của văn bản cũ.",
        proposal=proposal,
        severity="error" if row or due else "warning",
    )


def _quarter_end(quarter: str | None) -> int:
    return {"I": 3, "II": 6, "III": 9, "IV": 12, "1": 3, "2": 6, "3": 9, "4": 12}.get(
        quarter or "", 12
    )


def _own_year(plan: Plan, identity: Identity, match: re.Match[str]) -> Iterator[Found]:
    """An older year where the plan's own belongs: "dự toán năm 2025" in a plan for 2026."""
    text, year = plan.text, int(match["year"])
    own, _ = identity.years or (0, 0)
    if not year < min(own, identity.year or own):
        return
    lead = sentence(text, match.start())
    if not _OWN.search(lead) or _DOCUMENT.search(lead):
        return
    closing = _CLOSING.match(lead) is not None
    money = re.search(r"dự toán[^,;]*$|ngân sách[^,;]*$", lead) is not None
    ahead = re.search(r"\b(?:[Hh]ết|[Cc]uối|[Tt]rong|[Cc]ả)\s*$", lead) is not None
    if (_PASSED if ahead else _TOLD).search(lead) and not closing and not money:
        return
    yield Found(
        kind="wrong_year",
        start=match.start(),
        end=match.end(),
        message=f"“{match.group()}” trong kế hoạch {_of(identity)}; có thể còn sót của văn bản cũ.",
        proposal=f"năm {identity.year}",
        severity="error" if closing or money else "warning",
    )


def _of(identity: Identity) -> str:
    first, last = identity.years or (0, 0)
    return f"năm {first}" if first == last else f"giai đoạn {first} - {last}"


def _period(plan: Plan, identity: Identity, match: re.Match[str]) -> Iterator[Found]:
    """A period that had ended before the plan's own begins, told as its own."""
    lead = sentence(plan.text, match.start())
    first, last = identity.years or (0, 0)
    if int(match["to"]) >= first or _DOCUMENT.search(lead):
        return
    own = first != last
    told = _TOLD.search(lead) or re.search(
        r"(?:Chương trình|Đề án|Chiến lược|Nghị quyết)[^,;]*$", lead
    )
    if told and not _CLOSING.match(lead):
        return
    yield Found(
        kind="wrong_year",
        start=match.start(),
        end=match.end(),
        message=f"“{match.group()}” đã qua, kế hoạch này là của {_of(identity)}.",
        proposal=f"giai đoạn {first} - {last}" if own else None,
        severity="warning",
    )
