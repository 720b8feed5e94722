"""The command ``kh draft``: a new plan from similar past ones."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kh_nlp.cli.options import JsonOption, LibraryOption, Many, library_folder, with_options
from kh_nlp.cli.printing import print_json
from kh_nlp.errors import UsageError

if TYPE_CHECKING:
    from kh_nlp.drafting import Draft


class Sources(StrEnum):
    """Where a Word file names its sources."""

    comments = "comments"
    annex = "annex"
    none = "none"


def draft(
    issuer: Annotated[str, typer.Option(metavar="TÊN", help="Cơ quan ban hành.")],
    year: Annotated[int, typer.Option(min=1950, max=2100, metavar="NĂM", help="Năm kế hoạch.")],
    title: Annotated[str, typer.Option(metavar="TÊN", help="Tên kế hoạch.")] = "",
    topic: Annotated[
        str | None, typer.Option(metavar="CHỦ ĐỀ", help="Chủ đề để tìm, thay cho tên kế hoạch.")
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(metavar="CẤP", help="Cấp: tỉnh, sở, huyện, xã (mặc định: theo tên)."),
    ] = None,
    province: Annotated[
        str | None, typer.Option(metavar="TỈNH", help="Tỉnh, thành phố của cơ quan ban hành.")
    ] = None,
    superior: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Văn bản cấp trên mà kế hoạch thực hiện.")
    ] = None,
    like: Annotated[Many, typer.Option(metavar="ID", help="Kế hoạch mẫu; lặp lại được.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ghi ra tệp .docx, .md hoặc .json.")
    ] = None,
    sources: Annotated[
        Sources, typer.Option(metavar="CÁCH", help="Nguồn trong tệp Word: comments, annex, none.")
    ] = Sources.comments,
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Mẫu .docx riêng (docxtpl).")
    ] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Soạn dự thảo kế hoạch từ các kế hoạch tương tự, mỗi câu có nguồn."""
    from kh_nlp.drafting import Request
    from kh_nlp.drafting import draft as make
    from kh_nlp.library import Library
    from kh_nlp.model import to_dict
    from kh_nlp.wording import read_levels

    _check_out(out, template)
    levels = read_levels([level] if level else ())
    request = Request(
        title=title,
        issuer=issuer,
        year=year,
        topic=topic,
        level=levels[0] if levels else None,  # type: ignore[arg-type]  # read_levels knows them
        province=province,
        like=tuple(like or ()),
    )
    over = None
    if superior is not None:
        from kh_nlp.pipeline import read_plan

        over = read_plan(superior)
    with Library.open(library_folder(library)) as opened:
        made = make(opened, request, superior=over)
    if out is not None:
        _write(made, out, sources.value, template)
    if json:
        print_json(to_dict(made))
    else:
        _print(made, out)


def _check_out(out: Path | None, template: Path | None) -> None:
    suffix = out.suffix.lower() if out else None
    if out is not None and suffix not in (".docx", ".md", ".json"):
        raise UsageError(f"Không ghi được “{out.name}”; hãy dùng đuôi .docx, .md hoặc .json.")
    if template is not None and suffix != ".docx":
        raise UsageError("--template cần --out FILE.docx.")


def _write(made: Draft, out: Path, sources: str, template: Path | None) -> None:
    from json import dumps

    from kh_nlp.drafting import markdown
    from kh_nlp.model import to_dict

    suffix = out.suffix.lower()
    if suffix == ".md":
        out.write_text(markdown(made, sources=sources != "none"), "utf-8")
    elif suffix == ".json":
        out.write_text(dumps(to_dict(made), ensure_ascii=False, indent=2) + "\n", "utf-8")
    elif template is not None:
        from kh_nlp.drafting.docx import save_by_template

        save_by_template(made, template, out)
    else:
        from kh_nlp.drafting.docx import save_docx

        save_docx(made, out, sources=sources)  # type: ignore[arg-type]  # checked by typer


def _print(made: Draft, out: Path | None) -> None:
    """The steps, the plans copied from, the outline; what to look at before use."""
    typer.echo(f"Dự thảo: {made.title}\n")
    for at, step in enumerate(made.steps, 1):
        typer.echo(f"{at}. {step.text}")
    typer.echo("\nKế hoạch tương tự:")
    for kin in made.kindred:
        plan = kin.plan
        shown = f"{plan.issuer or '?'}: {' '.join((plan.title or '').split())}"
        typer.echo(f"  {plan.plan[:10]}  {shown[:90]} ({', '.join(kin.reasons)})")
    typer.echo("\nCăn cứ:")
    for basis in made.basis:
        typer.echo(f"  {basis.line.text} [{basis.plans}/{basis.asked} kế hoạch]")
    typer.echo("\nĐề cương:")
    for section in made.sections:
        number = section.number if section.level == 1 else "  " + section.number
        typer.echo(f"  {number}. {section.heading} [{section.support}/{section.asked} kế hoạch]")
    for warning in made.warnings:
        typer.echo(f"\nLưu ý: {with_options(warning.text, warning.fields)}")
    for finding in made.findings:
        shown = f"“{finding.text}”: " if finding.text else ""
        typer.echo(f"Cần soát: {shown}{finding.message}")
    if out is not None:
        typer.echo(f"\nĐã ghi {out}. Chỗ “[…]” cần người soạn điền.")
    else:
        typer.echo("\nGhi ra tệp: thêm --out FILE.docx, .md hoặc .json.")
