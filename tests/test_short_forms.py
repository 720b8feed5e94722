"""Abbreviations that plans define, and everyday words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support_library import HashEncoder, use_toys, write_toy

from kh_nlp.library import Library, ingest
from kh_nlp.search import search
from kh_nlp.search.query import EXPANSION, read_query
from kh_nlp.search.short_forms import FILE, ShortForms, defined, short_forms
from kh_nlp.search.widening import CONFLICT, widened


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("công tác bảo vệ rừng đầu nguồn (BVRĐN) và", [("BVRĐN", "bảo vệ rừng đầu nguồn")]),
        (
            "Tổ công nghệ số cộng đồng (sau đây gọi tắt là TCNSCĐ)",
            [("TCNSCĐ", "tổ công nghệ số cộng đồng")],
        ),
        ("khoa học và công nghệ (viết tắt là “KHCN”)", [("KHCN", "khoa học và công nghệ")]),
        ("Thủ tướng Chính phủ (gọi tắt: TTCP).", [("TTCP", "thủ tướng chính phủ")]),
        ("phòng Nội vụ (UBND)", []),
        ("Quyết định này (A)", []),
        ("ông Nguyễn Văn Anh (Bí thư)", []),
        ("hết câu. Rừng (BVR)", []),
    ],
)
def test_definitions_whose_initials_agree(text: str, found: list[tuple[str, str]]) -> None:
    assert list(defined(text)) == found


def test_both_ways_and_conflicts() -> None:
    forms = ShortForms(
        [("BVR", "bảo vệ rừng"), ("BVR", "bảo vệ rừng"), ("BVR", "bệnh viện răng"), ("TTHC", "x y")]
    )
    assert forms.long("BVR") == ("bảo vệ rừng", "bệnh viện răng")  # the more usual one first
    assert forms.long("bvr") == forms.long("BVR") and forms.long("ai") == ()
    assert [s for _, _, s in forms.shortened("trồng và bảo vệ rừng")] == ["BVR"]
    query = widened(read_query("kế hoạch BVR"), forms)
    assert query.weights["bảo vệ"] == pytest.approx(EXPANSION * CONFLICT)
    assert ("kế", "hoạch", "bảo", "vệ", "rừng") in query.alternatives
    assert widened(read_query("nguồn kinh phí"), forms) == read_query("nguồn kinh phí")


def test_known_forms_are_left_to_the_data_file() -> None:
    assert ShortForms([("CCHC", "cải cách hành chính")]).all() == {}
    assert ShortForms([("CCHC", "câu chuyện hay chép")]).all() == {"CCHC": ("câu chuyện hay chép",)}


def test_learnt_from_the_library_and_kept_beside_it(tmp_path: Path, monkeypatch) -> None:
    use_toys(monkeypatch)
    encoder = HashEncoder()
    plans = tmp_path / "p"
    write_toy(plans, "a.txt", "1. Việc\nCông tác bảo vệ rừng đầu nguồn (BVRĐN) của xã.\n")
    write_toy(plans, "b.txt", "1. Việc\nTuần tra bảo vệ rừng đầu nguồn hằng tuần.\n", issuer="UBND")
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [plans], encoder=encoder)
        answer = search(library, "BVRĐN tuần tra", encoder=encoder)
        assert answer.found and answer.hits[0].text.startswith("1. Việc\nTuần tra")
        stored = json.loads((library.path / FILE).read_text("utf-8"))
        assert [item[1:] for item in stored["found"]] == [["BVRĐN", "bảo vệ rừng đầu nguồn"]]
        write_toy(plans, "a.txt", "1. Việc\nTrồng cây phân tán (TCPT).\n")
        ingest(library, [plans], encoder=encoder)
        with library.reading() as connection:
            forms = short_forms(library, connection)
        assert "TCPT" in forms.all()
        (library.path / FILE).write_text("{", "utf-8")  # a damaged file is read anew
        with library.reading() as connection:
            assert short_forms(library, connection).all() == forms.all()


def test_everyday_words_only_with_the_switch(tmp_path: Path, monkeypatch) -> None:
    use_toys(monkeypatch)
    encoder = HashEncoder()
    write_toy(tmp_path / "p", "a.txt", "1. Phát\nTin trên hệ thống truyền thanh cơ sở của xã.\n")
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [tmp_path / "p"], encoder=encoder)
        assert not search(library, "loa phường", encoder=encoder).found
        assert search(library, "loa phường", encoder=encoder, everyday=True).found
