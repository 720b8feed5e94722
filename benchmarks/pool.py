"""What a reader is given to grade: the best passages of every run, mixed, without their origin.

usage: python benchmarks/pool.py --data DIR (--plans PATH... | --library DIR) [--out FILE]
           [--depth 10] [--seed 20260101] [--cache DIR]

DIR holds queries.jsonl. One line of JSON a passage: query, text (of the query), plan (stem of its
file), start, end, number, heading, passage. The order within a query is shuffled and the same for
the same seed. Copies in several plans are all listed: each is a place of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kh_nlp.errors import KhError, UsageError
from kh_nlp.evaluation.retrieval import (
    RUNS,
    Collection,
    Question,
    Searcher,
    Shelf,
    judge,
    load_questions,
    shelf,
    temporary_library,
)
from kh_nlp.library import Library, ingest


def pool(
    collection: Collection, ready: Shelf, questions: list[Question], depth: int, seed: int
) -> Iterator[dict[str, Any]]:
    """Lines to grade, query by query."""
    stems = {plan: stem for stem, plans in reversed(ready.stems.items()) for plan in plans}
    searcher = Searcher(collection)
    for question in questions:
        found: set[int] = set()
        for run in RUNS:
            found.update(searcher.passages(run, question.text)[:depth])
        passages = sorted(found)
        random.Random(f"{seed} {question.id}").shuffle(passages)
        for passage in passages:
            place = ready.places[passage]
            yield {
                "query": question.id,
                "text": question.text,
                "plan": stems[place.plan],
                "start": place.start,
                "end": place.end,
                "number": place.number,
                "heading": place.heading,
                "passage": place.text,
            }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--plans", type=Path, nargs="+", default=[])
    parser.add_argument("--library", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--depth", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/kh_nlp/evaluation")
    given = parser.parse_args(arguments)
    try:
        if not given.plans and given.library is None:
            raise UsageError("Thiếu kế hoạch: hãy nêu --plans hoặc --library.")
        questions = load_questions(given.data)
        with TemporaryDirectory(prefix="kh-pool-") as folder:
            library = (
                Library.open(given.library, create=bool(given.plans))
                if given.library
                else temporary_library(Path(folder) / "library", given.cache / "vectors.sqlite")
            )
            with library:
                if given.plans:
                    for _, error in ingest(library, given.plans).failed:
                        print(f"pool: {error}", file=sys.stderr)
                collection, _ = judge(given.data.name, library, questions, [])
                rows = pool(collection, shelf(library), questions, given.depth, given.seed)
                text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except KhError as error:
        print(f"pool: {error}", file=sys.stderr)
        return error.exit_code
    if given.out:
        given.out.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
