"""Clusters of 1,000, 10,000 and 100,000 tasks: seconds, memory, and whether they are still right.

usage: python benchmarks/clusters.py [--shared ../shared] [--sizes 1000 10000 100000]
           [--work FOLDER] [--save FILE] [--plot FILE]

Tasks are those of ``corpus/`` with five near copies each (other numbers, place and year), a third
duties made of the leads of real duties and real plan titles, the rest lines of administrative
documents and of articles of ../shared (nothing of them is committed), half of them laid on a body
drawn by lot. Vectors are given: weighted
means of E5's token embeddings (articles.py), as the encoder would take hours. Timed is all the
rest: duplicates, kinds of activity, words, linkage, labels, second choices. Each size runs in a
process of its own, for its memory.

Right means: ``kept`` is the pairwise F1 of the groups in which the tasks of ``corpus/`` lie in the
crowd against the groups that they form by themselves, ``gold`` theirs against the reader's groups,
``copies`` the share of near copies that lie with their original, and ``exact`` (once) the adjusted
Rand index between average linkage over all of 8,000 tasks and over pieces of them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy as np
import plan_titles
from articles import StaticEncoder
from numpy.typing import NDArray

from kh_nlp.clusters import TaskUnit, cluster_units, grouping
from kh_nlp.clusters.features import features
from kh_nlp.clusters.gathering import text_unit
from kh_nlp.evaluation import load_groups, pairwise

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests/gold_clusters/task_groups_corpus.json"
COPIES = 5
PLACES = ("xã Hòa An", "phường Tân Lập", "tỉnh Lào Cai", "thành phố Huế", "huyện Bắc Sơn")
LEADS = (
    "Tổ chức tập huấn về", "Xây dựng kế hoạch triển khai", "Đẩy mạnh tuyên truyền về",
    "Tham mưu UBND tỉnh bố trí kinh phí", "Kiểm tra, đôn đốc việc", "Tổng hợp, báo cáo kết quả",
    "Chủ trì, phối hợp với các sở, ngành liên quan", "Phối hợp với các cơ quan, đơn vị",
    "Rà soát, thống kê phục vụ", "Sơ kết, tổng kết", "Biên soạn tài liệu về",
    "Xây dựng chuyên trang, chuyên mục về", "Vận động đoàn viên, hội viên tham gia",
    "Giám sát việc", "Sản xuất video ngắn về", "Khảo sát sự hài lòng về", "Xây dựng đề án",
    "Ban hành văn bản hướng dẫn", "Theo dõi, hướng dẫn", "Tổ chức hội nghị triển khai",
)  # fmt: skip
BODIES = (
    "Sở Tài chính", "Các sở, ban, ngành", "Ủy ban nhân dân các xã, phường", "Công an tỉnh",
    "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "Sở Nội vụ", "Báo và Phát thanh, Truyền hình tỉnh",
    "Sở Văn hóa, Thể thao và Du lịch", "Văn phòng Ủy ban nhân dân tỉnh", "Sở Giáo dục và Đào tạo",
)  # fmt: skip


class Given:
    """An encoder whose vectors were worked out before."""

    dimensions = 384

    def __init__(self, identity: str, known: dict[str, NDArray[np.float32]]) -> None:
        self.identity = identity
        self.known = known

    def encode_passages(self, texts: Sequence[str], progress: Any = None) -> NDArray[np.float32]:
        return np.stack([self.known[text] for text in texts])

    encode_queries = encode_passages


def tasks(count: int, shared: Path, work: Path) -> list[TaskUnit]:
    """``count`` tasks, those of ``corpus/`` and their copies first."""
    draw = random.Random(7)
    gold = [task for task in load_groups(GOLD) if len(task.content.split()) > 2]
    found = [text_unit(f"{task.id.replace(':', '.')}:0", task.content) for task in gold]
    for number in range(1, COPIES + 1):
        found += [
            replace(text_unit(f"{unit.plan}:{number}", _copy(unit.content, draw)), plan=unit.plan)
            for unit in found[: len(gold)]
        ]
    found = found[:count]
    others = list(_others(shared, work))
    draw.shuffle(others)
    if len(found) + len(others) < count:
        sys.exit(f"only {len(found) + len(others)} tasks, {count} wanted")
    for at, text in enumerate(others[: count - len(found)]):
        # Twenty tasks a plan, about as in real plans.
        unit = text_unit(f"x{at // 20}:{at % 20}", text)
        # Half of them laid on a body, as duties are.
        body = (BODIES[draw.randrange(len(BODIES))],)
        found.append(replace(unit, origin="assignment", lead=body) if at % 2 else unit)
    return found


def _copy(text: str, draw: random.Random) -> str:
    """The same task as another place and year would print it."""
    other = re.sub(r"\d+", lambda found: str(int(found[0]) + draw.randint(1, 9)), text)
    return f"{other.rstrip('. ')} trên địa bàn {draw.choice(PLACES)}"


def _others(shared: Path, work: Path) -> list[str]:
    titles = plan_titles.load(shared / "facts/plan_titles_27k.tsv.gz", work).texts
    texts = {
        f"{LEADS[at % len(LEADS)]} {title}": None for at, title in enumerate(sorted(set(titles)))
    }
    for name in ("admin_docs", "phapdien_articles"):
        with gzip.open(shared / f"corpus/{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                for part in json.loads(line)["text"].split("\n"):
                    words = part.split()
                    if 8 <= len(words) <= 60:
                        texts[" ".join(words)] = None
                if len(texts) > 160_000:
                    break
    return list(texts)


def _vectors(units: Sequence[TaskUnit]) -> Given:
    from kh_nlp.clusters.gathering import first_clause

    encoder = StaticEncoder()
    texts = sorted({text for u in units for text in (u.core, first_clause(u.core))} - {""})
    known = dict(zip(texts, encoder.vectors(texts), strict=True))
    known[""] = np.zeros(encoder.dimensions, dtype=np.float32)
    return Given(encoder.identity, known)


def measure(count: int, shared: Path, work: Path) -> dict[str, Any]:
    """Seconds, memory and figures for one size; run in a process of its own."""
    units = tasks(count, shared, work)
    given = _vectors(units)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, worked = time.perf_counter(), time.process_time()
    found = cluster_units(units, given)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    label: dict[str, Hashable] = {t: one.id for one in found.clusters for t in one.tasks}
    gold = {
        f"{t.id.replace(':', '.')}:0": t.group
        for t in load_groups(GOLD)
        if len(t.content.split()) > 2
    }
    own = [unit for unit in units if unit.task in gold]
    apart = cluster_units(own, given)
    before: dict[str, Hashable] = {t: one.id for one in apart.clusters for t in one.tasks}
    inside = [label.get(u.task, u.task) for u in own]
    copies = [u for u in units if u.plan in {o.plan for o in own} and u.task not in gold]
    together = [label.get(u.task, u.task) == label.get(f"{u.plan}:0", u.plan) for u in copies]
    return {
        "tasks": count,
        "seconds": round(seconds, 1),
        "processor_seconds": round(worked, 1),
        "peak_mb": round(most),
        "before_mb": round(held),
        "clusters": len(found.clusters),
        "alone": found.alone_share,
        "duplicates": found.duplicates,
        "kept": _f1(inside, [before.get(u.task, u.task) for u in own]),
        "gold": _f1(inside, [gold[u.task] or u.task for u in own]),
        "copies": round(sum(together) / len(together), 3) if together else None,
        "largest": len(found.clusters[0].tasks),
    }


def _f1(found: Sequence[Hashable], gold: Sequence[Hashable]) -> float:
    precision, recall = pairwise(found, gold)
    return round(2 * precision * recall / max(1e-9, precision + recall), 3)


def exact(shared: Path, work: Path) -> float:
    """Adjusted Rand index between linkage over 8,000 tasks and over pieces of them."""
    from sklearn.metrics import adjusted_rand_score

    units = tasks(8_000, shared, work)
    rows = features(units, _vectors(units), None)
    every = np.arange(len(rows))
    answers = []
    for most in (len(rows), len(rows) // 10):
        grouping.EXACT = most
        labels = np.zeros(len(rows), dtype=np.int64)
        for number, part in enumerate(grouping.group(rows, every, 0.6)):
            labels[part] = number
        answers.append(labels)
    return round(float(adjusted_rand_score(*answers)), 3)


def plot(rows: Sequence[dict[str, Any]], target: Path) -> None:
    """Seconds and memory by the number of tasks."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4))
    sizes = [row["tasks"] for row in rows]
    left.loglog(sizes, [row["seconds"] for row in rows], "o-")
    left.axhline(120, color="grey", linestyle=":")
    left.set(xlabel="tasks", ylabel="seconds")
    right.semilogx(sizes, [row["peak_mb"] / 1024 for row in rows], "o-")
    right.axhline(4, color="grey", linestyle=":")
    right.set(xlabel="tasks", ylabel="peak memory, GB", ylim=(0, None))
    figure.tight_layout()
    figure.savefig(target, dpi=110)


def main() -> None:
    """Run all sizes and print, or save, what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    shared = Path(os.environ.get("KH_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--work", type=Path, default=Path("indexes/titles"))
    parser.add_argument("--save", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one is not None:
        found = exact(args.shared, args.work) if args.one == 0 else None
        print(json.dumps(found if args.one == 0 else measure(args.one, args.shared, args.work)))
        return
    common = ["--shared", str(args.shared), "--work", str(args.work)]
    answers = []
    for size in (*args.sizes, 0):
        command = [sys.executable, __file__, "--one", str(size), *common]
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        answers.append(json.loads(out))
        print(answers[-1], file=sys.stderr)
    answer = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "sizes": answers[:-1],
        "exact": answers[-1],
    }
    text = json.dumps(answer, indent=2)
    print(text)
    if args.save:
        args.save.write_text(text + "\n", encoding="utf-8")
    if args.plot:
        plot(answers[:-1], args.plot)


if __name__ == "__main__":
    main()
