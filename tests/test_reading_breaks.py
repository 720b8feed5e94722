"""HTML line breaks in Markdown: ends of lines in prose, words apart in the cells of a table."""

from __future__ import annotations

from kh_nlp.parsing import parse
from kh_nlp.reading import read_text

HEAD = """| **ỦY BAN NHÂN DÂN**<br>**TỈNH AN GIANG**<br>------- | **CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT \
NAM**<br>**Độc lập - Tự do - Hạnh phúc** |
|---|---|
| Số: 18/KH-UBND | *An Giang, ngày 17 tháng 11 năm 2022* |

**KẾ HOẠCH**<br>Phòng, chống thiên tai năm 2023

**I. NHIỆM VỤ**<br/>Chi tiết như sau:

| TT | Nhiệm vụ | Chủ trì | Phối hợp |
|---|---|---|---|
| 1 | Rà soát<br>quy hoạch | Sở Xây dựng | UBND huyện;<br>Sở Tài chính |

| ***Nơi nhận:***<br>- Như trên;<br>- Lưu: VT. | **KT. CHỦ TỊCH<br>PHÓ CHỦ TỊCH**<br>\
<br>**Trần Thư** |
|---|---|
"""


def test_breaks_keep_words_apart() -> None:
    plan = parse(read_text(HEAD))
    header = plan.header
    assert (header.issuer, header.level) == ("UBND tỉnh An Giang", "province")
    assert header.title == "Phòng, chống thiên tai năm 2023"
    assert header.recipients == ("Như trên", "Lưu: VT")
    assert (header.signer, header.signer_title) == ("Trần Thư", "PHÓ CHỦ TỊCH")
    assert [(s.number, s.heading) for s in plan.sections] == [("I", "NHIỆM VỤ")]
    (task,) = [t for t in plan.tasks if t.origin == "table"]
    assert (task.content, task.partners) == ("Rà soát quy hoạch", ("UBND huyện", "Sở Tài chính"))


def test_a_break_has_no_blank_line_and_keeps_the_line_number() -> None:
    reading = read_text("Dòng một<br>dòng hai\nDòng ba")
    assert "<br>" not in reading.text and "\x1f" not in reading.text
    assert [run.line for run in reading.runs] == [1, 1, 2]
