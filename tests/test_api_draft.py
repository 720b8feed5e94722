"""Drafts over the web: JSON, files, and the page."""

from __future__ import annotations

from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from support_drafting import REQUESTS, drafting_library

from api import create_app

ASKED = dict(zip(("title", "issuer", "year", "province"), REQUESTS[0], strict=True))


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(drafting_library()), base_url="http://127.0.0.1")


def test_json_and_files(client: TestClient) -> None:
    data = client.get("/api/draft", params=ASKED).json()
    assert data["title"] == ASKED["title"] and data["sections"][0]["number"] == "I"
    markdown = client.get("/api/draft", params={**ASKED, "format": "md"})
    assert markdown.text.startswith("# KẾ HOẠCH") and "[^1]:" in markdown.text
    docx = pytest.importorskip("docx")
    word = client.get("/api/draft", params={**ASKED, "format": "docx", "sources": "none"})
    assert "du-thao.docx" in word.headers["content-disposition"]
    text = "\n".join(p.text for p in docx.Document(BytesIO(word.content)).paragraphs)
    assert data["sections"][0]["heading"] in text


def test_faults_are_one_line(client: TestClient) -> None:
    unknown = client.get("/api/draft", params={**ASKED, "title": "Trồng sâm trên sao Hỏa"})
    assert unknown.status_code == 400 and "cùng chủ đề" in unknown.json()["error"]["message"]
    assert client.get("/api/draft", params={**ASKED, "year": "abc"}).status_code == 422
    assert client.get("/api/draft", params={"title": "x"}).status_code == 422


def test_the_page_shows_steps_gaps_and_sources(client: TestClient) -> None:
    empty = client.get("/draft")
    assert empty.status_code == 200 and "Soạn dự thảo kế hoạch" in empty.text
    page = client.get("/draft", params=ASKED).text
    assert "Các bước đã làm" in page and "<mark>[…]</mark>" in page and "nguồn" in page
    assert "Trồng" not in page
    wrong = client.get("/draft", params={**ASKED, "year": "hai"})
    assert wrong.status_code == 200 and "bốn chữ số" in wrong.text
    hostile = client.get("/draft", params={**ASKED, "title": "<script>x</script> cải cách"})
    assert "<script>x" not in hostile.text


def test_the_schema_knows_drafts(client: TestClient) -> None:
    schemas = client.get("/api/openapi.json").json()["components"]["schemas"]
    assert {"from", "to", "reason"} <= set(schemas["Change"]["properties"])
    assert "Draft" in schemas
