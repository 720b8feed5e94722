"""What a person reads: answers in Vietnamese with the place of their source."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kh_nlp.cli.printing_understood import understood_lines
from kh_nlp.wording import (
    COVERAGE,
    LEVELS,
    ORIGINS,
    STATUSES,
    body_start,
    day,
    document_name,
    shown_path,
    today_lines,
    unit_name,
)

if TYPE_CHECKING:
    from kh_nlp.library import IngestReport, Library, PlanSummary
    from kh_nlp.model import Plan, Section, Span
    from kh_nlp.search import CitedDocument, CoverAnswer, Hit, SearchAnswer, Why

_INDENT = "    "
_SNIPPET = 320


def print_json(value: Any, *, lines: bool = False) -> None:
    """JSON in UTF-8 without ASCII escapes; on one line when it is one record of many."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=None if lines else 2))


def complain(path: Path | str, error: BaseException | str | None) -> None:
    """One line on stderr about a file that could not be taken in."""
    from kh_nlp.errors import KhError

    sys.stdout.flush()
    line = " ".join(str(error).split())
    if isinstance(error, OSError) and not isinstance(error, KhError):
        line = error.strerror or line
    prefix = "" if str(path) in line else f"{path}: "
    print(f"kh: {prefix}{line}", file=sys.stderr)


def print_report(report: IngestReport) -> None:
    """Counts on stdout, each failure as a line on stderr."""
    parts = [
        f"thêm {len(report.added)}",
        f"cập nhật {len(report.updated)}",
        f"không đổi {len(report.unchanged)}",
        *([f"chuyển chỗ {len(report.moved)}"] if report.moved else []),
        f"lỗi {len(report.failed)}",
    ]
    typer.echo("Kế hoạch: " + ", ".join(parts) + ".")
    for path, line in report.failed:
        complain(path, line)
    for lost in report.orphaned:
        complain(lost.plan, f"sửa đổi số {lost.number} không còn khớp: {lost.reason}.")


def print_plans(summaries: Sequence[PlanSummary]) -> None:
    """One plan after the other, with the figures of each."""
    if not summaries:
        typer.echo("Thư viện chưa có kế hoạch nào. Thêm bằng: kh ingest THƯ_MỤC")
    for plan in summaries:
        typer.echo(_bold(plan.title or "(không rõ tên)"))
        about = [plan.issuer, plan.number, day(plan.issued_on), plan.year and f"năm {plan.year}"]
        typer.echo(_INDENT + _dots([*about, "bản đọc bị hỏng" if plan.damaged else None]))
        figures = f"{plan.sections} mục · {plan.tasks} nhiệm vụ · {plan.citations} viện dẫn"
        typer.echo(f"{_INDENT}{plan.plan} · {figures}")
        typer.echo(_INDENT + shown_path(plan.path))


def print_plan(plan: Plan) -> None:
    """Header, warnings, outline, tasks and cited documents of one plan."""
    from kh_nlp.library import today

    head = plan.header
    typer.echo(_bold(head.title or "(không rõ tên)"))
    rows = (
        ("Số", head.number or head.symbol),
        ("Ngày", " ".join(filter(None, (day(head.issued_on or head.issued_month), head.place)))),
        ("Cơ quan", head.issuer),
        ("Cấp", LEVELS.get(head.level or "")),
        ("Năm", head.year),
        ("Tình trạng", STATUSES[head.status]),
        ("Người ký", _dots((head.signer_title, head.signer), ", ")),
        ("Mã", plan.plan_id),
        ("Tệp", f"{shown_path(plan.source.path)} ({plan.source.pages} trang)"),
    )
    for name, value in rows:
        if value:
            typer.echo(f"{_INDENT}{name + ':':<12}{value}")
    for line in today_lines(today(plan)):
        typer.echo(f"{_INDENT}Nay: {line}")
    for warning in plan.quality.warnings:
        typer.echo(f"{_INDENT}Lưu ý: {warning}")
    typer.echo("\n" + _bold(f"Dàn ý ({len(plan.sections)} mục)"))
    for section in plan.sections:
        depth = (section.number or "").count(".")
        first = section.heading or _first_words(section.text, 90)
        typer.echo(f"{_INDENT}{'  ' * depth}{section.number or '–'}  {first}")
    if plan.tasks:
        typer.echo("\n" + _bold(f"Nhiệm vụ ({len(plan.tasks)})"))
    for task in plan.tasks:
        typer.echo(f"{_INDENT}{task.order or '–'}. {_first_words(task.content or '', 160)}")
        details = (
            task.lead and f"chủ trì: {', '.join(task.lead)}",
            task.partners and f"phối hợp: {', '.join(task.partners)}",
            task.deadline and f"thời hạn: {task.deadline}",
            ORIGINS[task.origin].lower(),
        )
        typer.echo(f"{_INDENT}   {_dots(details)}")
    cited = {(c.document.key if c.document else c.text): c for c in plan.citations}
    if cited:
        typer.echo("\n" + _bold(f"Văn bản viện dẫn ({len(cited)})"))
    for citation in cited.values():
        typer.echo(f"{_INDENT}{citation.text}  ({_line(plan, citation.start)})")


def print_section(plan: Plan, section: Section) -> None:
    """The text of one section and where it stands."""
    typer.echo(section.text)
    typer.echo(f"{_INDENT}{_source(plan, section.start)}")


def print_hits(answer: SearchAnswer, library: Library) -> None:
    """What was understood, then hits with highlight, section path and source."""
    for line in understood_lines(answer.understood):
        typer.echo(line)
    if not answer.found and answer.filters and not answer.eligible:
        typer.echo("Không có mục hay nhiệm vụ nào hợp với bộ lọc đã chọn.")
    elif not answer.found:
        typer.echo(f"Không tìm thấy nội dung nào trả lời “{answer.query}”.")
    if not answer.hits:
        return
    if answer.found:
        read = f" (hiểu là “{answer.read_as}”)" if answer.read_as else ""
        typer.echo(f"{len(answer.hits)} kết quả cho “{answer.query}”{read}")
    else:
        typer.echo("Những nội dung gần nhất:")
    located = cache(library.plan)
    for rank, hit in enumerate(answer.hits if answer.found else answer.hits[:3], 1):
        what = unit_name(hit.unit, hit.number)
        typer.echo(f"\n{rank:>2}. " + _bold(_dots((what, hit.heading))))
        typer.echo(_indented(_marked(hit)))
        typer.echo(_INDENT + _dots((hit.title, hit.issuer, hit.year)))
        typer.echo(_INDENT + _dim(_source(located(hit.plan), hit.start)))
        for reason in hit.reasons:
            what = "Viện dẫn" if reason.kind == "cites" else "Nêu tên"
            typer.echo(f"{_INDENT}{what}: {_first_words(reason.text, 120)}")
        if hit.also:
            typer.echo(f"{_INDENT}Nội dung gần giống ở {len(hit.also)} kế hoạch khác.")
        if hit.why is not None:
            typer.echo(_indented(_because(hit, hit.why)))


def _because(hit: Hit, why: Why) -> str:
    """The parts of the score, the words found and missing, and the relevance, in one sentence."""
    parts = [("khớp từ", why.words), ("gần nghĩa", why.meaning), ("viện dẫn", why.cites)]
    told = " + ".join(f"{name} {value:.2f}".replace(".", ",") for name, value in parts if value)
    words = f"; có: {', '.join(why.standing)}" if why.standing else ""
    words += f"; thiếu: {', '.join(why.missing)}" if why.missing else ""
    found = "" if hit.relevance is None else f"; khả năng đúng ý {hit.relevance:.0%}"
    judged = "" if why.reranked is None else f"; mô hình xếp lại cho {why.reranked:.2f}"
    return f"Vì sao: {told or 'không khớp'}{words}{found}{judged.replace('.', ',')}."


def print_coverage(answer: CoverAnswer, library: Library) -> None:
    """Covering plans with their evidence, then the number of plans without any."""
    covering = [plan for plan in answer.plans if plan.coverage != "none"]
    for document in known_documents(answer.keys, library):
        typer.echo(f"“{answer.query}”: {_document(document)}")
    typer.echo(f"{len(covering)}/{len(answer.plans)} kế hoạch có đề cập.")
    located = cache(library.plan)
    for plan in covering:
        typer.echo(f"\n  • {_bold(plan.title or plan.plan)}: {COVERAGE[plan.coverage]}")
        for evidence in plan.evidence[:3]:
            where = f"mục {evidence.number}" if evidence.number else "ngoài các mục"
            quote = _first_words(evidence.text, 200)
            typer.echo(_indented(f"{COVERAGE[evidence.kind]}, {where}: “{quote}”"))
            typer.echo(_INDENT + _dim(_source(located(plan.plan), evidence.start)))
        if len(plan.evidence) > 3:
            typer.echo(f"{_INDENT}… và {len(plan.evidence) - 3} chỗ khác.")
    rest = [plan.title or plan.plan for plan in answer.plans if plan.coverage == "none"]
    if rest:
        typer.echo("\nKhông đề cập:")
    for title in rest:
        typer.echo(f"  – {title}")


def known_documents(keys: Sequence[str], library: Library) -> list[CitedDocument]:
    """What the library knows of the documents ``keys``; those that no plan cites are left out."""
    from kh_nlp.errors import UsageError
    from kh_nlp.search import cited_by

    found: list[CitedDocument] = []
    for key in keys:
        with suppress(UsageError):
            found.append(cited_by(library, key))
    return found


def print_documents(documents: Sequence[CitedDocument]) -> None:
    """Cited documents with how often and the key that `kh cite show` takes."""
    if not documents:
        typer.echo("Chưa có văn bản nào được viện dẫn.")
    for rank, document in enumerate(documents, 1):
        times = f"{document.plans} kế hoạch, {document.mentions} lần"
        typer.echo(f"{rank:>2}. {_bold(_document(document))} · {times}")
        if document.title and document.number:
            typer.echo(_indented(document.title))
        typer.echo(_INDENT + _dim(document.key))


def print_document(document: CitedDocument, library: Library) -> None:
    """One cited document and every place that cites it."""
    typer.echo(_bold(_document(document)))
    if document.title and document.number:
        typer.echo(_indented(document.title))
    typer.echo(f"{document.plans} kế hoạch, {document.mentions} lần viện dẫn:")
    located = cache(library.plan)
    for mention in document.cited_by:
        where = f"mục {mention.section}" if mention.section else "ngoài các mục"
        typer.echo(f"\n  • {_dots((mention.title or mention.plan, where))}")
        typer.echo(_indented(f"“{_first_words(mention.text, 200)}”"))
        typer.echo(_INDENT + _dim(_source(located(mention.plan), mention.start)))


def _document(document: CitedDocument) -> str:
    name = document_name(document.key, document.kind, document.number, document.title)
    date = f" ngày {day(document.issued_on)}" if document.issued_on else ""
    return name + date + (f" của {document.issuer}" if document.issuer else "")


def _source(plan: Plan, start: int) -> str:
    return f"{shown_path(plan.source.path)}, {_line(plan, start)}"


def _line(plan: Plan, start: int) -> str:
    place = plan.locate(start)
    return f"trang {place.page}, dòng {place.line}"


def _marked(hit: Hit) -> str:
    """The part of the hit around its first highlight, highlights in bold on a terminal."""
    body = body_start(hit.text, hit.heading)
    first = next((start for start, _ in hit.highlights if start >= body), body)
    far = first - body > _SNIPPET * 2 // 3
    begin = hit.text.rfind(" ", 0, first - 60) + 1 if far else body
    end = len(hit.text)
    if end - begin > _SNIPPET:
        end = max(hit.text.rfind(" ", begin, begin + _SNIPPET), begin + 1)
    quote = _emphasised(hit.text, hit.highlights, begin, end)
    return ("… " if far else "") + quote + (" …" if end < len(hit.text) else "")


def _emphasised(text: str, spans: Sequence[Span], begin: int, end: int) -> str:
    parts, at = [], begin
    for start, stop in sorted(spans):
        if start < max(at, begin) or stop > end:
            continue
        parts += [text[at:start], _bold(text[start:stop])]
        at = stop
    return "".join([*parts, text[at:end]])


def _first_words(text: str, length: int) -> str:
    return textwrap.shorten(text, length, placeholder=" …")


def _indented(text: str) -> str:
    width = max(40, min(100, shutil.get_terminal_size((100, 24)).columns) - len(_INDENT))
    lines = (
        line
        for part in text.splitlines()
        for line in textwrap.wrap(part, width, break_long_words=False)
    )
    return "\n".join(_INDENT + line for line in lines)


def _dots(parts: Sequence[object], between: str = " · ") -> str:
    return between.join(str(part) for part in parts if part)


def _bold(text: str) -> str:
    return typer.style(text, bold=True) if sys.stdout.isatty() else text


def _dim(text: str) -> str:
    return typer.style(text, dim=True) if sys.stdout.isatty() else text
