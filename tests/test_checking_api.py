"""The route of kh check."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient
from planting import CORPUS
from test_checking import plan_of, stored

from api import create_app


def test_the_route(tmp_path: Path) -> None:
    folder = stored(tmp_path, [plan_of()])
    client = TestClient(create_app(folder), base_url="http://127.0.0.1")
    content = next(CORPUS.glob("30-*")).read_bytes()
    answer = client.post("/api/check?name=du thao.txt", content=content).json()
    assert {"abolished_body", "replaced_document"} <= {f["kind"] for f in answer["findings"]}
    assert any("nguồn" in line["text"] for line in answer["unchecked"])
    assert client.post("/api/check?superior=khong-co", content=content).status_code == 404
    assert client.post("/api/check", content=b"").status_code == 422
