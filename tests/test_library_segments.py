"""Segments: BM25 figures, the faiss path, and what a killed writer or a busy reader sees."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import pytest
from support_library import HashEncoder, use_toys, write_toy

from kh_nlp.errors import LibraryError
from kh_nlp.library import Library, check, dense, ingest, lexical
from kh_nlp.library.segments import SegmentFolder
from kh_nlp.search import search


def test_terms_keep_codes_and_do_not_join_lines() -> None:
    assert lexical.terms("Hoà giải\ncơ sở", "accented") == [
        "hòa", "giải", "hòa giải", "cơ", "sở", "cơ sở",
    ]  # fmt: skip
    assert lexical.terms("Quyết định 06/QĐ-TTg", "folded") == [
        "quyet", "dinh", "quyet dinh", "06/qd-ttg", "dinh 06/qd-ttg", "06", "dinh 06",
    ]  # fmt: skip


def test_impacts_are_bm25(tmp_path: Path) -> None:
    texts = [("kinh phí kinh phí", "", ""), ("kinh phí", "", ""), ("loa", "", "")]
    arrays, facts = lexical.build(texts, [3, 5, 9])
    folder = SegmentFolder(tmp_path)
    name, _ = folder.write("lexical", arrays, facts)
    segment = lexical.LexicalSegment(folder, name)
    assert segment.passages.tolist() == [3, 5, 9]
    keys = np.array([lexical.digest("kinh phí"), lexical.digest("không có")], dtype=np.uint64)
    (rows, impacts), (none, _) = segment.postings(keys, "accented")
    assert rows.tolist() == [0, 1] and len(none) == 0
    # Lengths with bigrams: 4 + 3, 2 + 1, 1; average 11 / 3.
    average = 11 / 3
    expected = [
        tf * 1.9 / (tf + 0.9 * (0.6 + 0.4 * length / average)) for tf, length in ((2, 7), (1, 3))
    ]
    assert impacts.tolist() == pytest.approx(expected, rel=1e-6)
    assert lexical.idf([2], 3)[0] == pytest.approx(math.log(1 + 1.5 / 2.5))


def test_written_segments_are_immutable_in_name_and_checked(tmp_path: Path) -> None:
    folder = SegmentFolder(tmp_path)
    arrays, facts = lexical.build([("một", "", ""), ("hai", "", "")], [1, 2])
    one = folder.write("lexical", arrays, facts)
    two = folder.write("lexical", arrays, facts)
    assert one[0] != two[0] and one[1] == two[1] == folder.checksum(one[0])


@pytest.mark.parametrize("share", [1.0, 0.95, 0.5, 0.002])
def test_faiss_index_of_a_large_segment_gives_the_exact_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    monkeypatch.setattr(dense, "FAISS_FROM", 2000)
    monkeypatch.setattr(dense, "EXACT", 100)
    monkeypatch.setattr(dense, "SHARE", 1.0)  # all lists: only the codes and filters are tried
    monkeypatch.setattr(dense, "OVERSAMPLING", 8)  # codes tell random vectors badly apart
    random = np.random.default_rng(7)
    vectors = random.normal(size=(3000, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    arrays, facts = dense.build(vectors, np.arange(3000) + 10)
    assert facts["faiss"] is True
    folder = SegmentFolder(tmp_path)
    name, _ = folder.write("dense", arrays, facts, lambda f: dense.write_index(vectors, f))
    assert (tmp_path / name / "index.faiss").is_file()
    segment = dense.DenseSegment(folder, name)
    allowed = random.random(3000) < share
    query = vectors[17] + 0.1 * random.normal(size=32).astype(np.float32)
    rows, scores = segment.top(query, 20, None if share == 1.0 else allowed)
    exact = vectors @ query
    if share < 1.0:
        exact[~allowed] = -9
    best = np.argsort(-exact)[: min(20, int((exact > -9).sum()))]
    assert rows.tolist() == best.tolist()
    assert scores == pytest.approx(exact[best], abs=1e-5)


def test_the_nearest_may_all_be_left_out_by_a_filter_that_leaves_nearly_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "FAISS_FROM", 2000)
    monkeypatch.setattr(dense, "SHARE", 1.0)
    random = np.random.default_rng(8)
    vectors = random.normal(size=(3000, 32)).astype(np.float32)
    vectors[:200, 0] += 20  # a crowd around the query
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    folder = SegmentFolder(tmp_path)
    arrays, facts = dense.build(vectors, np.arange(3000))
    name, _ = folder.write("dense", arrays, facts, lambda f: dense.write_index(vectors, f))
    allowed = np.arange(3000) >= 200
    query = np.eye(32, dtype=np.float32)[0]
    monkeypatch.setattr(dense, "EXACT", 100)
    rows, scores = dense.DenseSegment(folder, name).top(query, 20, allowed)
    assert len(rows) == 20 and rows.min() >= 200
    assert scores[0] == pytest.approx((vectors[200:] @ query).max(), abs=1e-5)


def test_library_with_a_faiss_segment_answers_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_toys(monkeypatch)
    for number in range(6):
        write_toy(tmp_path / "plans", f"{number}.txt", f"1. Việc {number}\nNội dung {number}.\n")
    encoder = HashEncoder()
    with Library.open(tmp_path / "plain", create=True) as library:
        ingest(library, [tmp_path / "plans"], encoder=encoder)
        plain = search(library, "nội dung việc 4", encoder=encoder).hits
    monkeypatch.setattr(dense, "FAISS_FROM", 5)
    with Library.open(tmp_path / "large", create=True) as library:
        ingest(library, [tmp_path / "plans"], encoder=encoder)
        assert list((tmp_path / "large" / "segments").glob("dense-*/index.faiss"))
        large = search(library, "nội dung việc 4", encoder=encoder).hits
        assert [f.message for f in check(library) if not f.ok] == []
    assert [h.text for h in large] == [h.text for h in plain]
    assert plain[0].heading == "Việc 4"


CHILD = """
    import os, signal, sys
    from pathlib import Path
    import pytest
    from support_library import HashEncoder, use_toys
    from kh_nlp.library import Library, indexing, ingest, ingesting
    from kh_nlp.library.segments import SegmentFolder

    use_toys(pytest.MonkeyPatch())
    where, library, plans = sys.argv[1:]

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    if where == "segment half written":
        SegmentFolder.write.__globals__["_checksum"] = lambda folder: die()
    elif where == "one segment written":
        write = SegmentFolder.write
        SegmentFolder.write = lambda *a, **k: (write(*a, **k), die())[0]
    elif where == "before commit":
        refresh = indexing.refresh
        ingesting.refresh = lambda *a, **k: (refresh(*a, **k), die())
    elif where == "before sweep":
        sweep = SegmentFolder.sweep
        calls = []

        def second_time(*args):
            calls.append(1)
            sweep(*args) if len(calls) == 1 else die()

        SegmentFolder.sweep = second_time
    with Library.open(library) as opened:
        ingest(opened, [plans], encoder=HashEncoder())
"""


@pytest.mark.parametrize(
    ("where", "committed"),
    [
        ("segment half written", False),
        ("one segment written", False),
        ("before commit", False),
        ("before sweep", True),
    ],
)
def test_killed_writer_leaves_the_last_committed_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, committed: bool
) -> None:
    use_toys(monkeypatch)
    plans, encoder = tmp_path / "plans", HashEncoder()
    write_toy(plans, "a.txt", "1. Tập huấn\nTập huấn nghiệp vụ cho công chức.\n")
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [plans], encoder=encoder)
    write_toy(plans, "a.txt", "1. Tập huấn\nTập huấn chuyển đổi số cho cán bộ.\n")
    write_toy(plans, "b.txt", "1. Loa\nPhát thanh trên loa truyền thanh.\n")
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), where, tmp_path / "lib", plans],
        cwd=Path(__file__).parent,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    with Library.open(tmp_path / "lib") as library:
        assert len(library.plans()) == (2 if committed else 1)
        found = search(library, "loa truyền thanh", encoder=encoder)
        assert found.found is committed
        stray = [f.message for f in check(library, encoder=encoder) if not f.ok]
        assert len(stray) == 1 and "thừa" in stray[0]
        report = ingest(library, [plans], encoder=encoder)
        assert len(report.unchanged if committed else (*report.added, *report.updated)) == 2
        assert [f.message for f in check(library, encoder=encoder) if not f.ok] == []
        assert search(library, "loa truyền thanh", encoder=encoder).found


HOLDER = """
    import os, sys, time
    from pathlib import Path
    from kh_nlp.library.folder import writer_lock
    with writer_lock(Path(sys.argv[1])):
        if os.fork() == 0:  # a reading process that outlives its writer
            time.sleep(30)
            os._exit(0)
        print("held", flush=True)
        time.sleep(30)
"""


def test_lock_of_another_process_ends_with_it(tmp_path: Path, monkeypatch) -> None:
    use_toys(monkeypatch)
    path = write_toy(tmp_path / "plans", "a.txt", "1. Loa\nLoa truyền thanh.\n")
    with Library.open(tmp_path / "lib", create=True) as library:
        command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(tmp_path / "lib")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as holder:
            assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
            with pytest.raises(LibraryError, match="tiến trình khác"):
                ingest(library, [path], encoder=HashEncoder())
            holder.kill()
            holder.wait()
            assert len(ingest(library, [path], encoder=HashEncoder()).added) == 1
            os.killpg(holder.pid, signal.SIGKILL)


def test_readers_see_whole_states_while_a_writer_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_toys(monkeypatch)
    plans, encoder = tmp_path / "plans", HashEncoder()
    write_toy(plans, "0.txt", "1. Loa\nPhát thanh kỳ 0 trên loa truyền thanh.\n")
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [plans], encoder=encoder)
    stop = threading.Event()
    problems: list[str] = []
    answered: list[int] = []

    def read() -> None:
        with Library.open(tmp_path / "lib") as own:
            while not stop.is_set():
                try:
                    hits = search(own, "loa truyền thanh", encoder=HashEncoder(), limit=50).hits
                except Exception as error:
                    problems.append(repr(error))
                    return
                # Each committed state holds exactly one text of the plan.
                if len(hits) != 1 or "truyền thanh" not in hits[0].text:
                    problems.append(f"{len(hits)} hits")
                answered.append(len(hits))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    with Library.open(tmp_path / "lib") as library:
        for turn in range(1, 15):
            write_toy(plans, "0.txt", f"1. Loa\nPhát thanh kỳ {turn} trên loa truyền thanh.\n")
            ingest(library, [plans], encoder=encoder)
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert len(answered) > 5
