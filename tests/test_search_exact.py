"""Fast paths against plain arithmetic: scores, order, filters, copies; what a writer changes."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support_library import HashEncoder, use_toys, write_toy
from support_samples import FIRST

from kh_nlp.library import Library, dense, ingest, lexical
from kh_nlp.library.segments import SegmentFolder
from kh_nlp.search import search
from kh_nlp.search.copies import NEARLY_SAME, SHORT, Sketches, sketches
from kh_nlp.search.filters import DEFAULT_KINDS, allowed, read_filters
from kh_nlp.search.query import read_query
from kh_nlp.search.ranking import CANDIDATES, encoding, opened, rank

QUERIES = (
    "kinh phí thực hiện",
    "76/NQ-CP",
    "Ai chịu trách nhiệm kiểm tra, giám sát việc thực hiện kế hoạch?",
    "tuyen truyen cai cach hanh chinh",
    "UBND xã",
    "không có từ nào xyzzy",
)


@pytest.fixture(scope="module")
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: HashEncoder):
    with Library.open(tmp_path_factory.mktemp("exact") / "lib", create=True) as found:
        for part in (FIRST[:3], FIRST[3:]):  # two segments of each kind
            ingest(found, part, encoder=encoder, workers=1)
        yield found


def plain_scores(library: Library, query, ids: set[int]) -> dict[int, float]:
    """BM25F of every allowed passage, summed term by term as the formula says."""
    total = library.connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    bags: dict[int, tuple[Counter, float]] = {}
    for segment in library.connection.execute(
        "SELECT * FROM segments WHERE kind = 'lexical' ORDER BY first"
    ).fetchall():
        average = library.segments.facts(segment["name"])["average"][query.field]
        for row in library.connection.execute(
            "SELECT s.*, json_extract(v.summary, '$.issuer') AS printed FROM passages s "
            "JOIN versions v ON v.plan = s.plan AND v.current WHERE s.id BETWEEN ? AND ?",
            (segment["first"], segment["last"]),
        ):
            bag: Counter = Counter()
            for term in lexical.terms(row["words"] or row["text"], query.field):
                bag[term] += 1.0
            headings = row["context"].splitlines()
            if row["heading"] and row["kind"] == "section":
                headings.append(row["heading"])
            for term in lexical.terms("\n".join(headings), query.field):
                bag[term] += lexical.HEADINGS
            above = "\n".join(p for p in (row["title"], row["printed"]) if p)
            for term in lexical.terms(above, query.field):
                bag[term] += lexical.ABOVE
            bags[row["id"]] = bag, average
    scores = dict.fromkeys(bags, 0.0)
    for term, weight in query.weights.items():
        holders = sum(1 for bag, _ in bags.values() if term in bag)
        idf = float(np.log(1 + (total - holders + 0.5) / (holders + 0.5)))
        for passage, (bag, average) in bags.items():
            if tf := bag.get(term, 0.0):
                norm = 1 - lexical.B + lexical.B * sum(bag.values()) / average
                impact = tf * (lexical.K1 + 1) / (tf + lexical.K1 * norm)
                scores[passage] += weight * idf * impact
    return {passage: score for passage, score in scores.items() if passage in ids and score > 0}


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("frequent", [0, 4, 10**9])
def test_lexical_leg_equals_plain_arithmetic(
    library, encoder, text: str, frequent: int, monkeypatch
) -> None:
    monkeypatch.setattr(lexical, "FREQUENT", frequent)  # no, some, all terms as columns
    query = read_query(text)
    with library.reading() as connection:
        some = allowed(connection, read_filters((), None, (), (), (), ()), library)
        ranking = rank(opened(library, connection), query, some, None)
    expected = plain_scores(library, query, set(some.ids.tolist()))
    if query.restored:  # half of either field, the accents being guessed
        accented = replace(query, field="accented", weights=query.restored)
        other = plain_scores(library, accented, set(some.ids.tolist()))
        both = expected.keys() | other.keys()
        expected = {p: (expected.get(p, 0.0) + other.get(p, 0.0)) / 2 for p in both}
    order = sorted(expected, key=lambda passage: (-round(expected[passage], 6), passage))
    found = dict(zip(ranking.passages.tolist(), ranking.lexical.tolist(), strict=True))
    assert len(found) == min(len(expected), CANDIDATES)
    for passage, score in found.items():
        assert score == pytest.approx(expected[passage], rel=1e-6)
    least = min(found.values(), default=0.0)
    assert all(p in found for p in order if expected[p] > least + 1e-6)


def test_dense_leg_of_a_small_library_is_exact(library, encoder) -> None:
    query = read_query(QUERIES[2])
    with library.reading() as connection:
        some = allowed(connection, read_filters((), None, (), (), (), ()), library)
        encode = encoding(library, encoder)
        ranking = rank(opened(library, connection), query, some, encode, dense_weight=1.0)
        segments = opened(library, connection).dense
    assert len(segments) == 2
    cosines = {
        int(passage): float(vector @ encode(query.meaning))
        for segment in segments
        for passage, vector in zip(segment.passages, segment.vectors, strict=True)
        if passage in some.ids
    }
    best = sorted(cosines, key=lambda passage: -cosines[passage])[:CANDIDATES]
    assert ranking.passages.tolist()[:20] == best[:20]
    assert ranking.cosines is not None
    assert ranking.cosines[:20].tolist() == pytest.approx([cosines[p] for p in best[:20]], abs=1e-6)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({}, "1"),
        ({"kinds": ("task",)}, "kind = 'task'"),
        ({"kinds": ("plan", "section", "task"), "years": (2026, None)}, "year >= 2026"),
        ({"years": (None, 2025)}, "year <= 2025"),
        ({"levels": ("commune", "province")}, "level IN ('commune', 'province')"),
        ({"issuers": ("UBND",)}, "instr(issuer, 'ubnd')"),
        ({"agencies": ("Sở Nội vụ", "công an")}, "instr(agencies, 'so noi vu') + "
         "instr(agencies, 'cong an')"),
        ({"provinces": ("Không Có",)}, "0"),
    ],
)  # fmt: skip
def test_filters_in_memory_are_those_of_sql(library, given: dict, where: str) -> None:
    names = ("kinds", "years", "levels", "provinces", "issuers", "agencies")
    filters = read_filters(*(given.get(name, None if name == "years" else ()) for name in names))
    kinds = given.get("kinds", DEFAULT_KINDS)
    marks = ",".join("?" * len(kinds))
    with library.reading() as connection:
        rows = connection.execute(
            f"SELECT id FROM passages WHERE kind IN ({marks}) AND ({where}) ORDER BY id", kinds
        ).fetchall()
        for _ in range(2):  # read, then remembered
            found = allowed(connection, filters, library)
            assert found.ids.tolist() == [row["id"] for row in rows]
        assert allowed(connection, filters).ids.tolist() == found.ids.tolist()


def test_sketches_never_part_copies(library) -> None:
    with library.reading() as connection:
        index = opened(library, connection)
        rows = connection.execute(
            "SELECT id, coalesce(words, text) AS words FROM passages ORDER BY id"
        ).fetchall()
    found = sketches(index.lexical, [row["id"] for row in rows])
    sets = [set(lexical.terms(row["words"], "folded")) for row in rows]
    assert [len(words) for words in sets] == found.sizes.tolist()
    may = found.may_equal()
    for one, first in enumerate(sets):
        for other, second in enumerate(sets):
            same = first == second or (
                min(len(first), len(second)) >= SHORT
                and len(first & second) >= NEARLY_SAME * len(first | second)
            )
            assert may[one, other] or not same
    # And they spare nearly all the reading.
    assert np.count_nonzero(~may) > 0.95 * (len(sets) ** 2 - len(sets))


def test_sketch_bound_at_its_edge() -> None:
    # 90 and 90 terms with 80 in common: Jaccard .8 exactly, 20 apart; one bit more is too much.
    bits = np.zeros((3, 8), dtype=np.uint64)
    bits[1, 0], bits[2, 0] = (1 << 20) - 1, (1 << 21) - 1
    may = Sketches(bits, np.array([90, 90, 90])).may_equal()
    assert may[0, 1] and may[1, 2] and not may[0, 2]


def test_a_segment_without_sketches_folds_copies_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_toys(monkeypatch)
    encoder = HashEncoder()
    for number in range(3):
        body = f"1. Loa\nPhát thanh trên loa truyền thanh của xã mỗi ngày hai lần {number}.\n"
        write_toy(tmp_path / "p", f"{number}.txt", body, number=f"{number}/KH", date="2026-01-02")
    answers = []
    for name in ("new", "old"):
        if name == "old":
            monkeypatch.setattr(lexical, "SKETCH", 256)  # what this version cannot read
        with Library.open(tmp_path / name, create=True) as library:
            ingest(library, [tmp_path / "p"], encoder=encoder)
            monkeypatch.setattr(lexical, "SKETCH", 512)
            hits = search(library, "loa truyền thanh", encoder=encoder).hits
            answers.append([(hit.text, len(hit.also)) for hit in hits])
    assert answers[0] == answers[1] and answers[0][0][1] == 2


def test_index_finds_nearly_all_that_a_walk_finds(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(dense, "FAISS_FROM", 2000)
    monkeypatch.setattr(dense, "EXACT", 500)
    random = np.random.default_rng(5)
    centres = random.normal(size=(150, 48))
    vectors = centres[random.integers(150, size=6000)] + 0.5 * random.normal(size=(6000, 48))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    folder = SegmentFolder(tmp_path)
    arrays, facts = dense.build(vectors, np.arange(6000) + 1)
    names = [
        folder.write("dense", arrays, facts, lambda f: dense.write_index(vectors, f))[0]
        for _ in range(2)
    ]
    one, two = (dense.DenseSegment(folder, name) for name in names)
    half = random.random(6000) < 0.5
    shares = []
    for query in vectors[::200] + 0.05 * random.normal(size=(30, 48)).astype(np.float32):
        for mask in (None, half):
            rows, scores = one.top(query, 50, mask)
            again, _ = two.top(query, 50, mask)
            assert rows.tolist() == again.tolist()  # built twice, answered alike
            assert mask is None or mask[rows].all()
            exact = vectors @ query
            assert scores == pytest.approx(exact[rows], abs=1e-5)
            if mask is not None:
                exact[~mask] = -9.0
            shares.append(len(set(rows) & set(np.argsort(-exact)[:50])) / 50)
    assert np.mean(shares) >= 0.98


def test_a_changed_corpus_encodes_only_what_is_new(tmp_path: Path, monkeypatch) -> None:
    use_toys(monkeypatch)
    plans, encoder = tmp_path / "plans", HashEncoder()
    for number in range(4):
        body = f"1. Việc {number}\nNội dung {number}.\n2. Chung\nPhần chung {number}.\n"
        write_toy(plans, f"{number}.txt", body)
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [plans], encoder=encoder)
        before = list(encoder.encoded)
        assert len(before) == len(set(before))
        write_toy(plans, "1.txt", "1. Việc 1\nNội dung mới.\n2. Chung\nPhần chung 1.\n")
        write_toy(plans, "4.txt", "1. Việc 4\nNội dung 4.\n")
        ingest(library, [plans], encoder=encoder)
        fresh = encoder.encoded[len(before) :]
        assert sorted(text.rsplit("\n", 1)[1] for text in fresh) == ["Nội dung 4.", "Nội dung mới."]
        ingest(library, [plans], encoder=encoder)
        assert len(encoder.encoded) == len(before) + len(fresh)


WRITER = """
    import sys
    from pathlib import Path
    import pytest
    from support_library import HashEncoder, use_toys, write_toy
    from kh_nlp.library import Library, ingest

    use_toys(pytest.MonkeyPatch())
    plans, library = Path(sys.argv[1]), sys.argv[2]
    with Library.open(library) as opened:
        for turn in range(1, 26):
            for name in ("a", "b", "c"):
                write_toy(plans, f"{name}.txt", f"1. Loa {name}\\nPhát thanh kỳ {turn} {name}.\\n")
            ingest(opened, [plans], encoder=HashEncoder())
            print(turn, flush=True)
"""


def test_queries_during_a_reindex_see_one_version_of_all_plans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three plans change in one transaction of another process: never two of one and one of the
    other version, in no filter and whatever is remembered from before."""
    use_toys(monkeypatch)
    plans, encoder = tmp_path / "plans", HashEncoder()
    for name in ("a", "b", "c"):
        write_toy(plans, f"{name}.txt", f"1. Loa {name}\nPhát thanh kỳ 0 {name}.\n")
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [plans], encoder=encoder)
        seen: set[str] = set()
        asked = 0
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WRITER), plans, tmp_path / "lib"],
            cwd=Path(__file__).parent,
            stdout=subprocess.PIPE,
        ) as writer:
            while writer.poll() is None:
                filters = {"years": (2026, 2026)} if asked % 2 else {}
                hits = search(library, "phát thanh kỳ", encoder=encoder, limit=9, **filters).hits
                turns = {hit.text.split("kỳ ")[1].split()[0] for hit in hits}
                count = sum(1 + len(hit.also) for hit in hits)
                assert (len(turns), count) == (1, 3), [hit.text for hit in hits]
                seen |= turns
                asked += 1
            assert writer.returncode == 0
        assert len(seen) > 3 and asked >= len(seen)
        hits = search(library, "phát thanh kỳ 25", encoder=encoder).hits
        assert all("kỳ 25" in hit.text for hit in hits)


def test_a_search_inside_a_write_sees_what_is_not_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_toys(monkeypatch)
    write_toy(tmp_path / "p", "a.txt", "1. Loa\nPhát thanh.\n")
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [tmp_path / "p"], encoder=HashEncoder())
        filters = read_filters((), None, (), (), (), ())
        with library.reading() as connection:
            before = len(allowed(connection, filters, library))
        with library.lock(), library.writing() as connection:
            connection.execute("DELETE FROM passages WHERE kind = 'section'")
            assert len(allowed(connection, filters, library)) < before
        with library.reading() as connection:
            assert len(allowed(connection, filters, library)) == 0
