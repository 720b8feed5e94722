"""Commands that take plans in and show them: parse, ingest, remove, show."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kh_nlp.cli.options import (
    JsonOption,
    LibraryOption,
    NoOcrOption,
    NoRestoreOption,
    library_folder,
)
from kh_nlp.cli.printing import complain, print_json
from kh_nlp.errors import KhError, UsageError

if TYPE_CHECKING:
    from kh_nlp.library import IngestReport
    from kh_nlp.reading import Options

Progress = Callable[[str, int, int], None]
_STAGES = {
    "read": "Đọc tệp",
    "embed": "Tính véc-tơ",
    "index": "Lập chỉ mục",
    "search": "Tìm",
}


def parse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Tệp, thư mục hoặc tệp ZIP.")],
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Số tiến trình đọc song song.")
    ] = None,
    allow_secret: Annotated[
        bool,
        typer.Option(
            "--allow-secret",
            help="Đọc cả văn bản có dấu MẬT, TỐI MẬT, TUYỆT MẬT; người dùng tự chịu trách nhiệm.",
        ),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="In vì sao mỗi dòng là đề mục, hàng bảng, chú thích…"),
    ] = False,
    no_ocr: NoOcrOption = False,
    no_restore: NoRestoreOption = False,
) -> None:
    """Phân tích tệp, in mỗi kế hoạch một dòng JSON."""
    from kh_nlp.model import to_dict
    from kh_nlp.pipeline import read_plans
    from kh_nlp.reading import Options

    paths, failed = _existing(files)
    with page_bars() as progress:
        options = Options(ocr=not no_ocr, restore=not no_restore, progress=progress)
        if explain:
            _explain(paths, allow_secret, failed, options)
            return
        for outcome in read_plans(paths, workers, allow_secret=allow_secret, options=options):
            if outcome.plan is None:
                complain(outcome.path, outcome.error)
                failed = True
            else:
                print_json(to_dict(outcome.plan), lines=True)
    if failed:
        raise typer.Exit(1)


def _explain(paths: list[Path], allow_secret: bool, failed: bool, options: Options) -> None:
    """Print a line for every line of the files: where it stands, what it is, why."""
    from kh_nlp.pipeline import explain_plan

    for path in paths:
        try:
            _, found = explain_plan(path, allow_secret=allow_secret, options=options)
        except KhError as error:
            complain(path, error)
            failed = True
            continue
        typer.echo(f"{path}")
        for item in found:
            shown = " ".join(item.text.split())
            shown = shown if len(shown) <= 60 else shown[:59] + "…"
            typer.echo(f"  dòng {item.line}, trang {item.page} · {item.role} · {shown}")
            typer.echo(f"      {item.why}")
    if failed:
        raise typer.Exit(1)


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Tệp hoặc thư mục.")],
    library: LibraryOption = None,
    no_ocr: NoOcrOption = False,
    no_restore: NoRestoreOption = False,
    json: JsonOption = False,
) -> None:
    """Đưa tệp, thư mục, tệp ZIP vào thư viện (chỉ phần thay đổi)."""
    from kh_nlp.cli.printing import print_report
    from kh_nlp.library import Library
    from kh_nlp.library import ingest as take_in
    from kh_nlp.model import to_dict
    from kh_nlp.reading import Options

    found, failed = _existing(paths)
    with Library.open(library_folder(library), create=True) as opened, progress_bar() as progress:
        options = Options(ocr=not no_ocr, restore=not no_restore, progress=progress)
        report = take_in(opened, found, progress=progress, options=options)
    if json:
        print_json(report_json(report, to_dict(report)))
    else:
        print_report(report)
    if failed or report.failed:
        raise typer.Exit(1)


def report_json(report: IngestReport, data: dict[str, object]) -> dict[str, object]:
    """The report as JSON: a failure is an object with ``path`` and ``error``."""
    return data | {"failed": [{"path": path, "error": line} for path, line in report.failed]}


def remove(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID", help="Mã kế hoạch, đủ hoặc phần đầu duy nhất.")
    ],
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Xóa kế hoạch khỏi thư viện; tệp gốc giữ nguyên."""
    from kh_nlp.library import Library

    with Library.open(library_folder(library)) as opened:
        removed = opened.remove(ids)
    if json:
        print_json({"removed": removed})
    else:
        for plan_id in removed:
            typer.echo(f"Đã xóa {plan_id}")


def show(
    plan_id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Mã kế hoạch; bỏ trống để liệt kê tất cả."),
    ] = None,
    section: Annotated[
        str | None, typer.Option(metavar="SỐ", help="Chỉ một mục, ví dụ II.1.")
    ] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Xem kế hoạch: dàn ý, nhiệm vụ, văn bản viện dẫn."""
    from kh_nlp.cli.printing import print_plan, print_plans, print_section
    from kh_nlp.library import Library, today
    from kh_nlp.model import to_dict

    with Library.open(library_folder(library)) as opened:
        if plan_id is None:
            summaries = opened.plans()
            if json:
                print_json({"plans": to_dict(summaries)})
            else:
                print_plans(summaries)
            return
        plan = opened.plan(plan_id)
    if section is None:
        print_json({**to_dict(plan), "today": to_dict(today(plan))}) if json else print_plan(plan)
        return
    found = [unit for unit in plan.sections if unit.number == section.strip().rstrip(".")]
    if not found:
        raise UsageError(f"Kế hoạch {plan.plan_id} không có mục “{section}”.")
    for unit in found:
        print_json(to_dict(unit), lines=True) if json else print_section(plan, unit)


def _existing(paths: list[Path]) -> tuple[list[Path], bool]:
    """The files that ``paths`` mean, and whether one of them was bad (told on stderr)."""
    from kh_nlp.pipeline import expand

    found: list[Path] = []
    failed = False
    for path in paths:
        refused: list[KhError] = []
        try:
            found += expand([path], on_error=refused.append)
        except OSError as error:
            complain(path, error)
            failed = True
        for reason in refused:
            complain(path, reason)
        failed = failed or bool(refused)
    return found, failed


@contextmanager
def page_bars() -> Iterator[Progress | None]:
    """A callback for pages read by OCR; None where stderr is no terminal or stdout is one.

    Bars and JSON lines would mix on one screen.
    """
    with progress_bar(quiet=sys.stdout.isatty()) as progress:
        yield progress


@contextmanager
def progress_bar(quiet: bool = False) -> Iterator[Progress | None]:
    """A callback that draws a bar for each stage or file; None where stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    with Bars(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bars:
        rows: dict[str, int] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in rows:
                rows[stage] = bars.add_task(_STAGES.get(stage, stage), total=total)
            bars.update(rows[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield advance
