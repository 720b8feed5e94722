"""Drafts with leftovers planted in them, by a seeded generator: the measure of ``kh check``.

A plan of ``corpus/`` stands for a clean draft. Each draft gets a few leftovers as copying last
year's or a neighbour's file would bring them: a name swapped for a foreign one in a sentence, a
table, the căn cứ, nơi nhận or the place line; a sentence or a căn cứ line of another plan; a year
or period that was not rewritten; a body that no longer exists; a figure that was changed. Every
plant keeps its kind and its span in the *file* (characters), so that reading is measured too.

``python tests/planting.py FOLDER --seed 1 --count 200`` writes drafts and ``plants.json``.

Written before the checks. The lists of replaced documents and former bodies below are the
planter's own, drawn up from general knowledge, not from the data that the checks use.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from planting_plans import CORPUS, KINDS, Clean, Draft, Edit, Plant, clean_plans
from planting_ways import WAYS

__all__ = ["CORPUS", "KINDS", "Draft", "clean_plans", "drafts", "plant"]


def plant(plan: Clean, rng: random.Random, count: int) -> tuple[str, tuple[Plant, ...]]:
    """The plan's text with ``count`` leftovers (fewer where it gives no room), and these."""
    options: dict[tuple[str, str], list[Edit]] = {}
    for way in WAYS:
        for edit in way(plan, rng):
            options.setdefault((edit.kind, edit.how), []).append(edit)
    chosen: list[Edit] = []
    for _ in range(count * 6):
        if len(chosen) == count or not options:
            break
        kinds = sorted({kind for kind, _ in options})
        kind = rng.choice(kinds)
        way_of = rng.choice(sorted(key for key in options if key[0] == kind))
        edits = options[way_of]
        edit = edits.pop(rng.randrange(len(edits)))
        if not edits:
            del options[way_of]
        if all(edit.start > e.end + 30 or edit.end < e.start - 30 for e in chosen):
            chosen.append(edit)
    text, plants, shift = plan.text, [], 0
    for edit in sorted(chosen, key=lambda e: e.start):
        at = edit.start + shift
        text = text[:at] + edit.new + text[at + edit.end - edit.start :]
        start, end = at + edit.inner[0], at + edit.inner[1]
        plants.append(Plant(edit.kind, start, end, text[start:end], edit.how))
        shift += len(edit.new) - (edit.end - edit.start)
    return text, tuple(plants)


def drafts(seed: int, count: int = 200) -> Iterator[Draft]:
    """``count`` drafts of plans of ``corpus/`` in turn, two to six plants each; same for a seed."""
    rng = random.Random(seed)
    # plans since the reform of 2025 twice: only they can hold bodies that ended
    plans = [*clean_plans(), *(p for p in clean_plans() if p.issued_on > "2025-02-28")]
    for index in range(count):
        plan = plans[index % len(plans)]
        text, plants = plant(plan, rng, rng.randint(2, 6))
        name = f"{index:03d}-{plan.path.stem}{plan.path.suffix}"
        yield Draft(name, plan.path.name, text, plants)


def main() -> None:
    """Write drafts and ``plants.json`` into a folder."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=200)
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    table = {}
    for draft in drafts(given.seed, given.count):
        (given.folder / draft.name).write_text(draft.text, "utf-8")
        table[draft.name] = {"plan": draft.plan, "plants": [asdict(p) for p in draft.plants]}
    (given.folder / "plants.json").write_text(
        json.dumps(table, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
