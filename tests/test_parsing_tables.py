"""Task tables whose titles stand in two rows, a common title above two columns."""

from __future__ import annotations

import pytest

from kh_nlp.model import Task
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text

HEAD = """KẾ HOẠCH
Chuyển đổi số năm 2025

Ủy ban nhân dân xã ban hành Kế hoạch như sau:

I. NHIỆM VỤ

"""


def tasks(table: str) -> list[Task]:
    return [t for t in parse(read_text(HEAD + table)).tasks if t.origin == "table"]


@pytest.mark.parametrize(
    "titles",
    [
        "STT\tNhiệm vụ\tCơ quan thực hiện\t\tThời gian\n\t\tChủ trì\tPhối hợp\t\n",
        "STT\tNhiệm vụ\tCơ quan thực hiện\t\tThời gian\n"
        "STT\tNhiệm vụ\tChủ trì\tPhối hợp\tThời gian\n",
        "STT\tNhiệm vụ\tCơ quan thực hiện\tThời gian\nChủ trì\tPhối hợp\n",
    ],
)
def test_titles_in_two_rows(titles: str) -> None:
    table = titles + (
        "1\tBan hành Quy chế\tVăn phòng\tCác phòng\tTháng 9/2025\n"
        "2\tKiện toàn Tổ công nghệ số\tPhòng Văn hóa\tCác thôn\tTháng 10/2025\n"
    )
    found = [(t.order, t.content, t.lead, t.partners, t.deadline) for t in tasks(table)]
    assert found == [
        (1, "Ban hành Quy chế", ("Văn phòng",), ("Các phòng",), "Tháng 9/2025"),
        (2, "Kiện toàn Tổ công nghệ số", ("Phòng Văn hóa",), ("Các thôn",), "Tháng 10/2025"),
    ]


def test_columns_below_a_time() -> None:
    table = (
        "TT\tNội dung\tĐơn vị chủ trì\tThời gian\t\n\t\t\tBắt đầu\tKết thúc\n"
        "1\tLát đường thôn\tPhòng Kinh tế\tTháng 3/2025\tTháng 5/2025\n"
    )
    assert [(t.content, t.deadline) for t in tasks(table)] == [
        ("Lát đường thôn", "Tháng 3/2025; Tháng 5/2025")
    ]


def test_a_first_row_of_work_is_no_title() -> None:
    table = (
        "Nội dung\tĐơn vị chủ trì\tPhối hợp\tKết quả\n"
        "Họp thôn\tBan phối hợp\tTổ chủ trì\tBiên bản\nHọp xã\tVăn phòng\tCác thôn\tBiên bản\n"
    )
    assert [t.content for t in tasks(table)] == ["Họp thôn", "Họp xã"]
