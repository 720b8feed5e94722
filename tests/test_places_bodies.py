"""Register of bodies: dates, successors, spellings, and one key for each body of a plan."""

from __future__ import annotations

import typing
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kh_nlp.model import Level
from kh_nlp.places import bodies, body, body_key, is_current, successor

Y2024, Y2026 = date(2024, 3, 1), date(2026, 3, 1)


def test_the_register_is_sound() -> None:
    rows = bodies()
    names = {row.name for row in rows}
    assert len(rows) >= 140
    for row in rows:
        assert row.level is None or row.level in typing.get_args(Level), row
        for day in (row.valid_from, row.valid_to):
            assert day is None or date.fromisoformat(day).isoformat() == day
        assert not (row.valid_from and row.valid_to) or row.valid_from <= row.valid_to
        assert set(row.successors) <= names, row
        assert row.sources and all(row.sources)
    # one name stands for two bodies only where they were of different times
    for name, count in Counter(row.name for row in rows).items():
        days = sorted((r.valid_from or "", r.valid_to or "9") for r in rows if r.name == name)
        assert count == 1 or all(a[1] < b[0] for a, b in pairwise(days)), name


def test_every_name_and_short_form_finds_its_row() -> None:
    for row in bodies():
        for name in (row.name, row.name.upper(), *row.short):
            found = body(name)
            assert found is not None and found.name == row.name, name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bộ Nông nghiệp và Phát triển nông thôn", "Bộ Nông nghiệp và Môi trường"),
        ("Bộ TN&MT", "Bộ Nông nghiệp và Môi trường"),
        ("Bộ KH&ĐT", "Bộ Tài chính"),
        ("Bộ Giao thông vận tải", "Bộ Xây dựng"),
        ("Bộ LĐ-TB&XH", "Bộ Nội vụ"),
        ("Bộ Thông tin và Truyền thông", "Bộ Khoa học và Công nghệ"),
        ("Ủy ban Dân tộc", "Bộ Dân tộc và Tôn giáo"),
        ("Tổng cục Thuế", "Cục Thuế"),
        ("Tổng cục Hải quan", "Cục Hải quan"),
    ],
)
def test_the_ministries_of_march_2025(old: str, new: str) -> None:
    heir = successor(old)
    assert heir is not None and heir.name == new
    assert is_current(old, date(2025, 2, 28)) is True
    assert is_current(old, date(2025, 3, 1)) is False
    assert is_current(new, Y2026) is True
    assert body(old, Y2026) is None and body(old, Y2024) is not None
    assert successor(new) is None


def test_new_ministries_did_not_stand_before() -> None:
    assert is_current("Bộ Nông nghiệp và Môi trường", Y2024) is False
    assert is_current("Bộ Dân tộc và Tôn giáo", date(2025, 3, 1)) is True
    assert is_current("Bộ Tài chính", Y2024) is True


def test_successors_are_followed_to_the_end() -> None:
    heir = successor("Bộ Thủy lợi")
    assert heir is not None and heir.name == "Bộ Nông nghiệp và Môi trường"
    assert is_current("Bộ Thủy lợi", Y2026) is None  # it ended, no source gives the day


def test_departments_of_a_province() -> None:
    for printed in ("Sở TT&TT", "sở TTTT", "STTTT", "Sở Thông tin và Truyền thông tỉnh Lai Châu"):
        found, heir = body(printed), successor(printed)
        if printed != "STTTT":
            assert found is not None and found.name == "Sở Thông tin và Truyền thông", printed
            assert heir is not None and heir.name == "Sở Khoa học và Công nghệ"
    shared_out = body("Sở Lao động, Thương binh và Xã hội")
    assert shared_out is not None and shared_out.successors[0] == "Sở Nội vụ"
    assert len(shared_out.successors) == 3
    assert successor("Sở LĐTBXH") is None  # to choose one would be a guess
    assert is_current("Sở Nội vụ tỉnh Bắc Kạn", Y2026) is True
    found = body("SỞ TÀI CHÍNH BẮC NINH")
    assert found is not None and found.name == "Sở Tài chính"


def test_bodies_of_districts_ended_on_30_06_2025() -> None:
    last, after = date(2025, 6, 30), date(2025, 7, 1)
    for printed in (
        "UBND huyện Bãi Hạc",
        "Uỷ ban nhân dân quận Ba Đình",
        "UBND thị xã Sa Pa",
        "UBND thành phố Lai Châu",
        "Phòng Lao động - Thương binh và Xã hội",
    ):
        assert is_current(printed, last) is True, printed
        assert is_current(printed, after) is False, printed
        heir = successor(printed)
        assert heir is not None and heir.name == "Ủy ban nhân dân xã", printed
    assert is_current("phòng nội vụ", after) is False
    # a city under the centre is a province's, and stands
    for printed in ("UBND thành phố Hà Nội", "UBND TP. Hồ Chí Minh", "UBND tỉnh Phú Yên"):
        found = body(printed, after)
        assert found is not None and found.level == "province", printed
    assert body("UBND thành phố") is None  # of which level is not said
    assert is_current("UBND xã Quyết Thắng", after) is True


def test_one_name_for_two_times() -> None:
    before, now = body("Phòng Kinh tế", Y2024), body("Phòng Kinh tế", Y2026)
    assert before is not None and before.level == "district"
    assert now is not None and now.level == "commune"
    assert body("Phòng Kinh tế") == now
    assert is_current("Phòng Văn hóa - Xã hội", date(2025, 6, 30)) is False


def test_party_bodies_and_one_stop_offices() -> None:
    for printed in ("Ban Tuyên giáo Thành ủy", "Ban Dân vận Tỉnh ủy"):
        heir = successor(printed)
        assert heir is not None and heir.name == "Ban Tuyên giáo và Dân vận", printed
    heir = successor("Bộ phận tiếp nhận và trả kết quả")
    assert heir is not None and heir.name == "Trung tâm Phục vụ hành chính công"
    assert is_current("Bộ phận “Một cửa”", Y2026) is True  # Nghị định 118/2025/NĐ-CP keeps the name


@pytest.mark.parametrize(
    "printed", [None, "", "các cơ quan liên quan", "UBND các xã", "Hội yêu thơ"]
)
def test_what_the_register_does_not_hold(printed: str | None) -> None:
    assert body(printed) is None and successor(printed) is None
    assert is_current(printed, Y2026) is None


@pytest.mark.parametrize(
    ("place", "spellings"),
    [
        (
            "xã Quyết Thắng",
            [
                "UBND",
                "UBND xã",
                "Ủy ban nhân dân xã Quyết Thắng",
                "Uỷ ban nhân dân",
                "ủy ban nhân dân xã",
            ],
        ),
        ("thành phố Lai Châu", ["Phòng nội vụ", "phòng Nội vụ", "Phòng Nội vụ thành phố"]),
        (
            "Lai Châu",
            [
                "Sở TT&TT",
                "Sở TTTT",
                "Sở Thông tin và Truyền thông",
                "Sở Thông tin và Truyền thông tỉnh Lai Châu",
            ],
        ),
        (
            "tỉnh Lai Châu",
            ["Văn phòng UBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh", "VP UBND tỉnh"],
        ),
        ("TP. Hồ Chí Minh", ["UBND TP", "UBND Thành phố", "UBND Thành phố Hồ Chí Minh", "UBND"]),
        (
            "thành phố Lai Châu",
            [
                "Văn phòng HĐND- UBND thành phố",
                "Văn phòng HĐND-UBND",
                "Văn phòng HĐND và UBND thành phố",
            ],
        ),
        ("xã Nậm Sim", ["Phòng VH-XH", "Phòng Văn hoá - Xã hội", "Phòng Văn hóa và Xã hội xã"]),
        ("xã Nậm Sim", ["Ủy ban MTTQ Việt Nam xã", "UBMTTQVN xã", "MTTQ xã Nậm Sim"]),
        ("Lai Châu", ["Sở VH,TT&DL", "Sở VHTTDL", "Sở Văn hoá, Thể thao và Du lịch"]),
        ("Lai Châu", ["Thành viên tổ giúp việc", "thành viên Tổ giúp việc"]),
    ],
)
def test_spellings_of_one_body_have_one_key(place: str, spellings: list[str]) -> None:
    assert len({body_key(printed, place) for printed in spellings}) == 1, [
        body_key(printed, place) for printed in spellings
    ]


def test_areas_of_many_bodies_in_any_order() -> None:
    listed = ("UBND các xã, phường", "Ủy ban nhân dân các phường, xã", "UBND các xã và phường")
    assert len({body_key(printed, "Đồng Nai") for printed in listed}) == 1
    assert body_key("UBND các xã", "Đồng Nai") != body_key(listed[0], "Đồng Nai")


def test_offices_of_a_region() -> None:
    found = body("Chi cục Hải quan khu vực XIX")
    assert found is not None and found.name == "Chi cục Hải quan khu vực"
    heir = successor("Kho bạc Nhà nước tỉnh Quảng Ninh")
    assert heir is not None and heir.name == "Kho bạc Nhà nước khu vực"
    one, other = (body_key(f"Kho bạc nhà nước khu vực {n}", None) for n in ("XI", "XII"))
    assert one != other


def test_different_bodies_have_different_keys() -> None:
    place = "xã Quyết Thắng"
    keys = [
        body_key(printed, place)
        for printed in (
            "UBND xã",
            "UBND tỉnh",
            "UBND huyện",
            "UBND các xã, phường",
            "UBND xã Tân Thành",
            "HĐND xã",
            "Đảng ủy xã",
            "Phòng Kinh tế",
            "Phòng Văn hóa - Xã hội",
            "Công an xã",
            "Công an tỉnh",
        )
    ]
    assert len(set(keys)) == len(keys)
    assert body_key("Sở Nội vụ tỉnh Hà Giang", "Lai Châu") != body_key("Sở Nội vụ", "Lai Châu")
    assert body_key("UBND", place) == "uy ban nhan dan"
    assert body_key("…", place) == "" == body_key("", None)


WORDS = st.text() | st.lists(
    st.sampled_from(
        ["UBND", "xã", "Sở", "TT&TT", "tỉnh", "(", ")", "và", "các", "Lai Châu", "của", "TP."]
    )
).map(" ".join)


@given(WORDS, WORDS | st.none())
def test_any_text_is_answered(name: str, place: str | None) -> None:
    key = body_key(name, place)
    assert key == body_key(name, place) and key == key.strip().lower()
    assert body(name, Y2026) is None or is_current(name, Y2026) is not False
    heir = successor(name)
    assert heir is None or not heir.successors
