"""A cross-encoder that the user names: order, scores, and what it must not touch."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support_library import HashEncoder, use_toys, write_toy

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
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "tập", "huấn", "kinh", "phí", "loa", "tin"]


class Prefers:
    """Puts texts with a word first, as a cross-encoder might."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[tuple[str, list[str]]] = []

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        self.asked.append((query, list(texts)))
        return np.array([0.9 if self.word in text else 0.2 for text in texts])


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


def tiny(folder: Path, outputs: int) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(4)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64, num_labels=outputs, initializer_range=0.8,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer = BertTokenizer(str(folder / "vocab.txt"), do_lower_case=False)
    tokenizer.model_max_length = 64
    tokenizer.save_pretrained(folder)
    return folder


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


def test_nothing_heavy_is_loaded_unless_named() -> None:
    code = "import kh_nlp.embedding, kh_nlp.search, sys; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
