"""All checks on one plan, and which of them were not possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import shorten

from kh_nlp.checking.documents import check_documents
from kh_nlp.checking.form import check_form
from kh_nlp.checking.former import check_former
from kh_nlp.checking.identity import identify
from kh_nlp.checking.numbers import check_numbers
from kh_nlp.checking.outline import check_outline
from kh_nlp.checking.page import check_page
from kh_nlp.checking.records import CheckAnswer, Finding, Found
from kh_nlp.checking.strangers import check_strangers
from kh_nlp.checking.superior import check_superior, elsewhere
from kh_nlp.checking.tasks import check_tasks
from kh_nlp.checking.years import check_years
from kh_nlp.errors import Advice
from kh_nlp.library import Library
from kh_nlp.model import Plan


def check(
    plan: Plan,
    *,
    library: Library | None = None,
    superior: Plan | None = None,
    sources: Sequence[Plan | str] | None = None,
    file: Path | None = None,
) -> tuple[Finding, ...]:
    """Faults of ``plan``, in the order of its text.

    ``library`` tells what other plans print of the same documents and which sections comparable
    plans have; ``superior`` is the plan whose duties for this level must be met; ``sources`` (plans
    or texts) are what the draft was made from: figures in none of them are told; ``file`` is the
    .docx of the plan, whose page is checked too.
    """
    found = _all(plan, library, superior, sources, file)
    return tuple(_placed(plan, item) for item in sorted(found, key=lambda f: (f.start, f.end)))


def check_answer(
    plan: Plan,
    *,
    library: Library | None = None,
    superior: Plan | None = None,
    sources: Sequence[Plan | str] | None = None,
    file: Path | None = None,
) -> CheckAnswer:
    """The findings of :func:`check` with what was not checked."""
    return CheckAnswer(
        findings=check(plan, library=library, superior=superior, sources=sources, file=file),
        unchecked=(
            *unchecked(library=library, superior=superior, sources=sources),
            *_other_subjects(plan, superior),
        ),
    )


def _other_subjects(plan: Plan, superior: Plan | None) -> Iterator[Advice]:
    others = elsewhere(plan, identify(plan), superior) if superior is not None else ()
    if others:
        shown = "; ".join(f"“{shorten(duty, 60, placeholder=' …')}”" for duty in others[:3])
        yield Advice(
            text=f"Kế hoạch cấp trên rộng hơn dự thảo: {len(others)} nhiệm vụ giao cho cấp này có "
            f"vẻ không thuộc tên dự thảo, không đối chiếu ({shown}{'; …' if others[3:] else ''})."
        )


def unchecked(
    *,
    library: Library | None = None,
    superior: Plan | None = None,
    sources: Sequence[Plan | str] | None = None,
) -> tuple[Advice, ...]:
    """Which checks were not made for want of what they need."""
    lines = []
    if library is None:
        text = (
            "Không có thư viện: chưa đối chiếu số, ngày, cơ quan ban hành văn bản với các kế hoạch "
            "khác, chưa so mục với kế hoạch tương tự."
        )
        lines.append(Advice(text=text, fields=("library",)))
    if superior is None:
        text = "Chưa đối chiếu nhiệm vụ cấp trên giao: chưa nêu kế hoạch cấp trên."
        lines.append(Advice(text=text, fields=("superior",)))
    if sources is None:
        text = "Chưa đối chiếu số liệu: chưa nêu nguồn của dự thảo."
        lines.append(Advice(text=text, fields=("source",)))
    return tuple(lines)


def _all(
    plan: Plan,
    library: Library | None,
    superior: Plan | None,
    sources: Sequence[Plan | str] | None,
    file: Path | None,
) -> Iterator[Found]:
    identity = identify(plan)
    yield from check_strangers(plan, identity)
    yield from check_years(plan, identity)
    yield from check_former(plan, identity)
    yield from check_documents(plan, identity, library)
    yield from check_tasks(plan)
    yield from check_form(plan, identity)
    if identity.rules == "state" and file is not None and file.suffix.lower() == ".docx":
        yield from check_page(file)
    if sources is not None:
        yield from check_numbers(plan, sources)
    if library is not None:
        yield from check_outline(plan, identity, library)
    if superior is not None:
        yield from check_superior(plan, identity, superior)


def _placed(plan: Plan, item: Found) -> Finding:
    at = plan.locate(min(item.start, len(plan.text)))
    return Finding(
        kind=item.kind,
        start=item.start,
        end=item.end,
        text=plan.text[item.start : item.end],
        message=item.message,
        proposal=item.proposal,
        severity=item.severity,
        number=_section(plan, item.start),
        page=at.page,
        line=at.line,
    )


def _section(plan: Plan, at: int) -> str | None:
    """Path of the smallest section around a position."""
    around = [s for s in plan.sections if s.start <= at < s.end and s.number]
    return min(around, key=lambda s: s.end - s.start).number if around else None
