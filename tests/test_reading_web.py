"""Saved web pages: what a reader of the page sees of the plan, and nothing of the site."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from kh_nlp.errors import InputError
from kh_nlp.reading import Options
from kh_nlp.reading.composing import Reading, compose
from kh_nlp.reading.extract import Extract
from kh_nlp.reading.files import File
from kh_nlp.reading.web import extract_html

PLANS = Path(__file__).resolve().parents[2] / "shared" / "plans"
WORK = "Tuyên truyền cải cách hành chính trên địa bàn tỉnh năm nay cho mọi người dân. "


def extract(body: str, head: str = "", encoding: str = "utf-8") -> Extract:
    data = f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding)
    return extract_html(File(path=Path("a.html"), data=data, sha256=""), Options())


def read(body: str, head: str = "") -> Reading:
    return compose(extract(body, head), "a.html", "")


def test_weight_of_other_scripts_is_not_bold() -> None:
    items = extract(
        "<p><span style='mso-bidi-font-weight:bold'>3.7. Hội nghị biểu quyết</span></p>"
        "<p><span style='font-weight:bold'>4. Nội dung</span></p>"
    ).items
    assert [item.strong for item in items] == [False, True]  # type: ignore[union-attr]


def test_footnotes_of_word_follow_the_paragraph_of_their_mark() -> None:
    reading = read(
        "<p>Thực hiện<a href='#_ftn1' name='_ftnref1'>[1]</a> kế hoạch.</p><p>Sau.</p>"
        "<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1><p>"
        "<a href='#_ftnref1' name='_ftn1'>[1]</a> Nghị <b>qu</b>yết A.</p></div></div>"
    )
    assert reading.text == "Thực hiện¹ kế hoạch.\n¹ Nghị quyết A.\nSau."
    assert [line.kind for line in reading.lines] == ["text", "note", "text"]


def test_a_list_of_notes_at_the_end() -> None:
    reading = read(
        "<p>Căn cứ Nghị quyết<sup id='fnref1'><a href='#fn1'>1</a></sup>.</p><p>Sau.</p>"
        "<ol><li id='fn1'>Số 76/NQ-CP. <a href='#fnref1'>↩</a></li></ol>"
    )
    assert reading.text == "Căn cứ Nghị quyết¹.\n¹ Số 76/NQ-CP.\nSau."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<ol type="a"><li><p>Một.</p></li><li><p>Hai.</p></li></ol>', "a. Một.\nb. Hai."),
        ('<ol start="3"><li>Ba.</li><li value="7">Bảy.</li></ol>', "3. Ba.\n7. Bảy."),
        ("<ul><li>1. Một.</li><li>- Hai.</li><li>Ba.</li></ul>", "1. Một.\n- Hai.\n- Ba."),
        ("<ul style='list-style:none'><li>Một</li></ul>", "Một"),
        (
            "<p><span style='font-family:Wingdings'><span style='mso-list:Ignore'>§<span>&nbsp;"
            "</span></span></span>Một</p>",
            "▪ Một",
        ),
        ("<p><span style='mso-list:Ignore'>2.1.<span>&nbsp; </span></span>Hai</p>", "2.1. Hai"),
    ],
)
def test_numbers_and_bullets_of_lists(body: str, text: str) -> None:
    assert read(body).text == text


def test_deleted_and_hidden_text_is_left_out() -> None:
    hidden = "<p class=an>A</p><p style='display:none'>B</p>"
    body = f"<p>Sở <del>Nội vụ</del><ins>Tư pháp</ins></p>{hidden}"
    assert read(body, "<style>p{color:red} .an{display:none}</style>").text == "Sở Tư pháp"


def test_menus_and_comments_of_a_site_are_left_out_and_told() -> None:
    menu = "<ul>" + "".join(f"<li><a href=/{k}>Văn bản mới số {k}</a></li>" for k in range(30))
    comments = "<p>Bạn đọc hỏi về việc này như thế nào thì tôi không biết rõ.</p>" * 4
    found = extract(
        f"<nav>{menu}</ul></nav><div id=trang><div class=muc>{menu}</ul></div><div class=noidung>"
        f"<p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p>KẾ HOẠCH</p>{f'<p>{WORK}</p>' * 8}"
        f"<p>Nơi nhận:</p></div><div class='comment-list'>{comments}</div></div>"
    )
    texts = [item.text for item in found.items]  # type: ignore[union-attr]
    assert texts == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "KẾ HOẠCH", *[WORK.strip()] * 8, "Nơi nhận:",
    ]  # fmt: skip
    assert any("đã bỏ qua" in warning for warning in found.warnings)


def test_merged_cells_are_empty() -> None:
    rows = (
        "<tr><th>TT</th><th>Việc</th><th>Chủ trì</th></tr>"
        "<tr><td>1</td><td rowspan=2>Tập huấn</td><td>Sở Nội vụ</td></tr>"
        "<tr><td>2</td><td>Sở Tư pháp</td></tr><tr><td colspan=3>II. Năm 2026</td></tr>"
    )
    text = read(f"<p>Bảng sau.</p><table><caption>Bảng 1</caption>{rows}</table>").text
    assert text.split("\n") == [
        "Bảng sau.", "Bảng 1", "TT\tViệc\tChủ trì", "1\tTập huấn\tSở Nội vụ", "2\t\tSở Tư pháp",
        "II. Năm 2026\t\t",
    ]  # fmt: skip


def test_page_breaks_for_printing_count_pages() -> None:
    reading = read(
        "<p>Một.</p><span><br clear=all style='page-break-before:always'></span><p>Hai.</p>"
        "<p style='page-break-before:always'>Ba.</p>"
    )
    assert [line.page for line in reading.lines] == [1, 2, 3]


def test_decomposed_letters_of_windows_1258() -> None:
    head = "<meta charset=windows-1258>"
    items = extract("<p>K\u00ea\u0301 hoa\u0323ch</p>", head, "cp1258").items
    assert [item.text for item in items] == ["Kế hoạch"]  # type: ignore[union-attr]


def test_a_table_of_giant_spans_is_bounded() -> None:
    row = "<tr>" + "<td rowspan=500 colspan=500>x</td>" * 40 + "</tr>"
    found = extract(f"<p>Bảng.</p><table>{row * 20}</table>")
    assert max(len(item.cells) for item in found.items[1:]) <= 240  # type: ignore[union-attr]


def test_a_page_nested_too_deep_is_one_line() -> None:
    try:
        found = extract("<div>" * 5000 + "Chữ" + "</div>" * 5000)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert found.text.strip() == "Chữ"


@pytest.mark.slow
@pytest.mark.parametrize("number", ["037", "038", "040", "042", "043", "060"])
def test_originals_say_what_their_text_twins_say(number: str) -> None:
    page, twin = PLANS / "originals" / f"{number}.htm", PLANS / f"{number}.txt"
    if not page.exists():
        pytest.skip("thiếu ../shared/plans")
    found = extract_html(File(path=page, data=page.read_bytes(), sha256=""), Options())
    ours = _letters(compose(found, "", "").text)
    theirs = _letters(twin.read_text("utf-8"))
    assert sorted(ours) == sorted(theirs)


def _letters(text: str) -> str:
    """All letters and digits; blanks and the shape of note marks differ between the two."""
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", text).translate(raised))
