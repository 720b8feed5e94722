"""A cross-encoder that the user names: order, scores, and what it must not touch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from support_library import HashEncoder, use_toys, write_toy
from support_pages import Page, check_accessible
from support_reranking import Prefers, tiny

from api import create_app
from kh_nlp.cli import main
from kh_nlp.embedding import load_reranker
from kh_nlp.errors import KhError
from kh_nlp.library import Library, ingest
from kh_nlp.search import search

PLAN = """Căn cứ quy định, xã ban hành kế hoạch.
1. Tập huấn
Tổ chức tập huấn nghiệp vụ cải cách hành chính cho cán bộ, công chức.
2. Kinh phí tập huấn
Nguồn kinh phí tập huấn từ ngân sách nhà nước.
3. Tuyên truyền
Phát tin về lớp tập huấn trên hệ thống loa truyền thanh.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("rerank")
    write_toy(folder / "plans", "a.txt", PLAN, issuer="UBND xã Quyết Thắng")
    with pytest.MonkeyPatch.context() as patch:
        use_toys(patch)
        with Library.open(folder / "lib", create=True) as opened:
            ingest(opened, [folder / "plans"], encoder=HashEncoder())
            yield opened


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of two thousand weights, drawn by a fixed seed."""
    return tiny(tmp_path_factory.mktemp("model") / "cross", outputs=1)


def test_the_reranker_decides_the_order_and_nothing_else(library) -> None:
    plain = search(library, "tập huấn", encoder=HashEncoder(), explain=True)
    judge = Prefers("loa truyền thanh")
    assert "loa truyền thanh" not in plain.hits[0].text
    again = search(library, "tập huấn", encoder=HashEncoder(), explain=True, reranker=judge)
    assert "loa truyền thanh" in again.hits[0].text
    assert [hit.score for hit in again.hits] == sorted((h.score for h in again.hits), reverse=True)
    assert again.hits[0].score == pytest.approx(1.9)
    # Equal scores keep the order of the search; hits, relevance and parts stay what they were.
    rest = [hit.text for hit in plain.hits if "loa truyền thanh" not in hit.text]
    assert [hit.text for hit in again.hits[1:]] == rest
    assert again.found == plain.found
    before = {hit.text: hit for hit in plain.hits}
    for hit in again.hits:
        old = before[hit.text]
        assert (hit.relevance, hit.highlights) == (old.relevance, old.highlights)
        assert hit.why and old.why and hit.why.words == old.why.words
        assert old.why.reranked is None and hit.why.reranked in (0.9, 0.2)


def test_it_reads_headings_and_the_query_with_its_accents(library) -> None:
    judge = Prefers("loa")
    search(library, "tap huan", encoder=HashEncoder(), reranker=judge)
    ((query, texts),) = judge.asked
    assert query == "tập huấn"
    assert any("Kinh phí tập huấn" in text for text in texts)


def test_a_query_without_words_asks_no_reranker(library) -> None:
    judge = Prefers("loa")
    assert search(library, "?!", encoder=HashEncoder(), reranker=judge).hits == ()
    assert judge.asked == []


def test_a_local_cross_encoder(library, model: Path) -> None:
    reranker = load_reranker(str(model))
    texts = ["tập huấn loa", "kinh phí", "tin"]
    scores = reranker.scores("tập huấn", texts)
    assert scores.shape == (3,) and ((scores > 0) & (scores < 1)).all()
    assert np.ptp(scores) > 0.01
    assert reranker.scores("tập huấn", texts).tolist() == scores.tolist()
    assert reranker.scores("tập huấn", []).shape == (0,)
    alone = [float(reranker.scores("tập huấn", [text])[0]) for text in texts]
    assert alone == pytest.approx(scores.tolist(), abs=1e-2)
    hits = search(library, "tập huấn", encoder=HashEncoder(), reranker=reranker).hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_what_is_no_reranker_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(KhError, match="cần đúng một điểm"):
        load_reranker(str(tiny(tmp_path / "three", outputs=3)))
    (tmp_path / "empty").mkdir()
    with pytest.raises(KhError, match="không chứa mô hình"):
        load_reranker(str(tmp_path / "empty"))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{}")
    with pytest.raises(KhError, match="Không nạp được"):
        load_reranker(str(tmp_path / "broken"))


def test_command_tells_of_a_missing_model(
    library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KH_ALLOW_DOWNLOAD", raising=False)
    monkeypatch.setenv("KH_RERANKER", "/no/such/model")
    with pytest.raises(SystemExit) as stop:
        main(["search", "tập huấn", "--library", str(library.path)])
    out, err = capsys.readouterr()
    assert (stop.value.code, out) == (1, "")
    assert "Không tìm thấy thư mục mô hình" in err and len(err.splitlines()) == 1


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "encoder", lambda self: HashEncoder())


def test_a_server_reranks_only_with_what_its_keeper_chose(library, encoder, model: Path) -> None:
    judge = Prefers("loa truyền thanh")
    client = TestClient(create_app(library.path, reranker=judge), base_url="http://127.0.0.1")
    plain = client.get("/api/search?q=tập huấn").json()
    assert judge.asked == [] and "loa" not in plain["hits"][0]["text"]
    again = client.get("/api/search?q=tập huấn&rerank=true&explain=true").json()
    assert "loa" in again["hits"][0]["text"] and again["hits"][0]["why"]["reranked"] == 0.9
    assert again["hits"][0]["score"] == pytest.approx(1.9) and again["found"] == plain["found"]
    assert len(judge.asked) == 1
    # A path in the request is no switch, and is loaded by nobody.
    refused = client.get("/api/search", params={"q": "tập huấn", "rerank": str(model)})
    assert refused.status_code == 422 and "“rerank” không hợp lệ" in refused.text
    assert client.get("/?q=tập huấn&rerank=" + str(model)).status_code == 422
    assert len(judge.asked) == 1


def test_a_server_without_a_model_says_so(library, encoder) -> None:
    client = TestClient(create_app(library.path), base_url="http://127.0.0.1")
    for address in ("/api/search?q=tập huấn&rerank=true", "/?q=tập huấn&rerank=true"):
        response = client.get(address)
        assert response.status_code == 400, address
        assert "chưa có mô hình xếp lại" in response.text and "kh serve --rerank" in response.text
    assert client.get("/api/search?q=tập huấn&rerank=false").status_code == 200
    assert 'name="rerank"' not in client.get("/?q=tập huấn").text


def test_the_switch_of_the_search_page(library, encoder) -> None:
    judge = Prefers("loa truyền thanh")
    client = TestClient(create_app(library.path, reranker=judge), base_url="http://127.0.0.1")

    def switch(address: str) -> tuple[bool, Page]:
        page = Page(client.get(address).text)
        check_accessible(page)
        (box,) = [field for field in page.all("input") if field.get("name") == "rerank"]
        assert (box["type"], box["value"]) == ("checkbox", "true")
        return "checked" in box, page

    assert switch("/")[0] is False and switch("/?q=tập huấn")[0] is False
    chosen, page = switch("/?q=tập huấn&rerank=true&n=1")
    assert chosen and "loa truyền thanh" in page.words and len(judge.asked) == 1
    (more,) = [a["href"] for a in page.all("a") if a.get("class") == "more"]
    assert "rerank=true" in str(more)


def test_serve_loads_the_model_of_its_option(
    library, model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    served: list[Any] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: served.append(self.config.app))
    given = ["serve", "--port", "0", "--library", str(library.path)]
    for words, variable in ((["--rerank", str(model)], None), ([], str(model)), ([], None)):
        monkeypatch.delenv("KH_RERANKER", raising=False)
        if variable:
            monkeypatch.setenv("KH_RERANKER", variable)
        with pytest.raises(SystemExit) as stop:
            main([*given, *words])
        assert not stop.value.code
    assert [app.state.reranker and app.state.reranker.name for app in served] == [
        str(model), str(model), None,
    ]  # fmt: skip
    with pytest.raises(SystemExit) as stop:
        main([*given, "--rerank", "/no/such/model"])
    err = capsys.readouterr().err.splitlines()
    assert stop.value.code == 1 and len(served) == 3
    assert "Không tìm thấy thư mục mô hình" in err[-1]


def test_nothing_heavy_is_loaded_unless_named() -> None:
    code = "import kh_nlp.embedding, kh_nlp.search, sys; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
