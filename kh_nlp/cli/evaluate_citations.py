"""The command evaluate citations: what is cited, against readings and marks by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kh_nlp.cli.gold import (
    BaselineOption,
    FilesArgument,
    GoldOption,
    SaveOption,
    StrictOption,
    read_pairs,
)
from kh_nlp.cli.options import JsonOption

if TYPE_CHECKING:
    from kh_nlp.evaluation import Change, CitationReport, Comparison


def citations(
    gold: GoldOption,
    files: FilesArgument = None,
    marks: Annotated[
        Path | None,
        typer.Option("--marks", metavar="FILE", help="Vị trí viện dẫn đã đánh dấu tay (JSON)."),
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option("--texts", metavar="FILE", help="Văn bản của --marks (JSON Lines, .gz)."),
    ] = None,
    baseline: BaselineOption = None,
    strict: StrictOption = False,
    save: SaveOption = None,
    json: JsonOption = False,
) -> None:
    """So văn bản viện dẫn tìm được với bản đọc tay."""
    from kh_nlp.cli.printing import print_json
    from kh_nlp.errors import UsageError
    from kh_nlp.evaluation import (
        CITATION_FIGURES,
        compare,
        evaluate_citations,
        load_baseline,
        load_gold,
        load_marks,
        pair,
        save_baseline,
    )

    if strict and baseline is None:
        raise UsageError("Tùy chọn --strict cần có --baseline.")
    if (marks is None) != (texts is None):
        raise UsageError("Tùy chọn --marks và --texts phải đi cùng nhau.")
    known = load_baseline(baseline) if baseline else None
    marked = load_marks(marks, texts) if marks and texts else []
    readings = load_gold(gold)
    plans, failed = read_pairs(readings, pair(readings, gold, files or ()))
    report = evaluate_citations(readings, plans, marked)
    figures = tuple(CITATION_FIGURES)
    comparison = compare(report, known, figures) if known is not None else None
    if save:
        save_baseline(report, save, figures)
    if json:
        print_json(_as_json(report, comparison))
    else:
        _print(report, comparison)
    if failed or (strict and comparison is not None and comparison.fallen):
        raise typer.Exit(1)


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}


def _as_json(report: CitationReport, comparison: Comparison | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "plans": {
            plan.name: {
                "path": plan.path,
                "damaged": plan.damaged,
                "figures": _rounded({n: f.value for n, f in plan.figures.items()}),
                "faults": {
                    name: [
                        {"where": f.where, "expected": f.expected, "found": f.found}
                        for f in figure.faults
                    ]
                    for name, figure in plan.figures.items()
                    if figure.faults
                },
            }
            for plan in report.plans
        },
        "means": _rounded(report.means()),
        "means_clean": _rounded(report.means("clean")),
        "means_damaged": _rounded(report.means("damaged")),
    }
    if comparison is not None:
        data["baseline"] = {
            "gains": [_change(change) for change in comparison.gains],
            "losses": [_change(change) for change in comparison.losses],
            "fallen": list(comparison.fallen),
            "new": list(comparison.new),
        }
    return data


def _change(change: Change) -> dict[str, Any]:
    before, now = round(change.before, 4), round(change.now, 4)
    return {"plan": change.plan, "figure": change.figure, "before": before, "now": now}


def _print(report: CitationReport, comparison: Comparison | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kh_nlp.evaluation import CITATION_FIGURES

    console = Console(highlight=False)
    faults = Table(title="Từng văn bản", title_justify="left")
    for name in ("Văn bản", "Chỉ số", "Giá trị", "Khác ở"):
        faults.add_column(name, overflow="fold")
    for plan in report.plans:
        for name, figure in plan.figures.items():
            if figure.value < 1:
                shown = "; ".join(
                    f"{f.where}: {f.found or 'không có'} ≠ {f.expected or 'không có'}"
                    for f in figure.faults[:3]
                )
                row = (plan.name, CITATION_FIGURES[name], _number(figure.value), shown)
                faults.add_row(*(Text(cell) for cell in row))
    if faults.row_count:
        console.print(faults)
    else:
        console.print("Mọi chỉ số của mọi văn bản đều trọn vẹn.")
    _print_means(console, report)
    if comparison is not None:
        _print_changes(console, comparison)


def _print_means(console: Any, report: CitationReport) -> None:
    from rich.table import Table

    from kh_nlp.evaluation import CITATION_FIGURES

    table = Table(title=f"Trung bình của {len(report.plans)} văn bản", title_justify="left")
    table.add_column("Chỉ số")
    for name in ("Tất cả", "Bản sạch", "Bản hỏng"):
        table.add_column(name, justify="right")
    parts = (report.means(), report.means("clean"), report.means("damaged"))
    for name in parts[0]:
        cells = [_number(part[name]) if name in part else "–" for part in parts]
        table.add_row(CITATION_FIGURES[name], *cells)
    console.print(table)


def _print_changes(console: Any, comparison: Comparison) -> None:
    from kh_nlp.evaluation import CITATION_FIGURES

    for title, changes in (("Được", comparison.gains), ("Mất", comparison.losses)):
        for c in changes:
            figure = CITATION_FIGURES[c.figure]
            line = f"{title}: {c.plan}, {figure}: {_number(c.before)} → {_number(c.now)}"
            console.print(line, markup=False)
    if not comparison.gains and not comparison.losses:
        console.print("Không có gì thay đổi so với mốc.")
    if comparison.new:
        console.print("Chưa có trong mốc: " + ", ".join(comparison.new), markup=False)


def _number(value: float) -> str:
    """Three decimals, with the comma of Vietnamese print; 1 only where it is 1."""
    rounded = f"{value:.3f}"
    return (rounded if rounded != "1.000" or value == 1 else "0.999").replace(".", ",")
