"""Summaries and comparisons: verbatim, sourced, within the length asked for."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from support_samples import sample_library
from test_cli_library import run

from api import create_app
from kh_nlp.errors import UsageError
from kh_nlp.language import syllables
from kh_nlp.library import Library
from kh_nlp.pipeline import read_plan
from kh_nlp.summaries import (
    Length,
    aspect_table,
    compare,
    summarize_plan,
    summarize_query,
    summarize_tasks,
    units,
)
from kh_nlp.summaries.choosing import choose
from kh_nlp.summaries.units import aspect_of, sentences

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "corpus").glob("[0-9]*.*"))
SHARED = ROOT.parent / "shared"
GOLD = ROOT / "tests" / "gold_summaries" / "key_sentences.json"


@pytest.fixture(scope="module")
def library():
    with Library.open(sample_library()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("heading", "aspect"),
    [
        ("MỤC ĐÍCH, YÊU CẦU", "goal"),
        ("Nội dung và hình thức tuyên truyền", "task"),
        ("IV. KINH PHÍ THỰC HIỆN", "funding"),
        ("Tổ chức thực hiện", "who"),
        ("THỜI GIAN, ĐỊA ĐIỂM", "when"),
        ("Sở Nội vụ", None),
        ("", None),
    ],
)
def test_headings_tell_the_aspect(heading: str, aspect: str | None) -> None:
    assert aspect_of(heading) == aspect


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. Mở lớp tại TP. Cần Thơ. Báo cáo trước 15/12.", ["Mở lớp tại TP. Cần Thơ.",
         "Báo cáo trước 15/12."]),
        ("- Không bấm vào đường dẫn lạ. Nội dung phát trên loa.", ["Không bấm vào đường dẫn lạ.",
         "Nội dung phát trên loa."]),
        ("a) Hỏi: \"Nộp ở đâu?\" Trả lời ngay;\n+ Treo biển", ["Hỏi: \"Nộp ở đâu?\"",
         "Trả lời ngay;", "Treo biển"]),
        ("1.2. Chi 1.500.000 đồng theo mức 2.5 lần", ["Chi 1.500.000 đồng theo mức 2.5 lần"]),
        ("", []),
        ("  \n - \n", []),
    ],
)  # fmt: skip
def test_sentences(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == found


@given(st.text(alphabet="aAá.;!? \n1)-•Đ", max_size=80))
def test_sentences_are_ordered_pieces(text: str) -> None:
    last = 0
    for start, end in sentences(text, 0, len(text)):
        assert last <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        last = end


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem[:24])
def test_every_sentence_is_verbatim_and_has_its_source(path: Path) -> None:
    plan = read_plan(path)
    sections = {section.number for section in plan.sections}
    assert len(units(plan)) > 10
    for length in (Length(), Length(words=150), Length(sentences=3)):
        summary = summarize_plan(plan, length)
        assert summary.found
        for one in summary.sentences:
            assert one.text == plan.text[one.start : one.end]
            assert one.number is None or one.number in sections
            assert one.page == plan.locate(one.start).page
        assert len({one.start for one in summary.sentences}) == len(summary.sentences)
        assert len(summary.sentences) <= (length.sentences or 10**6)
        if length.words:
            assert sum(len(syllables(one.text)) for one in summary.sentences) <= length.words


@pytest.mark.parametrize("folder", ["seeds", "plans"])
def test_real_plans_are_quoted_verbatim(folder: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared is absent: real plans are not at hand")
    paths = sorted((SHARED / folder).glob("0*.txt"))[:12]
    assert len(paths) >= 5
    for path in paths:
        plan = read_plan(path)
        quoted = summarize_plan(plan).sentences
        assert quoted, path
        for one in quoted:
            assert one.text == plan.text[one.start : one.end], path


def test_a_summary_speaks_of_goals_tasks_bodies_and_money() -> None:
    plan = read_plan(next(path for path in SAMPLES if path.name.startswith("13-")))
    aspects = [one.aspect for one in summarize_plan(plan).sentences]
    assert {"goal", "task", "who", "funding"} <= set(aspects)
    order = ["goal", "task", "who", "when", "funding", "basis"]
    assert aspects == sorted(aspects, key=order.index)


def test_one_aspect_alone_and_wrong_requests() -> None:
    plan = read_plan(next(path for path in SAMPLES if path.name.startswith("13-")))
    money = summarize_plan(plan, aspects=["funding"])
    assert [one.number for one in money.sentences] == ["IV"]
    with pytest.raises(UsageError, match="khía cạnh"):
        summarize_plan(plan, aspects=["money"])  # type: ignore[list-item]
    with pytest.raises(UsageError, match="từ 1"):
        summarize_plan(plan, Length(sentences=0))


def test_repeated_sentences_are_taken_once() -> None:
    texts = ["Mở lớp tập huấn cho công chức xã", "Mở lớp tập huấn cho công chức xã.", "Phát loa"]
    assert choose(texts, [0.9, 0.8, 0.1], Length(sentences=3)) == [0, 2]
    assert choose(texts, [0.9, 0.8, 0.1], Length(words=2)) == [2]
    assert choose([], [], Length(words=2)) == []
    assert choose(texts, [0.1, 0.1, 0.1], Length(sentences=1), first=[[2]]) == [2]


def test_plans_side_by_side(library) -> None:
    plans = [library.plan(one.plan) for one in library.plans()[:3]]
    rows = aspect_table(plans, each=1)
    assert [row.plan for row in rows] == [plan.plan_id for plan in plans]
    for row, plan in zip(rows, plans, strict=True):
        assert list(row.cells) == ["goal", "task", "who", "when", "funding", "basis"]
        assert row.cells["goal"] and row.cells["task"]
        for found in row.cells.values():
            assert len(found) <= 1
            assert all(plan.text[one.start : one.end] == one.text for one in found)


def test_answer_across_plans(library) -> None:
    summary = summarize_query(library, "loa truyền thanh", Length(sentences=5))
    assert summary.found and summary.query == "loa truyền thanh"
    assert 2 <= len(summary.sentences) <= 5
    assert len({one.plan for one in summary.sentences}) >= 2
    for one in summary.sentences:
        assert library.plan(one.plan).text[one.start : one.end] == one.text
    assert any("loa" in one.text.lower() for one in summary.sentences)


def test_nothing_is_made_up_where_nothing_answers(library) -> None:
    summary = summarize_query(library, "xqzv wkjh")
    assert not summary.found and summary.sentences == ()
    with pytest.raises(UsageError):
        summarize_query(library, "  ")


def test_tasks_of_a_kind(library) -> None:
    plans = [library.plan(one.plan) for one in library.plans()]
    wanted = [t.id for plan in plans for t in plan.tasks if "tập huấn" in (t.content or "").lower()]
    summary = summarize_tasks(plans, wanted, Length(sentences=3))
    assert summary.found
    texts = {plan.plan_id: plan.text for plan in plans}
    for one in summary.sentences:
        assert texts[one.plan][one.start : one.end] == one.text
    assert not summarize_tasks(plans, ["t-none"]).found


def _changed(tmp_path: Path) -> Path:
    text = next(p for p in SAMPLES if p.name.startswith("13-")).read_text(encoding="utf-8")
    text = text.replace("2022", "2023").replace("412 triệu", "450 triệu")
    first, last = text.index("6. Thi đua:"), text.index("IV. KINH PHÍ")
    text = text[:first] + "6. Hội diễn: tổ chức tại quảng trường vào tháng 9.\n\n" + text[last:]
    path = tmp_path / "nam-sau.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_next_years_plan_beside_this_years(tmp_path: Path) -> None:
    old = read_plan(next(path for path in SAMPLES if path.name.startswith("13-")))
    new = read_plan(_changed(tmp_path))
    found = compare(old, new)
    by_number = {(change.b or change.a).number: change for change in found.sections}  # type: ignore[union-attr]
    assert by_number["IV"].change == "changed"
    assert [(p.old, p.new) for p in by_number["IV"].pieces] == [("412", "450")]
    assert by_number["II.1"].change == "dated"
    changes = Counter(change.change for change in found.sections)
    assert (changes["added"], changes["removed"], changes["changed"]) == (1, 1, 1)
    assert {task.change for task in found.tasks} == {"same", "dated"}
    assert ("period", "2022-01-01 – 2022-12-31", "2023-01-01 – 2023-12-31") in [
        (fact.field, fact.a, fact.b) for fact in found.header
    ]
    for change in (*found.sections, *found.tasks):
        for plan, side in ((old, change.a), (new, change.b)):
            assert side is None or plan.text[side.start : side.end] == side.text


def test_a_plan_differs_in_nothing_from_itself() -> None:
    for path in SAMPLES[::6]:
        plan = read_plan(path)
        found = compare(plan, plan)
        assert found.header == () and found.documents == ()
        assert {change.change for change in (*found.sections, *found.tasks)} == {"same"}


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(sample_library())
    with Library.open(folder) as opened:
        first, second = (one.plan for one in opened.plans()[:2])
    status, out, _ = run(capsys, "summarize", first, "-n", "3", "-L", folder, "--json")
    assert status == 0
    answer = json.loads(out)
    assert len(answer["sentences"]) == 3
    assert {"text", "plan", "start", "end"} <= answer["sentences"][0].keys()
    status, out, _ = run(capsys, "summarize", "loa truyền thanh", "-L", folder)
    assert status == 0 and "trang" in out and "loa" in out
    status, out, _ = run(capsys, "summarize", first, second, "-L", folder)
    assert status == 0 and out.count("Mục tiêu:") == 2
    status, out, _ = run(capsys, "summarize", "xqzv wkjh", "-L", folder)
    assert (status, out) == (0, "Không tìm thấy nội dung phù hợp.\n")
    status, out, _ = run(capsys, "compare", first, second, "-L", folder, "--json")
    assert status == 0 and json.loads(out)["a"] == first
    sheet = tmp_path / "so-sanh.xlsx"
    status, out, err = run(capsys, "compare", first, second, "-L", folder, "--out", str(sheet))
    assert status == 0 and sheet.read_bytes()[:2] == b"PK"
    status, out, err = run(capsys, "compare", first, "khong-co", "-L", folder)
    assert status == 2 and "khong-co" in err and "Traceback" not in err


def test_summary_of_a_cluster(capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(sample_library())
    _, out, _ = run(capsys, "cluster", "-L", folder, "--json")
    largest = json.loads(out)["clusters"][0]
    status, out, _ = run(
        capsys, "summarize", "--cluster", largest["id"], "-n", "3", "-L", folder, "--json"
    )
    answer = json.loads(out)
    assert status == 0 and answer["query"] == largest["label"]
    assert 1 <= len(answer["sentences"]) <= 3
    with Library.open(folder) as opened:
        for one in answer["sentences"]:
            assert opened.plan(one["plan"]).text[one["start"] : one["end"]] == one["text"]
    for wrong in (["--cluster", "c-none"], [], [largest["id"], "--cluster", largest["id"]]):
        status, _, err = run(capsys, "summarize", *wrong, "-L", folder)
        assert status == 2 and err.count("\n") == 1 and "Traceback" not in err


def test_routes() -> None:
    client = TestClient(create_app(sample_library()), base_url="http://127.0.0.1")
    with Library.open(sample_library()) as opened:
        first, second = (one.plan for one in opened.plans()[:2])
    answer = client.get(f"/api/plans/{first}/summary", params={"sentences": 4})
    assert answer.status_code == 200 and len(answer.json()["sentences"]) == 4
    assert client.get("/api/plans/nope/summary").status_code == 404
    assert client.get("/api/summary", params={"q": "loa truyền thanh"}).json()["found"]
    assert client.get("/api/compare", params={"a": first, "b": second}).json()["b"] == second


def test_better_than_the_first_sentences_on_plans_not_tuned_on() -> None:
    gold = sorted(json.loads(GOLD.read_text(encoding="utf-8")).items())
    ours, lead = [], []
    for stem, key in gold[1::2]:
        plan = read_plan(next((ROOT / "corpus").glob(f"{stem}.*")))
        wanted = _pairs("\n".join(key))
        words = len(syllables("\n".join(key)))
        ours.append(
            _recall(wanted, [s.text for s in summarize_plan(plan, Length(words=words)).sentences])
        )
        first, left = [], words
        for unit in units(plan):
            if len(syllables(unit.text)) <= left:
                first.append(unit.text)
                left -= len(syllables(unit.text))
        lead.append(_recall(wanted, first))
    assert sum(ours) >= 1.15 * sum(lead)


def _pairs(text: str) -> Counter[tuple[str, str]]:
    words = [word.lower() for word in syllables(text)]
    return Counter(pairwise(words))


def _recall(wanted: Counter[tuple[str, str]], texts: list[str]) -> float:
    return sum((wanted & _pairs("\n".join(texts))).values()) / sum(wanted.values())


def test_the_page_of_a_plan_leads_from_each_sentence_to_its_place() -> None:
    client = TestClient(create_app(sample_library()), base_url="http://127.0.0.1")
    with Library.open(sample_library()) as opened:
        plan = opened.plan(opened.plans()[1].plan)
    page = client.get(f"/plans/{plan.plan_id}").text
    first = summarize_plan(plan, Length(sentences=8)).sentences[0]
    assert f"?mark={first.start}-{first.end}#found" in page
    marked = client.get(f"/plans/{plan.plan_id}", params={"mark": f"{first.start}-{first.end}"})
    assert 'id="found"' in marked.text
