"""Duties that a superior plan gives to this level and the draft says nothing of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kh_nlp.checking.identity import Identity
from kh_nlp.checking.likeness import best, terms, weights
from kh_nlp.checking.records import Found
from kh_nlp.language import fold
from kh_nlp.model import Level, Plan, Task
from kh_nlp.places import body_key

_MET = 0.3
"""Weighted share of a duty's words that one unit of the draft must hold (see docs/checking.md)."""
_SHORTEST = 4
"""Words of a duty; less is a heading or a rest."""

_WINDOW = 3
"""Sentences of a section that are compared at once."""

# "Ban hành kế hoạch trước ngày …": the draft is that plan
_MAKES_PLAN = re.compile(
    r"^(?:[^:]{0,60}:\s*)?(?:ban hành|xây dựng|lập|căn cứ|cụ thể hóa)[^.;]{0,60}\bkế hoạch\b", re.I
)

_TO: dict[Level, re.Pattern[str]] = {
    "commune": re.compile(
        r"\b(?:(?:ubnd|uy ban nhan dan|chu tich|cap uy|dang uy|cong an|mttq)\b.{0,30}?\b(?:xa"
        r"|phuong|thi tran|dac khu)\b"
        r"|cap xa|cac (?:xa|phuong)|cac dia phuong|dia phuong$)"
    ),
    "district": re.compile(
        r"\b(?:(?:ubnd|uy ban nhan dan|chu tich|cap uy)\b.{0,30}?\b(?:huyen|quan|thi xa"
        r"|thanh pho)\b"
        r"|cap huyen|cac (?:huyen|quan|thi xa|thanh pho)|cac dia phuong)"
    ),
    "province_agency": re.compile(
        r"\bcac (?:so|co quan)\b|\bso,? (?:ban,? )?nganh|thu truong cac|cac don vi"
    ),
    "province": re.compile(
        r"\b(?:ubnd|uy ban nhan dan)\b.{0,30}?\b(?:cac tinh|tinh|thanh pho)\b|cac dia phuong"
        r"|cac tinh"
    ),
}
_PIECES = re.compile(r"(?<=[.;])\s+|\n+")
_LABEL = re.compile(r"^\s*(?:[-+–•*]|[a-zđ]\)|\d+(?:\.\d+)*[.)]?)\s*")


def check_superior(plan: Plan, identity: Identity, superior: Plan) -> Iterator[Found]:
    """One finding for each duty to this level that no section and no task of the draft treats."""
    if identity.level is None or identity.level == "central":
        return
    duties = [
        piece
        for task in superior.tasks
        if _is_for(task, plan, identity, superior)
        for piece in _pieces(superior, task)
    ]
    units = _units(plan)
    weight = weights([*units, *(terms(piece) for piece in duties)])
    end = _last_section(plan)
    number = superior.header.number or "kế hoạch cấp trên"
    for piece in dict.fromkeys(duties):
        if not _MAKES_PLAN.match(piece) and best(terms(piece), units, weight) < _MET:
            yield Found(
                kind="missing_duty",
                start=end,
                end=end,
                message=f"Cấp trên giao “{piece.rstrip(' .;')}” ({number})"
                " nhưng dự thảo chưa có nội dung tương ứng.",
                proposal=piece,
                severity="warning",
            )


def _is_for(task: Task, plan: Plan, identity: Identity, superior: Plan) -> bool:
    """Whether the task is given to all of this level, or to the plan's issuer by name."""
    level = identity.level
    assert_level: re.Pattern[str] | None = _TO.get(level) if level else None
    own = fold(plan.header.issuer or "")
    for name in (*task.lead, *(task.partners if task.origin == "assignment" else ())):
        key = fold(name)
        if assert_level is not None and assert_level.search(key):
            return True
        if own and body_key(name, superior.header.place) == body_key(
            plan.header.issuer or "", superior.header.place
        ):
            return True
    return False


def _pieces(superior: Plan, task: Task) -> list[str]:
    """Sentences of a task; a body's duty is often told in the sections below its name."""
    content = task.content or ""
    if task.origin == "assignment":
        unit = next((s for s in superior.sections if s.id == task.section), None)
        if unit is not None:
            whole = superior.text[unit.start : unit.end]
            content = whole.partition("\n")[2] if unit.heading else whole
    found = []
    for piece in _PIECES.split(content):
        clean = _LABEL.sub("", " ".join(piece.split()))
        if len(clean.split()) >= _SHORTEST:
            found.append(clean)
    return found


def _units(plan: Plan) -> list[frozenset[str]]:
    """Terms of the draft's sections by three sentences, headings with them, and of its tasks."""
    texts = []
    for section in plan.sections:
        heading = section.heading or ""
        sentences = [piece for piece in _PIECES.split(section.text) if piece.strip()]
        texts += [
            f"{heading} {' '.join(sentences[at : at + _WINDOW])}"
            for at in range(max(1, len(sentences) - _WINDOW + 1))
        ]
    texts += [
        " ".join(filter(None, (*task.lead, task.content, task.output, task.form, task.deadline)))
        for task in plan.tasks
    ]
    return [terms(text) for text in texts]


def _last_section(plan: Plan) -> int:
    return max((s.end for s in plan.sections if not s.annex), default=len(plan.text))
