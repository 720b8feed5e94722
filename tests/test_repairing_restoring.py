"""Damaged Vietnamese gets its letters back; sound text, numbers and names stay what they are."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_samples import SAMPLES, sample

from kh_nlp.parsing import parse
from kh_nlp.reading import Options, read_file, read_text
from kh_nlp.repairing.damage import damaged_lines
from kh_nlp.repairing.restoring import load_restorer
from kh_nlp.repairing.words import tokenize

SHARED = Path(os.environ.get("KH_SHARED", Path(__file__).resolve().parents[2] / "shared"))
MISREAD = [
    "Théng tin, tuyén truyén vé cong tic",
    "cai cach hanh chinh tinh Lao Cai nam 2026",
    "Thyc hién Nghi guyét s6 76/NQ-CP ngay 15/7/2021 ctia Chinh phi ban hanh",
    "Chuong trinh téng thé cai cach hanh chinh Nha nudc giai doan 2021 - 2030;",
    "I11. KINH PHI THU'C HIEN",
]
RESTORED = [
    "Thông tin, tuyên truyền về công tác",
    "cải cách hành chính tỉnh Lào Cai năm 2026",
    "Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ ban hành",
    "Chương trình tổng thể cải cách hành chính Nhà nước giai đoạn 2021 - 2030;",
    "III. KINH PHÍ THỰC HIỆN",
]


def bare(text: str) -> str:
    """``text`` as someone types it without accents."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in letters if not unicodedata.combining(char))


def restored(*lines: str) -> list[str]:
    return [found.text for found in load_restorer().restore(lines)]


def test_text_read_by_an_english_engine() -> None:
    assert restored(*MISREAD) == RESTORED


def test_text_typed_without_accents() -> None:
    line = "UBND xã giao Phòng Văn hóa - Xã hội chủ trì, phối hợp tuyên truyền cải cách hành chính."
    assert restored(bare(line)) == [line]


@pytest.mark.parametrize(
    "kept",
    [
        "22/KH-UBND", "76/NQ-CP", "15/7/2021", "https://cchc.laocai.gov.vn", "abc@tinh.gov.vn",
        "2.500", "100%", "02 lop", "(SIPAS)", "PAR INDEX", "5G",
    ],
)  # fmt: skip
def test_numbers_codes_addresses_and_names_stay(kept: str) -> None:
    line = f"thuc hien cong tac tuyen truyen {kept} theo quy dinh"
    (found,) = restored(line)
    assert kept.split()[0] in found.split()
    assert found.split()[:2] == ["thực", "hiện"]


def test_a_word_run_together_with_its_number() -> None:
    assert restored("ngayl6 thang 01 nam 2026 cua Uy ban nhan dan tinh")[0].startswith("ngày 16 ")


def test_words_run_together_and_taken_apart() -> None:
    assert restored("Thuchién Nghi quyét s6 76/NQ-CP vé c6ngtac tuyén truyén") == [
        "Thực hiện Nghị quyết số 76/NQ-CP về công tác tuyên truyền"
    ]
    assert restored("trién kh ai thyc hién cac nhiém vu") == ["triển khai thực hiện các nhiệm vụ"]
    assert restored("dang trén Youtube, Facebook cia xa")[0].count("Youtube, Facebook") == 1


def test_positions_lead_back_to_what_was_read() -> None:
    for line, found in zip(MISREAD, load_restorer().restore(MISREAD), strict=True):
        assert found.words
        for word in found.words:
            assert line[word.start : word.start + len(word.read)] == word.read
            assert 0 <= word.confidence <= 1
        for after, before in found.marks:
            rest = found.text[after:].split(maxsplit=1)
            assert bool(rest) == bool(line[before:].split(maxsplit=1))


@given(st.lists(st.text(max_size=60), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_text_keeps_its_blanks_and_its_number_of_lines(lines: list[str]) -> None:
    found = load_restorer().restore(lines)
    assert len(found) == len(lines)
    for line, now in zip(lines, found, strict=True):
        same = [word for word in now.words if word.text == word.read]
        assert len(now.words) - len(same) == 0 or now.text != line
        if not now.words:
            assert now.text == line


def test_restoring_is_deterministic() -> None:
    assert load_restorer().restore(MISREAD) == load_restorer().restore(MISREAD)


def test_sound_samples_are_not_taken_for_damaged() -> None:
    for path in SAMPLES:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
        assert not any(damaged_lines(lines)), path.name


def test_a_damaged_passage_in_a_sound_text() -> None:
    sound = sample("05").read_text("utf-8").splitlines()
    flags = damaged_lines([*sound, *(bare(line) for line in sound[20:60]), *sound])
    inside = flags[len(sound) : len(sound) + 40]
    assert not any(flags[: len(sound) - 2]) and not any(flags[len(sound) + 42 :])
    assert sum(inside) >= 36


def test_foreign_text_is_not_damaged_vietnamese() -> None:
    english = (
        "The committee shall review the annual report and publish its findings within ninety days. "
        "All members are expected to attend the meeting in person unless they are excused."
    )
    assert not any(damaged_lines([english] * 8))


def test_a_damaged_plan_is_parsed_from_its_restored_text() -> None:
    text = sample("05").read_text("utf-8")
    whole, plan = parse(read_text(text)), parse(read_text(bare(text)))
    assert plan.quality.damaged and 0.2 < plan.quality.restored_share < 0.8
    assert [s.number for s in plan.sections] == [s.number for s in whole.sections]
    assert plan.header.title == whole.header.title and plan.header.issuer == whole.header.issuer
    numbers = {c.number for c in whole.citations if c.number and "Đ" not in c.number}
    assert numbers <= {c.number for c in plan.citations}
    word = plan.restorations[0]
    assert plan.text[word.start : word.end] != word.original
    assert plan.original(0, len(plan.text)).split()[:8] == bare(whole.text).split()[:8]
    located = plan.locate(word.start).offset
    assert bare(text)[located : located + len(word.original)] == word.original


def test_citations_in_damaged_text_are_less_sure() -> None:
    text = sample("05").read_text("utf-8")
    sure = {c.number: c.confidence for c in parse(read_text(text)).citations}
    again = [c for c in parse(read_text(bare(text))).citations if c.number in sure]
    assert len(again) > 3
    assert all(c.confidence < sure[c.number] for c in again)


def test_no_restore_keeps_the_text_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "khong-dau.txt"
    path.write_text(bare(sample("05").read_text("utf-8")), "utf-8")
    plan = parse(read_file(path, Options(restore=False)))
    assert plan.quality.damaged and not plan.restorations
    assert "giữ nguyên" in " ".join(plan.quality.warnings)
    assert "tuyen truyen" in plan.text


def test_tokens_hold_every_letter() -> None:
    line = "(b/c); tin-bai, thuc/San pham: “Ngay hoi” 02 lop."
    assert [t.core for t in tokenize(line) if t.kind == "word"] == [
        "b/c", "tin", "bai", "thuc", "San", "pham", "Ngay", "hoi", "lop",
    ]  # fmt: skip


needs_pairs = pytest.mark.skipif(
    not (SHARED / "plans" / "ocr_pairs").is_dir(), reason=f"không có {SHARED}/plans/ocr_pairs"
)


@needs_pairs
@pytest.mark.slow
def test_pages_read_by_an_english_engine_reach_their_mark() -> None:
    from kh_nlp.evaluation import evaluate_restoring, load_page_pairs

    means = evaluate_restoring(
        load_page_pairs(SHARED / "plans" / "ocr_pairs"), load_restorer()
    ).means()
    assert means["words"] >= 0.955
    assert means["sure"] >= 0.97


@needs_pairs
def test_no_sound_plan_is_changed() -> None:
    paths = [*(SHARED / "plans").glob("0*.txt"), *(SHARED / "seeds").glob("*.txt")]
    damaged = [
        path.name
        for path in paths
        if any(damaged_lines(path.read_bytes().decode("utf-8-sig", "replace").splitlines()))
    ]
    assert [name[:3] for name in damaged] == ["002"]
