"""Duties that a superior plan gives to this level and the draft says nothing of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kh_nlp.checking.identity import Identity
from kh_nlp.checking.likeness import weights
from kh_nlp.checking.meanings import carried, duty_terms
from kh_nlp.checking.records import Found
from kh_nlp.language import fold
from kh_nlp.model import Level, Plan, Task
from kh_nlp.places import body_key

_MET = 0.26
"""Weighted share of a duty that one unit of the draft must hold (see docs/checking.md)."""
_LACKING = 0.18
"""Share below which a duty is said to be lacking; from here to ``_MET`` it may be."""
_SHORTEST = 4
"""Words of a duty; less is a heading or a rest."""

# "Ban hành kế hoạch trước ngày …": the draft is that plan
_MAKES_PLAN = re.compile(
    r"\b(?:ban hành|xây dựng|lập|căn cứ|cụ thể hóa)\b[^.;:]{0,60}\bkế hoạch\b[^,.;]*", re.I
)
_ADDRESSED = re.compile(r"^.*?\b(?:có trách nhiệm|chịu trách nhiệm)\b\s*", re.I)
_SAME_SUBJECT = 0.3
"""Share of the draft's title that the superior's must hold, for the draft to owe all its duties."""
_ON_SUBJECT = 0.2
"""Share of the draft's title in a duty, or of the duty in the title, for it to be the draft's."""

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
    """One finding for each duty to this level that no section and no task of the draft treats.

    Of a superior plan on a wider subject only the duties on the draft's own (``elsewhere`` gives
    the others): a plan for 5G carries out one task of a programme, not its schools and hospitals.
    """
    duties, _ = _owed(plan, identity, superior)
    whole = _covers(superior, plan)
    units = _units(plan)
    weight = weights([*(words for _, words in units), *duties.values()])
    end = _last_section(plan)
    number = superior.header.number or "kế hoạch cấp trên"
    for piece, wanted in duties.items():
        share, where = max(
            ((carried(wanted, words, weight), place) for place, words in units),
            key=lambda item: item[0],
            default=(0.0, None),
        )
        if share >= _MET:
            continue
        lacking = whole and share < _LACKING
        nearest = f" (gần nhất: {where})" if where and not lacking else ""
        told = "chưa có nội dung tương ứng" if lacking else "chưa thấy rõ nội dung tương ứng"
        yield Found(
            kind="missing_duty",
            start=end,
            end=end,
            message=f"Cấp trên giao “{piece.rstrip(' .;')}” ({number})"
            f" nhưng dự thảo {told}{nearest}.",
            proposal=piece,
            severity="warning" if lacking else "info",
        )


def elsewhere(plan: Plan, identity: Identity, superior: Plan) -> tuple[str, ...]:
    """Duties to this level on another subject than the draft's: they are not compared."""
    _, others = _owed(plan, identity, superior)
    return others


def _owed(
    plan: Plan, identity: Identity, superior: Plan
) -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    """Duties that the draft owes with their terms, and those on other subjects."""
    if identity.level is None or identity.level == "central":
        return {}, ()
    duties = {
        piece: duty_terms(asked)
        for task in superior.tasks
        if _is_for(task, plan, identity, superior)
        for piece in _pieces(superior, task)
        if len((asked := _asked(piece, task)).split()) >= _SHORTEST
    }
    if _covers(superior, plan):
        return duties, ()
    title = duty_terms(plan.header.title or "")
    own = {piece: terms for piece, terms in duties.items() if _is_on(title, terms)}
    return own, tuple(piece for piece in duties if piece not in own)


def _is_on(title: frozenset[str], duty: frozenset[str]) -> bool:
    """Whether a duty is on the subject of a title: either holds enough of the other."""
    return max(carried(title, duty, {}), carried(duty, title, {})) >= _ON_SUBJECT


def _covers(superior: Plan, plan: Plan) -> bool:
    """Whether the superior is on the draft's own subject; a wider one asks more than one plan."""
    wanted, title = duty_terms(plan.header.title or ""), duty_terms(superior.header.title or "")
    return carried(wanted, title, {}) >= _SAME_SUBJECT


def _asked(piece: str, task: Task) -> str:
    """What is to be done: without whom it is said to, and without the making of the plan itself.

    "UBND các xã xây dựng kế hoạch, phát tờ rơi" asks for leaflets; the draft is the plan.
    """
    rest = _ADDRESSED.sub("", piece)
    made = _MAKES_PLAN.search(rest)
    if made:
        rest = rest[made.end() :]
    for name in (*task.lead, *task.partners):
        rest = rest.replace(name, " ")
    return " ".join(rest.split()).strip(" ,;:.-")


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


def _units(plan: Plan) -> list[tuple[str | None, frozenset[str]]]:
    """Where, and what: each sentence of a section with its heading, each task."""
    found: list[tuple[str | None, frozenset[str]]] = []
    for section in plan.sections:
        place = f"mục {section.number}" if section.number else None
        found.extend(
            (place, duty_terms(f"{section.heading or ''} {sentence}"))
            for sentence in _PIECES.split(section.text)
            if sentence.strip()
        )
    for task in plan.tasks:
        parts = (*task.lead, task.content, task.output, task.form, task.deadline)
        place = f"nhiệm vụ {task.order}" if task.order else None
        found.append((place, duty_terms(" ".join(filter(None, parts)))))
    return found


def _last_section(plan: Plan) -> int:
    return max((s.end for s in plan.sections if not s.annex), default=len(plan.text))
