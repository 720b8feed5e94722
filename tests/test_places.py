"""Gazetteer: 34 provinces and 3,321 communes of today, those before, what became of each."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kh_nlp.errors import InputError
from kh_nlp.language import search_key
from kh_nlp.places import (
    Commune,
    District,
    Province,
    communes,
    districts,
    load_gazetteer,
    province,
    today,
)
from kh_nlp.places import gazetteer as module

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KH_SHARED", ROOT.parent / "shared"))
BEFORE, NOW = date(2025, 6, 30), date(2025, 7, 1)


def units() -> list[District | Commune]:
    return [module._unit(line) for line in module._lines()]


# --- provinces ---------------------------------------------------------------------------------


def test_63_provinces_before_and_34_after() -> None:
    book = load_gazetteer()
    assert len(book.provinces(BEFORE)) == 63
    now = book.provinces(NOW)
    assert len(now) == 34
    assert Counter(p.kind for p in now) == {"tỉnh": 28, "thành phố": 6}
    assert {p.name for p in now if p.kind == "thành phố"} == {
        "Hà Nội", "Huế", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Hồ Chí Minh",
    }  # fmt: skip


def test_each_province_leads_to_exactly_one_of_today() -> None:
    book = load_gazetteer()
    now = {p.name for p in book.provinces(NOW)}
    for old in book.provinces():
        home = today(old)
        assert home is not None and home.name in now and home.valid_to is None, old
        assert (old.successor is None) == (old.valid_to is None), old
    merged = Counter(p.successor for p in book.provinces() if p.valid_to == "2025-06-30")
    # 23 of today's were formed from 52 of before (Nghị quyết 202/2025/QH15)
    assert len(merged) == 23 and sum(merged.values()) == 52 - 23
    assert merged["Hồ Chí Minh"] == merged["Phú Thọ"] == merged["Lâm Đồng"] == 2


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Đăk Lăk", "Đắk Lắk"),
        ("tỉnh ĐẮK LẮK", "Đắk Lắk"),
        ("Đắc Lắc", "Đắk Lắk"),
        ("Hoà Bình", "Hòa Bình"),
        ("tỉnh Khánh Hoà", "Khánh Hòa"),
        ("TP. Hồ Chí Minh", "Hồ Chí Minh"),
        ("TP.HCM", "Hồ Chí Minh"),
        ("Thành phố Hồ Chí Minh", "Hồ Chí Minh"),
        ("Bà Rịa-Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("Bà Rịa – Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("tinh Thua Thien Hue", "Thừa Thiên Huế"),
        ("Thừa Thiên - Huế", "Thừa Thiên Huế"),
        ("tỉnh Phú Yên (cũ)", "Phú Yên"),
        ("Hoa\u0300 Bi\u0300nh", "Hòa Bình"),
    ],
)
def test_spellings_of_provinces(printed: str, name: str) -> None:
    found = province(printed)
    assert found is not None and found.name == name


@pytest.mark.parametrize("printed", [None, "", "xã Bắc Ninh", "thành phố Bắc Ninh", "Sông Trầm"])
def test_what_is_no_province(printed: str | None) -> None:
    assert province(printed) is None


# --- communes ----------------------------------------------------------------------------------


def test_counts_of_communes() -> None:
    rows = [u for u in units() if isinstance(u, Commune)]
    new = [u for u in rows if u.valid_from == "2025-07-01"]
    old = [u for u in rows if u.valid_to == "2025-06-30"]
    assert Counter(u.kind for u in new) == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert len(old) == 10_035 and len(rows) == len(old) + len(new)
    assert sum(isinstance(u, District) for u in units()) == 696
    assert {u.province for u in new} == {p.name for p in load_gazetteer().provinces(NOW)}


def test_every_old_commune_has_a_successor_that_exists_in_its_province() -> None:
    book = load_gazetteer()
    new = {
        (u.province, f"{u.kind} {u.name}")
        for u in units()
        if isinstance(u, Commune) and u.valid_from
    }
    divided = 0
    for unit in units():
        home = book.today(unit)
        assert home is not None and home.valid_to is None, unit
        if isinstance(unit, Commune) and not unit.valid_from:
            assert unit.district and unit.successors, unit
            assert all((home.name, heir) in new for heir in unit.successors), unit
            divided += unit.successor is None
    assert 300 < divided < 600


def test_a_commune_by_name_district_and_province() -> None:
    assert communes("xã Hòa Thịnh, huyện Tây Hòa, tỉnh Phú Yên") == [
        Commune(
            name="Hòa Thịnh",
            kind="xã",
            province="Phú Yên",
            district="huyện Tây Hòa",
            valid_to="2025-06-30",
            successors=("xã Hòa Thịnh",),
        )
    ]
    old = communes("Phường 05, Quận 3, TP.HCM")
    assert [(u.name, u.district, u.successor) for u in old] == [("5", "quận 3", "phường Bàn Cờ")]
    assert [u.province for u in communes("phường Bắc Cam Ranh")] == ["Khánh Hòa"]
    # of the province of then or of today, and on a day
    assert {u.province for u in communes("xã Phố Bảng, tỉnh Tuyên Quang")} == {"Tuyên Quang"}
    assert [u.province for u in load_gazetteer().communes("xã Lương Minh", on=NOW)] == [
        "Quảng Ninh"
    ]


def test_accents_choose_and_their_place_does_not() -> None:
    assert {u.name for u in communes("xã Văn Lăng")} == {"Văn Lăng"}
    assert {u.name for u in communes("xã Văn Lang")} == {"Văn Lang"}
    assert {u.name for u in communes("xa van lang")} >= {"Văn Lăng", "Văn Lang"}
    assert {u.name for u in communes("xã Hoà Thịnh")} == {"Hòa Thịnh"}
    assert communes("xã Ea H’Leo")[0].name == communes("xã Ea H'leo")[0].name
    assert communes("xã Không Có Thật") == [] and communes("") == [] and communes(None) == []


def test_today_of_districts_and_communes() -> None:
    for printed, name in [
        ("tỉnh Phú Yên", "Đắk Lắk"),
        ("huyện Tuy An", "Đắk Lắk"),
        ("Thành phố Tuy Hòa", "Đắk Lắk"),
        ("đặc khu Côn Đảo", "Hồ Chí Minh"),
        ("xã Tân Lập, tỉnh Bình Phước", "Đồng Nai"),
        ("xã Phố Bảng", "Tuyên Quang"),
        ("tỉnh Thừa Thiên Huế", "Huế"),
    ]:
        home = today(printed)
        assert home is not None and home.name == name, printed
    assert today("xã Tân Lập") is None  # of many provinces: no guess
    assert today("xã Không Có Thật") is None and today(None) is None
    assert [d.kind for d in districts("Tuy An")] == ["huyện"]


# --- against the texts of the resolutions ------------------------------------------------------


@cache
def shared_texts() -> dict[str, str]:
    """Texts of the shared folder by the names used in ``source``; blanks run together, no "*"."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip("cần thư mục shared/ để đối chiếu nguồn")
    texts = {}
    for folder in ("seeds", "plans"):
        for path in sorted((SHARED / folder).glob("*.txt")):
            texts[f"{folder}/{path.name}"] = path.read_text("utf-8")
    for name in ("admin_docs", "phapdien_articles"):
        with gzip.open(SHARED / f"corpus/{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                texts[f"corpus/{name}.jsonl.gz#{row['id']}"] = row["text"]
    return texts


def clean(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("*", ""))


def sources(file: str) -> Iterator[tuple[str, str]]:
    """(row name, one source) of a data file."""
    text = (ROOT / "kh_nlp/places/data" / file).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            cells = line.split("\t")
            for source in cells[-1].split(" | "):
                yield cells[0], source


QUOTED = re.compile(r"(?P<file>\S+): “(?P<words>.+)”")
NUMBERED = re.compile(
    r"(?:Nghị quyết|Nghị định) số \d+(?:/\d{4})?[/-][A-ZĐ-]+\w*(?:/TW)?(?: ngày .+)?"
)


@pytest.mark.parametrize("file", ["provinces.tsv", "bodies.tsv"])
def test_every_row_has_a_source(file: str) -> None:
    rows = list(sources(file))
    assert rows
    for name, source in rows:
        assert QUOTED.fullmatch(source) or NUMBERED.fullmatch(source), (name, source)


@pytest.mark.slow
@pytest.mark.parametrize("file", ["provinces.tsv", "bodies.tsv"])
def test_quoted_sources_say_so(file: str) -> None:
    texts = shared_texts()
    cleaned: dict[str, str] = {}
    checked = 0
    for name, source in sources(file):
        if match := QUOTED.fullmatch(source):
            where = match["file"]
            assert where in texts, (name, where)
            text = cleaned.setdefault(where, clean(texts[where]))
            assert match["words"] in text, (name, source)
            checked += 1
    assert checked >= 40


@pytest.mark.slow
def test_communes_are_those_of_the_resolutions() -> None:
    """22 of the 34 resolutions on communes: their totals, every name, and what was put together."""

    def key(name: str) -> str:
        return re.sub(r"[\W_]+", "", search_key(name))

    book = load_gazetteer()
    new: dict[str, set[tuple[str, str]]] = defaultdict(set)
    parts: dict[tuple[str, str], list[Commune]] = defaultdict(list)
    for unit in units():
        if isinstance(unit, Commune) and unit.valid_from:
            new[unit.province].add((unit.kind, key(unit.name)))
        elif isinstance(unit, Commune):
            home = book.today(unit)
            for heir in unit.successors:
                parts[home.name if home else "", key(heir)].append(unit)
    seen = links = confirmed = 0
    for text in map(clean, shared_texts().values()):
        total = re.search(
            r"Sau khi sắp xếp, (?:tỉnh|thành phố) ([^,]+?) có (\d+) đơn vị hành chính cấp xã", text
        )
        if total is None or "Điều 2. Hiệu lực" not in text:
            continue
        home_name = total[1]
        seen += 1
        assert len(new[home_name]) == int(total[2]), home_name
        for clause in re.split(r" (?=\d+\. ?(?:Sắp|Đổi|Thành|Nhập|Sau))", text):
            named = re.search(
                r"(?:có tên gọi\s+là|thành)\s*(xã|phường|đặc khu) (?!mới|có tên)([^.;]+?)\.\s*$",
                clause,
            )
            if named is None:
                continue
            assert (named[1], key(named[2])) in new[home_name], (home_name, named[0])
            inside = key(clause)
            for part in parts[home_name, key(f"{named[1]} {named[2]}")]:
                links += 1
                district = key((part.district or "").split(" ", 1)[-1])
                confirmed += key(part.name) in inside or district in inside
    assert seen == 22
    assert links > 6_000 and confirmed / links > 0.997


# --- files of users ----------------------------------------------------------------------------


def test_places_of_the_samples() -> None:
    book = load_gazetteer(ROOT / "corpus" / "places.tsv")
    home = book.province("tỉnh Sông Trầm")
    assert home is not None and home.kind == "tỉnh" and home.valid_from == "1997-01-01"
    assert book.today("xã Đồi Hạc, huyện Bãi Hạc") == home
    assert book.today("thành phố Bến Hạc") == book.province("Cửa Hạc")
    old, new = book.communes("xã Đồi Hạc")
    assert (old.district, old.province, old.valid_to) == (
        "huyện Bãi Hạc",
        "Sông Trầm",
        "2025-06-30",
    )
    assert (new.district, new.province, new.valid_from) == (None, "Sông Trầm", "2025-07-01")
    assert [u.valid_from for u in book.communes("xã Đồi Hạc", on=NOW)] == ["2025-07-01"]
    # the real ones are still there, and the built-in gazetteer knows none of the invented
    assert book.province("Lai Châu") is not None
    assert province("Sông Trầm") is None and communes("xã Đồi Hạc") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\tkind\nA\txã\n", "thiếu cột parent"),
        ("name\tkind\tparent\nA\txã\t\n", "thiếu cấp trên"),
        ("name\tkind\tparent\nA\txã\tKhông Có\n", "không biết cấp trên"),
        ("name\tkind\tparent\nA\tbuôn\tLai Châu\n", "không biết loại đơn vị"),
        ("name\tkind\tparent\n\txã\tLai Châu\n", "dòng 2: thiếu tên"),
        ("name\tkind\tparent\tvalid_from\nA\txã\tLai Châu\t1/7/2025\n", "1/7/2025"),
        ("", "thiếu cột"),
    ],
)
def test_broken_files_say_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "dia_danh.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=message):
        load_gazetteer(path)


def test_lines_are_counted_as_in_the_file_and_circles_end(tmp_path: Path) -> None:
    path = tmp_path / "dia_danh.tsv"
    path.write_text("name\tkind\tparent\n\n\nA\tbuôn\tLai Châu\n", "utf-8")
    with pytest.raises(InputError, match="dòng 4"):
        load_gazetteer(path)
    other = tmp_path / "vong.tsv"
    other.write_text(
        "name\tkind\tparent\tsuccessor\nAn Sơn\ttỉnh\t\tBa Sơn\nBa Sơn\ttỉnh\t\tAn Sơn\n", "utf-8"
    )
    assert load_gazetteer(other).today("tỉnh An Sơn") is not None


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Không đọc được"):
        load_gazetteer(tmp_path / "khong_co.tsv")
    (tmp_path / "la.tsv").write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(InputError, match="Không đọc được"):
        load_gazetteer(tmp_path / "la.tsv")


# --- properties --------------------------------------------------------------------------------

NAMES = st.text() | st.lists(
    st.sampled_from(["xã", "TP.", "tỉnh", ",", "(", ")", "Hòa", "5", "HCM", "-", "\t", "Phú Yên"])
).map(" ".join)


@given(NAMES)
def test_any_text_is_answered(text: str) -> None:
    found = province(text)
    assert found is None or isinstance(found, Province)
    home = today(text)
    assert home is None or home.valid_to is None
    for unit in communes(text):
        assert today(unit) is not None
    districts(text)


def test_a_users_own_places_are_known_through_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert province("tỉnh Sông Trầm") is None
    monkeypatch.setenv("KH_PLACES", str(ROOT / "corpus" / "places.tsv"))
    found = province("tỉnh Sông Trầm")
    assert found is not None and found.kind == "tỉnh"
    assert communes("xã Đồi Hạc")[0].name == "Đồi Hạc"
