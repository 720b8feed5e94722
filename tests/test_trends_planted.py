"""The facts planted in ``corpus/`` are found by the tools as they are, without being named.

The library of all samples was built with an encoder without weights: no tool here uses vectors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support_drafting import drafting_library
from support_samples import CORPUS

from kh_nlp.library import Library
from kh_nlp.trends import ANY, Labelled, chosen_plans, labelled, reuse, trends
from kh_nlp.trends.answering import LEVEL
from kh_nlp.trends.counting import count
from kh_nlp.trends.testing import corrected, p_values

PLANTED: dict[str, dict[str, Any]] = json.loads((CORPUS / "planted.json").read_text("utf-8"))
DRIFTING = {"growing": "lừa đảo trực tuyến", "dying": "xe", "rising_form": "video ngắn"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.open(drafting_library()) as opened:
        yield opened


@pytest.fixture(scope="module")
def stems(library: Library) -> dict[str, str]:
    return {summary.plan: Path(summary.path).stem for summary in library.plans()}


@pytest.fixture(scope="module")
def words(library: Library) -> Labelled:
    return labelled(library, ("word",), chosen_plans(library))


def test_theme_and_forms_are_found_among_all_words(words: Labelled) -> None:
    """None of them is named: every word of three plans or more is tested, with correction."""
    answer = trends(words, of="word", measure="units")
    found = {x.name: x.change.difference for x in answer.labels if x.change and x.change.found}
    assert answer.tested > 500
    assert found["lừa đảo trực tuyến"] > 0
    assert found["video ngắn"] > 0
    assert found["lưu động"] < 0 and found["xe"] < 0


@pytest.mark.parametrize(
    ("fact", "phrases", "up"),
    [
        ("growing", ("lừa đảo trực tuyến",), True),
        ("rising_form", ("video ngắn",), True),
        ("dying", ("xe tuyên truyền lưu động", "xe loa lưu động"), False),
    ],
)
def test_named_phrases_drift_in_the_planted_direction(
    library: Library, fact: str, phrases: tuple[str, ...], up: bool
) -> None:
    answer = trends(labelled(library, phrases, chosen_plans(library)))
    for label in answer.labels:
        assert label.change and label.change.found
        assert (label.change.difference > 0) == up
    held = [burst for burst in answer.bursts if burst.found]
    assert {burst.label for burst in held} == set(phrases)
    assert all(burst.last >= 2025 if up else burst.first == 2021 for burst in held)


def test_units_with_the_theme_are_the_planted_ones(library: Library, stems: dict[str, str]) -> None:
    """Sections that are planted with the theme are those that the phrase finds."""
    planted = {
        (stem, unit)
        for stem, facts in PLANTED.items()
        for unit in facts["growing"]
        if not unit.startswith("task:")
    }
    data = labelled(library, ("lừa đảo", "an toàn thông tin", "không gian mạng"),
                    chosen_plans(library))  # fmt: skip
    found = {(stems[u.plan], u.number) for u in data.units if u.labels}
    assert len(planted & found) >= 0.75 * len(planted)


def test_every_planted_copy_is_found_and_nothing_else(
    library: Library, stems: dict[str, str]
) -> None:
    """Recall by unit; what is not planted was read: one passage goes on to a third plan."""
    answer = reuse(library)
    held = {
        (stems[pair.source.plan], source, stems[pair.taker.plan], taker)
        for pair in answer.pairs
        for passage in pair.passages
        for source in passage.source.numbers
        for taker in passage.taker.numbers
    }
    wanted = {
        (copy["from"], copy["from_unit"], stem, copy["unit"])
        for stem, facts in PLANTED.items()
        for copy in facts["copied"]
    }
    assert wanted <= held
    pairs = {(stems[p.source.plan][:2], stems[p.taker.plan][:2]) for p in answer.pairs}
    planted = {(one[:2], other[:2]) for one, _, other, _ in wanted}
    assert pairs - planted == {("07", "14")}
    (through,) = [p for p in answer.pairs if stems[p.source.plan][:2] == "07"
                  and stems[p.taker.plan][:2] == "14"]  # fmt: skip
    assert stems[through.passages[0].nearer or ""][:2] == "08", "14 has it from its district"


def test_how_fast_and_what_was_added(library: Library, stems: dict[str, str]) -> None:
    answer = reuse(library)
    days = {(stems[p.source.plan][:2], stems[p.taker.plan][:2]): p.days for p in answer.pairs}
    assert days["07", "08"] == 35 and days["19", "20"] == 36
    pair = next(p for p in answer.pairs if stems[p.taker.plan][:2] == "20")
    assert "II.1.a" not in {part.number for part in pair.added}
    assert len(pair.added) > 5
    for passage in pair.passages:
        for side, plan in ((passage.source, pair.source.plan), (passage.taker, pair.taker.plan)):
            assert library.plan(plan).text[side.start : side.end] == side.text
    edited = next(p for p in pair.passages if p.how == "edited")
    changed = [edited.taker.text[a:b] for a, b in edited.taker.changed]
    assert any("tổ dân" in words for words in changed)


def test_replaced_documents_by_year(library: Library, stems: dict[str, str]) -> None:
    """Facts that the registry lacks are given by hand; exactly these citations are found."""
    facts = {
        (one["number"], one["replaced_by"], one["since"])
        for plan in PLANTED.values()
        for one in plan["replaced_cited"]
    }
    data = labelled(library, ("replaced",), chosen_plans(library), replaced=sorted(facts))
    found = {(stems[u.plan], label) for u in data.units for label in u.labels if label != ANY}
    wanted = {
        (stem, one["number"]) for stem, plan in PLANTED.items() for one in plan["replaced_cited"]
    }
    assert {(stem, label.split(":")[1]) for stem, label in found} >= wanted
    issued = {s.plan: s.issued_on or "" for s in library.plans()}
    first = min(since for _, _, since in facts)
    assert all(issued[u.plan] >= first for u in data.units if u.labels)
    answer = trends(data, of="replaced")
    ends = next(label for label in answer.labels if label.label == ANY)
    by_year = {answer.groups[s.group].year: s.share for s in ends.shares}
    assert by_year[2022] == 0 and by_year[2026] > by_year[2025] * 0.5 > 0


def test_bodies_that_had_ended_are_named(library: Library, stems: dict[str, str]) -> None:
    data = labelled(library, ("abolished",), chosen_plans(library))
    found = {(stems[u.plan], u.number) for u in data.units if u.labels}
    wanted = {
        (stem, one["unit"])
        for stem, plan in PLANTED.items()
        for one in plan["abolished_named"]
        if not one["unit"].startswith("task:")
    }
    assert wanted <= found


@pytest.mark.parametrize("measure", ["plans", "units"])
def test_shuffled_years_raise_no_false_alarm(words: Labelled, measure: str) -> None:
    """500 libraries in which the years are dealt out to the plans at random."""
    counts = count(words.plans, words.units)
    values = counts.values(measure)  # type: ignore[arg-type]
    often = (counts.units > 0).sum(axis=0)
    values = values[:, (often >= 3) & (np.ptp(values, axis=0) > 0)][:, ::12]
    rng = np.random.default_rng(11)
    single, any_found = [], 0
    for run in range(500):
        p, _ = p_values(values, rng.permutation(counts.middle), seed=run, again=0)
        single.append((p <= LEVEL).mean())
        any_found += bool((corrected(p) <= LEVEL).any())
    assert np.mean(single) <= 0.055, "of single tests at 5 %"
    assert any_found / 500 <= 0.07, "runs with any label found after correction (5 % and chance)"
