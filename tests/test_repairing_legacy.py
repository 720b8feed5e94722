"""Text in encodings from before Unicode is found and converted, sound text stays as it is."""

from __future__ import annotations

import gzip
import json
import unicodedata
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kh_nlp.repairing import convert
from kh_nlp.repairing.legacy import find_passages, read
from kh_nlp.repairing.legacy_tables import NAMES
from kh_nlp.repairing.origins import composed, offset_of, origin, replaced, through
from kh_nlp.repairing.syllables import is_well_formed
from tests.support_encodings import ENCODINGS, encode, room_for

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
SHARED = Path(__file__).resolve().parents[2] / "shared"
SAMPLES = sorted(CORPUS.glob("[0-9]*.txt"))

# Known from documents and manuals, not made by the tables under test
KNOWN = [
    ("tcvn3", "Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("tcvn3", "§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
    ("tcvn3", "Uû ban nh©n d©n tØnh", "Uỷ ban nhân dân tỉnh"),
    ("tcvn3", "C¨n cø LuËt Tæ chøc Héi ®ång nh©n d©n", "Căn cứ Luật Tổ chức Hội đồng nhân dân"),
    ("tcvn3", "Tr\u00ad\u00eang TiÓu häc", "Trường Tiểu học"),
    ("tcvn3", "ñY BAN NH¢N D¢N TØNH Vµ Së Y TÕ", "ỦY BAN NHÂN DÂN TỈNH VÀ SỞ Y TẾ"),
    ("vni", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("vni", "Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
    ("vni", "UÛY BAN NHAÂN DAÂN TÆNH", "ỦY BAN NHÂN DÂN TỈNH"),
    ("vni", "Uyû ban nhaân daân", "Uỷ ban nhân dân"),
    ("viscii", "Cµng hòa xã hµi chü nghîa Vi®t Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("cp1258", "Côòng hoÌa xaÞ hôòi chuÒ nghiÞa Viêòt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("utf8", "Ä\x90á»™c láº\xadp â€“ Tá»± do", "Độc lập – Tự do"),
    ("utf8", "cáº£i cÃ¡ch hÃ nh chÃ­nh vÃ  tiáº¿p theo", "cải cách hành chính và tiếp theo"),
    ("utf8", "má»¥c Ä‘Ãch, nháºn thá»©c, HOáº T Ä\x90á»˜NG", "mục đích, nhận thức, HOẠT ĐỘNG"),
    ("utf8-twice", "hÃ¡Â»â„¢i Ã„â€˜Ã¡Â»â€œng", "hội đồng"),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "text", "meant"), KNOWN)
def test_known_lines_are_found_and_converted(encoding: Any, text: str, meant: str) -> None:
    new = convert(text, encoding)
    if encoding == "vni":  # the old place of the tone is kept as typed
        new = new.replace("Uyỷ", "Uỷ")
    assert new == meant
    found = find_passages(text)
    assert [(p.start, p.end, p.encoding) for p in found] == [(0, len(text), encoding)]


def test_capitals_of_a_font_that_draws_only_capitals() -> None:
    line = "céng hßa x· héi chñ nghÜa viÖt nam"
    assert convert(line, "tcvn3") == "cộng hòa xã hội chủ nghĩa việt nam"
    assert convert(line, "tcvn3", capitals=True) == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("KÕ HO¹CH VÒ VIÖC Tæ CHøC", "KẾ HOẠCH VỀ VIỆC TỔ CHỨC"),
        ("Bé CHQS tØnh, Së TT&TT", "Bộ CHQS tỉnh, Sở TT&TT"),
        ("II. Tæ chøc thùc hiÖn", "II. Tổ chức thực hiện"),
        ("I. MôC §ÝCH, Y£U CÇU", "I. MỤC ĐÍCH, YÊU CẦU"),
        ("Q§-UBND cña UBND x·", "QĐ-UBND của UBND xã"),
    ],
)
def test_case_of_tcvn3_words_is_that_of_their_other_letters(text: str, meant: str) -> None:
    assert convert(text, "tcvn3") == meant


def test_raised_digits_of_notes_are_no_letters() -> None:
    text = "b¸o c¸o c«ng t¸c CCHC¹ t¹i x·¹.\n¹ NghÞ quyÕt sè 76/NQ-CP"
    assert convert(text, "tcvn3") == "báo cáo công tác CCHC¹ tại xã¹.\n¹ Nghị quyết số 76/NQ-CP"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Tr-êng häc ®-îc ®Çu t-, nh- sau: l-u tr÷", "Trường học được đầu tư, như sau: lưu trữ"),
        ("-u tiªn ng-êi nghÌo, ch-a cã, thø t-", "ưu tiên người nghèo, chưa có, thứ tư"),
        ("kinh tÕ-x· héi, Q§-UBND, th¸ng 1-2", "kinh tế-xã hội, QĐ-UBND, tháng 1-2"),
        ("c- Néi dung", "c- Nội dung"),
    ],
)  # fmt: skip
def test_hyphens_that_a_pdf_has_for_a_letter(text: str, meant: str) -> None:
    assert convert(text, "tcvn3") == meant


SOUND = [
    "Il a présenté son résumé à l'école où il a été élève, près de la forêt.",
    "Zürich, München und Köln: die Städte können größer werden, wenn möglich.",
    "El niño está en España; mañana será otro día. SEÑAL, TAMAÑO, CONTRASEÑA",
    "Stoppade på %s\nFortsatte på %s, så länge två är på\nStoppade på HEAD",
    "naïve café, Curaçao, Ångström, Bjørn, Señor Núñez, Chloë, Haïti",
    "H₂SO₄, CO₂, 37 °C ± 0,5, 5 µg/m³, 10 m², ½ ngày, 3 × 4, Ø20, § 5, ® © ™",
    "Ðề án “Ðô thị” « nông thôn mới » của Ðảng bộ; ðồng bào; Ðông Hà; Ðăk Lăk",
    "Hoà bình, thuỷ lợi, quý, uý; hòa bình, thủy lợi; Krông Pắc, Ê-đê, Brâu",
    "¹ Nghị quyết số 76/NQ-CP² của Chính phủ³; công tác CCHC¹",
    "Hà Nam, Cô Tô, Hoàng Công Hoà, bà Vàng, ông Hà",
    "XÃ HOÀ BÌNH, THÀNH PHỐ · CÔNG AN • ĐOÀN",
    "KÕ HO¹CH",
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_and_foreign_text_stays(text: str) -> None:
    assert find_passages(text) == []
    assert find_passages("\n".join([text] * 5)) == []


def test_sound_documents_stay() -> None:
    files = [*SHARED.glob("plans/*.txt"), *SHARED.glob("seeds/*.txt"), *SAMPLES]
    assert len(SAMPLES) > 3
    for file in files:
        assert find_passages(file.read_text("utf-8")) == [], file.name


@pytest.mark.parametrize("name", ["phapdien_articles", "admin_docs"])
def test_sound_legal_texts_stay(name: str) -> None:
    path = SHARED / "corpus" / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not at hand")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 2000):
            for text in _strings(json.loads(line)):
                assert find_passages(text) == []


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _strings(part)]


def test_only_the_table_is_in_an_old_encoding() -> None:
    before = "Ủy ban nhân dân xã Hòa Bình giao nhiệm vụ như sau:\n"
    table = (
        "TT\tNéi dung\tChñ tr×\n1\tTuyªn truyÒn c¶i c¸ch hµnh chÝnh\tV¨n phßng\n2\tTËp huÊn\tSë\n"
    )
    after = "Các đơn vị báo cáo kết quả trước ngày 15/12.\nHoàng Công Hà\n"
    found = find_passages(before + table + after)
    assert [p.encoding for p in found] == ["tcvn3"]
    start, end = found[0].start, found[0].end
    assert (before + table + after)[start:end] == table[3:-1]
    assert convert(table, "tcvn3").split("\n")[2] == "2\tTập huấn\tSở"


def test_two_encodings_in_one_file() -> None:
    first = "Kế hoạch tuyên truyền cải cách hành chính nhà nước năm 2005 của tỉnh\n"
    text = encode(first, "vni") + first + encode(first, "tcvn3") + first + encode(first, "utf8")
    assert [p.encoding for p in find_passages(text)] == ["vni", "tcvn3", "utf8"]


def test_lines_too_short_to_tell_go_with_those_around_them() -> None:
    long = "Kế hoạch tuyên truyền cải cách hành chính nhà nước năm 2005 của tỉnh\n"
    text = encode(long, "tcvn3") + "Së\n" + "hè\n" + encode(long, "tcvn3")
    (passage,) = find_passages(text)
    assert (passage.start, passage.end) == (0, len(text) - 1)
    assert "\nSở\nhố\n" in convert(text, "tcvn3")
    assert find_passages(long + "Së\n" + long) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_samples_come_back_and_every_letter_knows_its_origin(encoding: str) -> None:
    name: Any = "utf8" if encoding == "utf8-latin1" else encoding
    for file in SAMPLES[:3]:
        text = room_for(file.read_text("utf-8"), encoding)
        old = encode(text, encoding)
        assert {p.encoding for p in find_passages(old)} == {name}
        new, marks = read(old, name)
        assert len(new) == len(text)
        same = new.lower() == text.lower() if encoding == "tcvn3" else new == text
        assert same or sum(a != b for a, b in zip(new, text, strict=True)) < 0.001 * len(text)
        for at in range(0, len(new), 7):
            unit = encode(text[at], encoding)
            assert old.startswith(unit, origin(marks, at))


def test_names_of_all_encodings_are_told_apart() -> None:
    assert len(set(NAMES.values())) == len(NAMES)


@given(st.text(alphabet="aeou đ\u0301\u0323\u0302ÃÂäïöñ®¹ \n", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_read_in_any_encoding(text: str) -> None:
    for encoding in NAMES:
        new, marks = read(text, encoding)
        assert unicodedata.is_normalized("NFC", new)
        places = [origin(marks, at) for at in range(len(new))]
        assert places == sorted(places)
        assert all(0 <= place < len(text) for place in places)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(0, 3)), max_size=6))
def test_marks_of_two_changes_are_put_together(parts: list[tuple[int, int, int]]) -> None:
    text = "abcdefghijklmnopqrstuvwxyz" * 2
    changes, at = [], 0
    for skip, length, new in parts:
        changes.append((at + skip, at + skip + length, "X" * new))
        at += skip + length
    once, inner = replaced(text, changes)
    twice, outer = replaced(once, [(i, i + 1, "") for i, c in enumerate(once) if c == "d"])
    marks = through(outer, inner, len(twice))
    for at, letter in enumerate(twice):
        if letter != "X":
            assert text[origin(marks, at)] == letter
            assert offset_of(marks, origin(marks, at)) == at


def test_composed_letters_begin_an_origin() -> None:
    text, marks = composed("vie\u0323\u0302t nam")
    assert text == "việt nam"
    assert [origin(marks, at) for at in range(len(text))] == [0, 1, 2, 5, 6, 7, 8, 9]


def test_form_of_a_syllable_is_strict() -> None:
    assert all(
        map(is_well_formed, ["nghiêng", "quyết", "giữa", "huỳnh", "gì", "quý", "ổi", "boong"])
    )
    assert not any(map(is_well_formed, ["cac", "xãạ", "nhauạ", "på", "kéüt", "ng", "sach"]))
