"""Text that keeps the look of the page: indents, two columns, cells side by side."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from kh_nlp.errors import SecretDocumentError
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text

PAGE = """\
 UỶ BAN NHÂN DÂN        CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
  TỈNH QUẢNG TRỊ              Độc lập - Tự do - Hạnh phúc

   Số: 37   /KH-UBND          Quảng Trị, ngày 14 tháng 02 năm 2023

                           KẾ HOẠCH
       Triển khai thực hiện Đề án 06 trên địa bàn tỉnh năm 2023

      Thực hiện Kế hoạch số 61/KH-UBND ngày 07 tháng 4 năm 2022 của UBND tỉnh về
triển khai Đề án 06, UBND tỉnh ban hành Kế hoạch với các nội dung sau:
      I. MỤC ĐÍCH, YÊU CẦU
      1. Mục đích
      Tiếp tục quán triệt, triển khai đồng bộ, hiệu quả các nhiệm vụ của Đề án;
khắc phục những tồn tại, hạn chế trong năm 2022.
      2. Yêu cầu
      Xác định rõ nội dung công việc, thời hạn, tiến độ hoàn thành và trách nhiệm
của các sở, ban, ngành, địa phương trong quá trình thực hiện Kế hoạch
                                                                           2

này trên địa bàn tỉnh, bảo đảm rõ người, rõ việc, rõ trách nhiệm, rõ kết quả.
      II. NHIỆM VỤ
 STT    Nội dung             Cơ quan        Cơ quan        Thời gian
        nhiệm vụ             chủ trì        phối hợp       hoàn thành
 1      Cung cấp 25 dịch     Văn phòng      Các sở,        Tháng 6/2023
        vụ công thiết yếu    UBND tỉnh      ban, ngành
 2      Số hóa hồ sơ hộ      Sở Tư pháp                    Tháng 12/2023
        tịch
      III. TỔ CHỨC THỰC HIỆN
      1. Công an tỉnh
      Chịu trách nhiệm đôn đốc, hướng dẫn, kiểm tra việc thực hiện Kế hoạch này
và định kỳ báo cáo UBND tỉnh.
      2. Các sở, ban, ngành
      Xây dựng kế hoạch, hoàn thành trước ngày 28/02/2023, gửi Công an tỉnh để
tổng hợp./.

 Nơi nhận:                                   TM. ỦY BAN NHÂN DÂN
 - Văn phòng Chính phủ;                         KT. CHỦ TỊCH
 - TT Tỉnh uỷ, TT HĐND tỉnh;                   PHÓ CHỦ TỊCH
 - Lưu: VT, NC.
                                                Hoàng Nam
"""


def test_columns_of_head_and_closing() -> None:
    header = parse(read_text(PAGE)).header
    assert (header.issuer, header.number) == ("UBND tỉnh Quảng Trị", "37/KH-UBND")
    assert (header.place, header.issued_on) == ("Quảng Trị", "2023-02-14")
    assert (header.signer, header.signer_title) == ("Hoàng Nam", "PHÓ CHỦ TỊCH")
    assert header.recipients == (
        "Văn phòng Chính phủ",
        "TT Tỉnh uỷ, TT HĐND tỉnh",
        "Lưu: VT, NC",
    )


def test_indents_tell_paragraphs() -> None:
    plan = parse(read_text(PAGE))
    assert {s.number: s.heading for s in plan.sections} == {
        "I": "MỤC ĐÍCH, YÊU CẦU",
        "I.1": "Mục đích",
        "I.2": "Yêu cầu",
        "II": "NHIỆM VỤ",
        "III": "TỔ CHỨC THỰC HIỆN",
        "III.1": "Công an tỉnh",
        "III.2": "Các sở, ban, ngành",
    }
    assert "thực hiện Kế hoạch này trên địa bàn tỉnh" in plan.text  # over the page


def test_cells_side_by_side() -> None:
    rows = [t for t in parse(read_text(PAGE)).tasks if t.origin == "table"]
    assert [(t.order, t.content, t.lead, t.partners, t.deadline) for t in rows] == [
        (
            1,
            "Cung cấp 25 dịch vụ công thiết yếu",
            ("Văn phòng UBND tỉnh",),
            ("Các sở, ban, ngành",),
            "Tháng 6/2023",
        ),
        (2, "Số hóa hồ sơ hộ tịch", ("Sở Tư pháp",), (), "Tháng 12/2023"),
    ]


def test_titles_below_a_common_title() -> None:
    table = """\
 STT    Nội dung             Cơ quan thực hiện             Thời gian
                             Chủ trì        Phối hợp       hoàn thành
 1      Cung cấp 25 dịch     Văn phòng      Các sở,        Tháng 6/2023
        vụ công thiết yếu    UBND tỉnh      ban, ngành
 2      Số hóa hồ sơ         Sở Tư pháp                    Tháng 12/2023
"""
    start = PAGE.index(" STT ")
    end = PAGE.index("      III. TỔ CHỨC")
    plan = parse(read_text(PAGE[:start] + table + PAGE[end:]))
    rows = [t for t in plan.tasks if t.origin == "table"]
    assert [(t.order, t.lead, t.partners, t.deadline) for t in rows] == [
        (1, ("Văn phòng UBND tỉnh",), ("Các sở, ban, ngành",), "Tháng 6/2023"),
        (2, ("Sở Tư pháp",), (), "Tháng 12/2023"),
    ]


def test_a_line_above_the_titles_is_no_title() -> None:
    annex = f"{' ' * 20}(Kèm theo Kế hoạch số 37/KH-UBND của UBND\n{' ' * 16}tỉnh Quảng Trị)\n"
    text = PAGE.replace(" STT ", annex + " STT ", 1)
    rows = [t for t in parse(read_text(text)).tasks if t.origin == "table"]
    assert [t.lead for t in rows] == [("Văn phòng UBND tỉnh",), ("Sở Tư pháp",)]


def test_every_word_is_kept_with_its_place() -> None:
    reading = read_text(PAGE)
    words = re.findall(r"\w+", PAGE)
    words.remove("2")  # the number of the page
    assert Counter(re.findall(r"\w+", reading.text)) == Counter(words)
    plan = parse(reading)
    at = plan.text.index("Hoàng Nam")
    assert PAGE.splitlines()[plan.locate(at).line - 1].strip() == "Hoàng Nam"


def test_centred_titles_are_no_indents() -> None:
    text = "\n".join(
        f"{'   ' * (number % 4)}Dòng thứ {number} của một bài không có đoạn nào thụt đầu dòng cả"
        for number in range(20)
    )
    assert read_text(text).text.split() == text.split()


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_mark_of_secrecy_in_the_head_is_a_line_of_its_own(mark: str, place: int) -> None:
    head = [
        "ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "HUYỆN BÃI HẠC                 Độc lập - Tự do - Hạnh phúc",
        "",
        "Số: 34/KH-UBND           Bãi Hạc, ngày 25 tháng 02 năm 2022",
        "",
        "KẾ HOẠCH",
        "Chuyển đổi số huyện Bãi Hạc năm 2022",
        "",
        "I. MỤC TIÊU",
        "Đổi mới cách làm việc.",
    ]
    head.insert(place, mark)
    with pytest.raises(SecretDocumentError, match=mark):
        parse(read_text("\n".join(head)))
