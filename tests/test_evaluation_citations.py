"""Figures of citations: small cases by hand, and the marks and readings against the baseline."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kh_nlp.cli.commands import app
from kh_nlp.errors import InputError
from kh_nlp.evaluation import load_marks, score_citations, score_marks
from kh_nlp.evaluation.gold import read_gold
from kh_nlp.model import Citation, Document

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KH_SHARED") or ROOT.parent / "shared")
MARKS = ROOT / "tests" / "gold_citations" / "admin_marks.json"
TEXTS = SHARED / "corpus" / "admin_docs.jsonl.gz"

READING = read_gold(
    "thu",
    {
        "header": {"province": "Lai Châu"},
        "citations": [
            {
                "number": "76/NQ-CP", "issued_on": "2021-07-15", "kind": "Nghị quyết",
                "issuer": "Chính phủ", "role": "basis", "mentions": 2,
            },
            {
                "number": "05/KH-UBND", "issued_on": "2026-01-05", "kind": "Kế hoạch",
                "issuer": "UBND xã Mường So", "role": "reference", "mentions": 1,
            },
        ],
        "named": ["Đề án 06"],
    },
)  # fmt: skip


def citation(number: str | None, key: str | None, **values: Any) -> Citation:
    fields: dict[str, Any] = {
        "text": "", "kind": "Nghị quyết", "number": number, "issued_on": "2021-07-15",
        "issuer": "Chính phủ", "title": None, "role": "basis", "relation": "căn cứ",
        "section": None, "start": 0, "end": 0, "confidence": 1.0,
        "document": Document(key=key) if key else None,
    }  # fmt: skip
    return Citation(**{**fields, **values})


def test_figures_by_hand() -> None:
    found = [
        citation("76/NQ-CP", "nghi-quyet:76/NQ-CP:2021-07-15"),
        citation(
            "05/KH-UBND",
            "ke-hoach:05/KH-UBND:2026-01-05:xa-muong-so",
            issued_on="2026-01-06",
            issuer="UBND xã Mường So",
            role="reference",
        ),
        citation(None, None, title="Đề án 06"),
    ]
    values = {name: figure.value for name, figure in score_citations(found, READING).items()}
    assert values["documents"] == 0.5  # one of two with its date
    assert values["mentions"] == pytest.approx(2 * 2 / (2 + 3))  # 76 once instead of twice
    assert values["dates"] == 0.5
    assert values["keys"] == 0.5
    assert values["roles"] == 1.0
    assert values["resolved"] == 0.0  # the name is there, but leads nowhere
    named = [*found[:2], citation(None, "de-an:x", title="Đề án 06")]
    assert score_citations(named, READING)["resolved"].value == 1.0


def test_nothing_found_is_nothing_right() -> None:
    values = {name: figure.value for name, figure in score_citations((), READING).items()}
    assert values["documents"] == values["mentions"] == values["keys"] == 0.0


def write(tmp_path: Path, text: str, mentions: list[dict[str, Any]]) -> tuple[Path, Path]:
    texts, marks = tmp_path / "t.jsonl.gz", tmp_path / "m.json"
    row = {"text": text, "number": "9/QĐ-UBND"}
    texts.write_bytes(gzip.compress(json.dumps(row).encode()))
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = {"index": 0, "limit": None, "sha256": digest, "mentions": mentions}
    marks.write_text(json.dumps({"documents": [document]}), "utf-8")
    return marks, texts


def test_marks_count_number_and_place(tmp_path: Path) -> None:
    text = (
        "Số: 9/QĐ-UBND. Theo Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ, Quyết định số "
        "1719/QĐ-TTg của Thủ tướng. Quyết định số 9/QĐ-UBND có hiệu lực."
    )
    wanted = ("76/NQ-CP", "9/QĐ-UBND", "44/QĐ-UBND")
    mentions = [
        {"start": text.rfind(n), "end": text.rfind(n) + len(n), "number": n, "issued_on": None}
        for n in wanted
    ]
    mentions[0]["issued_on"] = "2021-07-15"
    (document,) = load_marks(*write(tmp_path, text, mentions))
    figures = score_marks([document])
    # The head's own number is no mention; 1719 is unmarked, 44 is not in the text.
    assert figures["precision"].value == pytest.approx(2 / 3)
    assert figures["recall"].value == pytest.approx(2 / 3)
    assert figures["spans"].value == pytest.approx(2 / 3)
    assert figures["dates"].value == 1.0
    assert [f.expected for f in figures["recall"].faults] == ["44/QĐ-UBND"]
    assert [f.found for f in figures["precision"].faults] == ["1719/QĐ-TTg"]


def test_another_text_than_the_marked_one_is_refused(tmp_path: Path) -> None:
    marks, texts = write(tmp_path, "một", [])
    texts.write_bytes(gzip.compress(json.dumps({"text": "hai"}).encode()))
    with pytest.raises(InputError, match="không phải văn bản đã đánh dấu"):
        load_marks(marks, texts)
    with pytest.raises(InputError, match="không đọc được"):
        load_marks(tmp_path / "thieu.json", texts)


@pytest.mark.skipif(not TEXTS.exists(), reason="../shared/corpus is not here")
def test_marked_documents() -> None:
    documents = load_marks(MARKS, TEXTS)
    assert len(documents) == 12
    assert sum(len(document.marks) for document in documents) == 198
    figures = score_marks(documents)
    assert figures["precision"].value >= 0.98
    assert figures["recall"].value >= 0.97
    assert figures["dates"].value >= 0.98


def test_command_against_the_baseline() -> None:
    arguments = [
        "evaluate", "citations", "--gold", str(ROOT / "tests" / "gold_corpus"),
        str(ROOT / "corpus"), "--baseline", str(ROOT / "benchmarks" / "citations.json"),
        "--strict", "--json",
    ]  # fmt: skip
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    assert report["baseline"]["losses"] == []
    assert report["baseline"]["new"] == []
    assert report["means_clean"]["documents"] >= 0.98
    assert report["means_clean"]["keys"] >= 0.98
    assert report["means_damaged"] == {}


def test_command_needs_both_files_of_marks() -> None:
    from kh_nlp.cli import main

    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "citations", "--gold", str(ROOT / "tests"), "--marks", "x"])
    assert stop.value.code == 2
