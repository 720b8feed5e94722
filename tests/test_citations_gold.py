"""Every document that a reader found in the real plans is found, with its date and issuer."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from kh_nlp.citations import cite
from kh_nlp.language import fold
from kh_nlp.model import Header

SHARED = Path(os.environ.get("KH_SHARED") or Path(__file__).resolve().parents[1].parent / "shared")
GOLD = sorted((SHARED / "gold").glob("*.json"))
HEADER = ("number", "symbol", "place", "province", "issued_on", "issuer", "level")

pytestmark = pytest.mark.skipif(not GOLD, reason="the gold readings (../shared/gold) are not here")


def _text(stem: str) -> str:
    """The plan with hard wraps joined, roughly: the reading room does it properly."""
    file = SHARED / "seeds" / f"{stem}.txt"
    file = file if file.exists() else SHARED / "plans" / f"{stem}.txt"
    text = unicodedata.normalize("NFC", file.read_text("utf-8-sig"))
    return re.sub(r"(?<=[^\s.;:|])[ \t]*\n[ \t]*(?=[^\s|])", " ", re.sub(r"\*|(?m:^#+ )", "", text))


def _body(name: str | None) -> str:
    key = re.sub(r"[^a-z0-9]+", " ", fold(name or "")).strip()
    return re.sub(r" (?:trung uong( dang.*)?|dang( cong san.*)?|khoa .*)$", "", key)


def _found(gold: dict[str, Any], stem: str) -> dict[tuple[str, str | None], str | None]:
    header = Header(**{name: gold["header"].get(name) for name in HEADER})
    citations = cite(_text(stem), header=header, basis=None)
    return {(c.number.upper(), c.issued_on): c.issuer for c in citations if c.number}


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem[:8])
def test_numbers_and_dates_are_those_a_reader_found(path: Path) -> None:
    gold = json.loads(path.read_text("utf-8"))
    wanted = {(c["number"].upper(), c["issued_on"]) for c in gold["citations"]}
    assert set(_found(gold, path.stem)) == wanted


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem[:8])
def test_issuers_are_those_a_reader_found(path: Path) -> None:
    gold = json.loads(path.read_text("utf-8"))
    found = _found(gold, path.stem)
    for citation in gold["citations"]:
        printed = found[(citation["number"].upper(), citation["issued_on"])]
        if citation.get("issuer"):
            assert _body(printed).split()[-2:] == _body(citation["issuer"]).split()[-2:]
