"""The words of a query that only make it a question: "bao nhiêu", "làm sao", "ở đâu"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from kh_nlp.language import fold, search_key
from kh_nlp.library.lexical import Field


@cache
def _runs(field: Field) -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    """First syllable -> (run, whether only at the beginning), longest first."""
    key = search_key if field == "accented" else fold
    text = files("kh_nlp.search").joinpath("data/question_words.txt").read_text("utf-8")
    found: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for line in text.splitlines():
        words, _, where = line.partition("\t")
        if not words or words.startswith("#") or (where == "accents" and field == "folded"):
            continue
        run = tuple(key(words).split())
        found.setdefault(run[0], []).append((run, where == "start"))
    for runs in found.values():
        runs.sort(key=lambda item: -len(item[0]))
    return found


def asking(words: Sequence[str], field: Field) -> set[int]:
    """Places of the words (keys of ``field``) that only ask."""
    runs, places, place = _runs(field), set[int](), 0
    while place < len(words):
        run = next(
            (
                run
                for run, first in runs.get(words[place], ())
                if tuple(words[place : place + len(run)]) == run and not (first and place)
            ),
            None,
        )
        if run is not None:
            places.update(range(place, place + len(run)))
        place += len(run) if run is not None else 1
    return places
