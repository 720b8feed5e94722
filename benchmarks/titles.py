"""Topics of 27,000 plan titles beside BERTopic 0.17, on the same vectors in the same run.

usage: python benchmarks/titles.py [--titles plan_titles_27k.tsv.gz] [--work FOLDER]
           [--bertopic PYTHON] [--save FILE]

The 27 sectors of the titles are the reference: adjusted mutual information, where the titles that
stand alone are one group of their own, as BERTopic's outliers are, and beside it over the titles
that both put in a cluster. Ours is ``kh_nlp.clusters.grouping.group``, what ``kh cluster`` groups
tasks with, and the labels; a title that is like no other stands alone. Its threshold is searched
so that the number of clusters is that of BERTopic within a tenth. BERTopic is no dependency:
``--bertopic`` names the Python of an environment with bertopic==0.17.*; each side has both
cores.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy as np
import plan_titles
from numpy.typing import NDArray

from kh_nlp.clusters.features import encoder_axes
from kh_nlp.clusters.grouping import group, means
from kh_nlp.clusters.labelling import labels

LEAST = 2
"""Titles of a cluster at least; BERTopic's default of 10 is left as it is."""

E5 = "multilingual-e5-small"
THEIRS = """
import json, sys, time
import numpy as np
from importlib.metadata import version
from bertopic import BERTopic
vectors, texts, out = np.load(sys.argv[1]), json.load(open(sys.argv[2])), sys.argv[3]
start = time.perf_counter()
topics, _ = BERTopic(calculate_probabilities=False).fit_transform(texts, vectors)
seconds = time.perf_counter() - start
found = {"seconds": seconds, "topics": [int(t) for t in topics], "version": version("bertopic")}
json.dump(found, open(out, "w"))
"""


def ours(titles: plan_titles.Titles, threshold: float) -> tuple[list[int], float, list[str]]:
    """Cluster of each title (-1 alone), seconds, labels of the clusters."""
    start = time.perf_counter()
    distinct, place = np.unique(titles.vectors, axis=0, return_inverse=True)
    rows = encoder_axes(distinct, E5)
    groups = group(rows, np.arange(len(rows)), threshold)
    times = np.bincount(place.ravel())
    groups = [part for part in groups if times[part].sum() >= LEAST]
    found = np.full(len(rows), -1)
    for number, part in enumerate(groups):
        found[part] = number
    named = labels([_typical(titles, rows, part, place.ravel()) for part in groups])
    return found[place.ravel()].tolist(), time.perf_counter() - start, named


def _typical(
    titles: plan_titles.Titles, rows: NDArray[Any], part: NDArray[Any], place: NDArray[Any]
) -> list[str]:
    global _FIRST
    if not _FIRST:
        for at, row in enumerate(place.tolist()):
            _FIRST.setdefault(row, titles.texts[at])
    order = np.argsort(-(rows[part] @ means(rows, [part])[0]), kind="stable")
    return [_FIRST[int(row)] for row in part[order][:8]]


_FIRST: dict[int, str] = {}


def theirs(titles: plan_titles.Titles, python: str, work: Path) -> dict[str, Any]:
    """BERTopic's topics and the seconds of ``fit_transform``, in an interpreter of its own."""
    vectors, texts, out = work / "all.npy", work / "all.json", work / "bertopic.json"
    np.save(vectors, titles.vectors)
    texts.write_text(json.dumps(titles.texts), encoding="utf-8")
    subprocess.run([python, "-c", THEIRS, str(vectors), str(texts), str(out)], check=True)
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def scores(found: list[int], sectors: list[str], both: list[bool]) -> dict[str, float]:
    """AMI over all titles and over those of ``both``, clusters, share that stands alone."""
    from sklearn.metrics import adjusted_mutual_info_score as ami

    inside = [at for at, kept in enumerate(both) if kept]
    return {
        "clusters": len(set(found) - {-1}),
        "alone": round(found.count(-1) / len(found), 4),
        "ami": round(float(ami(sectors, found)), 4),
        "ami_of_titles_in_both": round(
            float(ami([sectors[at] for at in inside], [found[at] for at in inside])), 4
        ),
    }


def matched(titles: plan_titles.Titles, wanted: int) -> float:
    """The threshold (distance) that gives nearly as many clusters."""
    low, high = 0.45, 0.85
    for _ in range(8):
        middle = round((low + high) / 2, 4)
        number = len(set(ours(titles, middle)[0]) - {-1})
        if abs(number - wanted) <= 0.03 * wanted:
            break
        low, high = (middle, high) if number > wanted else (low, middle)
    return middle


def main() -> None:
    """Run both and print, or save, what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    shared = Path(os.environ.get("KH_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    named = shared / "facts/plan_titles_27k.tsv.gz"
    parser.add_argument("--titles", type=Path, default=named)
    parser.add_argument("--work", type=Path, default=Path("indexes/titles"))
    parser.add_argument("--bertopic", metavar="PYTHON")
    parser.add_argument("--threshold", type=float, default=0.7)
    parser.add_argument("--save", type=Path)
    args = parser.parse_args()
    if not args.titles.is_file():
        sys.exit(f"no titles at {args.titles}")
    titles = plan_titles.load(args.titles, args.work)
    answer: dict[str, Any] = {
        "titles": len(titles.texts),
        "distinct": len(set(titles.texts)),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    other = theirs(titles, args.bertopic, args.work) if args.bertopic else None
    threshold = args.threshold
    if other:
        threshold = matched(titles, len(set(other["topics"]) - {-1}))
    first, seconds, named_clusters = ours(titles, threshold)
    second, again, _ = ours(titles, threshold)
    best = min(seconds, again)
    both = [one != -1 for one in first]
    if other:
        both = [one and two != -1 for one, two in zip(both, other["topics"], strict=True)]
        answer["bertopic"] = {
            "version": other["version"],
            "seconds": round(other["seconds"], 1),
            **scores(other["topics"], titles.sectors, both),
        }
        answer["times_as_fast"] = round(other["seconds"] / best, 1)
    answer["ours"] = {
        "threshold": threshold,
        "seconds": round(best, 1),
        **scores(first, titles.sectors, both),
        "identical_again": first == second,
    }
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    print(text)
    for number, times in Counter(first).most_common(13):
        if number >= 0:
            print(f"{times:6} {named_clusters[number]}")
    if args.save:
        args.save.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
