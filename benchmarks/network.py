"""Citation network of a large library: time to build, time of every question, memory.

usage: python benchmarks/network.py [--plans 10000] [--mentions 200000] [--seed 7] [--json]
           [--baseline FILE] [--save FILE]
       python benchmarks/network.py --measure PATH... [--save benchmarks/network_shape.json]

The library is made up, its shape is not: `network_shape.json` holds what `--measure` read off 48
real plans (numbers only): mentions and cited documents per plan, levels, and how often documents
are cited by 1, 2, 3 … plans. Documents are drawn by a Zipf law whose exponent is fitted to that;
one document in eight of those that are plans is a plan of the library itself.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kh_nlp import network as net
from kh_nlp.citations import document_key, load_registry
from kh_nlp.errors import KhError
from kh_nlp.library import Library

SHAPE = Path(__file__).with_name("network_shape.json")
RELATIONS = (
    ("dẫn chiếu", "thực hiện", "căn cứ", "sửa đổi bổ sung", "thay thế"),
    (40, 30, 20, 8, 1.4),
)
"""With their shares in percent among the mentions of the 48 plans."""
BUILD, QUESTION, RANK, MEMORY = 20.0, 0.2, 2.0, 1000.0
"""Limits: seconds to build, for a question, for PageRank the first time; MB in all."""

ISSUERS = {
    "province": ("UBND tỉnh Lào Cai", "UBND tỉnh Nghệ An", "UBND thành phố Hà Nội"),
    "province_agency": ("Sở Nội vụ tỉnh Lào Cai", "Sở Y tế tỉnh Nghệ An"),
    "district": ("UBND huyện Bát Xát", "UBND huyện Kỳ Sơn"),
    "commune": ("UBND xã Bản {}", "UBND phường {}"),
    "central": ("Bộ Nội vụ",),
}


def measure(paths: Sequence[Path]) -> dict[str, Any]:
    """The shape of real plans, as numbers."""
    from kh_nlp.pipeline import expand, read_plan

    mentions, documents, levels = [], [], Counter()
    cited: Counter[str] = Counter()
    times: Counter[int] = Counter()
    for file in expand(list(paths)):
        plan = read_plan(file)
        keys = Counter(c.document.key for c in plan.citations if c.document)
        mentions.append(len(plan.citations))
        documents.append(len(keys))
        levels[plan.header.level or "unknown"] += 1
        cited.update(keys.keys())
        times.update(keys.values())
    spread = Counter(cited.values())
    return {
        "plans": len(mentions),
        "mentions_per_plan": sorted(mentions),
        "documents_per_plan": sorted(documents),
        "mentions_per_document_of_a_plan": dict(sorted(times.items())),
        "levels": dict(levels.most_common()),
        "documents_cited_by_n_plans": dict(sorted(spread.items())),
        "zipf_exponent": round(fitted(spread, sum(documents)), 2),
    }


def fitted(spread: dict[int, int], draws: int) -> float:
    """The exponent with which a Zipf law gives as many documents that only one plan cites."""
    wanted = spread[1] / sum(spread.values())
    generator = np.random.default_rng(1)

    def single(exponent: float) -> float:
        counts = np.bincount(drawn(generator, 20 * draws, draws, exponent))
        return float((counts == 1).sum() / (counts > 0).sum())

    return float(min(np.arange(0.3, 1.4, 0.05), key=lambda s: abs(single(s) - wanted)))


def drawn(generator: Any, documents: int, draws: int, exponent: float) -> Any:
    weights = 1.0 / np.arange(1, documents + 1) ** exponent
    return np.searchsorted(np.cumsum(weights / weights.sum()), generator.random(draws))


def simulate(folder: Path, plans: int, mentions: int, seed: int) -> dict[str, int]:
    """Write the library; all choices come from ``seed``."""
    shape = json.loads(SHAPE.read_text("utf-8"))
    chance, generator = random.Random(seed), np.random.default_rng(seed)
    levels = [(k if k != "unknown" else None, n) for k, n in shape["levels"].items()]
    heads = [_head(chance, at, levels) for at in range(plans)]
    keys = [document_key("Kế hoạch", h["number"], h["issued_on"], h["issuer"]) for h in heads]
    pool = [_document(chance, at, keys) for at in range(3 * plans)]
    weights = shape["mentions_per_plan"]
    counts = np.array([chance.choice(weights) for _ in range(plans)], dtype=float)
    counts = np.floor(counts * mentions / counts.sum() + generator.random(plans)).astype(int)
    repeats = shape["mentions_per_document_of_a_plan"]
    again = [int(n) for n, times in repeats.items() for _ in range(times)]
    picks = iter(drawn(generator, len(pool), int(counts.sum()) + plans, shape["zipf_exponent"]))
    rows: list[tuple[Any, ...]] = []
    for at, count in enumerate(counts.tolist()):
        left = count
        while left > 0:
            document = pool[int(next(picks))]
            for _ in range(min(left, chance.choice(again))):
                role = "basis" if chance.random() < 0.2 else "reference"
                (relation,) = chance.choices(*RELATIONS)
                rows.append((at + 1, *document, role, relation, left * 40, left * 40 + 30))
                left -= 1
    _write(folder, heads, rows)
    return {"plans": plans, "mentions": len(rows)}


def _head(chance: random.Random, at: int, levels: Sequence[tuple[Any, int]]) -> dict[str, Any]:
    (level,) = chance.choices([name for name, _ in levels], [times for _, times in levels])
    issuer = chance.choice(ISSUERS[level or "commune"]).format(at % 900)
    year = chance.randint(2018, 2026)
    return {
        "path": f"{at}.txt", "title": f"Kế hoạch {at}", "number": f"{at + 1:02d}/KH-UBND",
        "issued_on": f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        "issuer": issuer, "level": level, "province": chance.choice(("Lào Cai", "Nghệ An", None)),
        "year": year, "status": "issued", "pages": 5, "sections": 20, "tasks": 9, "citations": 20,
        "damaged": False,
    }  # fmt: skip


def _document(chance: random.Random, at: int, plans: Sequence[str | None]) -> tuple[Any, ...]:
    kind, code = chance.choice(
        (("Quyết định", "QĐ-TTg"), ("Nghị quyết", "NQ-CP"), ("Kế hoạch", "KH-UBND"))
    )
    year = chance.randint(2010, 2026)
    number, day = f"{at + 1:02d}/{code}", f"{year}-03-{chance.randint(1, 28):02d}"
    issuer = "Chính phủ" if code != "KH-UBND" else "UBND tỉnh Nghệ An"
    key = document_key(kind, number, day, issuer)
    if kind == "Kế hoạch" and chance.random() < 0.125:
        key = chance.choice(plans)
    return key, kind, number, day, issuer, f"Về việc số {at}"


def _write(folder: Path, heads: Sequence[dict[str, Any]], rows: Sequence[tuple[Any, ...]]) -> None:
    filler = "Nội dung của kế hoạch. " * 900  # records are long, as real ones are
    with Library.open(folder, create=True) as library, library.lock(), library.writing() as db:
        for at, head in enumerate(heads, 1):
            plan = {"header": {**head, "kind": "Kế hoạch"}, "text": filler}
            db.execute(
                "INSERT INTO plans (id, plan_id, created_at) VALUES (?, ?, '')", (at, f"kh{at:06d}")
            )
            db.execute(
                "INSERT INTO versions (plan, sha256, parser, current, json, summary, created_at) "
                "VALUES (?, ?, 1, 1, ?, ?, '')",
                (at, str(at), json.dumps(plan), json.dumps(head)),
            )
        db.executemany(
            "INSERT INTO citations (plan, key, kind, number, issued_on, issuer, title, role, "
            'relation, start, "end", page, text) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 'x')",
            rows,
        )


def questions(library: Library, network: net.Network) -> dict[str, Callable[[], object]]:
    """Every question, about the hardest documents: the most cited, the most citing."""
    hub = max((n for n in network.nodes), key=lambda n: n.plans).id
    busy = max((n for n in network.nodes if n.plan), key=lambda n: n.cites).id
    between = max((n for n in network.nodes if n.plan), key=lambda n: n.plans).id
    return {
        "cites, depth 3": lambda: net.cites(network, busy, depth=3),
        "cited by, depth 1": lambda: net.cited_by(network, hub),
        "cited by, depth 5": lambda: net.cited_by(network, between, depth=5),
        "top by year": lambda: net.top(network, "year"),
        "top by level": lambda: net.top(network, "level"),
        "top by province": lambda: net.top(network, "province"),
        "top by plans": lambda: net.top(network),
        "similar plans": lambda: net.similar(network, busy),
        "cited together": lambda: net.similar(network, hub),
        "chain": lambda: net.chain(network, busy),
        "place of the most cited": lambda: net.chain(network, hub),
        "missing": lambda: net.missing(network, limit=100),
        "stale": lambda: net.stale(network),
        "orphans": lambda: net.orphans(network),
        "part: one level": lambda: net.select(network, levels=("commune",)),
        "part: around, depth 2": lambda: net.select(network, around=busy, depth=2),
        "line": lambda: net.basis_line(library, hub),
        "sentences of 50 plans": lambda: net.citing_sentences(library, hub, limit=50),
        "PageRank again": lambda: net.top(network, "pagerank"),
        "HITS again": lambda: net.top(network, "authority"),
    }  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(plans: int, mentions: int, seed: int) -> dict[str, Any]:
    """All figures of one simulated library, seconds by the clock."""
    with tempfile.TemporaryDirectory(prefix="kh-network-") as folder:
        made = simulate(Path(folder) / "library", plans, mentions, seed)
        with Library.open(Path(folder) / "library") as library:
            load_registry()
            start = time.perf_counter()
            network = net.load_network(library)
            network.out, network.into, network.positions  # noqa: B018 - built at the first question
            build = time.perf_counter() - start
            result: dict[str, Any] = {
                **made,
                "nodes": len(network.nodes),
                "edges": len(network.edges),
                "build_seconds": round(build, 2),
                "pagerank_seconds": round(timed(lambda: net.score(network, "pagerank")), 3),
                "hits_seconds": round(timed(lambda: net.score(network, "authority")), 3),
                "question_seconds": {
                    name: round(min(timed(ask) for _ in range(3)), 4)
                    for name, ask in questions(library, network).items()
                },
                "picture_seconds": round(timed(lambda: net.page(network)), 2),
            }
            result["megabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            result["graphml_seconds"] = round(timed(lambda: net.exported(network, ".graphml")), 2)
    return result


def failures(result: dict[str, Any]) -> list[str]:
    limits = [("build_seconds", BUILD), ("pagerank_seconds", RANK), ("hits_seconds", RANK)]
    found = [f"{name} {result[name]} > {most}" for name, most in limits if result[name] > most]
    found += [
        f"{name}: {seconds} s > {QUESTION} s"
        for name, seconds in result["question_seconds"].items()
        if seconds > QUESTION
    ]
    return found + ([f"{result['megabytes']} MB"] if result["megabytes"] > MEMORY else [])


def show(result: dict[str, Any], before: dict[str, Any] | None) -> None:
    for name, value in result.items():
        known = (before or {}).get(name)
        if isinstance(value, dict):
            for question, seconds in value.items():
                was = f"   (mốc {known[question]})" if known and question in known else ""
                print(f"  {question:<26}{seconds:>9.4f} s{was}")
        else:
            print(f"{name:<28}{value}" + (f"   (mốc {known})" if known is not None else ""))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plans", type=int, default=10_000)
    parser.add_argument("--mentions", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--measure", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--save", type=Path)
    args = parser.parse_args()
    if args.measure:
        result = measure(args.measure)
        print(json.dumps(result))
    else:
        result = run(args.plans, args.mentions, args.seed)
        known = json.loads(args.baseline.read_text("utf-8")) if args.baseline else None
        print(json.dumps(result, indent=1)) if args.json else show(result, known)
    if args.save:
        args.save.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    slow = [] if args.measure else failures(result)
    for line in slow:
        print(f"quá giới hạn: {line}", file=sys.stderr)
    return 1 if slow else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KhError as error:
        sys.exit(str(error))
