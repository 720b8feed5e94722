"""Saved web pages: the plan in them, whatever menus and frames stand around it."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from kh_nlp.model import Plan
from kh_nlp.pipeline import read_plan
from kh_nlp.reading import Reading, read_file

SHARED = Path(os.environ.get("KH_SHARED", Path(__file__).resolve().parents[2] / "shared"))

HEAD = """
<table><tr><td><p><b>UBND XÃ ĐỒI HẠC</b></p><p>Số: 15/KH-UBND</p></td>
<td><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br>Độc lập - Tự do - Hạnh phúc</p>
<p><i>Đồi Hạc, ngày 10 tháng 01 năm 2024</i></p></td></tr></table>
<p><b>KẾ HOẠCH</b></p><p><b>Phát thanh pháp luật năm 2024</b></p>
"""
BODY = """
<p><b>I. MỤC ĐÍCH</b></p>
<p>Nâng cao hiểu biết pháp luật của người dân trong toàn xã qua hệ thống truyền thanh.</p>
<p><b>II. NHIỆM VỤ</b></p>
<table border=1><tr><th>TT</th><th>Nội dung</th><th>Chủ trì</th><th>Thời gian</th></tr>
<tr><td>1</td><td>Biên tập<br>bản tin</td><td rowspan=2>Văn hóa xã</td><td>Tháng 1</td></tr>
<tr><td>2</td><td>Phát loa</td><td>Hằng tuần</td></tr></table>
<p>Nơi nhận: Lưu VT.</p>
"""
SITE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Kế hoạch</title>
<style>p {{color: red}}</style></head><body>
<nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/vb">Văn bản</a></li></ul></nav>
<div id="menu"><p><a href="/1">Kế hoạch số 99/KH-UBND của tỉnh khác về việc khác hẳn</a></p></div>
<div><div class="noi-dung">{HEAD}{BODY}<p style="display:none">ẩn đi</p></div></div>
<footer><p>Bản quyền của cổng thông tin, ghi rõ nguồn khi phát hành lại thông tin này.</p></footer>
<script>var x = "mã";</script></body></html>"""


def read(folder: Path, html: str | bytes) -> tuple[Reading, Plan]:
    path = folder / "trang.html"
    path.write_bytes(html if isinstance(html, bytes) else html.encode("utf-8"))
    return read_file(path), read_plan(path)


def test_menus_scripts_and_feet_of_a_site_are_no_text(tmp_path: Path) -> None:
    reading, plan = read(tmp_path, SITE)
    for word in ("Trang chủ", "99/KH-UBND", "Bản quyền", "mã", "ẩn đi", "color"):
        assert word not in reading.text
    assert (plan.header.number, plan.header.issued_on) == ("15/KH-UBND", "2024-01-10")
    assert plan.header.title == "Phát thanh pháp luật năm 2024"
    assert [s.number for s in plan.sections] == ["I", "II"]


def test_cells_over_several_rows_and_lines(tmp_path: Path) -> None:
    _, plan = read(tmp_path, SITE)
    first, second = plan.tasks
    assert (first.content, first.lead, first.deadline) == (
        "Biên tập bản tin",
        ("Văn hóa xã",),
        "Tháng 1",
    )
    assert (second.content, second.deadline) == ("Phát loa", "Hằng tuần")
    assert second.lead == ("Văn hóa xã",)


def test_lists_get_the_numbers_that_a_browser_prints(tmp_path: Path) -> None:
    reading, _ = read(
        tmp_path,
        "<html><body><ol type=I start=2><li>NỘI DUNG<ol type=a><li>Một</li><li>Hai</li></ol></li>"
        "</ol><ul><li>Ba</li></ul></body></html>",
    )
    assert reading.text.split("\n") == ["II. NỘI DUNG", "a. Một", "b. Hai", "- Ba"]


def test_footnotes_of_word_pages(tmp_path: Path) -> None:
    _, plan = read(
        tmp_path,
        f"<html><body><div class=WordSection1>{HEAD}<p>I. MỤC ĐÍCH</p><p>Theo quy định"
        '<a href="#_ftn1"><span class=MsoFootnoteReference>[1]</span></a> của tỉnh và của xã.</p>'
        "</div><div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1>"
        '<p><a href="#_ftnref1">[1]</a> Quyết định số 12/QĐ-UBND ngày 05/01/2024.</p></div></div>',
    )
    (note,) = plan.notes
    assert note.text == "Quyết định số 12/QĐ-UBND ngày 05/01/2024."
    assert note.section == plan.sections[0].id


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Kế hoạch của Ủy ban nhân dân xã về chuyển đổi số"
    html = f'<html><head><meta charset="{encoding}"></head><body><p>{text}</p></body></html>'
    assert read(tmp_path, html.encode(encoding))[0].text == text


def test_vietnamese_code_page_of_windows(tmp_path: Path) -> None:
    # the code page has no letter "ế": it is ê and a combining acute
    data = b"<html><body><p>K\xea\xec ho\xf2a\xf2ch c\xf9\xd2a x\xe3</p></body></html>"
    assert read(tmp_path, data)[0].text.startswith("Kế")


@pytest.mark.parametrize("name", ["037", "038", "040", "042", "043", "060"])
def test_pages_saved_by_word_agree_with_their_text(name: str) -> None:
    page = SHARED / "plans" / "originals" / f"{name}.htm"
    if not page.is_file():
        pytest.skip(f"không có {page}")
    web, text = read_plan(page), read_plan(SHARED / "plans" / f"{name}.txt")
    numbers = [[s.number for s in plan.sections if not s.annex] for plan in (web, text)]
    assert numbers[0] == numbers[1]
    keys = [{c.document.key for c in plan.citations if c.document} for plan in (web, text)]
    assert len(keys[0] & keys[1]) >= 0.97 * len(keys[0] | keys[1]) or name == "060"
    assert web.header.number == text.header.number


def test_cells_that_claim_giant_spans_cost_little(tmp_path: Path) -> None:
    row = "<tr>" + '<td rowspan="65000" colspan="65000">x</td>' * 20 + "</tr>"
    page = "<html><body><p>I. MỤC ĐÍCH</p><table>" + row * 200 + "</table></body></html>"
    path = tmp_path / "a.html"
    path.write_text(page, "utf-8")
    tracemalloc.start()
    read_file(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 * 2**20
