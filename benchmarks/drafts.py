"""Drafts left one out, and what a draft from a large library costs.

usage: python benchmarks/drafts.py --library DIR [--half tune|test] [--each] [--save FILE]
       python benchmarks/drafts.py --library DIR --folds [--save FILE]
       python benchmarks/drafts.py --speed [--plans 1000] [--save FILE]

`--library`: a library of real plans. Every plan with at least three kindred plans is left out with
its near copies and drafted from title, issuer and year; see `kh_nlp/evaluation/drafts.py` for the
figures. `best_plan` is what the single plan of the library that fits best *with hindsight* gives,
the ceiling of copying one file. `any_act` counts also plans whose kindred plans do something else
about the subject.

`--folds`: every plan judged with the thresholds (of `TRIED`) that are best on all other plans:
the highest recall at a precision of at least `PRECISE`.

`--speed`: the thirty samples multiplied to `--plans` by other places and years, encoded by hashed
words (vectors play no part in drafting); a draft in a fresh process, beside `kh --help`. The
processes find their compiled modules, as those of an installed package do.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np

from kh_nlp.evaluation.drafts import KINDRED, Foreseen, leave_one_out
from kh_nlp.library import Library, ingest

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
MANY = 8
"""Kindred plans from which an outline is said to rest on many."""

ALIKE = 0.8
"""Likeness of the three nearest titles from which the plans are on the same subject."""

LIMIT = 5.0
"""Seconds of one core that a draft from 1,000 plans may take."""


PRECISE = 0.65
"""Precision that thresholds must keep on the plans on which they are chosen; .6 is asked."""

TRIED: tuple[dict[str, float], ...] = tuple(
    {"alone": alone, "custom": custom, "third": body}
    for alone, custom in ((0.35, 1.0), (0.25, 1.0), (0.25, 2.0))
    for body in (0.1, 0.15)
)
"""Thresholds of the outline among which each fold chooses."""


class HashedWords:
    """Vectors without weights, so that making the library takes minutes and not an hour."""

    identity = "benchmark-hashed-words"
    dimensions = 32

    def encode_passages(self, texts: Sequence[str], progress: Any = None) -> Any:
        """Unit vectors of the texts' words."""
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                found[row, sum(word.encode()) % self.dimensions] += 1
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)

    encode_queries = encode_passages


def judged(folder: Path, half: str | None, each: bool) -> dict[str, Any]:
    """Means over the plans of each half; with ``each`` the plans are printed."""
    with Library.open(folder) as library:
        everything = leave_one_out(library, half=half, any_act=True)
    found = [f for f in everything if f.alike >= KINDRED]
    if each:
        for item in everything:
            print(
                f"{item.half:5} R {item.recall:.2f} P {item.precision:.2f} "
                f"kindred {item.kindred:2} alike {item.alike:2} peers {item.peers} "
                f"near {item.nearness:.2f} "
                f"{item.title[:70]!r}\n"
                f"      missed {list(item.missed)}\n      wrong  {list(item.wrong)}"
            )
    parts = {name: [f for f in found if f.half == name] for name in ("tune", "test")}
    parts |= {
        "all": found,
        "any_act": everything,
        "kindred_8_or_more": [f for f in found if f.kindred >= MANY],
        "kindred_3_to_7": [f for f in found if f.kindred < MANY],
        "titles_alike": [f for f in found if f.nearness >= ALIKE],
        "titles_less_alike": [f for f in found if f.nearness < ALIKE],
        "three_of_the_level": [f for f in found if f.peers >= KINDRED],
        "fewer_of_the_level": [f for f in found if f.peers < KINDRED],
    }
    return {name: _means(items) for name, items in parts.items() if items}


def folds(folder: Path) -> dict[str, Any]:
    """Means over all plans, each judged with the thresholds chosen on the others."""
    with Library.open(folder) as library:
        tried = [leave_one_out(library, thresholds=thresholds) for thresholds in TRIED]
    judged_ = []
    chosen: Counter[int] = Counter()
    for at in range(len(tried[0])):
        others = [[f for i, f in enumerate(found) if i != at] for found in tried]
        means = [(mean(f.recall for f in o), mean(f.precision for f in o)) for o in others]
        best = max(range(len(TRIED)), key=lambda i: (means[i][1] >= PRECISE, *means[i]))
        chosen[best] += 1
        judged_.append(tried[best][at])
    return {
        "plans": len(judged_),
        "recall": round(mean(f.recall for f in judged_), 3),
        "precision": round(mean(f.precision for f in judged_), 3),
        "chosen": [{**TRIED[i], "folds": times} for i, times in chosen.most_common()],
        "recall_of_each": [round(mean(f.recall for f in found), 3) for found in tried],
    }


def _means(items: Sequence[Foreseen]) -> dict[str, Any]:
    bases = [f for f in items if f.basis_recall is not None and f.basis_known is not None]
    reachable = [f.basis_recall / f.basis_known for f in bases if f.basis_known]  # type: ignore[operator]
    return {
        "plans": len(items),
        "recall": round(mean(f.recall for f in items), 3),
        "precision": round(mean(f.precision for f in items), 3),
        "printed_recall": round(mean(f.printed_recall for f in items), 3),
        "printed_precision": round(mean(f.printed_precision for f in items), 3),
        "best_plan_recall": round(mean(f.best_recall for f in items), 3),
        "best_plan_precision": round(mean(f.best_precision for f in items), 3),
        "basis_recall_at_10": round(mean(f.basis_recall or 0 for f in bases), 3),
        "basis_cited_elsewhere": round(mean(f.basis_known or 0 for f in bases), 3),
        "basis_recall_of_those": round(mean(reachable), 3) if reachable else None,
    }


def speed(plans: int) -> dict[str, Any]:
    """Processor seconds of ``kh draft`` in fresh processes over a library of so many plans."""
    texts = [p for p in sorted(CORPUS.glob("[0-9][0-9]-*.*")) if p.suffix in (".txt", ".md")]
    with tempfile.TemporaryDirectory() as folder:
        files = [_another(texts[at % len(texts)], at, Path(folder)) for at in range(plans)]
        with Library.open(Path(folder) / "library", create=True) as library:
            report = ingest(library, files, encoder=HashedWords())
            assert len(library.plans()) >= 0.95 * plans, report.failed[:3]
            count = len(library.plans())
        command = [
            sys.executable, "-m", "kh_nlp", "draft", "--title",
            "Tuyên truyền cải cách hành chính năm 2027", "--issuer", "UBND phường Cầu Hạc",
            "--year", "2027", "--province", "Cửa Hạc", "--library", f"{folder}/library",
            "--out", f"{folder}/draft.docx",
        ]  # fmt: skip
        compiled = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        compiled["PYTHONPYCACHEPREFIX"] = f"{folder}/compiled"
        _seconds(command, compiled)
        drafts = [_seconds(command, compiled) for _ in range(5)]
        bare = [_seconds([sys.executable, "-m", "kh_nlp", "--help"], compiled) for _ in range(5)]
    return {
        "plans": count,
        "draft_processor_seconds": round(median(drafts), 2),
        "help_processor_seconds": round(median(bare), 2),
        "limit": LIMIT,
    }


def _seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    """Processor time, which a busy machine does not change."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _another(path: Path, at: int, folder: Path) -> Path:
    """A sample with another number, years and names of places."""
    text = path.read_text("utf-8")
    if at >= 30:
        round_ = at // 30
        text = re.sub(r"\b20(2\d)\b", lambda m: str(2000 + (int(m[1]) - 20 + round_) % 30), text)
        names = ("Hạc", "Lam", "Sim", "Trầm", "Ruông", "Thu")
        for place in names:
            new = f"{place}{'abcdeghiklmn'[round_ % 12]}"
            text = text.replace(place, new).replace(place.upper(), new.upper())
        text = re.sub(r"(\d+)(?=/(?:KH|QĐ)-)", lambda m: str(int(m[1]) + 7 * round_), text)
    made = folder / f"{at:05}{path.suffix}"
    made.write_text(text, "utf-8")
    return made


def main() -> None:
    """Measure what was asked for; print JSON, save it with ``--save``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--half", choices=("tune", "test"))
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--plans", type=int, default=1000)
    parser.add_argument("--save", type=Path)
    asked = parser.parse_args()
    found: dict[str, Any] = {}
    if asked.save and asked.save.exists():
        found = json.loads(asked.save.read_text("utf-8"))
    if asked.library and asked.folds:
        found["folds"] = folds(asked.library)
    elif asked.library:
        found["left_one_out"] = judged(asked.library, asked.half, asked.each)
    if asked.speed:
        found["speed"] = speed(asked.plans)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    if asked.save:
        asked.save.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
