"""What a draft lacks: chapters and duties planted away by ``planting_lacks.py``."""

from __future__ import annotations

import pytest
from planting_lacks import (
    CORPUS,
    HALVES,
    chapters,
    cut_chapters,
    cut_duties,
    duties,
    fold,
    measured_chapters,
    measured_duties,
    source,
    without,
)
from support_drafting import drafting_library

from kh_nlp.checking import Finding, acts, check, check_answer
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text


@pytest.fixture(autouse=True)
def _places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KH_PLACES", str(CORPUS / "places.tsv"))


def test_the_planter_cuts_what_it_says() -> None:
    for duty in duties():
        text = source(duty.plan)
        cut = without(text, duty)
        assert (cut == text) == (not duty.carriers)
        assert not any(anchor in cut for anchor in duty.carriers)
    assert {d.plan for d in duties()} == {plan for half in HALVES.values() for plan in half}
    for cut_chapter in cut_chapters():
        kept = [fold(h) for *_, h in chapters(cut_chapter.text)]
        assert fold(cut_chapter.heading) not in kept
    first, second = list(cut_duties(5, rounds=1)), list(cut_duties(5, rounds=1))
    assert first == second and any(draft.cut is None for draft in first)


def test_a_missing_chapter_is_told_and_a_whole_plan_is_left_in_peace() -> None:
    found = measured_chapters(drafting_library(), family=True)
    assert found["cut_of_family"] >= 20 and found["found_of_family"] >= 0.78
    assert found["told_of_clean"] == 0 and found["others_told"] == 0


@pytest.mark.parametrize("seed", [101, pytest.param(102, marks=pytest.mark.slow)])
def test_duties_cut_are_told_and_met_ones_seldom(seed: int) -> None:
    told = measured_duties(seed, half="test", rounds=1)
    assert told["cut"] >= 0.75 and told["never"] >= 0.7 and told["met"] <= 0.4
    warned = measured_duties(seed, half="test", rounds=1, warned=True)
    assert warned["cut"] >= 0.5 and warned["met"] <= 0.12


SUPERIOR = """ỦY BAN NHÂN DÂN
TỈNH {place}

Số: 7/KH-UBND

KẾ HOẠCH
{title}

I. TỔ CHỨC THỰC HIỆN

1. Sở Y tế

Theo dõi việc thực hiện.

2. UBND các xã, phường

{duty}

Nơi nhận:
- Lưu: VT.
"""
DRAFT = """ỦY BAN NHÂN DÂN
XÃ LAM HẠ

Số: 12/KH-UBND

KẾ HOẠCH
Nước sạch nông thôn năm 2026

I. NỘI DUNG

1. Nói về cải cách hành chính trên loa của xã mỗi tuần hai buổi.

2. Lấy mẫu nước giếng ở chín thôn gửi xét nghiệm.

Nơi nhận:
- Lưu: VT.
"""


def _told(duty: str, title: str = "Nước sạch nông thôn năm 2026") -> list[Finding]:
    superior = SUPERIOR.format(place="HẠ LAM", title=title, duty=duty)
    found = check(parse(read_text(DRAFT)), superior=parse(read_text(superior)))
    return [f for f in found if f.kind == "missing_duty"]


def test_a_duty_is_met_in_other_words_and_short_forms() -> None:
    assert not _told("Tuyên truyền CCHC trên hệ thống truyền thanh cơ sở.")
    # Half of it is said: that is told as a doubt, and where.
    (half,) = _told("Kiểm tra chất lượng mẫu nước giếng của các thôn.")
    assert half.severity == "info" and "mục I.2" in half.message


def test_the_draft_itself_is_the_plan_to_be_made() -> None:
    assert not _told("UBND các xã, phường ban hành kế hoạch triển khai trước ngày 15/02/2026.")
    assert not _told("Trên cơ sở Kế hoạch này xây dựng kế hoạch của địa phương trong quý I.")
    (found,) = _told("Xây dựng kế hoạch thực hiện, lắp đặt bể lọc tại mọi trạm bơm điện.")
    assert "bể lọc" in found.message and found.severity == "warning"


def test_a_wider_superior_does_not_accuse() -> None:
    duty = "Lắp đặt bể lọc tại mọi trạm bơm điện."
    assert [f.severity for f in _told(duty)] == ["warning"]
    wide = "Phát triển kinh tế - xã hội năm 2026"
    own = "Lắp đặt bể lọc nước sạch tại mọi trạm bơm điện."
    (found,) = _told(own, wide)
    assert found.severity == "info" and "chưa thấy rõ" in found.message


def test_of_a_wider_superior_duties_on_other_subjects_are_named_and_not_compared() -> None:
    wide = "Phát triển kinh tế - xã hội năm 2026"
    duty = "Số hóa sổ khám bệnh của các trạm y tế."
    assert _told(duty) and not _told(duty, wide)
    superior = parse(read_text(SUPERIOR.format(place="HẠ LAM", title=wide, duty=duty)))
    draft = parse(read_text(DRAFT))
    (advice,) = check_answer(draft, superior=superior, sources=[]).unchecked[1:]
    assert "1 nhiệm vụ" in advice.text and "Số hóa sổ khám bệnh" in advice.text
    same = parse(read_text(SUPERIOR.format(place="HẠ LAM", title="Nước sạch", duty=duty)))
    assert len(check_answer(draft, superior=same, sources=[]).unchecked) == 1  # no library


def test_acts_tell_plans_apart() -> None:
    assert acts("Tuyên truyền bầu cử") == {"inform"}
    assert acts("Kiểm tra, giám sát bầu cử") == {"inspect"}
