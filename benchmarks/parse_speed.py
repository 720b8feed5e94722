"""Speed of reading + parsing + citations on one core, and whether it is linear in length.

usage: python benchmarks/parse_speed.py PATH... [--plan NAME] [--large] [--each] [--repeat 3]
           [--minimum MB/S] [--json] [--baseline FILE] [--save FILE --name NAME]

MB are 10^6 bytes of UTF-8, seconds are those of the processor (`time.process_time`), the best of
several runs. Ratios compare figures of one run and are what to trust; seconds depend on the
machine, therefore "words" gives the speed of a plain word count over the same text beside them.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kh_nlp.errors import KhError
from kh_nlp.parsing import parse
from kh_nlp.pipeline import expand
from kh_nlp.reading import read_file, read_text

SIZES = (1, 2, 4, 8)
LARGE = (*SIZES, 20)
LINEAR = 0.7
"""Least speed at the greatest size as a share of that at 1 MB: below it is not linear."""

_WORD = re.compile(r"\w+")


def seconds(work: Callable[[], object], repeat: int) -> float:
    """Processor seconds of ``work``, the best of ``repeat`` runs."""
    times = []
    for _ in range(repeat):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return max(min(times), 1e-9)


def decoded(path: Path) -> str:
    raw = path.read_bytes()
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    return raw.decode("utf-16" if wide else "utf-8-sig", "replace")


def read_all(files: Sequence[Path]) -> None:
    for file in files:
        parse(read_file(file), allow_secret=True)


def folder_speed(files: Sequence[Path], repeat: int) -> dict[str, Any]:
    """Speed over all files, one after the other."""
    texts = [decoded(file) for file in files]
    size = sum(len(text.encode()) for text in texts) / 1e6
    read_all(files)  # caches and lazily loaded data files are not what is measured
    whole = "\n".join(texts)
    counting = seconds(lambda: sum(1 for _ in _WORD.finditer(whole)), repeat)
    speed = size / seconds(lambda: read_all(files), repeat)
    return {
        "files": len(files),
        "mb": round(size, 3),
        "mb_per_second": round(speed, 3),
        "words_mb_per_second": round(size / counting, 1),
    }


def repeated(text: str, megabytes: float) -> str:
    """``text`` again and again, whole, until it is about ``megabytes`` long."""
    length = len(text.encode()) + 1
    return (text + "\n") * max(1, round(megabytes * 1e6 / length))


def speed_of(text: str, repeat: int) -> float:
    size = len(text.encode()) / 1e6
    return size / seconds(lambda: parse(read_text(text), allow_secret=True), repeat)


def linearity(text: str, sizes: Sequence[int], repeat: int) -> list[dict[str, float]]:
    """Speed at every size, and as a share of the speed at the first."""
    rows: list[dict[str, float]] = []
    for size in sizes:
        # The best of one run is no match for the best of five: other work on the machine shows.
        speed = speed_of(repeated(text, size), repeat if size <= 2 else 2)
        first = rows[0]["mb_per_second"] if rows else speed
        rows.append(
            {"mb": size, "mb_per_second": round(speed, 3), "ratio": round(speed / first, 3)}
        )
    return rows


def each_plan(files: Sequence[Path]) -> list[dict[str, Any]]:
    """Every plan at 0.5 and 4 MB, the least linear first: which kind of text is not."""
    rows = []
    for file in files:
        text = decoded(file)
        short, long = (speed_of(repeated(text, size), 1) for size in (0.5, 4))
        rows.append(
            {"plan": file.stem, "mb_per_second": round(long, 3), "ratio": round(long / short, 3)}
        )
    return sorted(rows, key=lambda row: row["ratio"])


def show(result: dict[str, Any], before: dict[str, Any] | None) -> None:
    folder = result["folder"]
    print(
        f"{folder['files']} tệp, {folder['mb']} MB: {folder['mb_per_second']} MB/s "
        f"(đếm từ: {folder['words_mb_per_second']} MB/s)"
    )
    if before:
        known = before["folder"]
        relative = folder["mb_per_second"] / known["mb_per_second"]
        machine = folder["words_mb_per_second"] / known["words_mb_per_second"]
        print(f"so với mốc: ×{relative:.2f}; máy này so với máy ghi mốc: ×{machine:.2f}")
    print(f"\nlặp {result['plan']}:\n{'MB':>6}{'MB/s':>9}{'tỷ lệ':>9}")
    for row in result["repeated"]:
        print(f"{row['mb']:>6}{row['mb_per_second']:>9.3f}{row['ratio']:>9.3f}")
    if result.get("each"):
        print(f"\n{'kế hoạch':<32}{'MB/s ở 4 MB':>12}{'tỷ lệ với 0,5 MB':>18}")
        for row in result["each"]:
            print(f"{row['plan'][:31]:<32}{row['mb_per_second']:>12.3f}{row['ratio']:>18.3f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--plan", help="stem of the plan that is repeated (default: the longest)")
    parser.add_argument("--large", action="store_true", help="up to 20 MB")
    parser.add_argument("--each", action="store_true", help="every plan at 0.5 and 4 MB too")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--minimum", type=float, help="status 1 when slower (MB/s over the files)")
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--name", help="name in the baseline (default: the folder's)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    files = expand(args.paths)
    chosen = [file for file in files if file.stem == args.plan] if args.plan else files
    if not chosen:
        sys.exit(f"không có kế hoạch nào tên {args.plan or ''}")
    plan = max(chosen, key=lambda file: file.stat().st_size)
    result: dict[str, Any] = {
        "folder": folder_speed(files, args.repeat),
        "plan": plan.stem,
        "repeated": linearity(decoded(plan), LARGE if args.large else SIZES, args.repeat),
    }
    if args.each:
        result["each"] = each_plan(files)
    name = args.name or args.paths[0].resolve().name
    known: dict[str, Any] = {}
    if args.baseline and args.baseline.exists():
        known = json.loads(args.baseline.read_text("utf-8"))
    if args.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        show(result, known.get(name))
    if args.save:
        saved = json.loads(args.save.read_text("utf-8")) if args.save.exists() else {}
        saved[name] = result
        args.save.write_text(json.dumps(saved, ensure_ascii=False, indent=1) + "\n", "utf-8")
    slow = args.minimum is not None and result["folder"]["mb_per_second"] < args.minimum
    return 1 if slow or result["repeated"][-1]["ratio"] < LINEAR else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KhError as error:
        sys.exit(str(error))
