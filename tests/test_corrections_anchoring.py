"""Anchors: the same characters are found after changes elsewhere, and never others."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support_samples import CORPUS

from kh_nlp.library.anchoring import Anchor, LostPassageError, Printed, collapsed, digest
from kh_nlp.model import Plan, Run
from kh_nlp.parsing import parse
from kh_nlp.reading import decoded_text, read_text

SHARED = Path(os.environ.get("KH_SHARED") or Path(__file__).resolve().parents[1].parent / "shared")
SAMPLES = sorted(path for path in CORPUS.iterdir() if path.name[:2].isdecimal())
_PARAGRAPHS = st.lists(
    st.sampled_from(
        (
            "Bổ sung một đoạn không có ở bản trước.",
            "I. MỤC ĐÍCH, YÊU CẦU",
            "1. Mục đích",
            "- Tuyên truyền, phổ biến, giáo dục pháp luật cho cán bộ và nhân dân.",
            "Ⅸ đoạn lạ 12/3 **đậm**",
        )
    ),
    min_size=1,
    max_size=3,
)


def plan_of(text: str) -> Plan:
    return parse(read_text(text))


@cache
def original(index: int) -> str:
    return decoded_text(SAMPLES[index])[0] or ""


@cache
def printed(index: int) -> Printed:
    return Printed(plan_of(original(index)), original(index))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_insertions_elsewhere_leave_the_anchor_where_it_was(data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(SAMPLES) - 1))
    text, known = original(index), printed(index)
    plan = known.plan
    start = data.draw(st.integers(0, len(plan.text) - 2))
    start = plan.text.rfind(" ", 0, start) + 1
    end = data.draw(st.integers(start + 1, min(len(plan.text), start + 250)))
    assume(plan.text[start:end].strip())
    anchor = known.anchor(start, end)
    assume(anchor.alike == 1)
    gaps = [match.start() for match in re.finditer(r"(?:\r?\n){2,}", text)]
    # Anywhere but inside the passage: there the quoted words would not be the same any more.
    gaps = [at for at in gaps if at < anchor.offset or at >= anchor.offset + anchor.length]
    at = data.draw(st.sampled_from(gaps))
    new = "\n\n" + "\n\n".join(data.draw(_PARAGRAPHS))
    assume(anchor.quote not in collapsed(new) and collapsed(new) not in anchor.quote)
    changed = text[:at] + new + text[at:]
    now = Printed(plan_of(changed), changed)
    try:
        low, high = now.find(anchor)
    except LostPassageError as fault:
        # The reader may join what was inserted with the paragraph beside it; a copy of the
        # passage among the new words is the only other reason.
        assert "nay có ở" in str(fault) or anchor.quote not in now.words
        assert now.words.count(anchor.quote) != 1
        return
    assert digest(now.plan.original(low, high)) == anchor.digest
    shift = len(new) if at < anchor.offset else 0
    assert now.plan.locate(low).offset == anchor.offset + shift


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_place_of_the_same_file_is_found_exactly(data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(SAMPLES) - 1))
    known = printed(index)
    start = data.draw(st.integers(0, len(known.plan.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(known.plan.text), start + 299)))
    words = known.plan.text[start:end]
    assume(words.strip())
    lead, tail = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
    assert known.find(known.anchor(start, end)) == (start + lead, end - tail)


def test_composed_letters_and_markup_of_the_file_do_not_matter() -> None:
    path = next(p for p in SAMPLES if p.name.startswith("06"))
    text = decoded_text(path)[0] or ""
    plan = plan_of(text)
    start = plan.text.index("Phát huy vai trò")
    anchor = Printed(plan, text).anchor(start, start + 80)
    assert text[anchor.offset : anchor.offset + 8] == "Phát huy"
    decomposed = unicodedata.normalize("NFD", text).replace("Phát".encode().decode(), "Phát")
    other = plan_of(decomposed.replace("vai trò", "**vai trò**"))
    low, high = Printed(other, decomposed).find(anchor)
    assert other.text[low:high] == plan.text[start : start + 80].strip()


def test_a_repair_changes_the_text_but_not_what_the_file_prints() -> None:
    file = "Kế hoạch\n\nIIl. KINH PHÍ thực hiện\n"
    plain = plan_of("Kế hoạch\n\nIIl. KINH PHÍ thực hiện\n")
    start = plain.text.index("IIl.")
    anchor = Printed(plain, file).anchor(start, start + 14)
    assert anchor.quote == "IIl. KINH PHÍ"
    repaired = Plan(
        **{
            name: getattr(plain, name)
            for name in Plan.__dataclass_fields__
            if name not in ("text", "runs")
        },
        text=plain.text.replace("IIl.", "III."),
        runs=plain.runs,
    )
    low, high = Printed(repaired, file).find(anchor)
    assert repaired.text[low:high] == "III. KINH PHÍ"
    with pytest.raises(LostPassageError, match="không còn đoạn"):
        Printed(repaired).find(anchor)


def test_one_of_many_equal_passages_is_told_by_its_surroundings() -> None:
    body = (
        "Đầu\n\nA xa. Rất nhiều chữ ở đây.\n\nSở Nội vụ\n\nB gần. Chữ khác hẳn.\n\nSở Nội vụ\n\nHết"
    )
    plan = plan_of(body)
    second = plan.text.rindex("Sở Nội vụ")
    anchor = Printed(plan, body).anchor(second, second + 9)
    assert (anchor.alike, anchor.quote) == (2, "Sở Nội vụ")
    longer = body.replace("A xa.", "Thêm một câu mới. A xa.")
    now = plan_of(longer)
    assert Printed(now, longer).find(anchor)[0] == now.text.rindex("Sở Nội vụ")
    less = body.replace("B gần. Chữ khác hẳn.\n\nSở Nội vụ\n\n", "Đoạn cuối đã viết lại.\n\n")
    with pytest.raises(LostPassageError):
        Printed(plan_of(less), less).find(anchor)


def test_a_quote_is_not_found_inside_a_longer_word() -> None:
    plan = plan_of("I. MỤC ĐÍCH\n\nvăn bản")
    anchor = Printed(plan).anchor(0, 11)
    with pytest.raises(LostPassageError):
        Printed(plan_of("Kế hoạch\n\nII. MỤC ĐÍCH\n\nvăn bản")).find(anchor)


def test_an_anchor_whose_words_were_tampered_with_finds_nothing() -> None:
    plan = plan_of("I. MỤC ĐÍCH\n\nvăn bản khác")
    made = Printed(plan).anchor(0, 11)
    fields = {name: getattr(made, name) for name in Anchor.__dataclass_fields__}
    with pytest.raises(LostPassageError):
        Printed(plan).find(Anchor(**fields | {"quote": "văn bản"}))


def test_runs_are_followed_to_the_characters_of_the_file() -> None:
    plan = plan_of("một hai\n\nba bốn")
    moved = Plan(
        **{name: getattr(plan, name) for name in Plan.__dataclass_fields__ if name != "runs"},
        runs=(Run(start=0, page=1, line=1, offset=100),),
    )
    assert Printed(moved).anchor(4, 7).offset == 104


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="thư mục shared/ không có ở đây")
@pytest.mark.parametrize("prefix", ["000", "001", "002", "003", "004"])
def test_sections_tasks_and_citations_of_the_seeds_are_found_after_an_insertion(
    prefix: str,
) -> None:
    path = next(p for p in sorted((SHARED / "seeds").rglob(f"{prefix}*")) if p.is_file())
    text = decoded_text(path)[0] or ""
    plan = plan_of(text)
    known = Printed(plan, text)
    changed = "Bản in lại ngày hôm nay.\n\n" + text
    now = Printed(plan_of(changed), changed)
    things = [(s.spans[0][0], s.spans[0][1]) for s in plan.sections]
    things += [(t.start, t.end) for t in plan.tasks]
    things += [(c.start, c.end) for c in plan.citations]
    lost = wrong = 0
    for start, end in things:
        anchor = known.anchor(start, end)
        try:
            low, high = now.find(anchor)
        except LostPassageError:
            lost += 1
            continue
        wrong += now.plan.locate(low).offset != anchor.offset + len("Bản in lại ngày hôm nay.\n\n")
        assert digest(now.plan.original(low, high)) == anchor.digest
    assert wrong == 0
    assert lost <= len(things) * 0.02
