"""Commands that tell plans in brief: ``kh summarize``, ``kh compare``."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kh_nlp.cli.options import (
    IssuerOption,
    JsonOption,
    LevelOption,
    LibraryOption,
    LlmModelOption,
    LlmPlainHttpOption,
    LlmUrlOption,
    Many,
    ProvinceOption,
    YearOption,
    language_model,
    library_folder,
)
from kh_nlp.cli.printing import print_json
from kh_nlp.cli.tables import OutOption
from kh_nlp.errors import UsageError

if TYPE_CHECKING:
    from kh_nlp.library import Library
    from kh_nlp.model import Plan
    from kh_nlp.rewriting import Model, Paragraph
    from kh_nlp.summaries import (
        AspectRow,
        Comparison,
        DocumentChange,
        Length,
        Piece,
        SectionChange,
        Sentence,
        Summary,
        TaskChange,
    )


def summarize(
    what: Annotated[
        Many,
        typer.Argument(metavar="ID|QUERY", help="Mã kế hoạch (một hoặc nhiều), hoặc câu hỏi."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="MÃ", help="Tóm tắt một nhóm nhiệm vụ của `kh cluster`."),
    ] = None,
    sentences: Annotated[
        int | None, typer.Option("--sentences", "-n", metavar="N", help="Số câu nhiều nhất.")
    ] = None,
    words: Annotated[
        int | None, typer.Option("--words", metavar="N", help="Số chữ (tiếng) nhiều nhất.")
    ] = None,
    aspect: Annotated[
        Many,
        typer.Option(
            metavar="KHÍA_CẠNH", help="goal, funding, when, who, task, basis; bỏ trống: tất cả."
        ),
    ] = None,
    rewrite: Annotated[
        bool,
        typer.Option(
            "--rewrite",
            help="Thêm đoạn văn do mô hình ngôn ngữ viết lại, dưới các câu nguyên văn (gửi các câu "
            "đó tới --llm-url).",
        ),
    ] = False,
    llm_url: LlmUrlOption = None,
    llm_model: LlmModelOption = None,
    llm_plain_http: LlmPlainHttpOption = False,
    table: Annotated[
        bool, typer.Option("--table", help="Bảng kế hoạch × khía cạnh cho các mã đã nêu.")
    ] = False,
    year: YearOption = None,
    level: LevelOption = None,
    province: ProvinceOption = None,
    issuer: IssuerOption = None,
    out: OutOption = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Tóm tắt kế hoạch hoặc câu trả lời cho một câu hỏi, nguyên văn từng câu, kèm nguồn."""
    from kh_nlp import tables
    from kh_nlp.library import Library
    from kh_nlp.summaries import Length, summarize_plan, summarize_query
    from kh_nlp.wording import read_levels, read_years

    length = Length(sentences=sentences, words=words)
    model = language_model(llm_url, llm_model, llm_plain_http) if rewrite else None
    asked = what or []
    if bool(asked) == bool(cluster):
        raise UsageError("Hãy nêu mã kế hoạch, câu hỏi, hoặc --cluster MÃ (chỉ một trong ba).")
    with Library.open(library_folder(library)) as opened:
        plans = _plans(opened, asked)
        if table or len(plans) > 1:
            if model is not None:
                raise UsageError("--rewrite chỉ dùng cho một kế hoạch hoặc một câu hỏi.")
            if not plans:
                raise UsageError("--table cần mã của các kế hoạch.")
            _side_by_side(plans, out, json)
            return
        if cluster:
            summary = _of_cluster(opened, cluster, length)
        elif plans:
            summary = summarize_plan(plans[0], length, aspects=aspect or ())  # type: ignore[arg-type]
        else:
            summary = summarize_query(
                opened,
                " ".join(asked),
                length,
                years=read_years(year),
                levels=read_levels(level or ()),
                provinces=province or (),
                issuers=issuer or (),
            )
        if out is not None:
            tables.write([tables.summary_table(summary)], out)
    if json:
        _print_json(summary, model)
        return
    if out is None:
        _print_summary(summary)
    if model is not None:
        for paragraph in _rewritten(summary, model):
            _print_paragraph(paragraph, plan=summary.query is not None)


def _of_cluster(library: Library, cluster: str, length: Length) -> Summary:
    """The tasks that say most of the cluster with this id; its label stands as the question."""
    from kh_nlp.clusters import cluster_tasks
    from kh_nlp.summaries import summarize_tasks

    for one in cluster_tasks(library).clusters:
        if one.id == cluster.strip():
            plans = [library.plan(plan_id) for plan_id in one.plan_ids]
            found = summarize_tasks(plans, one.tasks, length)
            return replace(found, query=one.label)
    raise UsageError(f"Không có nhóm nhiệm vụ nào mang mã “{cluster}”; xem kh cluster.")


def _side_by_side(plans: Sequence[Plan], out: Path | None, json: bool) -> None:
    """The table plan × aspect, to a file, as JSON or for a terminal."""
    from kh_nlp import tables
    from kh_nlp.model import to_dict
    from kh_nlp.summaries import aspect_table

    rows = aspect_table(plans)
    if out is not None:
        tables.write([tables.aspect_sheet(rows)], out)
    if json:
        print_json({"plans": to_dict(rows)})
    elif out is None:
        _print_aspects(rows)


def _print_json(summary: Summary, model: Model | None) -> None:
    """The summary, with the paragraphs made before the model failed, should it fail."""
    from kh_nlp.model import to_dict

    answer = to_dict(summary)
    try:
        if model is not None:
            answer["paragraphs"] = []
            for paragraph in _rewritten(summary, model):
                answer["paragraphs"].append(to_dict(paragraph))
    finally:
        print_json(answer)


def _rewritten(summary: Summary, model: Model) -> Iterator[Paragraph]:
    """The paragraphs, after the user has been told once whom they are asked of."""
    from kh_nlp.rewriting import rewrite_summary

    if summary.found:
        where = "trên máy này" if model.local else "NGOÀI máy này"
        typer.echo(
            f"Gửi {len(summary.sentences)} câu tới {model.host} ({where}), mô hình “{model.name}”.",
            err=True,
        )
        yield from rewrite_summary(summary, model=model)


def _print_paragraph(paragraph: Paragraph, *, plan: bool) -> None:
    made = paragraph.rewriting
    typer.echo(f"\n{paragraph.name} – đoạn viết lại bởi “{made.model}”, cần người đọc lại")
    if made.accepted:
        typer.echo(_wrapped(made.text, "  ", "  "))
    else:
        typer.echo("  Không dùng đoạn viết lại, giữ nguyên văn các câu trên, vì:")
        for finding in made.findings:
            typer.echo(_item(finding.reason, 2))
    typer.echo("    Nguồn:")
    for one in dict.fromkeys(_source(one, plan=plan) for one in paragraph.sources):
        typer.echo(f"    [{one}]")


def _plans(library: Library, what: Sequence[str]) -> list[Plan]:
    """The plans that all of ``what`` name; none when it is a question."""
    try:
        return [library.plan(one) for one in what]
    except UsageError:
        if len(what) > 1 and all(one.startswith("kh") and " " not in one for one in what):
            raise
        return []


def _print_summary(summary: Summary) -> None:
    from kh_nlp.summaries import aspect_names

    if not summary.found:
        typer.echo(
            "Không tìm thấy nội dung phù hợp." if summary.query else "Không có câu nào để trích."
        )
        return
    names = aspect_names()
    aspect: str | None = None
    for one in summary.sentences:
        if summary.query is None and one.aspect != aspect:
            aspect = one.aspect
            typer.echo(f"\n{names.get(aspect or '', 'Khác')}")
        typer.echo(_item(one.text, 2))
        typer.echo(f"    [{_source(one, plan=summary.query is not None)}]")


def _source(one: Sentence, *, plan: bool) -> str:
    parts = [f"mục {one.number}" if one.number else "phần mở đầu", f"trang {one.page}"]
    if one.heading and one.number:
        parts[0] += f" “{textwrap.shorten(one.heading, 60, placeholder=' …')}”"
    if plan:
        parts.insert(0, f"{one.plan} · {one.title or 'không rõ tên'}")
    if one.also:
        parts.append(f"và {len(one.also)} kế hoạch khác")
    return ", ".join(parts)


def _print_aspects(rows: Sequence[AspectRow]) -> None:
    from kh_nlp.summaries import aspect_names

    for row in rows:
        facts = (row.plan, row.title or "không rõ tên", row.issuer, row.year)
        typer.echo("\n" + " · ".join(str(fact) for fact in facts if fact))
        for aspect, name in aspect_names().items():
            found = row.cells[aspect]
            typer.echo(f"  {name}:" + ("" if found else " (không thấy nêu)"))
            for one in found:
                place = f"mục {one.number}" if one.number else "phần mở đầu"
                typer.echo(_item(f"{one.text} [{place}, trang {one.page}]", 4))


def _item(text: str, indent: int) -> str:
    """A wrapped line of a list."""
    blank = " " * indent
    return _wrapped(text, f"{blank}- ", f"{blank}  ")


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(
        " ".join(text.split()),
        96,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
    )


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="Mã kế hoạch trong thư viện, hoặc tệp.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Mã kế hoạch trong thư viện, hoặc tệp.")],
    whole: Annotated[bool, typer.Option("--all", help="In cả những chỗ không đổi.")] = False,
    out: OutOption = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """So sánh hai kế hoạch: mục, nhiệm vụ, văn bản viện dẫn nào thêm, bớt, đổi."""
    from kh_nlp import tables
    from kh_nlp.model import to_dict
    from kh_nlp.summaries import compare as compared

    left, right = (_plan(one, library) for one in (a, b))
    comparison = compared(left, right)
    if out is not None:
        tables.write(tables.comparison_tables(comparison), out)
    if json:
        print_json(to_dict(comparison))
    elif out is None:
        _print_comparison(comparison, left, right, whole)


def _plan(given: str, library: Path | None) -> Plan:
    if Path(given).is_file():
        from kh_nlp.pipeline import read_plan

        return read_plan(Path(given))
    from kh_nlp.library import Library

    with Library.open(library_folder(library)) as opened:
        return opened.plan(given)


def _print_comparison(found: Comparison, a: Plan, b: Plan, whole: bool) -> None:
    from kh_nlp.wording import CHANGES, FIELDS

    typer.echo(f"A: {a.header.title or a.plan_id}\nB: {b.header.title or b.plan_id}")
    _head("Phần đầu", [])
    for fact in found.header:
        typer.echo(f"  {FIELDS[fact.field]}: {_short(fact.a)} → {_short(fact.b)}")
    _head("Mục", found.sections)
    for section in found.sections:
        if not whole and section.change in ("same", "dated"):
            continue
        typer.echo(f"  [{CHANGES[section.change]}] {_places(section)}")
        for piece in section.pieces[:PIECES]:
            typer.echo(f"      {_difference(piece)}")
        if len(section.pieces) > PIECES:
            typer.echo(f"      … và {len(section.pieces) - PIECES} chỗ khác")
    _head("Nhiệm vụ", found.tasks)
    for task in found.tasks:
        if not whole and task.change in ("same", "dated"):
            continue
        typer.echo(f"  [{CHANGES[task.change]}] {_places(task)}")
        for fact in task.fields:
            typer.echo(f"      {FIELDS[fact.field]}: {_short(fact.a)} → {_short(fact.b)}")
    _head("Văn bản viện dẫn", found.documents)
    for document in found.documents:
        typer.echo(f"  [{CHANGES[document.change]}] {_short(document.text)}")


PIECES = 5
"""Differences shown of one section; files and JSON hold all."""


def _head(name: str, changes: Sequence[SectionChange | TaskChange | DocumentChange]) -> None:
    from kh_nlp.wording import CHANGES

    counted = [(CHANGES[kind], sum(c.change == kind for c in changes)) for kind in CHANGES]
    counts = ", ".join(f"{count} {name}" for name, count in counted if count)
    typer.echo(f"\n{name}" + (f": {counts}" if counts else ""))


def _difference(piece: Piece) -> str:
    if piece.old and piece.new:
        return f"“{_short(piece.old)}” → “{_short(piece.new)}”"
    return f"bỏ “{_short(piece.old)}”" if piece.old else f"thêm “{_short(piece.new)}”"


def _places(change: SectionChange | TaskChange) -> str:
    """Where it stands in A and in B, and how it begins."""
    sides = [(name, side) for name, side in (("A", change.a), ("B", change.b)) if side]
    where = " → ".join(f"{name} {side.number or '?'}, trang {side.page}" for name, side in sides)
    side = sides[-1][1]
    return f"{where}: {_short(side.heading or side.text)}"


def _short(text: str | None) -> str:
    if text is None:
        return "(không có)"
    return textwrap.shorten(" ".join(text.split()), 100, placeholder=" …") or "…"
