"""The making of a draft, step by step."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from kh_nlp.checking import Finding
from kh_nlp.drafting.bases import propose, rested_on
from kh_nlp.drafting.bodies import across_kinds, column, counterpart, issuer_kind, same_tier
from kh_nlp.drafting.checked import findings
from kh_nlp.drafting.choosing import choose
from kh_nlp.drafting.customary import Customs
from kh_nlp.drafting.framing import head_name, opening, place, recipients, signature, symbol
from kh_nlp.drafting.framing import superior as over
from kh_nlp.drafting.groups import Group
from kh_nlp.drafting.headings import is_body
from kh_nlp.drafting.kindred import ENOUGH, kindred, likenesses
from kh_nlp.drafting.outlining import Rename, outline
from kh_nlp.drafting.records import (
    Basis,
    Change,
    Draft,
    DraftSection,
    Kindred,
    Paragraph,
    Request,
    Step,
)
from kh_nlp.drafting.slots import Rewriter
from kh_nlp.drafting.sources import SourcePlan
from kh_nlp.drafting.superior import superior_line, superiors
from kh_nlp.drafting.target import Target, seat_of, target_of
from kh_nlp.drafting.task_table import task_table
from kh_nlp.drafting.tracing import located, paragraphs, undone
from kh_nlp.errors import Advice, UsageError
from kh_nlp.language import nfc
from kh_nlp.library import Library, PlanSummary
from kh_nlp.model import Plan
from kh_nlp.network import identities

MANY = 8
"""Kindred plans from which an outline foresees most headings (docs/drafting.md, figures)."""

BODY_PLANS = 8
"""Further plans of the issuer's level whose lists of bodies are read."""

CUSTOM_PLANS = 10
"""Further plans by whose outlines a section is customary."""

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV",
          "XV", "XVI", "XVII", "XVIII", "XIX", "XX")  # fmt: skip


def draft(
    library: Library,
    request: Request,
    *,
    superior: Plan | None = None,
    without: Collection[str] = (),
    thresholds: Mapping[str, float] | None = None,
) -> Draft:
    """A draft for the request from the plans of the library.

    ``superior`` is the document of a higher level that the plan carries out; it becomes the last
    *căn cứ*. ``without`` are plans (full ids) that must not be copied from. ``thresholds`` replace
    those of ``outline`` by name, for measuring.

    Raises UsageError for a request without title or of unknown level, and when the library has no
    plan on the subject.
    """
    request = _clean(request)
    target = target_of(request)
    request = replace(request, level=target.seat.level, province=target.seat.province)
    known = library.plans()
    found = kindred(library, request, without=without, known=known)
    if not found:
        raise UsageError(
            f"Thư viện không có kế hoạch nào cùng chủ đề với “{request.topic or request.title}”; "
            "hãy nêu chủ đề bằng từ khác, hoặc chọn kế hoạch mẫu.",
            fields=("topic", "like"),
        )
    sources = [SourcePlan(library.plan(kin.plan.plan), kin.score, kin) for kin in found]
    extra, customs = _other_plans(library, known, request, target, found, without)
    rewriters = {s.plan.plan_id: Rewriter(s.plan, target) for s in (*sources, *customs.plans)}
    columns = {key: seat_of(r.plan.header).column for key, r in rewriters.items()}

    def rename(source: SourcePlan, heading: str) -> str | None:
        theirs = columns[source.plan.plan_id]
        mine = target.seat
        named = counterpart(heading, theirs, mine.column, target.year, mine.kind)
        return named or across_kinds(heading, theirs, mine.column, target.issuer, mine.kind)

    def own(source: SourcePlan) -> bool:
        return same_tier(columns[source.plan.plan_id], target.seat.column)

    groups = outline(
        sources, rename, bodies=extra, own=own, customs=customs, **dict(thresholds or {})
    )
    sections = _sections(groups, target, rewriters, rename, len(sources))
    bases = propose(sources, identities(library, rested_on(sources)), target, rewriters)
    named = {basis.key for basis in bases}
    bases = (*bases, *(basis for basis in superiors(sources, target) if basis.key not in named))
    if superior is not None:
        given = superior_line(superior)
        bases = (*(b for b in bases if b.line.text != given.line.text), given)
    tasks = task_table(sources, target, rewriters)
    made = Draft(
        title=request.title,
        request=request,
        issuer=head_name(target),
        superior=over(target),
        place=place(target),
        symbol=symbol(sources, target),
        kindred=found,
        steps=(),
        basis=bases,
        opening=opening(sources, target, rewriters),
        sections=sections,
        tasks=tasks,
        recipients=recipients(sources, target, rewriters),
        signer_title=signature(target),
        warnings=_warnings(found, target),
    )
    plans = [source.plan for source in sources]
    found_faults = findings(made, plans, superior)
    standing = _standing_bases(bases, found_faults)
    if len(standing) < len(bases):
        made = replace(made, basis=standing)
        found_faults = findings(made, plans, superior)
    return _with_steps(replace(made, findings=found_faults))


def _standing_bases(bases: Sequence[Basis], faults: Sequence[Finding]) -> tuple[Basis, ...]:
    """Without those that the checks know to be replaced on the day of the draft."""
    ended = [fault.text for fault in faults if fault.kind == "replaced_document"]
    return tuple(
        basis for basis in bases if not any(text and text in basis.line.text for text in ended)
    )


def _clean(request: Request) -> Request:
    title, issuer = " ".join(nfc(request.title).split()), " ".join(nfc(request.issuer).split())
    if not title and not request.topic:
        raise UsageError("Thiếu tên kế hoạch.", fields=("title",))
    if not issuer:
        raise UsageError("Thiếu cơ quan ban hành.", fields=("issuer",))
    if not 1950 <= request.year <= 2100:
        raise UsageError(f"Năm “{request.year}” không hợp lệ.", fields=("year",))
    return Request(
        title=title or (request.topic or ""),
        issuer=issuer,
        year=request.year,
        topic=nfc(request.topic) if request.topic else None,
        level=request.level,
        province=nfc(request.province) if request.province else None,
        like=request.like,
    )


def _other_plans(
    library: Library,
    plans: Sequence[PlanSummary],
    request: Request,
    target: Target,
    found: Sequence[Kindred],
    without: Collection[str],
) -> tuple[list[SourcePlan], Customs]:
    """Plans on other subjects of issuers of the same kind: who works at that level, and what such
    plans print whatever their subject.
    """
    seen = {kin.plan.plan for kin in found} | set(without)
    plans = [p for p in plans if p.plan not in seen and p.sections and not p.damaged]
    own = {
        p.plan
        for p in plans
        if same_tier(
            column(p.level, p.issuer, p.issued_on or str(p.year or "")), target.seat.column
        )
    }
    scores = likenesses(request.topic or request.title, [p.title or "" for p in plans])
    ranked = sorted(
        zip(scores, plans, strict=True),
        key=lambda item: (
            item[1].plan not in own,
            issuer_kind(item[1].issuer) != issuer_kind(request.issuer),
            item[1].level != request.level,
            -item[0],
            item[1].plan,
        ),
    )[:CUSTOM_PLANS]
    sources = [SourcePlan(library.plan(p.plan), 0.8 + s) for s, p in ranked]
    bodies = [source for source in sources if source.plan.plan_id in own][:BODY_PLANS]
    return bodies, Customs(sources)


def _sections(
    groups: Sequence[Group],
    target: Target,
    rewriters: dict[str, Rewriter],
    rename: Rename,
    asked: int,
) -> tuple[DraftSection, ...]:
    found: list[DraftSection] = []
    for at, group in enumerate(groups):
        number = _ROMAN[at] if at < len(_ROMAN) else str(at + 1)
        found.append(_section(number, 1, group, target, rewriters, rename, asked))
        for below, child in enumerate(group.below, 1):
            found.append(
                _section(f"{number}.{below}", 2, child, target, rewriters, rename, group.plans)
            )
    return tuple(found)


def _section(
    number: str,
    level: int,
    group: Group,
    target: Target,
    rewriters: dict[str, Rewriter],
    rename: Rename,
    asked: int,
) -> DraftSection:
    title = _title(group, rewriters, rename)
    title = _capitals(title) if level == 1 else _capital(title)
    return DraftSection(
        number=number,
        heading=title.text,
        level=level,
        title=title,
        paragraphs=choose(group, rewriters, target.seat.column),
        support=group.plans,
        asked=max(asked, group.plans),
    )


def _title(group: Group, rewriters: dict[str, Rewriter], rename: Rename) -> Paragraph:
    best = group.best()
    ranked = sorted(group.members, key=lambda m: (m is not best, m.heading != best.heading))
    for member in ranked:
        plan = member.source.plan
        printed = member.source.name_of(member.section)
        start, end = member.section.spans[0]
        where = located(plan, start, end, printed or "")
        if where is None:
            continue
        rewriter = rewriters[plan.plan_id]
        if is_body(member.heading) and member.heading != printed:
            return rewriter.replaced(where, member.heading, "body")
        return rewriter.rewrite(where.start, where.end)
    return Paragraph(text=best.heading, sources=())


def _capitals(title: Paragraph) -> Paragraph:
    """Headings of the first level are printed in capitals; others are changed to them."""
    if title.text.isupper() or not title.sources:
        return title
    change = Change(
        start=0, end=len(title.text), was=undone(title), now=title.text.upper(), reason="form"
    )
    return Paragraph(
        text=title.text.upper(), sources=title.sources, gaps=title.gaps, changes=(change,)
    )


def _capital(title: Paragraph) -> Paragraph:
    """A heading begins with a capital: "các sở, ban, ngành" after a number in running text."""
    text = title.text
    if not text[:1].islower() or not title.sources or any(c.start == 0 for c in title.changes):
        return title
    change = Change(start=0, end=1, was=text[0], now=text[0].upper(), reason="form")
    return replace(title, text=text[0].upper() + text[1:], changes=(change, *title.changes))


def _warnings(found: Sequence[Kindred], target: Target) -> tuple[Advice, ...]:
    warnings = []
    alike = sum(kin.same_act for kin in found)
    if len(found) < ENOUGH:
        text = (
            f"Chỉ có {len(found)} kế hoạch cùng chủ đề trong thư viện (cần ít nhất {ENOUGH}): đề "
            "cương và căn cứ dưới đây chép theo số ít đó, chưa phải cách làm chung."
        )
        warnings.append(Advice(text=text))
    elif alike < ENOUGH:
        text = (
            f"Chỉ {alike} trong {len(found)} kế hoạch cùng chủ đề là cùng loại việc (các kế hoạch "
            "kia tuyên truyền, kiểm tra, phát động thi đua… về chủ đề đó): đề cương chỉ để tham "
            "khảo, nên chọn kế hoạch mẫu."
        )
        warnings.append(Advice(text=text, fields=("like",)))
    elif alike < MANY:
        text = (
            f"Đề cương dựa trên {alike} kế hoạch cùng loại việc: thử với vài kế hoạch đã ban hành, "
            f"đề cương từ dưới {MANY} kế hoạch thiếu hơn nửa số mục; các mục nhỏ cần tự bổ sung."
        )
        warnings.append(Advice(text=text))
    same = sum(kin.plan.level == target.seat.level for kin in found)
    if same == 0:
        text = (
            "Không có kế hoạch cùng cấp: nhiệm vụ và cơ quan được chuyển từ cấp khác, cần soát kỹ."
        )
        warnings.append(Advice(text=text))
    if target.seat.province is None and target.seat.level != "central":
        text = "Chưa rõ tỉnh, thành phố của cơ quan ban hành: chỗ đó để trống."
        warnings.append(Advice(text=text, fields=("province",)))
    return tuple(warnings)


def _with_steps(made: Draft) -> Draft:
    parts = [p for _, p in paragraphs(made)]
    gaps = sum(len(p.gaps) for p in parts)
    changes = sum(len(p.changes) for p in parts) - gaps
    same = sum("cùng cấp" in kin.reasons for kin in made.kindred)
    first = sum(s.level == 1 for s in made.sections)
    steps = (
        Step(
            name="kindred",
            text=f"Tìm được {len(made.kindred)} kế hoạch cùng chủ đề, {same} của cùng cấp.",
        ),
        Step(
            name="outline",
            text=f"Đề cương gồm {first} mục lớn, {len(made.sections) - first} mục nhỏ mà các kế "
            "hoạch đó thống nhất.",
        ),
        Step(
            name="passages",
            text=f"Chọn {sum(len(s.paragraphs) for s in made.sections)} đoạn, bỏ đoạn trùng ý.",
        ),
        Step(
            name="slots",
            text=f"Thay {changes} chỗ (địa danh, năm, cơ quan…), để trống {gaps} chỗ “[…]”.",
        ),
        Step(name="basis", text=f"Đề xuất {len(made.basis)} căn cứ."),
        Step(name="tasks", text=f"Gộp thành bảng {len(made.tasks)} nhiệm vụ."),
        Step(name="check", text=f"Soát lại: {len(made.findings)} điểm cần xem."),
    )
    return replace(made, steps=steps)
