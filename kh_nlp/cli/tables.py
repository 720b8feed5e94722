"""Commands that answer with tables: ``kh tasks``, and the report of ``kh covers``."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kh_nlp.cli.options import (
    IssuerOption,
    JsonOption,
    LevelOption,
    LibraryOption,
    Many,
    ProvinceOption,
    YearOption,
    library_folder,
)
from kh_nlp.cli.printing import print_json

if TYPE_CHECKING:
    from kh_nlp.search import CoverReport, TaskAnswer
    from kh_nlp.tables import Table


SHOWN = 50
"""Rows that are printed when no other number is asked for; files and JSON hold all."""

OutOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Ghi ra tệp .xlsx hoặc .csv (mở bằng Excel).")
]


def tasks(
    agency: Annotated[Many, typer.Option(metavar="TÊN", help="Cơ quan chủ trì.")] = None,
    partner: Annotated[Many, typer.Option(metavar="TÊN", help="Cơ quan phối hợp.")] = None,
    due: Annotated[
        str | None,
        typer.Option(metavar="HẠN", help="2026, 2026-Q1, 2026-01 hoặc 2026-01:2026-03."),
    ] = None,
    level: LevelOption = None,
    province: ProvinceOption = None,
    year: YearOption = None,
    issuer: IssuerOption = None,
    about: Annotated[
        str | None, typer.Option(metavar="CỤM TỪ", help="Cụm từ có trong nhiệm vụ.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="Số dòng.")
    ] = None,
    out: OutOption = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Bảng nhiệm vụ của mọi kế hoạch, theo cơ quan, thời hạn, nơi ban hành."""
    from kh_nlp import tables
    from kh_nlp.library import Library
    from kh_nlp.model import to_dict
    from kh_nlp.search import read_due
    from kh_nlp.search import tasks as ask
    from kh_nlp.wording import read_levels, read_years

    with Library.open(library_folder(library)) as opened:
        answer = ask(
            opened,
            agencies=tuple(agency or ()),
            partners=tuple(partner or ()),
            due=read_due(due),
            levels=read_levels(level or ()),
            provinces=tuple(province or ()),
            years=read_years(year),
            issuers=tuple(issuer or ()),
            about=about,
            limit=limit or (None if json or out is not None else SHOWN),
        )
    if out is not None:
        tables.write([tables.task_table(answer)], out)
    if json:
        print_json(to_dict(answer))
    elif out is not None:
        typer.echo(f"Đã ghi {len(answer.tasks)} nhiệm vụ: {out}")
    else:
        print_tasks(answer)


def print_tasks(answer: TaskAnswer) -> None:
    """The table for a terminal, and how many tasks there are."""
    from kh_nlp.wording import due_words

    if not answer.tasks:
        typer.echo("Không có nhiệm vụ nào hợp với bộ lọc.")
        return
    rows = [
        (
            due_words(row.due) or row.deadline or "–",
            row.content or "–",
            "; ".join(row.lead) or "–",
            "; ".join(row.partners) or "–",
            f"{textwrap.shorten(row.title or row.plan, 80, placeholder=' …')}\n"
            f"{Path(row.path).name}, "
            + (f"mục {row.number}, " if row.number else "")
            + f"trang {row.page}",
        )
        for row in answer.tasks
    ]
    print_rows(("Thời hạn", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Nguồn"), rows, (2, 5, 3, 3, 4))
    more = f" (trong {answer.total})" if answer.total > len(rows) else ""
    typer.echo(f"{len(rows)} nhiệm vụ{more}.")
    if more:
        typer.echo("Xem thêm: --limit N; tất cả: --out nhiem-vu.xlsx")


def print_report(report: CoverReport, out: Path | None, *, quiet: bool = False) -> None:
    """Counts by year, province or level; the whole report goes to a file. ``quiet``: no words."""
    from kh_nlp import tables

    if report.by and not quiet:
        print_table(tables.group_table(report))
    if out is not None:
        tables.write(tables.coverage_tables(report), out)
        if not quiet:
            typer.echo(f"Đã ghi {len(report.rows)} kế hoạch: {out}")


def print_table(table: Table) -> None:
    """A table of counts."""
    rows = [tuple("" if cell is None else str(cell) for cell in row) for row in table.rows]
    print_rows([head for head, _ in table.columns], rows, ())


def print_rows(heads: Sequence[str], rows: Sequence[Sequence[str]], ratios: Sequence[int]) -> None:
    """Rows under their heads, wrapped to the width of the terminal."""
    import shutil

    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=box.SIMPLE_HEAD, expand=bool(ratios), pad_edge=False, show_edge=False)
    for place, head in enumerate(heads):
        grid.add_column(head, ratio=ratios[place] if ratios else None, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    width = max(80, min(160, shutil.get_terminal_size((100, 24)).columns))
    console = Console(file=sys.stdout, width=width, color_system=None, highlight=False)
    with console.capture() as capture:
        console.print(grid)
    typer.echo("\n".join(line.rstrip() for line in capture.get().splitlines()))
