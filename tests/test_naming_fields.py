"""Messages of the rooms name no option: each front adds the names that its users know."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support_drafting import REQUESTS, drafting_library

from api import create_app
from kh_nlp.cli import main
from kh_nlp.errors import naming

TITLE, _, YEAR, _ = REQUESTS[0]
PLACELESS = {"title": TITLE, "issuer": "UBND xã Cẩm Lệ Đông", "year": str(YEAR)}
NO_LEVEL = {**PLACELESS, "issuer": "Hội những người yêu sông"}

ROOMS = Path(__file__).parents[1] / "kh_nlp"
OF_THE_COMMAND_LINE = {"cli", "evaluation", "exports", "repairing", "rewriting"}
"""Rooms whose messages no page and no JSON route shows."""


def _messages(path: Path) -> list[str]:
    """String constants of a module without its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documents
    ]


@pytest.mark.parametrize("room", sorted({p.name for p in ROOMS.iterdir()} - OF_THE_COMMAND_LINE))
def test_no_message_of_a_room_names_an_option(room: str) -> None:
    paths = [ROOMS / room] if room.endswith(".py") else (ROOMS / room).rglob("*.py")
    leaks = [
        f"{path.name}: {text}"
        for path in paths
        for text in _messages(path)
        if re.search(r"(?<![\w-])--[a-z]", text)
        and not text.isascii()  # a user's sentence; arguments of other programs are ASCII
        and not re.search(r"\bkh [a-z]+ ", text)  # a whole command to type is one, on any front
    ]
    assert leaks == []


def test_a_name_stands_before_the_full_stop() -> None:
    names = {"province": "--province", "like": "--like"}
    assert naming("Chưa rõ tỉnh.", ("province",), names) == "Chưa rõ tỉnh (--province)."
    assert naming("Hãy nêu.", ("like", "province"), names) == "Hãy nêu (--like, --province)."
    assert naming("Chưa rõ cấp.", ("level",), names) == "Chưa rõ cấp."


def test_each_front_names_the_field_its_own_way(capsys: pytest.CaptureFixture[str]) -> None:
    folder = drafting_library()
    with pytest.raises(SystemExit) as stop:
        main(["draft", *_options(PLACELESS), "--library", str(folder)])
    assert stop.value.code == 0
    assert "chỗ đó để trống (--province)." in capsys.readouterr().out
    client = TestClient(create_app(folder), base_url="http://127.0.0.1")
    page = client.get("/draft", params=PLACELESS).text
    assert "chỗ đó để trống (ô “Tỉnh, thành phố”)." in page and "--" not in page
    answer = client.get("/api/draft", params=PLACELESS)
    assert "--province" not in answer.text
    assert ["province"] in [warning["fields"] for warning in answer.json()["warnings"]]


def test_so_do_errors(capsys: pytest.CaptureFixture[str]) -> None:
    folder = drafting_library()
    with pytest.raises(SystemExit) as stop:
        main(["draft", *_options(NO_LEVEL), "--library", str(folder)])
    assert stop.value.code == 2
    assert capsys.readouterr().err.endswith("hay sở (--level).\n")
    client = TestClient(create_app(folder), base_url="http://127.0.0.1")
    assert "hay sở (ô “Cấp”)." in client.get("/draft", params=NO_LEVEL).text
    error = client.get("/api/draft", params=NO_LEVEL).json()["error"]
    assert error["fields"] == ["level"] and "--" not in error["message"]


def test_the_page_takes_models(capsys: pytest.CaptureFixture[str]) -> None:
    client = TestClient(create_app(drafting_library()), base_url="http://127.0.0.1")
    page = client.get("/draft", params={**PLACELESS, "like": "không-có"}).text
    assert "không-có" in page and "Các bước đã làm" not in page


def _options(request: dict[str, str]) -> list[str]:
    return [part for name, value in request.items() for part in (f"--{name}", value)]
