"""Processor time of ``kh --help`` and of a cold ``kh search``, beside a bare interpreter's.

usage: python benchmarks/startup.py [--repeat 5] [--baseline FILE | --save FILE]

Seconds are processor seconds of the child process, the least of several runs; ``times_python`` is
their ratio to ``python -c pass`` of the same run. Status 1 when ``help`` takes 0.5 s or ``search``
2 s, or when a ratio is more than half above the baseline's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
LIMITS = {"help": 0.5, "search": 2.0}
WORSE = 1.5


def child_seconds(*command: str, repeat: int) -> float:
    """The least processor time of ``python command``, in seconds."""
    taken = []
    for _ in range(repeat):
        before = os.times()
        subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        taken.append(
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
    return min(taken)


def main() -> int:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description="Thời gian khởi động của kh.")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--save", type=Path)
    arguments = parser.parse_args()
    kh = ("-m", "kh_nlp")
    with tempfile.TemporaryDirectory(prefix="kh-startup-") as folder:
        library = str(Path(folder) / "library")
        ingest = [sys.executable, *kh, "ingest", str(CORPUS), "-L", library]
        subprocess.run(ingest, check=True, capture_output=True)
        commands = {
            "help": (*kh, "--help"),
            "search": (*kh, "search", "tập huấn cho công chức", "-L", library),
        }
        bare = child_seconds("-c", "pass", repeat=arguments.repeat)
        took = {n: child_seconds(*c, repeat=arguments.repeat) for n, c in commands.items()}
    result = {
        name: {"seconds": round(value, 3), "times_python": round(value / max(bare, 0.01), 1)}
        for name, value in took.items()
    }
    print(json.dumps(result, indent=1))
    if arguments.save:
        arguments.save.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    known = json.loads(arguments.baseline.read_text("utf-8")) if arguments.baseline else {}
    slow = [name for name, value in took.items() if value >= LIMITS[name]]
    slow += [
        name for name in known if result[name]["times_python"] > WORSE * known[name]["times_python"]
    ]
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
