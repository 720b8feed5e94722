"""The gold queries over the samples: what is answered is found, what is not is said so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support_samples import whole_library

from kh_nlp.evaluation.retrieval import (
    evaluate_retrieval,
    judge,
    load_judgements,
    load_questions,
)
from kh_nlp.library import Library
from kh_nlp.search import search

pytestmark = pytest.mark.slow

GOLD = Path(__file__).resolve().parent / "gold_retrieval"


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.open(whole_library()) as opened:
        yield opened


def found(library: Library, name: str) -> list[bool]:
    lines = (GOLD / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [search(library, json.loads(line)["text"], limit=10).found for line in lines]


def test_what_no_plan_answers_is_said_and_what_one_answers_is_not_refused(library) -> None:
    answerable, offtopic = found(library, "answerable"), found(library, "offtopic")
    assert len(answerable) == 60 and len(offtopic) == 30
    assert answerable.count(False) <= 0.05 * 60
    assert offtopic.count(False) >= 0.85 * 30


def test_search_beats_each_of_its_legs_and_the_reference(library) -> None:
    questions = load_questions(GOLD)
    collection, lost = judge("gold", library, questions, load_judgements(GOLD, questions))
    assert not lost
    report = evaluate_retrieval(collection)
    means = {run: values["ndcg@10"].value for run, values in report.runs.items()}
    assert means["hybrid"] >= means["reference"] + 0.05
    assert means["hybrid"] >= max(means["lexical"], means["dense"]) + 0.04
