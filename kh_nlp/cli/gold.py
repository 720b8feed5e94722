"""What the commands of evaluate share: their options, and the plans beside the readings by hand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kh_nlp.evaluation import GoldReading, Pairing
    from kh_nlp.model import Plan

GoldOption = Annotated[
    Path, typer.Option("--gold", metavar="DIR", help="Thư mục bản đọc tay (TÊN.json).")
]
FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="FILE",
        help="Tệp, thư mục kế hoạch; không nêu thì tìm tệp cùng tên quanh thư mục bản đọc tay.",
    ),
]
BaselineOption = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="FILE", help="So với mốc đã ghi: được gì, mất gì."),
]
StrictOption = Annotated[
    bool,
    typer.Option("--strict", help="Mã thoát 1 khi một số trung bình thấp hơn mốc quá 0,005."),
]
SaveOption = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help="Ghi kết quả làm mốc so sánh.")
]


def read_pairs(
    readings: list[GoldReading], pairing: Pairing
) -> tuple[dict[str, tuple[Path | str, Plan]], bool]:
    """The plans by name, and whether one is missing; what is wrong goes to stderr."""
    from kh_nlp.cli.printing import complain
    from kh_nlp.pipeline import read_plans

    for name, paths in pairing.ambiguous.items():
        others = ", ".join(map(str, paths[1:]))
        print(f"kh: {name}: dùng {paths[0]}, bỏ qua tệp cùng tên {others}", file=sys.stderr)
    for name in pairing.missing:
        print(f"kh: {name}: không tìm thấy tệp kế hoạch, tính là 0.", file=sys.stderr)
    names = list(pairing.files)
    plans: dict[str, tuple[Path | str, Plan]] = {}
    # A reading by hand of a document exists, so whoever measures may see it.
    outcomes = read_plans([pairing.files[name] for name in names], allow_secret=True)
    for name, outcome in zip(names, outcomes, strict=True):
        if outcome.plan is None:
            complain(outcome.path, outcome.error)
        else:
            plans[name] = (outcome.path, outcome.plan)
    return plans, len(plans) < len(readings)
