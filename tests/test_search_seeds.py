"""Search and coverage over the real seeds with the bundled encoder, and in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from support_library import use_toys, write_toy

from kh_nlp.library import Library, check, ingest
from kh_nlp.search import cited_documents, covers, search
from kh_nlp.search.relevance import FOUND

SHARED = Path(os.environ.get("KH_SHARED", Path(__file__).resolve().parents[1].parent / "shared"))
SEEDS = SHARED / "seeds"
needs_seeds = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the real seed plans (../shared/seeds) are not here"
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory):
    if not SEEDS.is_dir():
        pytest.skip("the real seed plans (../shared/seeds) are not here")
    with Library.open(tmp_path_factory.mktemp("seeds") / "lib", create=True) as opened:
        report = ingest(opened, [SEEDS])
        assert (len(report.added), report.failed) == (5, ())
        yield opened


def seed(path: str) -> str:
    return Path(path).name[:3]


@pytest.mark.slow
def test_seeds_are_sound_and_unchanged_when_read_again(library) -> None:
    assert [f.message for f in check(library, encoder=library.encoder()) if not f.ok] == []
    again = ingest(library, [SEEDS])
    assert (len(again.unchanged), again.added, again.updated, again.moved) == (5, (), (), ())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "right"),
    [
        # (seed, words that stand in the first hit)
        ("tập huấn cho công chức", {("004", "tập huấn"), ("000", "tập huấn"), ("003", "tập huấn")}),
        (
            "nguồn kinh phí",
            {(plan, "kinh phí") for plan in ("001", "002", "003", "004")},  # 002 is restored
        ),
        ("dang bai tren facebook", {("000", "facebook"), ("001", "facebook"), ("004", "facebook")}),
        ("cuộc thi tìm hiểu CCHC", {("003", "cuộc thi tìm hiểu")}),
        ("kết quả chỉ số PAR INDEX", {("000", "par index"), ("001", "par index")}),
    ],
)
def test_right_unit_first(library, query: str, right: set[tuple[str, str]]) -> None:
    answer = search(library, query)
    hit = answer.hits[0]
    assert answer.found
    assert any(seed(hit.path) == plan and words in hit.text.lower() for plan, words in right)
    assert hit.highlights and hit.relevance is not None and hit.relevance >= FOUND


@pytest.mark.slow
@pytest.mark.parametrize(
    "query", ["công thức nấu phở bò", "giá vàng hôm nay", "lịch thi đấu bóng đá", "cách chữa ho"]
)
def test_nothing_is_found_where_nothing_is(library, query: str) -> None:
    assert search(library, query).found is False


@pytest.mark.slow
@pytest.mark.parametrize("query", ["Đề án 06", "de an 06", "Quyết định 06/QĐ-TTg"])
def test_de_an_06_is_covered_by_two_seeds(library, query: str) -> None:
    answer = covers(library, query)
    assert answer.keys == ("quyet-dinh:06/QĐ-TTg:2022-01-06",)
    found = {seed(plan.path): plan.coverage for plan in answer.plans}
    assert found == {"000": "names", "001": "cites", "002": "none", "003": "none", "004": "none"}
    for plan in answer.plans:
        text = library.plan(plan.plan).text
        assert bool(plan.evidence) is (plan.coverage != "none")
        assert all(text[e.start : e.end] == e.text for e in plan.evidence)
    by_seed = {seed(plan.path): plan.evidence[0] for plan in answer.plans if plan.evidence}
    assert "06/QĐ-TTg" in by_seed["001"].text and by_seed["001"].number == "II.1.h"
    assert "Đề án 06" in by_seed["000"].text and by_seed["000"].number == "II.2"


@pytest.mark.slow
def test_most_cited_document_of_the_seeds(library) -> None:
    first = cited_documents(library, limit=1)[0]
    assert (first.key, first.number) == ("nghi-quyet:76/NQ-CP:2021-07-15", "76/NQ-CP")
    assert first.plans >= 3


FRESH = """
    import json, sys
    from kh_nlp.library import Library
    from kh_nlp.search import covers, search
    with Library.open(sys.argv[1]) as library:
        hits = search(library, "tập huấn cho công chức").hits
        plans = covers(library, "loa truyền thanh").plans
    heavy = ("torch", "sentence_transformers", "sklearn", "scipy", "underthesea", "faiss", "pandas")
    print(json.dumps({
        "first": hits[0].heading,
        "covering": sum(plan.coverage != "none" for plan in plans),
        "heavy": [name for name in heavy if name in sys.modules],
    }))
"""


def test_fresh_process_answers_without_heavy_imports(tmp_path: Path, monkeypatch) -> None:
    use_toys(monkeypatch)
    write_toy(tmp_path / "p", "a.txt", "1. Tập huấn\nTập huấn cho công chức một cửa.\n")
    write_toy(tmp_path / "p", "b.txt", "1. Loa\nPhát tin trên loa truyền thanh.\n")
    with Library.open(tmp_path / "lib", create=True) as library:
        assert len(ingest(library, [tmp_path / "p"]).added) == 2
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FRESH), str(tmp_path / "lib")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    answer = json.loads(done.stdout)
    assert answer["heavy"] == []
    assert (answer["first"], answer["covering"]) == ("Tập huấn", 1)
