"""Property tests: whatever a person does to an outline, the plan keeps its promises."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from support_corrections import assert_valid
from support_samples import CORPUS

from kh_nlp.errors import UsageError
from kh_nlp.library.outline_edits import add_section, remove_section, set_bounds, set_number
from kh_nlp.model import Plan
from kh_nlp.parsing.quality import coverage
from kh_nlp.pipeline import read_plan

SAMPLES = sorted(path for path in CORPUS.iterdir() if path.name[:2].isdecimal())
NUMBERS = st.sampled_from(("I", "II", "V", "I.1", "II.2", "II.1.a", "III.4.b", None))


@cache
def sample_plan(index: int) -> Plan:
    return read_plan(SAMPLES[index])


def held(plan: Plan) -> float:
    """Share of the text in any part, blocks of every kind included."""
    spans = [(b.start, b.end) for b in plan.blocks]
    spans += [span for s in plan.sections for span in s.spans]
    spans += [(n.start, n.end) for n in plan.notes]
    return coverage(plan.text, spans + [span for t in plan.tasks for span in t.spans])[0]


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_any_change_keeps_the_plan_valid_and_its_text_whole(data: st.DataObject) -> None:
    plan = sample_plan(data.draw(st.integers(0, len(SAMPLES) - 1)))
    whole = held(plan)
    for turn in range(data.draw(st.integers(1, 4))):
        section = data.draw(st.sampled_from(plan.sections)).id
        what = data.draw(st.sampled_from(("remove", "number", "bounds", "add")))
        start = data.draw(st.integers(0, len(plan.text) - 2))
        end = data.draw(st.integers(start + 1, min(len(plan.text), start + 800)))
        try:
            if what == "remove":
                plan = remove_section(plan, section)
            elif what == "number":
                plan = set_number(plan, section, data.draw(NUMBERS))
            elif what == "bounds":
                own = next(s for s in plan.sections if s.id == section)
                low = own.spans[0][0] + data.draw(st.integers(-300, 300))
                high = own.spans[-1][1] + data.draw(st.integers(-300, 300))
                plan = set_bounds(plan, section, low, high)
            else:
                stop = data.draw(st.sampled_from((None, end)))
                number = data.draw(NUMBERS)
                plan = add_section(plan, f"e{turn}", start, stop, number=number, heading="x")
        except UsageError as fault:
            assert "\n" not in str(fault)
            continue
        assert_valid(plan)
        assert held(plan) >= whole
        if not plan.sections:
            break


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_section_taken_out_and_put_back_is_the_same(data: st.DataObject) -> None:
    plan = sample_plan(data.draw(st.integers(0, len(SAMPLES) - 1)))
    leaves = [
        s
        for s in plan.sections
        if not any(other.parent == s.id for other in plan.sections) and len(s.spans) == 1
    ]
    gone = data.draw(st.sampled_from(leaves))
    without = remove_section(plan, gone.id)
    start, end = gone.spans[0]
    back = add_section(without, gone.id, start, end, number=gone.number, heading=gone.heading)
    assert {s.id: (s.spans, s.text, s.number) for s in back.sections} == {
        s.id: (s.spans, s.text, s.number) for s in plan.sections
    }
    assert [c.section for c in back.citations] == [c.section for c in plan.citations]
