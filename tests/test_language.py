"""Keys, tokens, words and abbreviations of Vietnamese administrative text."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kh_nlp import language
from kh_nlp.language import (
    abbreviations,
    expand,
    fold,
    fold_map,
    has_accents,
    nfc,
    search_key,
    segment,
    stop_words,
    syllables,
    tokens,
)

SHARED = Path(os.environ.get("KH_SHARED", Path(__file__).resolve().parents[1].parent / "shared"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ủy ban nhân dân tỉnh Đắk Lắk", "uy ban nhan dan tinh dak lak"),
        ("UỶ BAN", "uy ban"),
        ("Ðề án", "de an"),  # eth instead of Đ, from old fonts
        (unicodedata.normalize("NFD", "Nghị quyết"), "nghi quyet"),
        ("số 76/NQ-CP", "so 76/nq-cp"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_fold_map_finds_the_original_characters() -> None:
    for text in (
        "Đẩy mạnh cải cách hành chính",
        unicodedata.normalize("NFD", "cải cách HÀNH CHÍNH."),
    ):
        folded, offsets = fold_map(text)
        start = folded.index("hanh chinh")
        end = start + len("hanh chinh")
        stop = offsets[end] if end < len(folded) else len(text)
        assert nfc(text[offsets[start] : stop]).lower() == "hành chính"


@given(st.text())
def test_fold_map_agrees_with_fold(text: str) -> None:
    folded, offsets = fold_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà bình", "hòa bình"),
        ("Thuỷ lợi", "thủy lợi"),
        ("Uỷ ban", "ỦY BAN"),
        ("khoẻ", "khỏe"),
        ("quí I", "quý I"),
        ("kĩ thuật", "kỹ thuật"),
        ("tỉ lệ", "tỷ lệ"),
        ("cuả", "của"),
        (unicodedata.normalize("NFD", "hoá"), "hóa"),
    ],
)
def test_search_key_joins_spellings(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "hoàn thành",
        "quốc gia",
        "giếng",
        "gì",
        "khuỷu",
        "ngoài",
        "nguyễn",
        "giữa",
        "quỹ",
        "oan uổng",
    ],
)
def test_search_key_keeps_the_standard_spelling(text: str) -> None:
    assert search_key(text) == text


def test_search_key_keeps_tones_apart() -> None:
    assert len({search_key(word) for word in ("hóa", "hòa", "hỏa", "họa", "hoa")}) == 5


@given(st.text())
def test_search_key_keeps_length(text: str) -> None:
    assert len(search_key(text)) == len(nfc(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ.",
            ["nghị", "quyết", "số", "76/nq-cp", "ngày", "15/7/2021", "của", "chính", "phủ"],
        ),
        (
            "Quyết định 06/QĐ-TTg, (42/2025/NQ-HĐND);",
            ["quyết", "định", "06/qđ-ttg", "42/2025/nq-hđnd"],
        ),
        ("06/QĐ-\nTTg và 76 /NQ- CP", ["06/qđ-ttg", "và", "76/nq-cp"]),
        ("57-NQ/TW, 50/2014/QH13", ["57-nq/tw", "50/2014/qh13"]),
        ("06/qd-ttg dang bai", ["06/qd-ttg", "dang", "bai"]),
        ("giai đoạn 2021-2025, 1.234,5 tỷ", ["giai", "đoạn", "2021", "2025", "1.234,5", "tỷ"]),
        ("và/hoặc 5 người/năm", ["và", "hoặc", "5", "người", "năm"]),
        ("Số:   /KH-UBND", ["số", "kh", "ubnd"]),
        ("15-7-2021; 01.02.2026; tháng 3/2026", ["15-7-2021", "01.02.2026", "tháng", "3/2026"]),
        ("", []),
        ("…—!", []),
    ],
)
def test_syllables(text: str, expected: list[str]) -> None:
    assert syllables(text) == expected


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.start >= end and token.end > token.start
        printed = text[token.start : token.end]
        assert token.code or printed == token.text
        end = token.end


@pytest.mark.parametrize(
    ("query", "accents"),
    [
        ("cải cách", True),
        ("ĐÀO TẠO", True),
        ("đi", True),
        ("dang bai tren facebook", False),
        ("nghi quyet 76/NQ-CP cua HĐND", False),
        ("quyet dinh 06/QĐ-TTg", False),
        ("2026", False),
    ],
)
def test_has_accents(query: str, accents: bool) -> None:
    assert has_accents(query) is accents


def test_segment_joins_words_and_protects_codes() -> None:
    words = segment(
        "Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 về cải cách hành chính, hoà bình."
    )
    assert "76/NQ-CP" in words
    assert "15/7/2021" in words
    assert words[-5:] == ["cải cách", "hành chính", ",", "hoà bình", "."]


@pytest.mark.parametrize(
    "text", ["", "   ", "\n", "a" * 3000, "((((", "🙂 kế hoạch", "\u200b\ufeff"]
)
def test_segment_survives_odd_input(text: str) -> None:
    words = segment(text)
    assert "".join("".join(words).split()) == "".join(text.split())


def test_segment_falls_back_to_syllables(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> list[str]:
        raise IndexError(text)

    monkeypatch.setattr(language.segmenting, "_tokenizer", lambda: broken)
    assert segment("cải cách 76/NQ-CP.") == ["cải", "cách", "76/NQ-CP", "."]


def test_segment_does_not_accept_lost_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language.segmenting, "_tokenizer", lambda: lambda text: ["cải"])
    assert segment("cải cách") == ["cải", "cách"]


def test_abbreviations_are_well_formed() -> None:
    table = abbreviations()
    assert table["CCHC"] == ("cải cách hành chính",)
    assert table["TTPVHCC"] == ("trung tâm phục vụ hành chính công",)
    assert table["PPP"] == ("hợp tác công tư", "đối tác công tư")
    assert len(table) > 150
    for short, longs in table.items():
        assert short == nfc(short).strip()
        for long in longs:
            assert long == nfc(long).lower().strip() and " " in long


@pytest.mark.parametrize(
    ("query", "others"),
    [
        ("CCHC năm 2026", ["cải cách hành chính năm 2026"]),
        ("cải cách hành chính", ["CCHC"]),
        ("cai cach hanh chinh cap xa", ["CCHC cap xa"]),
        ("cds", ["chuyển đổi số"]),
        ("Uỷ ban nhân dân tỉnh", ["UBND tỉnh"]),
        ("cán bộ công chức viên chức", ["CBCCVC"]),
        ("ứng dụng AI", ["ứng dụng trí tuệ nhân tạo"]),
        ("ai chịu trách nhiệm", []),
        ("Quyết định 06/QĐ-UBND", []),
        ("PPP", ["hợp tác công tư", "đối tác công tư"]),
    ],
)
def test_expand(query: str, others: list[str]) -> None:
    assert expand(query) == others


def test_stop_words() -> None:
    assert {"và", "của", "các"} <= stop_words()
    assert not {"kế", "hoạch", "da"} & stop_words()


def test_codes_of_real_plans_stay_whole() -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared is not there")
    text = (SHARED / "seeds" / "001_509b836d4c8a137b.txt").read_text(encoding="utf-8")
    codes = [token.text for token in tokens(nfc(text)) if token.code]
    assert codes[:5] == ["152/KH-UBND", "23/4/2026", "25/KH-SNgV", "03/4/2026", "66/NQ-CP"]
    assert {"60-NQ/TU", "210-KL/TW"} <= set(codes)
