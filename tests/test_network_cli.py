"""``kh cite network`` and its sisters, and the same questions over HTTP."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support_network import citation, write_library
from support_samples import sample_library

from api import create_app
from kh_nlp.cli import main
from kh_nlp.library import Library
from kh_nlp.network import citing_sentences, imported
from kh_nlp.network.sentences import bounds

KEY = "nghi-quyet:76/NQ-CP:2021-07-15"
LINE = (
    "Căn cứ Nghị quyết số 76/NQ-CP ngày 15 tháng 7 năm 2021 của Chính phủ ban hành Chương trình "
    "tổng thể cải cách hành chính nhà nước giai đoạn 2021-2030;"
)


@pytest.fixture
def kh(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*words: str, library: Path | None = None) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main(["cite", *words, "--library", str(library or sample_library())])
        done = capsys.readouterr()
        return int(stop.value.code or 0), done.out, done.err

    return call


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(sample_library()), base_url="http://127.0.0.1")


def test_line(kh: Any) -> None:
    assert kh("line", "76/NQ-CP")[:2] == (0, LINE + "\n")
    status, out, _ = kh("line", KEY, "--json")
    assert status == 0 and json.loads(out) == {"key": KEY, "text": LINE, "missing": []}
    status, out, error = kh("line", "999/NQ-CP")
    assert (status, out) == (2, "") and error.startswith("kh: Không có văn bản")


def test_network_files(kh: Any, tmp_path: Path) -> None:
    for ending in ("graphml", "gexf", "json", "csv", "html"):
        out = tmp_path / f"net.{ending}"
        status, words, _ = kh("network", "--out", str(out))
        assert status == 0 and words.startswith("6 kế hoạch trong thư viện") and out.is_file()
    assert KEY in imported(tmp_path / "net.graphml")
    counts = json.loads(kh("network", "--json", "--level", "xã")[1])
    assert 0 < counts["plans"] < 6 and counts["out"] is None
    around = json.loads(kh("network", "--json", "--plan", KEY)[1])
    assert (around["plans"], around["documents"], around["edges"]) == (4, 1, 4)
    assert kh("network", "--out", str(tmp_path / "net.docx"))[0] == 2


def test_answers_in_words(kh: Any) -> None:
    out = kh("links", KEY)[1]
    assert "Viện dẫn 0 văn bản" in out and "Được viện dẫn bởi 4 văn bản" in out
    assert kh("missing", "-n", "1")[1].startswith("  1. Nghị quyết 76/NQ-CP")
    assert "Cấp xã · " in kh("top", "--by", "level")[1]
    assert "Năm 2022 · 1 kế hoạch" in kh("top", "--by", "year")[1]
    assert "PageRank · " in kh("top", "--by", "pagerank")[1]
    assert "Được viện dẫn cùng nhau" in kh("similar", KEY)[1]
    assert kh("stale")[0] == 0
    assert kh("orphans")[0] == 0
    status, _, error = kh("top", "--by", "màu")
    assert status == 2 and "year, level, province" in error


def test_chain_in_words(kh: Any, tmp_path: Path) -> None:
    province = {"number": "22/KH-UBND", "issued_on": "2026-01-16", "issuer": "UBND tỉnh Lào Cai",
                "level": "province"}  # fmt: skip
    commune = {"number": "08/KH-UBND", "issued_on": "2026-02-10", "issuer": "UBND xã Nậm Sim",
               "level": "commune"}  # fmt: skip
    folder = write_library(
        tmp_path / "lib",
        [
            ("p1", province, citation(KEY, kind="Nghị quyết", issuer="Chính phủ")),
            ("p2", commune, citation("ke-hoach:22/KH-UBND:2026-01-16:tinh-lao-cai")),
        ],
    )
    out = kh("chain", "08/KH-UBND", library=folder)[1]
    lines = [line.strip() for line in out.splitlines() if "↑" in line]
    assert [line.partition(" (")[0] for line in lines] == [
        "↑ Kế hoạch 22/KH-UBND ngày 16/01/2026 của UBND tỉnh Lào Cai",
        "↑ Nghị quyết 76/NQ-CP ngày 15/07/2021 của Chính phủ",
    ]
    assert kh("chain", KEY, library=folder)[1].endswith(": Cấp tỉnh: 1, Cấp xã: 1.\n")


@pytest.mark.parametrize(
    ("command", "route"),
    [
        (["links", KEY, "-n", "100"], f"links?id={KEY}"),
        (["chain", KEY, "-n", "20"], f"chain?id={KEY}"),
        (["similar", KEY], f"similar?id={KEY}"),
        (["top", "--by", "year", "-n", "10"], "top?by=year"),
        (["top", "--by", "hub", "-n", "10"], "top?by=hub"),
        (["missing", "-n", "100"], "missing"),
        (["stale"], "stale"),
        (["orphans"], "orphans"),
        (["line", KEY], f"line?id={KEY}"),
    ],
)
def test_the_routes_answer_as_the_commands(
    kh: Any, client: TestClient, command: list[str], route: str
) -> None:
    assert client.get(f"/api/network/{route}").json() == json.loads(kh(*command, "--json")[1])


def test_files_over_http(client: TestClient, tmp_path: Path) -> None:
    graph = client.get("/api/network").json()
    assert KEY in {node["id"] for node in graph["nodes"]}
    for ending in ("graphml", "gexf", "csv"):
        response = client.get("/api/network", params={"format": ending, "plan": KEY})
        assert f"mang-vien-dan.{ending}" in response.headers["content-disposition"]
        path = tmp_path / f"net.{ending}"
        path.write_bytes(response.content)
        assert len(imported(path)) == 5
    assert client.get("/api/network", params={"format": "exe"}).status_code == 422
    assert client.get("/api/network/chain", params={"id": "không có"}).status_code == 404
    assert client.get("/api/network/top", params={"by": "màu"}).status_code == 400
    assert client.get("/api/network", params={"depth": 0}).status_code == 422


def test_the_picture_allows_its_own_style_only(client: TestClient) -> None:
    response = client.get("/network", params={"plan": KEY})
    assert response.status_code == 200
    (style,) = re.findall("<style>(.*?)</style>", response.text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy
    assert response.headers["x-frame-options"] == "DENY"
    assert "<script" not in response.text and "/documents?key=nghi-quyet" in response.text
    assert client.get("/network", params={"plan": "<b>"}).status_code == 404


def test_document_page(client: TestClient) -> None:
    text = client.get("/documents", params={"key": KEY}).text
    (line,) = re.findall(r"<textarea[^>]* readonly[^>]*>(.*?)</textarea>", text, re.S)
    assert line == LINE
    assert "Vị trí trong chuỗi căn cứ" in text and "Thường được viện dẫn cùng" in text
    # Each mention stands in its sentence.
    assert len(re.findall("<mark>", text)) == 8
    sentences = client.get("/api/network/sentences", params={"id": KEY}).json()["sentences"]
    assert len(sentences) == 8
    assert all(s["text"][slice(*s["mark"])].strip() for s in sentences)
    assert any(len(s["text"]) > s["mark"][1] - s["mark"][0] + 20 for s in sentences)


def test_document_page_of_a_plan_and_of_hostile_text(tmp_path: Path) -> None:
    attack = "</textarea><script>alert(1)</script>"
    key = "ke-hoach:22/KH-UBND:2026-01-16:tinh-lao-cai"
    province = {"number": "22/KH-UBND", "issued_on": "2026-01-16", "issuer": "UBND tỉnh Lào Cai",
                "level": "province", "title": attack}  # fmt: skip
    commune = {"number": "08/KH-UBND", "issued_on": "2026-02-10", "issuer": "UBND xã Nậm Sim",
               "level": "commune", "text": attack}  # fmt: skip
    folder = write_library(
        tmp_path / "lib",
        [("p1", province, citation(KEY, title=attack)), ("p2", commune, citation(key))],
    )
    found = TestClient(create_app(folder), base_url="http://127.0.0.1").get(
        "/documents", params={"key": key}
    )
    assert found.status_code == 200 and "<script" not in found.text
    assert found.text.count("</textarea>") == 1
    assert "Mở kế hoạch này trong thư viện" in found.text and "Viện dẫn 1 văn bản" in found.text


def test_sentences_end_where_sentences_end() -> None:
    text = "Một.\nThực hiện Nghị quyết số 76/NQ-CP ngày 15. 7. 2021, UBND TP. Cần Thơ báo cáo. Hết."
    start = text.index("Nghị quyết")
    first, last = bounds(text, start, start + 24)
    assert text[first:last] == (
        "Thực hiện Nghị quyết số 76/NQ-CP ngày 15. 7. 2021, UBND TP. Cần Thơ báo cáo."
    )
    with Library.open(sample_library()) as library:
        assert citing_sentences(library, "khong-co") == ()
