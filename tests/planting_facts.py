"""What the planter knows by itself: former bodies and replaced documents."""

from __future__ import annotations

FORMER = (  # body today, former body, last day of the former
    ("Sở Khoa học và Công nghệ", "Sở Thông tin và Truyền thông", "2025-02-28"),
    ("Sở Nội vụ", "Sở Lao động - Thương binh và Xã hội", "2025-02-28"),
    ("Sở Tài chính", "Sở Kế hoạch và Đầu tư", "2025-02-28"),
    ("Sở Nông nghiệp và Môi trường", "Sở Nông nghiệp và Phát triển nông thôn", "2025-02-28"),
    ("Bộ Khoa học và Công nghệ", "Bộ Thông tin và Truyền thông", "2025-02-28"),
    ("Bộ Nội vụ", "Bộ Lao động - Thương binh và Xã hội", "2025-02-28"),
    ("Bộ Nội vụ", "Bộ Thông tin và Truyền thông", "2025-02-28"),
    ("Sở Giáo dục và Đào tạo", "Sở Tài nguyên và Môi trường", "2025-02-28"),
    ("Sở Văn hóa, Thể thao và Du lịch", "Sở Thông tin và Truyền thông", "2025-02-28"),
    ("Phòng Văn hóa - Xã hội", "Phòng Văn hóa và Thông tin", "2025-06-30"),
    ("Phòng Văn hóa - Xã hội", "Phòng Nội vụ", "2025-06-30"),
    ("Phòng Kinh tế, Hạ tầng và Đô thị", "Phòng Kinh tế và Hạ tầng", "2025-06-30"),
    ("Phòng Kinh tế", "Phòng Tài chính - Kế hoạch", "2025-06-30"),
    ("Phòng Kinh tế", "Phòng Tài nguyên và Môi trường", "2025-06-30"),
    ("Công an xã", "Công an huyện", "2025-06-30"),
    ("Công an phường", "Công an huyện", "2025-06-30"),
    ("Văn phòng HĐND và UBND xã", "Văn phòng HĐND và UBND huyện", "2025-06-30"),
    ("UBND các xã, phường", "UBND các huyện, thị xã, thành phố", "2025-06-30"),
    ("Ủy ban nhân dân các xã, phường", "Ủy ban nhân dân các huyện, thành phố", "2025-06-30"),
    ("UBND tỉnh", "UBND huyện", "2025-06-30"),
    ("TT Đảng ủy", "TT Huyện ủy", "2025-06-30"),
)
FORMER_SENTENCES = (
    ("Định kỳ hằng tháng báo cáo kết quả về Phòng Nội vụ huyện để tổng hợp.", "Phòng Nội vụ huyện"),
    ("Kinh phí do Phòng Tài chính - Kế hoạch thẩm định, trình UBND huyện phê duyệt.", "UBND huyện"),
    (
        "Phối hợp với Phòng Lao động - Thương binh và Xã hội rà soát đối tượng.",
        "Phòng Lao động - Thương binh và Xã hội",
    ),
    (
        "Nội dung tuyên truyền theo hướng dẫn của Sở Thông tin và Truyền thông.",
        "Sở Thông tin và Truyền thông",
    ),
    ("Gửi báo cáo về Bộ Thông tin và Truyền thông theo quy định.", "Bộ Thông tin và Truyền thông"),
    ("Đài truyền thanh cấp huyện phát lại chương trình vào khung giờ cố định.", "cấp huyện"),
    ("Tham mưu Huyện ủy chỉ đạo cấp ủy cơ sở quán triệt nội dung Kế hoạch.", "Huyện ủy"),
)

# (citation, day from which another took its place): facts of the official gazette.
REPLACED = (
    ("Luật Tổ chức chính quyền địa phương số 77/2015/QH13 ngày 19 tháng 6 năm 2015", "2025-03-01"),
    ("Luật Đất đai số 45/2013/QH13 ngày 29 tháng 11 năm 2013", "2024-08-01"),
    ("Luật Giao dịch điện tử số 51/2005/QH11 ngày 29 tháng 11 năm 2005", "2024-07-01"),
    (
        "Luật Ban hành văn bản quy phạm pháp luật số 80/2015/QH13 ngày 22 tháng 6 năm 2015",
        "2025-04-01",
    ),
    ("Luật Căn cước công dân số 59/2014/QH13 ngày 20 tháng 11 năm 2014", "2024-07-01"),
    ("Luật Thi đua, khen thưởng số 15/2003/QH11 ngày 26 tháng 11 năm 2003", "2024-01-01"),
    ("Luật Phòng, chống bạo lực gia đình số 02/2007/QH12 ngày 21 tháng 11 năm 2007", "2023-07-01"),
    ("Luật Thanh tra số 56/2010/QH12 ngày 15 tháng 11 năm 2010", "2023-07-01"),
    ("Luật Thanh niên số 53/2005/QH11 ngày 29 tháng 11 năm 2005", "2021-01-01"),
    ("Luật Bảo vệ môi trường số 55/2014/QH13 ngày 23 tháng 6 năm 2014", "2022-01-01"),
    ("Luật Bảo hiểm xã hội số 58/2014/QH13 ngày 20 tháng 11 năm 2014", "2025-07-01"),
    (
        "Nghị định số 61/2018/NĐ-CP ngày 23 tháng 4 năm 2018 của Chính phủ về thực hiện cơ chế"
        " một cửa, một cửa liên thông trong giải quyết thủ tục hành chính",
        "2025-07-01",
    ),
    (
        "Nghị định số 110/2004/NĐ-CP ngày 08 tháng 4 năm 2004 của Chính phủ về công tác văn thư",
        "2020-03-05",
    ),
    (
        "Nghị định số 43/2011/NĐ-CP ngày 13 tháng 6 năm 2011 của Chính phủ quy định về việc cung "
        "cấp"
        " thông tin và dịch vụ công trực tuyến trên trang thông tin điện tử hoặc cổng thông tin "
        "điện"
        " tử của cơ quan nhà nước",
        "2022-08-15",
    ),
)
