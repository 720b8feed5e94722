"""How long topics by words take for 1,000 to 100,000 units: the growth and the time of each.

usage: python benchmarks/topics_speed.py --library DIR [--units 1000 10000 100000]
           [--phrases] [--save FILE]

The units of the library are repeated with a number in front of each text, so that no
text is met twice. Times are processor seconds of one process.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from itertools import count, islice
from pathlib import Path

from kh_nlp.library import Library
from kh_nlp.topics import load_scheme
from kh_nlp.topics.assigning import given_topics, learnt_for
from kh_nlp.topics.evidence import Finder
from kh_nlp.topics.units import units
from kh_nlp.topics.weighing import load_model


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--units", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--phrases", action="store_true", help="without the learnt model")
    parser.add_argument("--save", type=Path)
    given = parser.parse_args()
    with Library.open(given.library) as library:
        known = list(units(library))
    endless = (
        dataclasses.replace(
            unit, parts=tuple((f"{turn} {text}", place) for text, place in unit.parts)
        )
        for turn in count()
        for unit in known
    )
    scheme, model = load_scheme(), load_model()
    learnt = None if given.phrases else learnt_for(scheme)
    rows = []
    for size in given.units:
        some = list(islice(endless, size))
        finder = Finder(scheme)
        start = time.process_time()
        topics = sum(
            len(given_topics(scheme, model, unit, finder.find(unit), None, learnt).topics)
            for unit in some
        )
        seconds = time.process_time() - start
        rows.append(
            {
                "units": size,
                "characters": sum(unit.characters for unit in some),
                "topics": topics,
                "seconds": round(seconds, 2),
            }
        )
        print(rows[-1])
    if given.save:
        given.save.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
