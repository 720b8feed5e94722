"""Speed of finding citations alone, on one core, whether it is linear, and eyecite beside it.

usage: python benchmarks/citation_speed.py PATH... [--eyecite FOLDER] [--mb 2] [--repeat 3]
           [--minimum MB/S] [--json] [--save FILE --name NAME]

The texts of PATH are joined and repeated. MB are 10^6 bytes of UTF-8, seconds those of the
processor, the best of several runs. ``find`` is ``find_mentions``; ``cite`` adds completion, keys,
registry and short forms of one plan. Where eyecite (an extractor of American citations) can be
imported, its default tokenizer reads, in the same run, English text of equal size in which as many
citations stand per MB; ``--eyecite`` names a folder of packages to import it from. It is no
dependency of the project.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kh_nlp.citations import cite, find_mentions
from kh_nlp.model import Header
from kh_nlp.pipeline import expand
from kh_nlp.reading import read_file

SIZES = (1, 2, 4, 8)
LINEAR = 0.7
"""Least speed at the greatest size as a share of that at 1 MB: below it is not linear."""
HOME = Header(issuer="UBND xã Quyết Thắng", level="commune", kind="Kế hoạch")
HOSTILE = (
    "1", "1/", "12/A-", "-A", "số ", "Luật Ban ", "Đề án “", "Nghị quyết số 1/NQ-CP về (",
    "Nghị quyết số 1/NQ-CP của Aa Bb ", "số\n", "Kế hoạch số 1/KH-UBND ", "Đề án a b c d ",
)  # fmt: skip
"""Pieces that, repeated, would show a pattern that backtracks over the whole text."""
HOSTILE_GROWTH = 2.5
"""Greatest time per character at 160,000 characters over that at 40,000; 4 would be quadratic."""
CASES = (
    "Brown v. Board of Education, 347 U.S. 483 (1954)",
    "Smith v. Jones, 512 F.2d 1023 (9th Cir. 1975)",
    "In re Gault, 387 U.S. 1, 27 (1967)",
    "People v. Doe, 45 Cal. App. 4th 1201 (1996)",
    "42 U.S.C. § 1983",
)
SENTENCES = (
    "The committee reviewed the annual report and asked the staff for further details.",
    "Nothing in the record suggests that the parties had reached a settlement by then.",
    "Local offices shall publish the schedule and answer questions from residents.",
    "The plan sets out who does what, by when, and from which budget it is paid.",
    "We therefore turn to the second question, which the lower court did not reach.",
    "A summary of the results was sent to all departments at the end of the quarter.",
)


def seconds(work: Callable[[], object], repeat: int) -> float:
    """Processor seconds of ``work``, the best of ``repeat`` runs."""
    times = []
    for _ in range(repeat):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return max(min(times), 1e-9)


def sized(text: str, megabytes: float) -> str:
    """``text`` repeated, whole, until it is about ``megabytes`` long."""
    return (text + "\n") * max(1, round(megabytes * 1e6 / (len(text.encode()) + 1)))


def english(megabytes: float, citations: int) -> str:
    """English prose of that size with so many citations, evenly spread (fixed seed)."""
    draw = random.Random(7)
    step = megabytes * 1e6 / max(1, citations)
    parts: list[str] = []
    size, due = 0, step / 2
    while size < megabytes * 1e6:
        parts.append(draw.choice(SENTENCES))
        size += len(parts[-1]) + 1
        if size >= due:
            parts.append(f"See {draw.choice(CASES)}.")
            size += len(parts[-1]) + 1
            due += step
    return " ".join(parts)


def eyecite_seconds(text: str, repeat: int) -> float | None:
    """Processor seconds of eyecite's default tokenizer, ``None`` where it cannot be imported."""
    try:
        tokenizer = importlib.import_module("eyecite.tokenizers").default_tokenizer
    except ImportError:
        return None
    tokenizer.tokenize(text[:2000])  # its tables are built once
    return seconds(lambda: tokenizer.tokenize(text), repeat)


def hostile_growth(repeat: int) -> float:
    """Time per character of ``cite`` at 160,000 characters over that at 40,000, the worst piece."""

    def took(piece: str, length: int) -> float:
        text = "1/A" + piece * (length // len(piece))
        return seconds(lambda: cite(text, header=HOME, basis=None), repeat) / len(text)

    return max(took(piece, 160_000) / took(piece, 40_000) for piece in HOSTILE)


def measure(text: str, megabytes: float, repeat: int) -> dict[str, Any]:
    """All figures of one run."""
    body = sized(text, megabytes)
    size = len(body.encode()) / 1e6
    mentions = len(find_mentions(body))
    find = seconds(lambda: find_mentions(body), repeat)
    whole = seconds(lambda: cite(body, header=HOME, basis=None), repeat)
    speeds = {}
    for step in SIZES:
        longer = sized(text, step)
        took = seconds(lambda longer=longer: find_mentions(longer), repeat)  # type: ignore[misc]
        speeds[str(step)] = round(len(longer.encode()) / 1e6 / took, 2)
    result = {
        "mb": round(size, 2),
        "citations_per_mb": round(mentions / size),
        "find_mb_per_second": round(size / find, 2),
        "cite_mb_per_second": round(size / whole, 2),
        "find_by_size": speeds,
        "linear": round(speeds[str(SIZES[-1])] / speeds[str(SIZES[0])], 2),
    }
    result["hostile_growth"] = round(hostile_growth(repeat), 2)
    eyecite = eyecite_seconds(english(size, mentions), 1)
    if eyecite is not None:
        result["eyecite_mb_per_second"] = round(size / eyecite, 3)
        result["times_eyecite"] = round(eyecite / find, 1)
    return result


def main() -> int:
    """Measure, print, and end with status 1 when too slow or not linear."""
    parser = argparse.ArgumentParser(description="Tốc độ tìm văn bản viện dẫn.")
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--eyecite", type=Path, help="thư mục gói có eyecite")
    parser.add_argument("--mb", type=float, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--minimum", type=float, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--name", default="corpus")
    arguments = parser.parse_args()
    if arguments.eyecite:
        sys.path.append(str(arguments.eyecite))
    files = [file for file in expand(arguments.paths) if file.suffix in (".txt", ".md")]
    text = "\n\n".join(read_file(file).text for file in files)
    result = {"files": len(files), **measure(text, arguments.mb, arguments.repeat)}
    if arguments.save:
        saved = json.loads(arguments.save.read_text("utf-8")) if arguments.save.exists() else {}
        saved[arguments.name] = result
        arguments.save.write_text(json.dumps(saved, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        for name, value in result.items():
            print(f"{name:24}{value}")
    slow = result["find_mb_per_second"] < arguments.minimum
    grows = result["linear"] < LINEAR or result["hostile_growth"] > HOSTILE_GROWTH
    return 1 if slow or grows else 0


if __name__ == "__main__":
    sys.exit(main())
