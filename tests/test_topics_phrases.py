"""Phrases of topics in text, and which of them count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kh_nlp.topics import read_scheme
from kh_nlp.topics.evidence import Finder
from kh_nlp.topics.phrases import Phrases
from kh_nlp.topics.units import Unit


def met(phrase: str, text: str) -> list[str]:
    hits = Phrases([(0, "word", phrase)]).find(text)
    return [text[hit.span[0] : hit.span[1]] for hit in hits]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("thủ tục hành chính", "Rà soát Thủ tục hành chính", ["Thủ tục hành chính"]),
        ("thủ tục", "thu tục và thủ túc", []),  # accents tell words apart
        ("văn hóa", "Phong trào văn hoá", ["văn hoá"]),  # both places of the tone
        ("kỷ luật", "siết chặt kĩ luật, kỉ luật", ["kỉ luật"]),
        ("PCI", "Chỉ số PCI của tỉnh", ["PCI"]),
        ("AI", "ai cũng biết AI", ["AI"]),  # an abbreviation is met as printed only
        ("loa", "loan báo trên loa", ["loa"]),  # whole syllables
        ("hồ sơ … trực tuyến", "hồ sơ được nộp trực tuyến", ["hồ sơ được nộp trực tuyến"]),
        ("hồ sơ … trực tuyến", "hồ sơ một hai ba bốn năm trực tuyến", []),
        ("hồ sơ … trực tuyến", "tiếp nhận hồ sơ; họp trực tuyến", []),  # not over a border
        ("kiểm tra, giám sát", "kiểm tra giám sát", ["kiểm tra giám sát"]),
        ("chuyển đổi số", "Ngay chuyen doi so nam 2024", ["chuyen doi so"]),
        ("loa", "cai loa cu", []),  # a lone syllable without accents says too little
        ("gia đình số", "Luật Hôn nhân và gia đình số 52/2014/QH13", []),  # a number, not a word
        ("gia đình số", "mỗi gia đình số, 01 người", ["gia đình số"]),
        ("chế độ công vụ", "cải cách chế độ công vụ³ của tỉnh", ["chế độ công vụ³"]),  # footnote
        ("quyết định số 06/QĐ-TTg", "theo Quyết định số 06/QĐ-TTg", ["Quyết định số 06/QĐ-TTg"]),
    ],
)
def test_phrases(phrase: str, text: str, found: list[str]) -> None:
    assert met(phrase, text) == found


def test_an_excluded_phrase_takes_what_it_crosses() -> None:
    scheme = read_scheme(
        '[[topic]]\nid="a"\nname="A"\nwords=["tổ chức hội nghị", "họp"]\nnot=["hội nghị cử tri"]',
        "x",
    )
    finder = Finder(scheme)
    unit = Unit("p", "section", "s", "1", 0, 0, None, (), (), 40, "s", 1)

    def words(text: str) -> int:
        found = finder.find(replace(unit, parts=((text, 0),)))
        return len(found[0].words) if found else 0

    assert words("Xã tổ chức hội nghị cử tri tại thôn") == 0
    assert words("Xã tổ chức hội nghị về pháp luật") == 1
    assert words("Xã tổ chức hội nghị cử tri, tổ chức hội nghị tuyên truyền, họp thôn") == 2


def test_crossing_phrases_are_one_mention() -> None:
    scheme = read_scheme(
        '[[topic]]\nid="a"\nname="A"\nwords=["giữ gìn an ninh", "an ninh, trật tự"]', "x"
    )
    text = "Giữ gìn an ninh, trật tự thôn"
    unit = Unit("p", "section", "s", "1", 0, 0, None, ((text, 0),), (), len(text), "s", 1)
    (found,) = Finder(scheme).find(unit)
    assert len(found.words) == 1
    assert sorted(found.spans) == [(0, 15), (8, 24)]
