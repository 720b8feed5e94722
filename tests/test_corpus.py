"""The sample plans and their hand readings agree with each other; no parser is involved."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
GOLD = Path(__file__).resolve().parent / "gold_corpus"
SAMPLES = sorted(p for p in CORPUS.iterdir() if re.match(r"\d\d-", p.name))
STEMS = [p.stem for p in SAMPLES]


def reading(stem: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((GOLD / f"{stem}.json").read_text("utf-8"))
    return data


def flat(path: Path) -> str:
    """The words of a sample in one line, without markup."""
    text = path.read_bytes().decode("utf-8-sig")
    return re.sub(r"\s+", " ", re.sub(r"</?b>|[*#|]", "", text))


def test_each_sample_has_a_reading() -> None:
    readings = {path.stem for path in GOLD.glob("*.json")} - {"questions"}
    assert readings == set(STEMS) and len(STEMS) >= 15
    assert {reading(stem)["header"]["year"] for stem in STEMS} == set(range(2021, 2027))
    assert {reading(stem)["header"]["level"] for stem in STEMS} - {None} == {
        "province",
        "district",
        "province_agency",
        "commune",
    }


@pytest.mark.parametrize("path", SAMPLES, ids=STEMS)
def test_sample_is_nfc_and_of_fair_length(path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig")
    assert unicodedata.is_normalized("NFC", text)
    assert 600 <= len(text.split()) <= 1500


def test_messy_forms_survive_the_repository() -> None:
    raw = {path.name[:2]: path.read_bytes() for path in SAMPLES}
    assert raw["02"].startswith(b"\xef\xbb\xbf")
    assert raw["02"].count(b"\r\n") == raw["02"].count(b"\n") > 100
    assert raw["03"].count(b"\f") == 3
    assert raw["04"].startswith(b"|\n**")
    assert "³".encode() in raw["05"]
    assert raw["06"].count(b"\t") == 8 * 6  # a head row and seven tasks of seven cells


@pytest.mark.parametrize("path", SAMPLES, ids=STEMS)
def test_reading_quotes_its_sample(path: Path) -> None:
    words, gold = flat(path), reading(path.stem)
    header = gold["header"]
    for name in ("number", "place", "title", "signer"):
        assert header[name] is None or header[name] in words
    for cited in gold["citations"]:
        assert words.count(cited["number"]) >= cited["mentions"] >= 1
    for quoted in [*gold["named"], *gold["assignments"].values(), *gold["headings"].values()]:
        assert quoted in words
    assert set(gold["headings"]) | set(gold["assignments"]) <= set(gold["sections"])
    assert set(gold.get("footnotes", {}).values()) - {None} <= set(gold["sections"])
    for task in gold.get("listed", []):
        assert f"Đơn vị chủ trì: {task['lead']}; Đơn vị phối hợp: {task['partners']}" in words
        assert task["section"] in gold["sections"]
    if not path.name.startswith("03"):  # its cells are spread over lines between other cells
        for task in gold["tasks"]:
            assert task["content"] in words


def test_questions_point_at_units_that_exist() -> None:
    questions = json.loads((GOLD / "questions.json").read_text("utf-8"))
    assert len(questions["search"]) >= 12
    for question in questions["search"]:
        assert question["answers"]
        for answer in question["answers"]:
            gold = reading(answer["plan"])
            if answer["task"] is None:
                assert answer["number"] in gold["sections"]
            else:
                assert answer["task"] in [task["order"] for task in gold["tasks"]]
    for question in questions["coverage"]:
        assert set(question["plans"]) <= set(STEMS)
        assert set(question["plans"].values()) <= {"cites", "names", "none"}


def test_places_follow_the_reform_of_2025() -> None:
    lines = (CORPUS / "places.tsv").read_text("utf-8").splitlines()
    assert lines[0].split("\t") == ["name", "kind", "parent", "valid_from", "valid_to", "note"]
    rows = [line.split("\t") for line in lines[1:]]
    provinces = {row[0] for row in rows if row[1] == "tỉnh"}
    for _, kind, parent, valid_from, valid_to, _ in rows:
        if kind in ("huyện", "thành phố"):
            assert (parent in provinces, valid_to) == (True, "2025-06-30")
        elif kind in ("xã", "phường") and not valid_to:
            assert (parent in provinces, valid_from) == (True, "2025-07-01")
    for stem in STEMS:
        header = reading(stem)["header"]
        assert {header["province"], header["place"]} <= {row[0] for row in rows}
