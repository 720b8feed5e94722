"""The registry: what it knows, on what evidence, and what it refuses to guess."""

from __future__ import annotations

import gzip
import json
import os
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from kh_nlp.citations import (
    Entry,
    Evidence,
    Registry,
    cite,
    document_key,
    find_mentions,
    learn,
    load_registry,
)
from kh_nlp.citations.keys import is_local, number_key
from kh_nlp.citations.registry import name_key
from kh_nlp.errors import InputError
from kh_nlp.model import Citation, Header

SHARED = Path(os.environ.get("KH_SHARED") or Path(__file__).resolve().parents[1].parent / "shared")
PLAN = Header(province="Lai Châu", issuer="UBND tỉnh Lai Châu", level="province")
SCHEME_06 = "quyet-dinh:06/QĐ-TTg:2022-01-06"
REFORM_2030 = "nghi-quyet:76/NQ-CP:2021-07-15"


def keys(text: str) -> list[str | None]:
    return [c.document.key if c.document else None for c in cited(text)]


def cited(text: str) -> list[Citation]:
    return cite(text, header=PLAN, basis=None)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ứng dụng công nghệ, Đề án 06, dữ liệu số", SCHEME_06),
        ("Quyết định số 06/QĐ-TTg ngày 06/01/2022 của Thủ tướng Chính phủ", SCHEME_06),
        ("Quyết định 06/QĐ-TTg năm 2022", SCHEME_06),
        ("Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021-2030", REFORM_2030),
        ("Chương trình tổng thể CCHC nhà nước giai đoạn 2021 - 2030 của Chính phủ", REFORM_2030),
        ("định hướng chương trình CCHC giai đoạn 2021-2030 của Chính phủ", REFORM_2030),
        ("Luật Giáo dục năm 2019", "luat:43/2019/QH14:2019"),
        ("Luật Phòng, chống thiên tai ngày 19 tháng 6 năm 2013", "luat:33/2013/QH13:2013"),
        ("Luật số 85/2015/QH13", "luat:85/2015/QH13:2015"),
    ],
)
def test_known_documents(text: str, key: str) -> None:
    (citation,) = cited(text)
    assert citation.document is not None
    assert citation.document.key == key
    assert citation.document.origin == "registry"


def test_the_scheme_keeps_outside_knowledge_out_of_the_citation() -> None:
    (citation,) = cited("triển khai Đề án 06")
    assert (citation.number, citation.issued_on, citation.issuer) == (None, None, None)
    assert citation.document is not None
    assert citation.document.issued_on == "2022-01-06"
    assert "định danh và xác thực điện tử" in (citation.document.title or "")


def test_another_period_is_another_programme() -> None:
    (key,) = keys("Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2026-2030")
    assert key == "chuong-trinh:tong-the-cai-cach-hanh-chinh-nha-nuoc-giai-doan-2026-2030"


def test_same_number_of_another_day_is_another_document() -> None:
    text = "Quyết định số 06/QĐ-TTg ngày 02/01/2025 của Thủ tướng Chính phủ"
    assert keys(text) == ["quyet-dinh:06/QĐ-TTg:2025-01-02"]


def test_number_alone_is_not_resolved_unless_the_plan_says_which() -> None:
    assert keys("thực hiện Quyết định số 06/QĐ-TTg") == [None]
    assert keys("thực hiện Quyết định số 06/QĐ-TTg (Đề án 06)") == [SCHEME_06, SCHEME_06]
    title = (
        "Quyết định số 06/QĐ-TTg phê duyệt Đề án phát triển ứng dụng dữ liệu về dân cư, định danh"
    )
    assert keys(title) == [SCHEME_06]


def test_law_without_year_stays_open_unless_the_plan_numbers_it() -> None:
    assert keys("quy định của Luật Mặt trận Tổ quốc Việt Nam") == [None]
    text = "Luật Mặt trận Tổ quốc Việt Nam số 75/2015/QH13. Theo Luật Mặt trận Tổ quốc Việt Nam"
    assert keys(text) == ["luat:75/2015/QH13:2015"] * 2


def test_name_joins_the_decision_that_approves_it() -> None:
    text = (
        "Quyết định số 2270/QĐ-TTg ngày 14/10/2025 của Thủ tướng Chính phủ phê duyệt Chương trình "
        "“Nâng cao chất lượng giáo dục mầm non”. Kinh phí của Chương trình “Nâng cao chất lượng "
        "giáo dục mầm non”."
    )
    assert keys(text) == ["quyet-dinh:2270/QĐ-TTg:2025-10-14"] * 2


def test_rows_are_consistent() -> None:
    entries = load_registry().entries()
    rows = [entry for entry in entries if entry.evidence]
    assert len(rows) >= 150
    assert len(entries) >= 250
    for entry in entries:
        assert entry.key == document_key(entry.kind, entry.number, entry.issued_on, entry.issuer)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry.issued_on)
        assert entry.title == unicodedata.normalize("NFC", entry.title).strip()
    for entry in rows:
        assert len({e.file for e in entry.evidence}) >= 2, entry.key


def test_user_rows_extend_and_replace(tmp_path: Path) -> None:
    file = tmp_path / "them.jsonl"
    row = {
        "kind": "Đề án",
        "number": "11/ĐA-UBND",
        "issued_on": "2025-02-03",
        "issuer": "UBND tỉnh Lai Châu",
        "title": "Đề án chuyển đổi số cấp xã",
        "aliases": ["Đề án 11"],
    }
    file.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    registry = load_registry(file)
    assert len(registry) == len(load_registry()) + 1
    found = registry.by_name("ĐỀ ÁN 11")
    assert isinstance(found, Entry)
    assert found.key == "de-an:11/ĐA-UBND:2025-02-03:tinh-lai-chau"


@pytest.mark.parametrize("content", ["{", '{"kind": "Luật"}', "[1]"])
def test_broken_user_file_is_one_clear_line(tmp_path: Path, content: str) -> None:
    file = tmp_path / "hong.jsonl"
    file.write_text(content, "utf-8")
    with pytest.raises(InputError, match="dòng 1") as error:
        load_registry(file)
    assert "\n" not in str(error.value)
    with pytest.raises(InputError, match="Không đọc được"):
        load_registry(tmp_path / "thieu.jsonl")


def test_rows_are_learnt_where_two_plans_print_the_same() -> None:
    one = (
        "Kế hoạch số 77/KH-UBND ngày 17/9/2025 của UBND tỉnh Lai Châu về thực hiện Chương trình "
        "giảm nghèo bền vững năm 2025"
    )
    longer = one + " trên địa bàn tỉnh"
    other = "Kế hoạch số 78/KH-UBND ngày 18/9/2025 của UBND tỉnh Lai Châu về chuyển đổi số cấp xã"
    of_two = [("a", c) for c in cited(longer + ". " + other)] + [("b", c) for c in cited(one)]
    (entry,) = learn(of_two)
    assert entry.key == "ke-hoach:77/KH-UBND:2025-09-17:tinh-lai-chau"
    assert entry.title == "Thực hiện Chương trình giảm nghèo bền vững năm 2025"
    assert [e.file for e in entry.evidence] == ["a", "b"]
    assert learn(of_two, registry=Registry([entry])) == ()
    # Two subjects under one number: not learnt, whichever is right.
    wrong = one.replace("giảm nghèo bền vững năm", "trồng một tỷ cây xanh của tỉnh trong năm")
    assert learn([("a", c) for c in cited(one)] + [("b", c) for c in cited(wrong)]) == ()


@cache
def _archive(path: Path) -> dict[str, str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def _printed(file: str) -> str:
    name, _, row = file.partition("#")
    text = _archive(SHARED / name)[row] if row else (SHARED / name).read_text("utf-8")
    text = unicodedata.normalize("NFC", text)
    return " ".join(re.sub(r"\*|(?m:^#+ )", "", text).split())


def _evidences() -> list[tuple[Entry, Evidence]]:
    return [(entry, e) for entry in load_registry().entries() for e in entry.evidence]


def test_every_quote_prints_number_date_and_issuer() -> None:
    for entry, evidence in _evidences():
        mention = next(m for m in find_mentions(evidence.quote) if m.number)
        assert number_key(mention.number or "").upper() == number_key(entry.number).upper()
        assert mention.issued_on == entry.issued_on, (entry.key, evidence.quote)
        # A number of the state names its body; one of the Party (…/TW) or of a province does not.
        if mention.issuer is not None:
            printed = name_key(mention.issuer).removeprefix("bo truong ")
            assert printed in name_key(entry.issuer), (entry.key, mention.issuer)
        else:
            assert not is_local(entry.number), entry.key


def test_what_replaces_or_amends_is_quoted_with_its_day() -> None:
    registry = load_registry()
    changed = [(e, c) for e in registry.entries() for c in (*e.replaces, *e.amends)]
    assert len(changed) >= 15
    for entry, change in changed:
        numbers = {m.number for m in find_mentions(change.evidence.quote)}
        assert change.number in numbers, (entry.key, change.number)
        if change.since:
            year, month, day = change.since.split("-")
            assert re.search(rf"ngày {day} tháng 0?{int(month)} năm {year}", change.evidence.quote)
    ((entry, change),) = registry.replaced_by("39/2018/NĐ-CP")
    assert (entry.number, change.since) == ("80/2021/NĐ-CP", "2021-10-15")
    assert [e.number for e, _ in registry.amended_by("290/2005/QĐ-TTg")] == ["188/2007/QĐ-TTg"]
    assert registry.replaced_by("80/2021/NĐ-CP") == ()


def _shingles(file: str) -> set[str]:
    words = _printed(file).lower().split()
    return {" ".join(words[at : at + 8]) for at in range(max(1, len(words) - 7))}


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference texts (../shared) are not here")
def test_every_row_is_printed_in_two_independent_texts() -> None:
    for entry, evidence in _evidences():
        assert evidence.quote in _printed(evidence.file), (entry.key, evidence.file)
    for entry in load_registry().entries():
        for change in (*entry.replaces, *entry.amends):
            assert change.evidence.quote in _printed(change.evidence.file), entry.key
        if entry.evidence:
            one, two = (_shingles(e.file) for e in entry.evidence[:2])
            assert len(one & two) < 0.4 * min(len(one), len(two)), entry.key
