"""Commands that measure kh: evaluate parse, citations, restore, retrieval, topics, clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kh_nlp.cli.clusters import evaluate as clusters
from kh_nlp.cli.evaluate_citations import citations
from kh_nlp.cli.evaluate_restore import restore
from kh_nlp.cli.evaluate_retrieval import retrieval
from kh_nlp.cli.gold import (
    BaselineOption,
    FilesArgument,
    GoldOption,
    SaveOption,
    StrictOption,
    read_pairs,
)
from kh_nlp.cli.options import JsonOption
from kh_nlp.cli.topics import evaluate as topics
from kh_nlp.cli.usage import Command, Group

if TYPE_CHECKING:
    from kh_nlp.evaluation import Change, Comparison, Fault, ParseReport

app = typer.Typer(
    cls=Group,
    help="Đo chất lượng so với bản đọc tay.",
    rich_markup_mode=None,
    no_args_is_help=False,
)

app.command("citations", cls=Command)(citations)
app.command("restore", cls=Command)(restore)
app.command("retrieval", cls=Command)(retrieval)
app.command("topics", cls=Command)(topics)
app.command("clusters", cls=Command)(clusters)


@app.command("parse", cls=Command)
def parse(
    gold: GoldOption,
    files: FilesArgument = None,
    only: Annotated[
        str,
        typer.Option("--only", metavar="MẪU", help="Chỉ các bản đọc tay có tên hợp mẫu (0??_*)."),
    ] = "*",
    baseline: BaselineOption = None,
    strict: StrictOption = False,
    save: SaveOption = None,
    every: Annotated[
        bool, typer.Option("--all", help="In mọi kết quả, kể cả kết quả trọn vẹn (1,000).")
    ] = False,
    json: JsonOption = False,
) -> None:
    """So bản phân tích với bản đọc tay."""
    from kh_nlp.cli.printing import print_json
    from kh_nlp.errors import UsageError
    from kh_nlp.evaluation import (
        compare,
        evaluate_parsing,
        load_baseline,
        load_gold,
        pair,
        save_baseline,
    )

    if strict and baseline is None:
        raise UsageError("Tùy chọn --strict cần có --baseline.")
    known = load_baseline(baseline) if baseline else None
    readings = load_gold(gold, only)
    pairing = pair(readings, gold, files or ())
    plans, failed = read_pairs(readings, pairing)
    report = evaluate_parsing(readings, plans)
    comparison = compare(report, known) if known is not None else None
    if save:
        save_baseline(report, save)
    if json:
        print_json(_report_json(report, comparison))
    else:
        _print_report(report, comparison, every=every)
    if failed or (strict and comparison is not None and comparison.fallen):
        raise typer.Exit(1)


def _report_json(report: ParseReport, comparison: Comparison | None) -> dict[str, Any]:
    plans = {
        plan.name: {
            "path": plan.path,
            "damaged": plan.damaged,
            "figures": {name: round(figure.value, 4) for name, figure in plan.figures.items()},
            "faults": {
                name: [_fault_json(fault) for fault in figure.faults]
                for name, figure in plan.figures.items()
                if figure.faults
            },
        }
        for plan in report.plans
    }
    data: dict[str, Any] = {
        "plans": plans,
        "means": {name: round(value, 4) for name, value in report.means().items()},
        "means_sound": {name: round(value, 4) for name, value in report.means(sound=True).items()},
        "missing": report.missing(),
    }
    if comparison is not None:
        data["baseline"] = {
            "gains": [_change_json(change) for change in comparison.gains],
            "losses": [_change_json(change) for change in comparison.losses],
            "means": [_change_json(change) for change in comparison.means],
            "fallen": list(comparison.fallen),
            "new": list(comparison.new),
        }
    return data


def _fault_json(fault: Fault) -> dict[str, str | None]:
    return {"where": fault.where, "expected": fault.expected, "found": fault.found}


def _change_json(change: Change) -> dict[str, Any]:
    before, now = round(change.before, 4), round(change.now, 4)
    return {"plan": change.plan, "figure": change.figure, "before": before, "now": now}


def _print_report(report: ParseReport, comparison: Comparison | None, *, every: bool) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    _print_plans(console, report, every=every)
    _print_means(console, report, comparison)
    if comparison is not None:
        _print_changes(console, "Được", comparison.gains)
        _print_changes(console, "Mất", comparison.losses)
        if not comparison.gains and not comparison.losses:
            console.print("Không có gì thay đổi so với mốc.")
        if comparison.new:
            console.print("Chưa có trong mốc: " + ", ".join(comparison.new), markup=False)


def _print_plans(console: Any, report: ParseReport, *, every: bool) -> None:
    """One row per plan and figure, with the first difference."""
    from rich.table import Table
    from rich.text import Text

    from kh_nlp.evaluation import FIGURES

    table = Table(title="Từng kế hoạch", title_justify="left")
    for name, justify in (("Kế hoạch", "left"), ("Chỉ số", "left"), ("Giá trị", "right")):
        table.add_column(name, justify=justify, no_wrap=justify == "right")  # type: ignore[arg-type]
    table.add_column("Khác ở", overflow="fold")
    shown = 0
    for plan in report.plans:
        for name, figure in plan.figures.items():
            if every or figure.value < 1:
                shown += 1
                value = _number(figure.value)
                table.add_row(Text(plan.name), FIGURES[name], value, Text(_faults(figure.faults)))
        table.add_section()
    if shown:
        console.print(table)
    else:
        console.print("Mọi chỉ số của mọi kế hoạch đều trọn vẹn.")


def _faults(faults: tuple[Fault, ...]) -> str:
    """The first three differences in one line."""
    shown = [f"{fault.where}: {_difference(fault)}" for fault in faults[:3]]
    more = f"; và {len(faults) - 3} chỗ nữa" if len(faults) > 3 else ""
    return "; ".join(shown) + more


_SHOWN = 40  # characters of a text in a cell


def _difference(fault: Fault) -> str:
    """What was found ≠ what was expected; of long texts the part where they begin to differ."""
    if fault.expected is None or fault.found is None:
        return f"{_quoted(fault.found)} ≠ {_quoted(fault.expected)}"
    pairs = zip(fault.expected, fault.found, strict=False)
    same = next((i for i, (one, two) in enumerate(pairs) if one != two), 0)
    long = max(len(fault.expected), len(fault.found)) > _SHOWN
    start = max(0, same - 10) if long else 0
    return f"{_quoted(fault.found, start)} ≠ {_quoted(fault.expected, start)}"


def _quoted(value: str | None, start: int = 0) -> str:
    if value is None:
        return "không có"
    cut = value[start : start + _SHOWN]
    return f"“{'…' * (start > 0)}{cut}{'…' * (start + _SHOWN < len(value))}”"


def _print_means(console: Any, report: ParseReport, comparison: Comparison | None) -> None:
    from rich.table import Table

    from kh_nlp.evaluation import FIGURES

    damaged = any(plan.damaged for plan in report.plans)
    before = {mean.figure: mean for mean in comparison.means} if comparison else {}
    table = Table(title=f"Trung bình của {len(report.plans)} kế hoạch", title_justify="left")
    table.add_column("Chỉ số")
    table.add_column("Giá trị", justify="right")
    if damaged:
        table.add_column("Trừ bản hỏng", justify="right")
    if comparison is not None:
        table.add_column("Mốc", justify="right")
        table.add_column("Thay đổi", justify="right")
    sound = report.means(sound=True)
    for name, value in report.means().items():
        row = [FIGURES[name], _number(value)]
        if damaged:
            row.append(_number(sound[name]) if name in sound else "–")
        if comparison is not None:
            change = before.get(name)
            row += [_number(change.before), _signed(change)] if change else ["–", "–"]
        table.add_row(*row)
    console.print(table)


def _print_changes(console: Any, title: str, changes: tuple[Change, ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    from kh_nlp.evaluation import FIGURES

    if not changes:
        return
    table = Table(title=f"{title} {len(changes)} chỗ so với mốc", title_justify="left")
    for name in ("Kế hoạch", "Chỉ số"):
        table.add_column(name)
    for name in ("Mốc", "Nay", "Thay đổi"):
        table.add_column(name, justify="right")
    for change in changes:
        values = (_number(change.before), _number(change.now), _signed(change))
        table.add_row(Text(change.plan or ""), FIGURES[change.figure], *values)
    console.print(table)


def _number(value: float) -> str:
    """Three decimals, with the comma of Vietnamese print; 1 only where it is 1."""
    rounded = f"{value:.3f}"
    return (rounded if rounded != "1.000" or value == 1 else "0.999").replace(".", ",")


def _signed(change: Change) -> str:
    difference = change.now - change.before
    return "=" if abs(difference) < 0.0005 else f"{difference:+.3f}".replace(".", ",")
