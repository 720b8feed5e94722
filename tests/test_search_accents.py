"""Queries typed without accents: what the language, everyday words and the library make of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kh_nlp.evaluation.retrieval import unaccented
from kh_nlp.language import fold, has_accents, search_key
from kh_nlp.library import lexical
from kh_nlp.library.segments import SegmentFolder
from kh_nlp.search.accents import Accents
from kh_nlp.search.query import read_query

GOLD = Path(__file__).parent / "gold_retrieval" / "queries.jsonl"


def library(folder: Path, *texts: str) -> Accents:
    """The accents that passages with these texts suggest."""
    arrays, facts = lexical.build([(text, "", "") for text in texts], range(len(texts)))
    segments = SegmentFolder(folder)
    name, _ = segments.write("lexical", arrays, facts)
    return Accents([lexical.LexicalSegment(segments, name)])


@pytest.mark.parametrize(
    "meant",
    [
        "đi làm căn cước",
        "tuyên truyền cải cách hành chính trên loa truyền thanh",
        "Ai chịu trách nhiệm tổ chức tập huấn cho công chức?",
        "phòng chống lừa đảo trực tuyến cho người cao tuổi",
        "KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH CỦA UBND XÃ",
    ],
)
def test_everyday_and_official_words_without_a_library(meant: str) -> None:
    assert Accents().restored(unaccented(meant)) == meant


def test_most_words_of_unseen_queries_are_right() -> None:
    """Even queries were not used for fitting; without a library the weights are at their worst."""
    queries = [json.loads(line)["text"] for line in GOLD.read_text("utf-8").splitlines()][1::2]
    reader, right, words = Accents(), 0, 0
    for text in (" ".join(query.split()) for query in queries):
        for got, meant in zip(reader.restored(unaccented(text)).split(), text.split(), strict=True):
            right += search_key(got) == search_key(meant)
            words += 1
    assert words > 400
    assert right / words > 0.88


def test_the_library_decides(tmp_path: Path) -> None:
    said = "Bảo mật thông tin"
    assert library(tmp_path / "a", said, said).restored("bao mat thong tin") == "bảo mật thông tin"
    other = "Báo mất thông tin"
    told = library(tmp_path / "b", *[other] * 9)
    assert told.restored("bao mat thong tin") == "báo mất thông tin"


def test_d_of_abbreviations_and_codes_by_what_the_plans_write(tmp_path: Path) -> None:
    reader = library(tmp_path, "Tổ CNSCĐ họp theo Nghị định 61/2018/NĐ-CP")
    restored = reader.restored("nghi dinh 61/2018/ND-CP, CNSCD, HDND")
    assert restored == "nghị định 61/2018/NĐ-CP, CNSCĐ, HĐND"
    assert "CNSCD" in Accents().restored("to CNSCD hop")  # nobody says what it is


@pytest.mark.parametrize("text", ["", "  ", "2024", "?!", "đã có dấu roi", "76/NQ-CP"])
def test_what_needs_none_stays(text: str) -> None:
    assert Accents().restored(text) == text


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="abcdeghiklmnopqrstuvxyADHNT 0123456789/-.,?!()\"'", max_size=80))
def test_only_accents_are_added(text: str) -> None:
    restored = Accents().restored(text)
    assert fold(search_key(restored)) == fold(search_key(text))  # "ki nang" becomes "kỹ năng"
    assert [c.isupper() for c in restored] == [c.isupper() for c in text]
    assert restored == text or has_accents(restored)


def test_a_long_query_is_read_in_time() -> None:
    text = " ".join(["tuyen truyen cai cach hanh chinh tren loa"] * 25)
    assert Accents().restored(text).startswith("tuyên truyền cải cách hành chính trên loa")


def test_a_query_is_read_with_the_accents_of_its_library(tmp_path: Path) -> None:
    told = library(tmp_path, *["Báo mất thông tin"] * 9)
    query = read_query("bao mat thong tin", told)
    assert query.meaning == "báo mất thông tin"
    assert query.field == "folded" and "báo mất" in query.restored
    # A short question is one with and without accents.
    assert read_query("ai lam").dense_weight == read_query("ai làm").dense_weight == 0.5
