"""Retrieval measured: values by hand, the reference, sets of documents, faults of input."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from support_library import HashEncoder
from support_reranking import Prefers, tiny

from kh_nlp.cli import main
from kh_nlp.errors import InputError, MissingExtraError
from kh_nlp.evaluation.retrieval import (
    MEASURES,
    RERANKED,
    RUNS,
    Reference,
    Searcher,
    difference,
    estimate,
    evaluate_retrieval,
    index_documents,
    load_documents,
    measured,
    measures,
    swapped,
    unaccented,
)
from kh_nlp.library.passages import WINDOW, windows

DOCUMENTS = {
    "d1": ("Tuyên truyền", "Đăng bài tuyên truyền cải cách hành chính trên trang thông tin."),
    "d2": ("Kinh phí", "Nguồn kinh phí từ ngân sách nhà nước và các nguồn hợp pháp khác."),
    "d3": ("Hòa giải", "Tập huấn hòa giải viên ở cơ sở, tuyên truyền pháp luật."),
    "d4": ("", "Phát tin trên hệ thống loa truyền thanh của xã."),
}
QUERIES = {
    "q1": ("cải cách hành chính", "topic"),
    "q2": ("kinh phí lấy từ đâu?", "question"),
    "q3": ("loa truyền thanh", "topic"),
    "q4": ("giá vàng", None),
}
QRELS = (("q1", "d1", 2), ("q1", "d3", 1), ("q2", "d2", 1), ("q3", "d4", 1), ("q4", "d1", 0))


def write_set(folder: Path, *, header: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [{"_id": i, "title": t, "text": x} for i, (t, x) in DOCUMENTS.items()]
    asked = [
        {"_id": i, "text": text} | ({"kind": kind} if kind else {})
        for i, (text, kind) in QUERIES.items()
    ]
    for name, rows in (("corpus.jsonl", lines), ("queries.jsonl", asked)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text(text, "utf-8")
    table = ["query-id\tcorpus-id\tscore"] if header else []
    table += ["\t".join(map(str, row)) for row in QRELS]
    (folder / "qrels.tsv").write_text("\n".join(table) + "\n", "utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_set(tmp_path / "small")


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kh_nlp.embedding.load_encoder", lambda name=None: HashEncoder())


def kh(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "retrieval", *map(str, arguments)])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def test_values_are_those_worked_out_by_hand() -> None:
    qrels = {"q": {"a": 2, "b": 1, "c": 1, "no": 0}, "r": {"a": 1}, "s": {"z": 1}}
    late = [f"x{n}" for n in range(10)]
    found = measured(qrels, {"q": ["no", "b", "x", "a"], "r": [*late, "a"], "s": []})
    ideal = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    gain = 1 / math.log2(3) + 2 / math.log2(5)
    assert found["ndcg@10"]["q"] == pytest.approx(gain / ideal)
    assert found["mrr@10"]["q"] == 1 / 2 and found["recall@10"]["q"] == pytest.approx(2 / 3)
    # Rank 11: beyond the first ten, within the first hundred.
    assert [found[name]["r"] for name in MEASURES] == [0.0, 0.0, 0.0, 1.0]
    assert [found[name]["s"] for name in MEASURES] == [0.0] * 4
    assert list(found) == list(MEASURES)


def test_the_order_given_counts_however_items_are_named() -> None:
    for items in (["a", "z"], ["z", "a"]):
        found = measured({"q": {"a": 1}}, {"q": items})
        assert found["mrr@10"]["q"] == 1 / (1 + items.index("a"))


def test_intervals_and_paired_test() -> None:
    values = [0.0, 1.0] * 50
    found = estimate(values)
    assert found.value == 0.5 and found.interval is not None
    # Standard error .05: about .4 to .6.
    assert found.interval[0] == pytest.approx(0.4, abs=0.02)
    assert found.interval[1] == pytest.approx(0.6, abs=0.02)
    assert estimate(values) == found  # twice the same
    assert estimate([0.7]).interval is None
    assert estimate([1.0, 1.0]).interval == (1.0, 1.0)


def test_differences() -> None:
    values = [0.0, 1.0] * 50
    same = difference("a", "b", "m", values, values)
    assert (same.value, same.interval, same.p) == (0.0, (0.0, 0.0), 1.0)
    # 3 questions: 8 ways to flip the signs, 2 of them as far from 0.
    small = difference("a", "b", "m", [0.5, 0.6, 0.9], [0.4, 0.4, 0.6])
    assert small.value == pytest.approx(0.2) and small.p == pytest.approx(2 / 8)
    clear = difference("a", "b", "m", [v + 0.1 + i / 1000 for i, v in enumerate(values)], values)
    assert clear.p < 0.001 and clear.interval is not None and clear.interval[0] > 0.1


def test_reference_ranks_by_syllables_and_pairs() -> None:
    texts = [(7, "kinh phí và thời gian"), (8, "phí kinh doanh"), (9, "Kinh phí kinh phí")]
    reference = Reference(texts)
    assert reference.rank("KINH PHÍ", 10) == [9, 7, 8]  # 8 holds both syllables but not the pair
    assert reference.rank("kinh phí", 1) == [9]
    assert reference.rank("doanh", 10) == [8]
    assert reference.rank("xyz", 10) == reference.rank("?!", 10) == []
    # Worked out: idf · tf / (tf + k1 · (1 − b + b · length / average)), n = 1 of N = 3.
    lengths = [9, 5, 7]
    norm = 0.9 * (0.6 + 0.4 * 5 / (sum(lengths) / 3))
    score = math.log(1 + 2.5 / 1.5) / (1 + norm)
    assert reference._bm25.get_scores(["doanh"])[1] == pytest.approx(score, rel=1e-5)


def test_windows_are_cut_as_plans_are() -> None:
    text = "Một câu có sáu từ. " * 100
    parts = list(windows(text))
    assert len(parts) == 3 and all(len(part.split()) <= WINDOW for part in parts)
    assert " ".join(parts).split() == text.split() and all(part.endswith(".") for part in parts)
    assert list(windows(" \n ")) == []


def test_a_document_is_where_its_best_window_is(data: Path, tmp_path: Path) -> None:
    found = load_documents(data)
    long = " ".join(f"từ{n}" for n in range(3 * WINDOW)) + " kho lưu trữ lịch sử"
    found.documents.append(type(found.documents[0])("long", "", long))
    encoder = HashEncoder()
    collection = index_documents(found, encoder, tmp_path / "s", tmp_path / "v.sqlite")
    assert len(collection.index.lexical[0].passages) == 8  # the long one in four windows
    searcher = Searcher(collection)
    for run in ("reference", "lexical", "hybrid"):
        passages = searcher.passages(run, "kho lưu trữ lịch sử")
        items = collection.items("q1", passages)
        assert items[0] == "long" and len(items) == len(set(items)) <= 5
    # A second index of the same documents encodes nothing.
    again = HashEncoder()
    index_documents(found, again, tmp_path / "t", tmp_path / "v.sqlite")
    assert encoder.encoded and not again.encoded


def test_all_runs_of_a_small_set(data: Path, tmp_path: Path) -> None:
    collection = index_documents(
        load_documents(data), HashEncoder(), tmp_path / "s", tmp_path / "v.sqlite"
    )
    report = evaluate_retrieval(collection)
    assert (report.questions, report.unanswered) == (3, 1)  # nothing answers q4
    assert list(report.runs) == list(RUNS)
    for run in ("reference", "lexical"):
        assert report.runs[run]["mrr@10"].value == 1.0
        # d3 shares no word with q1: 2 of 2 + 1 / log2(3) for it, all for the others.
        wanted = (2 / (2 + 1 / math.log2(3)) + 2) / 3
        assert report.runs[run]["ndcg@10"].value == pytest.approx(wanted)
    assert report.runs["dense"]["recall@100"].value == 1.0
    assert report.kinds["topic"].questions == 2 and report.kinds["question"].questions == 1
    assert report.changes == () and report.plain == {}


@pytest.mark.parametrize("header", [True, False])
def test_qrels_with_and_without_names_of_columns(tmp_path: Path, header: bool) -> None:
    found = load_documents(write_set(tmp_path / "set", header=header))
    assert found.qrels["q1"] == {"d1": 2, "d3": 1} and found.name == "set"
    (tmp_path / "set" / "qrels").mkdir()
    table = (tmp_path / "set" / "qrels.tsv").rename(tmp_path / "set" / "qrels" / "test.tsv")
    assert load_documents(tmp_path / "set").qrels == found.qrels
    table.write_text("q1\t0\td1\t1\r\n", "utf-8")
    assert load_documents(tmp_path / "set").qrels == {"q1": {"d1": 1}}


def test_command_prints_json_and_tables(data: Path, tmp_path: Path, capsys) -> None:
    cache = tmp_path / "cache"
    status, out, err = kh(capsys, "--data", data, "--cache", cache, "--json")
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert set(answer["runs"]) == set(RUNS)
    assert all(set(row) == set(MEASURES) for row in answer["runs"].values())
    assert answer["runs"]["lexical"]["mrr@10"] == 1.0 and answer["queries"] == 3
    assert answer["intervals"]["lexical"]["mrr@10"] == [1.0, 1.0]
    pairs = {(row["run"], row["other"]) for row in answer["differences"]}
    assert ("hybrid", "reference") in pairs
    assert answer["kinds"]["topic"]["queries"] == 2
    assert (cache / "vectors.sqlite").is_file()
    status, out, err = kh(capsys, "--data", data, "--cache", cache)
    assert (status, err) == (0, "")
    assert "3 câu hỏi" in out and "hybrid − reference" in out and "Bỏ ngoài 1 câu hỏi" in out


def test_a_reranker_is_one_more_run(data: Path, tmp_path: Path) -> None:
    collection = index_documents(
        load_documents(data), HashEncoder(), tmp_path / "s", tmp_path / "v.sqlite"
    )
    plain = evaluate_retrieval(collection)
    judge = Prefers("hòa giải viên")
    report = evaluate_retrieval(collection, reranker=judge)
    assert list(report.runs) == [*RUNS, RERANKED]
    assert all(report.runs[run] == plain.runs[run] for run in RUNS)
    pairs = {(one.run, one.other) for one in report.differences}
    assert {(RERANKED, "hybrid"), (RERANKED, "reference")} <= pairs
    # What answers q2 and q3 stands second now, behind what the judge prefers.
    assert report.runs[RERANKED]["mrr@10"].value == pytest.approx((1 + 1 / 2 + 1 / 2) / 3)
    assert len(judge.asked) == 3  # each question once
    query, texts = judge.asked[1]
    assert query == QUERIES["q2"][0] and "\n".join(DOCUMENTS["d2"]) in texts
    assert "Phát tin" in next(text for text in texts if "loa" in text)[:8]  # no title, no blank


def test_command_with_a_reranker(data: Path, tmp_path: Path, capsys) -> None:
    model, cache, file = tmp_path / "cross", tmp_path / "cache", tmp_path / "base.json"
    tiny(model, outputs=1)
    capsys.readouterr()  # transformers tells how it writes the model
    given = ("--data", data, "--cache", cache)
    status, out, err = kh(capsys, *given, "--rerank", model, "--save", file, "--json")
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert set(answer["runs"]) == {*RUNS, RERANKED}
    assert RERANKED in answer["kinds"]["topic"]["runs"]
    assert "reranked ndcg@10" in json.loads(file.read_text("utf-8"))["means"]
    status, out, _ = kh(capsys, *given, "--rerank", model)
    assert "reranked − hybrid" in out and "xếp lại bằng mô hình" in out
    # Without the model its figures are not missed.
    status, out, _ = kh(capsys, *given, "--baseline", file, "--strict")
    assert status == 0 and "reranked" not in out
    status, out, err = kh(capsys, *given, "--rerank", tmp_path / "none")
    assert (status, out) == (1, "") and len(err.splitlines()) == 1 and "mô hình" in err


def test_baseline(data: Path, tmp_path: Path, capsys) -> None:
    file, cache = tmp_path / "base.json", tmp_path / "cache"
    assert kh(capsys, "--data", data, "--cache", cache, "--save", file)[0] == 0
    stored = json.loads(file.read_text("utf-8"))
    assert stored["plans"]["small"]["lexical mrr@10"] == 1.0
    arguments = ("--data", data, "--cache", cache, "--baseline", file, "--strict")
    assert kh(capsys, *arguments)[0] == 0
    stored["plans"]["small"]["hybrid ndcg@10"] = 1.2
    file.write_text(json.dumps(stored), "utf-8")
    status, out, _ = kh(capsys, *arguments, "--json")
    assert status == 1
    assert json.loads(out)["baseline"]["fallen"] == ["hybrid ndcg@10"]
    status, _, err = kh(capsys, "--data", data, "--strict")
    assert status == 2 and "--baseline" in err


def test_other_wordings() -> None:
    assert unaccented("Đề án của UBND xã Hoà, 06/QĐ-TTg") == "De an cua UBND xa Hoa, 06/QD-TTg"
    assert swapped("CCHC năm 2026") == "cải cách hành chính năm 2026"
    assert swapped("về cải cách hành chính") == "về CCHC"
    assert swapped("loa truyền thanh") == "loa truyền thanh"


def test_loss_of_other_wordings_is_told(data: Path, tmp_path: Path, capsys) -> None:
    base = ("--data", data, "--cache", tmp_path / "cache")
    status, out, _ = kh(capsys, *base, "--swap-abbreviations", "--json")
    answer = json.loads(out)
    assert status == 0 and answer["data"] == "small (đổi chữ tắt)" and answer["reworded"] == 1
    change = {(row["run"], row["measure"]): row["difference"] for row in answer["changes"]}
    assert answer["plain"]["reference"]["mrr@10"] == 1.0
    # "CCHC" stands nowhere: the reference loses the question, search knows what it means.
    assert change["reference", "mrr@10"] == pytest.approx(-1 / 3, abs=1e-4)
    assert change["lexical", "mrr@10"] == 0.0
    status, out, _ = kh(capsys, *base, "--swap-abbreviations")
    assert "Thay đổi so với câu hỏi gốc" in out and "1 câu hỏi được viết khác đi" in out


def test_folded_field_answers_questions_without_accents(data: Path, tmp_path: Path, capsys) -> None:
    status, out, _ = kh(capsys, "--data", data, "--cache", tmp_path / "c", "--unaccented", "--json")
    answer = json.loads(out)
    assert status == 0 and answer["reworded"] == 3
    assert answer["runs"]["lexical"]["mrr@10"] == 1.0 > answer["runs"]["reference"]["mrr@10"]


FAULTS = {
    "corpus.jsonl": [
        (None, "không tìm thấy tệp"),
        ("", "không có văn bản nào"),
        ('{"_id": "d1"}\n', "dòng 1: thiếu trường “text”"),
        ("[1]\n", "dòng 1: không phải một đối tượng JSON"),
        ('{"_id": "d", "text": "a"}\n' * 2, "dòng 2: văn bản “d” có hai lần"),
    ],
    "queries.jsonl": [
        (None, "không tìm thấy tệp"),
        ("\n", "không có câu hỏi nào"),
        ('{"_id": "q1", "text": " "}\n', "câu hỏi trống"),
        ('{"_id": "q1", "text": "a"}\n' * 2, "dòng 2: câu hỏi “q1” có hai lần"),
    ],
    "qrels.tsv": [
        (None, "không tìm thấy tệp"),
        ("", "không có câu hỏi nào có văn bản trả lời"),
        ("query-id\tcorpus-id\tscore\n", "không có câu hỏi nào có văn bản trả lời"),
        ("q1\td1\t0\n", "không có câu hỏi nào có văn bản trả lời"),
        ("q1 d1 1\n", "dòng 1: cần ba cột"),
        ("q1\td1\t1\nq9\td1\t1\n", "dòng 2: không có câu hỏi “q9”"),
        ("q1\td9\t1\n", "dòng 1: không có văn bản “d9”"),
        ("q1\td1\t1\nq1\td2\ttốt\n", "dòng 2: mức “tốt” không phải là số"),
    ],
}


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [(name, text, line) for name, faults in FAULTS.items() for text, line in faults],
)
def test_faults_are_one_line(data: Path, name: str, text: str | None, line: str, capsys) -> None:
    file = data / name
    file.unlink() if text is None else file.write_text(text, "utf-8")
    status, out, err = kh(capsys, "--data", data)
    assert (status, out) == (1, "")
    assert err.startswith("kh: ") and err.count("\n") == 1 and line in err, err


def test_other_faults(data: Path, tmp_path: Path, capsys) -> None:
    status, _, err = kh(capsys, "--data", tmp_path / "none")
    assert status == 1 and "queries.jsonl: không tìm thấy tệp" in err
    status, _, err = kh(capsys, "--data", data, "--plans", tmp_path)
    assert status == 2 and "judgements.jsonl" in err
    (data / "corpus.jsonl").write_bytes(b"\xff\xfe{}")
    assert "UTF-8" in kh(capsys, "--data", data)[2]


@pytest.mark.parametrize("package", ["bm25s", "ir_measures"])
def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=r"kh-nlp\[eval\]"):
        Reference([(1, "a")]) if package == "bm25s" else measures()


def test_a_collection_without_answers(data: Path, tmp_path: Path) -> None:
    found = load_documents(data)
    found.questions[:] = found.questions[3:]
    collection = index_documents(found, HashEncoder(), tmp_path / "s", tmp_path / "v.sqlite")
    with pytest.raises(InputError, match="small"):
        evaluate_retrieval(collection)
    assert np.isfinite(collection.index.dense[0].vectors).all()
