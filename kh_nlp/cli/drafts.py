"""Commands around a draft: ``kh check``."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kh_nlp.cli.options import (
    JsonOption,
    LibraryOption,
    Many,
    NoOcrOption,
    library_folder,
    with_options,
)
from kh_nlp.cli.printing import print_json
from kh_nlp.errors import UsageError

if TYPE_CHECKING:
    from kh_nlp.checking import CheckAnswer, Finding
    from kh_nlp.library import Library
    from kh_nlp.model import Plan
    from kh_nlp.reading import Options


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Dự thảo, mọi định dạng đọc được.")],
    superior: Annotated[
        str | None,
        typer.Option(metavar="FILE|ID", help="Kế hoạch cấp trên giao nhiệm vụ cho cấp này."),
    ] = None,
    source: Annotated[
        Many,
        typer.Option(metavar="FILE|ID", help="Nguồn của dự thảo, để đối chiếu số liệu; lặp được."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Trả mã 1 khi có phát hiện (không kể lưu ý).")
    ] = False,
    library: LibraryOption = None,
    no_ocr: NoOcrOption = False,
    json: JsonOption = False,
) -> None:
    """Tìm lỗi của dự thảo: chỗ còn sót khi chép, căn cứ cũ, cơ quan không còn, thể thức."""
    from kh_nlp.checking import check_answer
    from kh_nlp.model import to_dict
    from kh_nlp.pipeline import read_plan
    from kh_nlp.reading import Options

    options = Options(ocr=not no_ocr)
    plan = read_plan(file, options=options)
    opened = _library(library)
    try:
        answer = check_answer(
            plan,
            library=opened,
            superior=_plan(superior, opened, options) if superior else None,
            sources=[_plan(name, opened, options) for name in source] if source else None,
            file=file,
        )
    finally:
        if opened is not None:
            opened.close()
    if json:
        print_json(to_dict(answer))
    else:
        _print(plan, answer)
    if strict and any(finding.severity != "info" for finding in answer.findings):
        raise typer.Exit(1)


def _library(given: Path | None) -> Library | None:
    """The library asked for; without one, that of the default place if there is any."""
    from kh_nlp.library import Library

    folder = library_folder(given)
    if given is None and "KH_LIBRARY" not in os.environ and not folder.is_dir():
        return None
    return Library.open(folder)


def _plan(name: str, library: Library | None, options: Options) -> Plan:
    """The plan in a file, else the one of the library with this id."""
    from kh_nlp.pipeline import read_plan

    if Path(name).is_file():
        return read_plan(name, options=options)
    if library is None:
        raise UsageError(f"Không có tệp “{name}” và không có thư viện để tìm mã kế hoạch này.")
    return library.plan(name)


def _print(plan: Plan, answer: CheckAnswer) -> None:
    from kh_nlp.wording import SEVERITIES

    counts = [
        f"{number} {word}"
        for severity, word in SEVERITIES.items()
        if (number := sum(f.severity == severity for f in answer.findings))
    ]
    head = f"{len(answer.findings)} phát hiện ({', '.join(counts)})" if counts else "Không thấy lỗi"
    typer.echo(f"{plan.source.path}: {head}")
    for finding in answer.findings:
        _print_finding(plan, finding)
    for line in answer.unchecked:
        typer.echo(f"Chưa kiểm tra: {with_options(line.text, line.fields)}")


def _print_finding(plan: Plan, finding: Finding) -> None:
    from kh_nlp.wording import FAULTS, SEVERITIES

    page = f"trang {finding.page}, " if plan.source.pages > 1 else ""
    number = f", mục {finding.number}" if finding.number else ""
    place = f"{page}dòng {finding.line}{number}"
    typer.echo(f"\n  {place} · {SEVERITIES[finding.severity]} · {FAULTS[finding.kind]}")
    quoted = textwrap.shorten(finding.text, 160, placeholder=" …")
    if quoted:
        typer.echo(f"    “{quoted}”")
    typer.echo(f"    {finding.message}")
    if finding.proposal:
        typer.echo(f"    Đề nghị: {finding.proposal}")
