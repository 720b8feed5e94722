"""Task rows, listed tasks, duties, sections and notes found, beside those counted by eye.

    python benchmarks/counts.py [SHARED]

Reads ``seeds`` and ``plans`` below SHARED (default: ``../shared``) and prints every plan with a
difference; the last line gives the sums. Status 1 when a table row or a listed task is missed in a
sound plan (duties and sections have cases that readers decide differently: see README.md).
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from kh_nlp.pipeline import read_plan

HERE = Path(__file__).resolve().parent
COLUMNS = ("table_rows", "listed", "duties", "sections", "notes")


def found(path: Path) -> dict[str, int]:
    plan = read_plan(path)
    origins = Counter(task.origin for task in plan.tasks)
    return {
        "table_rows": origins["table"],
        "listed": origins["listed"],
        "duties": origins["assignment"],
        "sections": len({s.number for s in plan.sections if not s.annex and s.number}),
        "notes": len(plan.notes),
    }


def main() -> int:
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent / "shared"
    lines = (HERE / "counts_by_eye.tsv").read_text("utf-8").splitlines()
    rows = csv.DictReader([x for x in lines if not x.startswith("#")], delimiter="\t")
    sums, missed = {"eye": Counter[str](), "found": Counter[str]()}, 0
    for row in rows:
        name = row["plan"]
        seed = name.startswith("seed-")
        folder = shared / ("seeds" if seed else "plans")
        (path,) = folder.glob(f"{name.removeprefix('seed-')}*.txt")
        mine = found(path)
        eye = {column: int(row[column]) for column in COLUMNS}
        sums["eye"].update(eye)
        sums["found"].update(mine)
        different = [c for c in COLUMNS if eye[c] != mine[c]]
        if different:
            print(name, ", ".join(f"{c} {mine[c]} (by eye {eye[c]})" for c in different))
        if name != "seed-002":
            missed += any(mine[c] < eye[c] for c in ("table_rows", "listed"))
    print("all", ", ".join(f"{c} {sums['found'][c]} (by eye {sums['eye'][c]})" for c in COLUMNS))
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
