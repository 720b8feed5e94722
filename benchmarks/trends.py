"""False alarms of the trend tests: years dealt out at random to the plans of ``corpus/``.

    python benchmarks/trends.py --library DIR [--runs 500] [--kinds topic ...] [--out FILE]

For topics, forms, bodies, documents and words each, in every run the plans keep what they say and
get the years of another plan. Reported at the stated level of 5 %: the share of single tests with
p <= .05, of runs in which any label passes after the correction, the same for the comparison of the
first with the last two years and for bursts, and the times.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from kh_nlp.library import Library
from kh_nlp.trends import KINDS, LEVEL, chosen_plans, labelled, library_hash, usual_measure
from kh_nlp.trends.bursts import bursts
from kh_nlp.trends.counting import count
from kh_nlp.trends.testing import corrected, p_values

HERE = Path(__file__).parent
_RARE = ("replaced", "abolished")


def false_alarms(values: np.ndarray, having: np.ndarray, counts: Any, runs: int) -> dict[str, Any]:
    rng = np.random.default_rng(2026)
    years = counts.year_weights
    early, late = years[:, :2].sum(axis=1), years[:, -2:].sum(axis=1)
    single, passed, compared, burst_single, burst_any = [], 0, 0, [], 0
    for run in range(runs):
        order = rng.permutation(len(values))
        p, _ = p_values(values, counts.middle[order], seed=run, again=0)
        single.append(float((p <= LEVEL).mean()))
        passed += bool((corrected(p) <= LEVEL).any())
        score = (late / late.sum() - early / early.sum())[order]
        inside = (early + late)[order] > 0
        q = corrected(p_values(values[inside], score[inside], seed=run, again=0)[0])
        compared += bool((q <= LEVEL).any())
        if run < runs // 5:  # each run draws its own permutations
            _, p = bursts(having, years[order], seed=run, rounds=199)
            burst_single.append(float((p <= LEVEL).mean()))
            burst_any += bool((corrected(p) <= LEVEL).any())
    return {
        "labels": int(values.shape[1]),
        "single tests p<=.05": round(float(np.mean(single)), 4),
        "runs with any label found": round(passed / runs, 4),
        "runs with any label found, two groups": round(compared / runs, 4),
        "single bursts p<=.05": round(float(np.mean(burst_single)), 4),
        "runs with any burst found": round(burst_any / max(1, runs // 5), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", required=True)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--labels", type=int, default=150, help="words at most, evenly chosen")
    parser.add_argument("--kinds", nargs="*", default=[k for k in KINDS if k not in _RARE])
    parser.add_argument("--out", type=Path, default=HERE / "trends.json")
    options = parser.parse_args()
    known = json.loads(options.out.read_text("utf-8")) if options.out.is_file() else {}
    same = known.get("runs") == options.runs  # other kinds of an earlier run are kept
    found: dict[str, Any] = known["kinds"] if same else {}
    with Library.open(options.library) as library:
        plans = chosen_plans(library)
        for kind in options.kinds:
            start = time.perf_counter()
            data = labelled(library, (kind,), plans)
            labelling = time.perf_counter() - start
            counts = count(data.plans, data.units)
            counts = counts.only(counts.dated)
            measure = usual_measure((kind,))
            values = counts.values(measure)
            having = (counts.units > 0).astype(float)
            tested = np.flatnonzero((having.sum(axis=0) >= 3) & (np.ptp(values, axis=0) > 0))
            tested = tested[:: max(1, len(tested) // options.labels)]
            start = time.perf_counter()
            found[kind] = {
                "measure": measure,
                **false_alarms(values[:, tested], having[:, tested], counts, options.runs),
                "seconds to label": round(labelling, 2),
                "seconds of the runs": round(time.perf_counter() - start, 1),
            }
            print(kind, json.dumps(found[kind], ensure_ascii=False), flush=True)
        report = {
            "library": library_hash(library), "plans": len(plans), "runs": options.runs,
            "level": LEVEL, "kinds": found,
        }  # fmt: skip
    options.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
