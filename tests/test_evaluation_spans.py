"""Retrieval over plans with judged spans: places found again, overlaps, the pool for readers."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support_library import HashEncoder
from support_reranking import Prefers
from support_samples import CORPUS, ROOT

from kh_nlp.cli import main
from kh_nlp.evaluation.retrieval import (
    RERANKED,
    RUNS,
    Judgement,
    Place,
    Searcher,
    anchored,
    judge,
    shelf,
)
from kh_nlp.evaluation.retrieval.plans import _items
from kh_nlp.evaluation.retrieval.records import Question
from kh_nlp.library import Library, ingest
from kh_nlp.model import Plan
from kh_nlp.search import search

FILES = sorted(CORPUS.glob("0[1-3]-*"))
JUDGED = Judgement(question="q", plan="p", start=10, end=30, grade=2, quote="", place="f, dòng 1")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("spans")
    with Library.open(folder / "lib", create=True) as opened:
        assert len(ingest(opened, FILES, encoder=HashEncoder()).added) == 3
        yield opened


@pytest.fixture(scope="module")
def plans(library: Library) -> dict[str, Plan]:
    return {Path(s.path).stem: library.plan(s.plan) for s in library.plans()}


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kh_nlp.embedding.load_encoder", lambda name=None: HashEncoder())


def write_spans(folder: Path, plans: dict[str, Plan]) -> list[dict]:
    """One question for each plan: its third section answers, its first does not."""
    folder.mkdir(exist_ok=True)
    asked, judged = [], []
    for number, (stem, plan) in enumerate(sorted(plans.items())):
        sections = [s for s in plan.sections if len(s.text) > 80]
        text = " ".join(sections[2].text.split()[:8])
        asked.append({"id": f"s{number}", "text": text, "kind": "heading"})
        for grade, section in ((2, sections[2]), (0, sections[0])):
            start, end = section.spans[0]
            judged.append(
                {"query": f"s{number}", "plan": stem, "start": start, "end": end, "grade": grade,
                 "quote": plan.text[start:end][:60]}
            )  # fmt: skip
    write(folder / "queries.jsonl", asked)
    write(folder / "judgements.jsonl", judged)
    return judged


def write(file: Path, rows: list[dict]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text(text, "utf-8")


def kh(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "retrieval", *map(str, arguments)])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def test_a_quote_tells_where_its_span_is() -> None:
    text = "Mở đầu. Một đoạn văn có\nlời trích. Rồi lại một đoạn văn có lời trích nữa."
    quoted = replace(JUDGED, quote="Một đoạn văn", start=8, end=34)
    assert anchored(quoted, text) == quoted
    moved = anchored(replace(quoted, start=3, end=29), text)
    assert moved is not None and (moved.start, moved.end) == (8, 34)
    # Blanks may differ; of two places the nearer one.
    again = anchored(replace(quoted, quote="đoạn văn có lời trích", start=40, end=61), text)
    assert again is not None and text[again.start :].startswith("đoạn văn có lời trích nữa")
    assert again.end - again.start == 21
    assert anchored(replace(quoted, quote="đoạn khác"), text) is None
    # Without a quote only the offsets can be believed.
    assert anchored(replace(JUDGED, end=len(text)), text) is not None
    assert anchored(replace(JUDGED, end=len(text) + 1), text) is None


def place(number: int, *pieces: tuple[int, int]) -> Place:
    return Place(
        id=number, plan="kh", number=None, heading=None, text="", indexed="", pieces=pieces,
        start=pieces[0][0], end=pieces[-1][1],
    )  # fmt: skip


def test_a_passage_stands_for_the_span_it_overlaps_by_half() -> None:
    spans = {"kh": [replace(JUDGED, start=100, end=200)]}
    named = ["p:100-200"]
    assert _items(spans, [place(1, (150, 300))]) == named  # 50 of the shorter, 100
    assert _items(spans, [place(1, (151, 300))]) == ["passage 1"]
    assert _items(spans, [place(1, (160, 180))]) == named  # all of the shorter
    # Characters in a hole of a passage are not its own.
    assert _items(spans, [place(1, (0, 90), (210, 400))]) == ["passage 1"]
    assert _items({"other": spans["kh"]}, [place(1, (100, 200))]) == ["passage 1"]


def test_a_span_counts_once_and_the_best_grade_first() -> None:
    spans = {
        "kh": [replace(JUDGED, start=100, end=200, grade=1), replace(JUDGED, start=150, end=200)]
    }
    first, second, third = place(1, (100, 160)), place(2, (160, 200)), place(3, (150, 190))
    assert _items(spans, [first, second, third]) == ["p:100-200", "p:150-200"]
    assert _items(spans, [second, first]) == ["p:150-200", "p:100-200"]
    # What was judged itself keeps its own grade, whatever stands around it.
    judged = [replace(JUDGED, start=0, end=300), replace(JUDGED, start=100, end=200, grade=0)]
    assert _items({"kh": judged}, [place(1, (100, 200)), place(2, (20, 90))]) == [
        "passage 1",
        "p:0-300",
    ]


def test_hybrid_ranks_what_search_shows(library: Library, plans: dict[str, Plan]) -> None:
    collection, lost = judge("x", library, [Question("q", "a")], [], encoder=HashEncoder())
    assert lost == []
    ready, searcher = shelf(library), Searcher(collection)
    for query in ("tuyên truyền cải cách hành chính", "kinh phi thuc hien", "xyzzy qwert"):
        ranked = [ready.places[p] for p in searcher.passages("hybrid", query)]
        ranks = {(p.plan, p.start, p.end): rank for rank, p in reversed(list(enumerate(ranked)))}
        hits = search(library, query, limit=20, encoder=HashEncoder()).hits
        places = [ranks[hit.plan, hit.start, hit.end] for hit in hits]
        assert places == sorted(places) and (not places or places[0] == 0)  # folded, same order
    assert searcher.passages("hybrid", "?!") == []


def test_reranked_is_what_search_with_a_reranker_shows(library: Library) -> None:
    collection, _ = judge("x", library, [Question("q", "a")], [], encoder=HashEncoder())
    prefers = Prefers("kinh phí")
    ready, searcher = shelf(library), Searcher(collection, prefers)
    for query in ("tuyên truyền cải cách hành chính", "kinh phi thuc hien", "xyzzy qwert"):
        before = searcher.passages("hybrid", query)
        found = searcher.passages(RERANKED, query)
        assert sorted(found) == sorted(before) and found[50:] == before[50:]
        places = [ready.places[passage] for passage in found]
        ranks = {(p.plan, p.start, p.end): rank for rank, p in reversed(list(enumerate(places)))}
        hits = search(library, query, limit=20, encoder=HashEncoder(), reranker=prefers).hits
        shown = [ranks[hit.plan, hit.start, hit.end] for hit in hits]
        assert shown == sorted(shown) and (not shown or shown[0] == 0)
        if before:
            assert found != before and "kinh phí" in places[0].indexed
    assert searcher.passages(RERANKED, "?!") == []


def test_command_over_plans(plans: dict[str, Plan], tmp_path: Path, capsys) -> None:
    data, cache = tmp_path / "spans", tmp_path / "cache"
    rows = write_spans(data, plans)
    given = ("--data", data, "--cache", cache, "--json", "--plans", *FILES)
    status, out, err = kh(capsys, *given)
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert answer["queries"] == 3 and answer["kinds"]["heading"]["queries"] == 3
    for run in ("reference", "lexical", "hybrid"):
        assert answer["runs"][run]["recall@10"] == 1.0, run
    assert (cache / "vectors.sqlite").is_file()
    # Offsets of another reading: the quotes lead back, the figures stay.
    for row in rows:
        row["start"] += 7
        row["end"] += 7
    write(data / "judgements.jsonl", rows)
    status, out, err = kh(capsys, *given)
    assert (status, err) == (0, "") and json.loads(out)["runs"] == answer["runs"]
    # A quote that stands nowhere is told, and counts as an answer that is not found.
    rows[0]["quote"] = "Không có câu nào như thế này trong kế hoạch"
    write(data / "judgements.jsonl", rows)
    status, out, err = kh(capsys, *given)
    assert status == 0 and err.count("\n") == 1
    assert "judgements.jsonl, dòng 1: không thấy đoạn “Không có câu nào" in err
    assert json.loads(out)["runs"]["lexical"]["recall@100"] == pytest.approx(2 / 3, abs=1e-4)


def test_command_over_a_library(library: Library, plans, tmp_path: Path, capsys) -> None:
    write_spans(tmp_path / "spans", plans)
    status, out, err = kh(capsys, "--data", tmp_path / "spans", "--library", library.path, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["runs"]["lexical"]["mrr@10"] == 1.0


def test_faults_of_judgements(plans: dict[str, Plan], tmp_path: Path, capsys) -> None:
    data = tmp_path / "spans"
    good = write_spans(data, plans)[0]
    for change, line in (
        ({"query": "s9"}, "không có câu hỏi “s9”"),
        ({"plan": "khác"}, "không có kế hoạch “khác”"),
        ({"start": "1"}, "“start” phải là số nguyên"),
        ({"start": 5, "end": 5}, "đoạn 5–5 không hợp lệ"),
        ({"grade": -1}, "mức -1 không hợp lệ"),
        ({"grade": 0}, "không có câu hỏi nào có đoạn trả lời"),
    ):
        write(data / "judgements.jsonl", [good | change])
        status, out, err = kh(capsys, "--data", data, "--plans", FILES[0])
        assert (status, out, err.count("\n")) == (1, "", 1) and line in err, err
    status, _, err = kh(capsys, "--data", data)
    assert status == 2 or "không có câu hỏi nào" in err
    # A judged plan that cannot be read is told, and its answers count as not found.
    write_spans(data, plans)
    broken = tmp_path / FILES[0].name
    broken.write_bytes(b"")
    status, out, err = kh(
        capsys, "--data", data, "--cache", tmp_path / "c", "--json", "--plans", broken, *FILES[1:]
    )
    assert status == 0 and str(broken) in err and "không thấy đoạn" in err
    assert json.loads(out)["runs"]["lexical"]["recall@100"] == pytest.approx(2 / 3, abs=1e-4)


def test_pool_does_not_tell_who_found_what(plans, tmp_path: Path, capsys) -> None:
    found = importlib.util.spec_from_file_location("pool", ROOT / "benchmarks" / "pool.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    write_spans(tmp_path / "spans", plans)
    arguments = ["--data", str(tmp_path / "spans"), "--cache", str(tmp_path / "c")]
    arguments += ["--depth", "5", "--plans", *map(str, FILES)]
    assert module.main(arguments) == 0
    out = capsys.readouterr().out
    rows = [json.loads(line) for line in out.splitlines()]
    keys = ["query", "text", "plan", "start", "end", "number", "heading", "passage"]
    assert all(list(row) == keys for row in rows)
    places = [(row["query"], row["plan"], row["start"], row["end"]) for row in rows]
    assert {row["query"] for row in rows} == {"s0", "s1", "s2"} and len(places) > 15
    assert len(rows) <= 3 * 5 * len(RUNS)
    for row in rows:
        assert row["plan"] in plans and 0 <= row["start"] < row["end"]
    assert module.main(arguments) == 0 and capsys.readouterr().out == out  # the same seed
    assert module.main([*arguments, "--seed", "2"]) == 0
    other = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert other != rows and sorted(map(str, other)) == sorted(map(str, rows))
