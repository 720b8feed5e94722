"""Plans of the library that an official would copy from: same subject, issuer, level, recent."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise

from kh_nlp.checking import act_words, acts
from kh_nlp.citations import find_mentions
from kh_nlp.drafting.bodies import issuer_kind
from kh_nlp.drafting.records import Kindred, Request
from kh_nlp.language import fold
from kh_nlp.library import Library, PlanSummary

SAME_SUBJECT = 0.30
"""Cosine of the subjects of two titles from which the plans are kindred."""

ENOUGH = 3
"""Kindred plans from which an outline can be said to be agreed on."""

_OTHER_ACT = 0.75
"""How much the likeness of a plan counts that tells no act, or one more, than the other."""

_AREA = r"(?:tinh|thanh pho|tp\.?|huyen|quan|thi xa|thi tran|xa|phuong|dac khu)"
_SLOTS = re.compile(
    r"(?:trong |den )?(?:nam hoc|nam|giai doan|thoi ky|nhiem ky|\d+ thang cuoi nam"
    r"|nhung thang cuoi nam|den nam|tam nhin den nam)\s*\d{4}(?:\s*-\s*(?:nam )?\d{4})?"
    r"|ngay \d+[/.-]\d+[/.-]\d{4}|ngay \d+ thang \d+ nam \d{4}|so \d+[\w/.-]*|\b\d[\d/.\-]*\b"
)
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "ke hoach ban hanh trien khai thuc hien to chuc cong tac ve viec va cac cua cho tren dia "
        "ban trong tai theo nam giai doan thoi ky cac nhung mot voi den tinh thanh pho huyen xa "
        "phuong quan hoat dong phuc vu nham nha nuoc toan",
    )
)
# What many subjects hang on and none of them is.
_CARRIERS = re.compile(
    r"chuong trinh muc tieu quoc gia|(?:chi thi|quyet dinh|nghi quyet|thong tu)(?: so [\w/.-]+)?"
    r"(?: ngay [\d/.-]+)?(?: cua (?:thu tuong chinh phu|chinh phu|bo chinh tri|quoc hoi))?"
    r"(?: (?:ve viec|ve))?(?: tang cuong)?|\bmot so\b"
    r"|\b(?:phoi hop|lanh dao|chi dao|tang cuong|day manh|tiep tuc)\b"
    r"|\bphong,? chong\b|\b(?:de an|du an|chuong trinh|chien luoc|cuoc van dong|phong trao)\b"
)
# A programme known by its number is a subject by itself: "Đề án 06".
_NUMBERED = re.compile(r"\b(de an|du an|chuong trinh)(?: so)? (\d{1,4})\b(?![/.-]\w| thang\b)")
_SPELLED = (
    (re.compile(r"\bcchc\b"), "cai cach hanh chinh"),
    (re.compile(r"\btthc\b"), "thu tuc hanh chinh"),
    (re.compile(r"\bhdnd\b"), "hoi dong nhan dan"),
    (re.compile(r"\b(?:uy ban )?mttq\b"), "mat tran to quoc"),
    (
        re.compile(
            r"\bphat trien ung dung du lieu(?: ve)? dan cu,? dinh danh va xac thuc dien tu"
            r"(?: phuc vu chuyen doi so quoc gia)?"
        ),
        "de an 06",
    ),
)


def kindred(
    library: Library,
    request: Request,
    *,
    limit: int = 12,
    without: Collection[str] = (),
    known: Sequence[PlanSummary] | None = None,
) -> tuple[Kindred, ...]:
    """Plans nearest to what is asked for, best first; those of ``request.like`` always and first.

    Only plans whose title has the same subject count (``SAME_SUBJECT``); among them the same
    issuer, the same level and a recent year come first. A plan to inform about a subject and one
    to carry it out are built differently: where ``ENOUGH`` plans do the same as what is asked for,
    only those are given. ``without`` are plan ids left out, ``known`` the plans of the library for
    a caller that has them.
    """
    hidden = set(without)
    listed = library.plans() if known is None else known
    plans = [plan for plan in listed if plan.plan not in hidden]
    liked = [library.resolve(plan) for plan in request.like]
    asked = request.topic or request.title
    topics = likenesses(asked, [plan.title or "" for plan in plans])
    told = bool(acts(asked))
    found = []
    for plan, topic in zip(plans, topics, strict=True):
        if plan.sections == 0 or plan.damaged:
            continue
        same_act = bool(acts(plan.title or "")) == told
        if plan.plan in liked:
            found.append(_kin(plan, request, max(topic, 1.0), same_act=True))
        elif topic >= SAME_SUBJECT:
            found.append(_kin(plan, request, topic, same_act=same_act))
    close = [kin for kin in found if kin.same_act]
    if len(close) >= ENOUGH:
        found = close
    found.sort(key=lambda kin: (kin.plan.plan not in liked, -kin.score))
    return tuple(found[:limit])


def _kin(plan: PlanSummary, request: Request, topic: float, *, same_act: bool) -> Kindred:
    same_issuer = bool(plan.issuer) and fold(plan.issuer or "") == fold(request.issuer)
    same_level = plan.level == request.level
    age = abs((request.year or 0) - plan.year) if request.year and plan.year else 5
    # Party, Front and schools have forms and bodies of their own at every level.
    same_kind = issuer_kind(plan.issuer) == issuer_kind(request.issuer)
    rank = (0.25 if same_kind else 0.1) * same_level - 0.15 * (not same_kind)
    score = max(0.05, topic + 0.3 * same_issuer + rank + 0.15 * max(0.0, 1 - age / 6))
    if not same_act:
        score *= 0.5
    reasons = ["cùng chủ đề" if same_act else "cùng chủ đề, khác loại việc"]
    if same_issuer:
        reasons.append("cùng cơ quan ban hành")
    if same_level:
        reasons.append("cùng cấp")
    if plan.year:
        reasons.append(f"năm {plan.year}")
    return Kindred(plan=plan, topic=topic, score=score, reasons=tuple(reasons), same_act=same_act)


def likenesses(title: str, others: Sequence[str]) -> list[float]:
    """Cosine of the subject of ``title`` with each of ``others``, rare words counting more.

    Words and pairs of words of the folded titles without places, years, numbers and customary
    words, weighted by their rarity among ``others``.
    """
    asked = _terms(title)
    if not asked:  # nothing but "thực hiện Nghị quyết số 57-NQ/TW": the document is the subject
        named = _documents(title)
        return [1.0 if named and named & _documents(other) else 0.0 for other in others]
    table = [_terms(other) for other in others]
    known: Counter[str] = Counter()
    for terms in table:
        known.update(terms)
    size = len(table) + 1

    def weight(term: str) -> float:
        return math.log(1 + size / (1 + known[term])) * (1.0 if " " not in term else 0.7)

    wanted = {term: weight(term) for term in asked}
    norm = math.sqrt(sum(w * w for w in wanted.values()))
    found = []
    for terms in table:
        dot = sum(wanted[t] ** 2 for t in terms if t in wanted)
        length = math.sqrt(sum(weight(t) ** 2 for t in terms)) if dot else 1.0
        found.append(dot / (norm * length) if norm and length else 0.0)
    wanted_acts = acts(title)
    return [
        topic * _same_act(wanted_acts, acts(other)) if topic else 0.0
        for topic, other in zip(found, others, strict=True)
    ]


@lru_cache(maxsize=65536)
def _documents(title: str) -> frozenset[str]:
    """Numbers of the documents that a title names."""
    return frozenset(m.number.casefold() for m in find_mentions(title) if m.number)


def _same_act(one: frozenset[str], other: frozenset[str]) -> float:
    """1 for plans that do the same, 0 for others; between where one tells nothing or more."""
    if one == other:
        return 1.0
    return _OTHER_ACT if not one or not other or one & other else 0.0


@lru_cache(maxsize=65536)
def _terms(title: str) -> frozenset[str]:
    text = " ".join(fold(_without_places(title)).replace("–", "-").split())
    for pattern, words in _SPELLED:
        text = pattern.sub(words, text)
    text = _NUMBERED.sub(lambda found: found[1].replace(" ", "") + "_" + found[2], text)
    # What is done is compared by itself; "tuyên truyền" alone makes no two subjects alike. Where
    # nothing else is left ("Công tác thi đua, khen thưởng") what is done is the subject.
    return _terms_of(act_words().sub(" | ", text)) or _terms_of(text)


def _terms_of(text: str) -> frozenset[str]:
    runs: list[list[str]] = [[]]
    for word in re.findall(r"\w+|\|", _SLOTS.sub(" ", _CARRIERS.sub(" ", text))):
        if word in _EMPTY or word == "|":
            runs.append([])
        else:
            runs[-1].append(word)
    terms = {word for run in runs for word in run if len(word) > 1}
    terms |= {f"{a} {b}" for run in runs for a, b in pairwise(run)}
    return frozenset(terms)


_PLACED = re.compile(
    rf"\b{_AREA} (?:[a-z']+ ?){{1,4}}?"
    r"(?=(?: nam\b| giai doan\b| \d|,|;|$|\bnam hoc\b| den\b| thuoc\b))"
)


def _without_places(title: str) -> str:
    """The title without "tỉnh Lào Cai": a name that follows the word for a place."""
    folded = fold(title)
    if len(folded) != len(title):
        return title
    keep = title
    for match in reversed(list(_PLACED.finditer(folded))):
        keep = keep[: match.start()] + " " + keep[match.end() :]
    return keep
