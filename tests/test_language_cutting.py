"""Cutting by blanks gives the tokens of the whole expression, wherever a number has blanks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kh_nlp.language import Cut, cutting, nfc, pieces, printed, tokens

CORPUS = Path(__file__).resolve().parents[1] / "corpus"

# Parts of numbers, bullets and words, with the blanks that may stand between them.
_NUMBERS = ("06", "QĐ", "TTg", "NQ", "57", "TW", "2026", "15/7/2021", "1.000", "Ủy", "a")
_MARKS = ("/", "-", "–", "_", ".", ",", "\u0301")
_BLANKS = (" ", "\n", "\t", "\xa0", "  ", " / ", "- ", " -", "\x1f")
_PARTS = st.sampled_from((*_NUMBERS, *_MARKS, *_BLANKS))


def _same(text: str) -> None:
    wanted = [(token.text, token.start, token.end, token.code) for token in tokens(text)]
    found = Cut(text)
    assert pieces(text) == wanted
    assert printed(text) == [(word, code) for word, _, _, code in wanted]
    assert [found.span(place) for place in range(len(found.words))] == found.spans()


@given(st.lists(_PARTS, max_size=16).map("".join))
def test_parts_of_numbers(text: str) -> None:
    _same(text)


@given(st.text())
def test_any_text(text: str) -> None:
    _same(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("số 06/QĐ- TTg ngày", ["số", "06/QĐ-TTg", "ngày"]),
        ("số 76 /NQ-CP", ["số", "76/NQ-CP"]),
        ("số 57 - NQ / TW", ["số", "57-NQ/TW"]),
        ("năm 2026\n- Tổ chức", ["năm", "2026", "Tổ", "chức"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_numbers_with_blanks(text: str, words: list[str]) -> None:
    assert Cut(text).words == words
    _same(text)


def test_every_sample_line_by_line_and_whole() -> None:
    files = sorted(path for path in CORPUS.iterdir() if path.suffix in {".md", ".txt"})
    assert files
    for file in files:
        text = nfc(file.read_text(encoding="utf-8"))
        _same(text)
        for line in text.splitlines():
            _same(line)


def test_a_full_memory_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_MOST", 50)
    for number in range(100):
        _same(f"điểm {number}/KH-UBND và 0{number} / QĐ - TTg")
        assert cutting._memories[0].characters < 200
