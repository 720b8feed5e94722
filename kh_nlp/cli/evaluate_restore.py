"""The command evaluate restore: damaged pages restored, against what is printed on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kh_nlp.cli.gold import BaselineOption, SaveOption, StrictOption
from kh_nlp.cli.options import JsonOption

if TYPE_CHECKING:
    from kh_nlp.evaluation import RestoringReport


def restore(
    data: Annotated[
        Path,
        typer.Option("--data", metavar="DIR", help="Thư mục các cặp TÊN.eng.txt, TÊN.truth.txt."),
    ],
    baseline: BaselineOption = None,
    strict: StrictOption = False,
    save: SaveOption = None,
    json: JsonOption = False,
) -> None:
    """Đo việc phục hồi dấu cho văn bản hỏng."""
    from kh_nlp.cli.printing import print_json
    from kh_nlp.errors import UsageError
    from kh_nlp.evaluation import (
        RESTORING_FIGURES,
        compare,
        evaluate_restoring,
        load_baseline,
        load_page_pairs,
        save_baseline,
    )
    from kh_nlp.repairing.restoring import load_restorer

    if strict and baseline is None:
        raise UsageError("Tùy chọn --strict cần có --baseline.")
    known = load_baseline(baseline) if baseline else None
    report = evaluate_restoring(load_page_pairs(data), load_restorer())
    figures = tuple(RESTORING_FIGURES)
    comparison = compare(report, known, figures) if known is not None else None
    if save:
        save_baseline(report, save, figures)
    if json:
        print_json(_as_json(report))
    else:
        _print(report)
        if comparison is not None:
            for mean in comparison.means:
                typer.echo(f"{RESTORING_FIGURES[mean.figure]}: {mean.before:.4f} → {mean.now:.4f}")
    if strict and comparison is not None and comparison.fallen:
        raise typer.Exit(1)


def _as_json(report: RestoringReport) -> dict[str, Any]:
    return {
        "pages": {
            plan.name: {name: round(f.value, 4) for name, f in plan.figures.items()}
            for plan in report.plans
        },
        "means": {name: round(value, 4) for name, value in report.means().items()},
        "words_per_second": round(report.words / max(report.seconds, 1e-9)),
    }


def _print(report: RestoringReport) -> None:
    from rich.console import Console
    from rich.table import Table

    from kh_nlp.evaluation import RESTORING_FIGURES

    table = Table(title=f"{len(report.plans)} văn bản", title_justify="left")
    table.add_column("Văn bản", overflow="fold")
    for name in RESTORING_FIGURES.values():
        table.add_column(name, justify="right")
    for plan in report.plans:
        table.add_row(plan.name, *(f"{plan.figures[n].value:.4f}" for n in RESTORING_FIGURES))
    means = report.means()
    table.add_row("Chung", *(f"{means[name]:.4f}" for name in RESTORING_FIGURES), style="bold")
    console = Console(highlight=False)
    console.print(table)
    console.print(f"{report.words / max(report.seconds, 1e-9):.0f} từ mỗi giây trên một nhân")
