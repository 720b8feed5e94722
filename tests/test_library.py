"""Ingest, versions, moves, removal, and what stays of them in the indexes."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest
from support_library import HashEncoder, use_toys, write_toy

from kh_nlp.errors import LibraryError, UsageError
from kh_nlp.library import Library, check, ingest
from kh_nlp.library.dense import DenseSegment
from kh_nlp.library.folder import filesystem, refuse_network_share, writer_lock
from kh_nlp.library.lexical import LexicalSegment
from kh_nlp.search import search

TRAINING = "1. Tập huấn\nTổ chức tập huấn nghiệp vụ cho công chức một cửa.\n"
MONEY = "1. Nguồn kinh phí\nKinh phí thực hiện từ ngân sách xã năm 2026.\n"
LOUD = "1. Truyền thanh\nPhát tin bài trên hệ thống loa truyền thanh cơ sở.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use_toys(monkeypatch)
    return tmp_path / "plans"


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


def files_of(path: Path) -> dict[str, str]:
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.rglob("*"))
        if file.is_file() and not file.name.endswith(("-wal", "-shm"))
    }


def indexed_passages(library: Library) -> tuple[set[int], set[int]]:
    """Passage ids in the active lexical and dense segments."""
    found: list[set[int]] = []
    for kind, opener in (("lexical", LexicalSegment), ("dense", DenseSegment)):
        ids: set[int] = set()
        for row in library.connection.execute("SELECT name FROM segments WHERE kind=?", (kind,)):
            ids |= set(library.segments.load(row["name"], opener).passages.tolist())
        found.append(ids)
    return found[0], found[1]


def all_well(library: Library, encoder: HashEncoder) -> None:
    assert [f.message for f in check(library, encoder=encoder) if not f.ok] == []


def test_unknown_folder_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="Không có thư viện"):
        Library.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_newer_schema_is_refused_with_both_versions(tmp_path: Path) -> None:
    Library.open(tmp_path / "lib", create=True).close()
    with sqlite3.connect(tmp_path / "lib" / "library.sqlite") as connection:
        connection.execute("UPDATE manifest SET value = '7' WHERE key = 'schema'")
    with pytest.raises(LibraryError, match=r"lược đồ 7, mới hơn lược đồ 2"):
        Library.open(tmp_path / "lib")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "library.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(LibraryError, match="bị hỏng"):
        Library.open(tmp_path / "lib")


def test_network_shares_are_refused(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/share nfs4 rw 0 0\n"
        "//nas/y /mnt/my\\040disk cifs rw 0 0\n"
    )
    assert filesystem(Path("/mnt/share/indexes/new"), mounts) == "nfs4"
    assert filesystem(Path("/mnt/shared"), mounts) == "ext4"
    with pytest.raises(LibraryError, match=r"ổ đĩa mạng \(nfs4\)"):
        refuse_network_share(Path("/mnt/share/indexes"), mounts)
    with pytest.raises(LibraryError, match="cifs"):
        refuse_network_share(Path("/mnt/my disk/lib"), mounts)
    refuse_network_share(Path("/home/lib"), mounts)


def test_same_folder_twice_changes_nothing(folder: Path, tmp_path: Path, encoder) -> None:
    write_toy(folder, "a.txt", TRAINING)
    write_toy(folder, "b.txt", MONEY)
    with Library.open(tmp_path / "lib", create=True) as library:
        first = ingest(library, [folder], encoder=encoder)
        assert [Path(f.path).name for f in first.added] == ["a.txt", "b.txt"]
        assert (first.updated, first.unchanged, first.moved, first.failed) == ((), (), (), ())
    before = files_of(tmp_path / "lib")
    encoded = len(encoder.encoded)
    with Library.open(tmp_path / "lib") as library:
        again = ingest(library, [folder], encoder=encoder)
        assert (again.added, again.updated, again.moved, again.failed) == ((), (), (), ())
        assert [f.plan for f in again.unchanged] == [f.plan for f in first.added]
    assert files_of(tmp_path / "lib") == before
    assert len(encoder.encoded) == encoded


def test_changed_file_is_a_new_version_of_the_same_plan(folder, tmp_path, encoder) -> None:
    path = write_toy(folder, "a.txt", TRAINING)
    with Library.open(tmp_path / "lib", create=True) as library:
        plan = ingest(library, [folder], encoder=encoder).added[0].plan
        write_toy(folder, "a.txt", TRAINING + MONEY.replace("1.", "2."))
        report = ingest(library, [folder], encoder=encoder)
        assert [f.plan for f in report.updated] == [plan]
        summary = library.plans()[0]
        assert (summary.plan, summary.versions, summary.sections) == (plan, 2, 2)
        assert library.plan(plan).plan_id == plan
        assert library.plan(plan).sections[1].heading == "Nguồn kinh phí"
        # Back to the first text: again the same plan, and the second section is gone.
        write_toy(folder, "a.txt", TRAINING)
        assert [f.plan for f in ingest(library, [path], encoder=encoder).updated] == [plan]
        assert len(library.plan(plan).sections) == 1
        assert search(library, "nguồn kinh phí", encoder=encoder).found is False
        all_well(library, encoder)


def test_moved_file_and_copy_are_the_same_plan(folder, tmp_path, encoder) -> None:
    path = write_toy(folder, "a.txt", TRAINING)
    with Library.open(tmp_path / "lib", create=True) as library:
        plan = ingest(library, [folder], encoder=encoder).added[0].plan
        path.rename(folder / "renamed.txt")
        report = ingest(library, [folder], encoder=encoder)
        assert [(f.plan, Path(f.path).name) for f in report.moved] == [(plan, "renamed.txt")]
        assert [Path(p).name for p in library.plans()[0].paths] == ["renamed.txt"]
        (folder / "copy.txt").write_bytes((folder / "renamed.txt").read_bytes())
        assert len(ingest(library, [folder], encoder=encoder).moved) == 1
        summary = library.plans()[0]
        assert sorted(Path(p).name for p in summary.paths) == ["copy.txt", "renamed.txt"]
        assert len(library.plans()) == 1 and summary.versions == 1
        assert len(ingest(library, [folder], encoder=encoder).unchanged) == 2


def test_same_identity_in_another_file_is_the_same_plan(folder, tmp_path, encoder) -> None:
    known = {"number": "22/KH-UBND", "date": "2026-01-16", "issuer": "UBND tỉnh Thử"}
    write_toy(folder, "a.txt", TRAINING, **known)
    with Library.open(tmp_path / "lib", create=True) as library:
        plan = ingest(library, [folder], encoder=encoder).added[0].plan
        write_toy(folder, "b.txt", TRAINING + "Dòng khác.\n", **known)
        report = ingest(library, [folder], encoder=encoder)
        assert [f.plan for f in report.updated] == [plan]
        assert len(library.plans()) == 1 and len(library.plans()[0].paths) == 2
        # The same number of another commune is another plan.
        write_toy(folder, "c.txt", LOUD, **{**known, "issuer": "UBND xã Khác"})
        assert len(ingest(library, [folder], encoder=encoder).added) == 1
        assert len(library.plans()) == 2


def test_another_plan_under_an_old_file_name(folder, tmp_path, encoder) -> None:
    write_toy(folder, "a.txt", TRAINING, number="1/KH-UBND", date="2026-01-05")
    with Library.open(tmp_path / "lib", create=True) as library:
        first = ingest(library, [folder], encoder=encoder).added[0].plan
        write_toy(folder, "a.txt", LOUD, number="9/KH-UBND", date="2026-03-01")
        report = ingest(library, [folder], encoder=encoder)
        assert len(report.added) == 1 and report.added[0].plan != first
        # A corrected number over the same text stays the same plan.
        write_toy(folder, "a.txt", LOUD, number="10/KH-UBND", date="2026-03-01")
        assert ingest(library, [folder], encoder=encoder).updated[0].plan == report.added[0].plan


def test_removed_plan_is_in_no_index(folder, tmp_path, encoder) -> None:
    write_toy(folder, "a.txt", TRAINING + "[[Quyết định 06/QĐ-TTg|Quyết định|06/QĐ-TTg||k1]]")
    write_toy(folder, "b.txt", MONEY)
    with Library.open(tmp_path / "lib", create=True) as library:
        report = ingest(library, [folder], encoder=encoder)
        gone = next(f.plan for f in report.added if f.path.endswith("a.txt"))
        assert search(library, "tập huấn nghiệp vụ", encoder=encoder).hits[0].plan == gone
        old = {row[0] for row in library.connection.execute("SELECT name FROM segments")}
        assert library.remove([gone[:9]]) == [gone]
        left = {
            table: library.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("plans", "versions", "files", "citations")
        }
        assert left == {"plans": 1, "versions": 1, "files": 1, "citations": 0}
        live = {row[0] for row in library.connection.execute("SELECT id FROM passages")}
        assert indexed_passages(library) == (live, live)
        assert not any((tmp_path / "lib" / "segments" / name).exists() for name in old)
        hits = search(library, "tập huấn nghiệp vụ", encoder=encoder).hits
        assert gone not in {hit.plan for hit in hits}
        with pytest.raises(UsageError, match="Không có kế hoạch"):
            library.plan(gone)
        all_well(library, encoder)


def test_remove_checks_all_ids_before_removing_any(folder, tmp_path, encoder) -> None:
    write_toy(folder, "a.txt", TRAINING)
    with Library.open(tmp_path / "lib", create=True) as library:
        plan = ingest(library, [folder], encoder=encoder).added[0].plan
        with pytest.raises(UsageError):
            library.remove([plan, "kh-unknown"])
        with pytest.raises(UsageError):
            library.remove([""])
        assert [s.plan for s in library.plans()] == [plan]


def test_one_bad_file_does_not_stop_the_rest(folder, tmp_path, encoder) -> None:
    write_toy(folder, "a.txt", TRAINING)
    (folder / "bad.txt").write_text("không có đầu", encoding="utf-8")
    with Library.open(tmp_path / "lib", create=True) as library:
        report = ingest(library, [folder, folder / "missing.txt"], encoder=encoder)
        assert [Path(f.path).name for f in report.added] == ["a.txt"]
        assert [Path(path).name for path, _ in report.failed] == ["bad.txt", "missing.txt"]
        assert all(message.startswith("Không đọc được") for _, message in report.failed)


def test_many_small_ingests_are_merged(folder, tmp_path, encoder) -> None:
    with Library.open(tmp_path / "lib", create=True) as library:
        for number in range(12):
            body = f"1. Nội dung\nViệc riêng số {number} ở thôn {number}.\n"
            write_toy(folder, f"{number}.txt", body)
            ingest(library, [folder], encoder=encoder)
        names = [row[0] for row in library.connection.execute("SELECT name FROM segments")]
        assert 2 <= len(names) <= 16
        assert sorted(p.name for p in (tmp_path / "lib" / "segments").iterdir()) == sorted(names)
        # Vectors were carried over by merges, never worked out twice.
        assert len(encoder.encoded) == len(set(encoder.encoded))
        hit = search(library, "việc riêng số 3 ở thôn 3", encoder=encoder).hits[0]
        assert "thôn 3." in hit.text
        all_well(library, encoder)


def test_scores_do_not_depend_on_the_segments(folder, tmp_path, encoder) -> None:
    bodies = [TRAINING, MONEY, LOUD, TRAINING + LOUD.replace("1.", "2.")]
    for number, body in enumerate(bodies):
        write_toy(folder, f"{number}.txt", body + f"Câu {number}.\n")
    with Library.open(tmp_path / "one", create=True) as library:
        ingest(library, [folder], encoder=encoder)
        library.rebuild(encoder=encoder)
        together = [
            (h.plan, h.start) for h in search(library, "loa truyền thanh", encoder=encoder).hits
        ]
    with Library.open(tmp_path / "many", create=True) as library:
        for number in range(4):
            ingest(library, [folder / f"{number}.txt"], encoder=encoder)
        apart = [
            (h.plan, h.start) for h in search(library, "loa truyền thanh", encoder=encoder).hits
        ]
    assert set(together[:2]) == set(apart[:2]) and together


def test_rebuild_gives_the_same_answers_also_for_another_encoder(folder, tmp_path, encoder) -> None:
    write_toy(folder, "a.txt", TRAINING)
    write_toy(folder, "b.txt", MONEY)
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [folder], encoder=encoder)
        before = search(library, "kinh phí", encoder=encoder).hits
        library.rebuild(encoder=encoder)
        assert search(library, "kinh phí", encoder=encoder).hits == before
        other = HashEncoder("other", 32)
        with pytest.raises(LibraryError, match="test-trigrams"):
            ingest(library, [write_toy(folder, "c.txt", LOUD)], encoder=other)
        library.rebuild(encoder=other)
        assert library.manifest()["encoder"] == "other"
        ingest(library, [folder], encoder=other)
        all_well(library, other)


def test_doctor_sees_a_changed_or_missing_segment(folder, tmp_path, encoder) -> None:
    write_toy(folder, "a.txt", TRAINING)
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [folder], encoder=encoder)
        all_well(library, encoder)
        (tmp_path / "lib" / "segments" / "lexical-stray").mkdir()
        dense = next((tmp_path / "lib" / "segments").glob("dense-*")) / "vectors.npy"
        data = bytearray(dense.read_bytes())
        data[-1] ^= 1
        dense.write_bytes(data)
        bad = [f.message for f in check(library, encoder=HashEncoder("other")) if not f.ok]
        assert len(bad) == 3
        assert "nội dung đã bị thay đổi" in bad[0]
        assert "đang dùng other" in bad[1]
        assert "1 thư mục chỉ mục thừa" in bad[2]
        library.rebuild(encoder=encoder)
        all_well(library, encoder)


def test_second_writer_is_told_so(folder, tmp_path, encoder) -> None:
    write_toy(folder, "a.txt", TRAINING)
    with Library.open(tmp_path / "lib", create=True) as library:
        with (
            writer_lock(tmp_path / "lib"),
            pytest.raises(LibraryError, match="tiến trình khác ghi"),
        ):
            ingest(library, [folder], encoder=encoder)
        assert len(ingest(library, [folder], encoder=encoder).added) == 1


def test_progress_is_reported_in_stages(folder, tmp_path, encoder) -> None:
    write_toy(folder, "a.txt", TRAINING)
    write_toy(folder, "b.txt", MONEY)
    seen: list[tuple[str, int, int]] = []
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [folder], encoder=encoder, progress=lambda *step: seen.append(step))
    assert [step for step in seen if step[0] == "read"] == [("read", 1, 2), ("read", 2, 2)]
    assert seen[-1][0] == "embed" and seen[-1][1] == seen[-1][2] > 0
