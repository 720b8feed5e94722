"""What `kh parse` leaves out: coverage and kept words of every plan, with the worst passages.

usage: python benchmarks/coverage.py PATH... [--minimum .99] [--passages 10] [--json]
           [--baseline FILE] [--save FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from kh_nlp.errors import KhError
from kh_nlp.evaluation import Fault, coverage_figure, gaps, words_figure
from kh_nlp.model import Plan
from kh_nlp.pipeline import expand, read_plans


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one plan; ``words_kept`` is None where the file is no plain text."""

    plan: str
    coverage: float
    words_kept: float | None
    sections: int
    table: int
    listed: int
    assignment: int

    @property
    def worst(self) -> float:
        return min(self.coverage, 1.0 if self.words_kept is None else self.words_kept)


def measure(plan: Plan, path: Path) -> tuple[Row, tuple[Fault, ...]]:
    """The row of a plan and the words that it lost."""
    words = words_figure(plan, path)
    origins = Counter(task.origin for task in plan.tasks)
    row = Row(
        plan=path.stem,
        coverage=round(coverage_figure(plan).value, 4),
        words_kept=None if words is None else round(words.value, 4),
        sections=len(plan.sections),
        table=origins["table"],
        listed=origins["listed"],
        assignment=origins["assignment"],
    )
    return row, words.faults if words else ()


def passages(plan: Plan, path: Path) -> list[tuple[int, str]]:
    """Length and place of every passage outside the parts, with its first words."""
    out = []
    for start, end in gaps(plan):
        words = " ".join(plan.text[start:end].split())
        place = plan.locate(start)
        out.append(
            (len(words), f"{path.name}, trang {place.page}, dòng {place.line}: {words[:90]}")
        )
    return out


def changes(rows: list[Row], file: Path) -> list[str]:
    """Lines on what was won and lost against the rows in ``file``."""
    before = {row["plan"]: row for row in json.loads(file.read_text("utf-8"))}
    out = []
    for row in rows:
        known = before.get(row.plan, {})
        for name, now in asdict(row).items():
            if name in known and known[name] != now:
                out.append(f"  {row.plan} {name}: {known[name]} → {now}")
    return out


def show(rows: list[Row], worst: list[tuple[int, str]], lost: list[tuple[str, Fault]]) -> None:
    print(f"{'kế hoạch':<44}{'độ phủ':>8}{'giữ từ':>8}{'mục':>6}{'bảng':>6}{'kê':>6}{'giao':>6}")
    for row in sorted(rows, key=lambda row: (row.worst, row.plan)):
        kept = "–" if row.words_kept is None else f"{row.words_kept:.4f}"
        counts = f"{row.sections:>6}{row.table:>6}{row.listed:>6}{row.assignment:>6}"
        print(f"{row.plan[:43]:<44}{row.coverage:>8.4f}{kept:>8}{counts}")
    if worst:
        print("\nĐoạn dài nhất không thuộc phần nào (số ký tự, nơi, lời):")
        for length, line in worst:
            print(f"{length:>6}  {line}")
    if lost:
        print("\nTừ trong tệp mà văn bản không còn giữ đủ:")
        for name, fault in lost:
            print(f"  {name}: “{fault.where}” còn {fault.found} trên {fault.expected}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--minimum", type=float, help="status 1 when a plan is below")
    parser.add_argument("--passages", type=int, default=10, help="how many are listed")
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows: list[Row] = []
    worst: list[tuple[int, str]] = []
    lost: list[tuple[str, Fault]] = []
    failed = False
    for outcome in read_plans(expand(args.paths), workers=1, allow_secret=True):
        if outcome.plan is None:
            print(outcome.error, file=sys.stderr)
            failed = True
            continue
        row, words = measure(outcome.plan, outcome.path)
        rows.append(row)
        lost += [(row.plan, fault) for fault in words]
        worst += passages(outcome.plan, outcome.path)
    worst = sorted(worst, reverse=True)[: args.passages]
    lost = sorted(lost, key=lambda item: int(item[1].found or 0) - int(item[1].expected or 0))
    if args.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
    else:
        show(rows, worst, lost[: args.passages])
    if args.baseline:
        lines = changes(rows, args.baseline)
        print("\n".join(["\nSo với mốc:", *lines]) if lines else "\nKhông thay đổi so với mốc.")
    if args.save:
        save(rows, args.save)
    without = [row.plan for row in rows if not row.sections]
    if without:
        print(f"Không có đề mục nào: {', '.join(without)}", file=sys.stderr)
    short = args.minimum is not None and any(row.worst < args.minimum for row in rows)
    return 1 if failed or without or short else 0


def save(rows: list[Row], file: Path) -> None:
    """One plan a line, beside those of other folders that ``file`` already holds."""
    known = json.loads(file.read_text("utf-8")) if file.exists() else []
    merged = {row["plan"]: row for row in known} | {row.plan: asdict(row) for row in rows}
    lines = [json.dumps(merged[name], ensure_ascii=False) for name in sorted(merged)]
    file.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KhError as error:
        sys.exit(str(error))
