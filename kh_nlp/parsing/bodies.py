"""Names of bodies inside prose and cells: where a name ends, and one name from another."""

from __future__ import annotations

import re

from kh_nlp.language import letters

_BODY_WORDS = (
    r"Sở|sở|Ban|ban|Bộ|bộ|Phòng|phòng|Văn phòng|văn phòng|Trung tâm|trung tâm|UBND|Ủy ban|Uỷ ban|ủy ban|HĐND|Hội|hội|Đoàn"
    r"|đoàn|Công an|công an|Chi cục|Cục|Vụ|Viện|Trường|trường|Đài|Báo|báo|Tổ|Thường trực|Cơ quan|cơ quan|Đơn vị|đơn vị"
    r"|Các|các|Mặt trận|MTTQ|UBMTTQ|Thành|Tỉnh|Huyện|Quận|Xã|Phường|Liên minh|Liên đoàn|Liên hiệp|Hiệp hội|Hợp tác|Kho bạc"
    r"|Ngân hàng|Bảo hiểm|BHXH|Bưu điện|Thanh tra|Tòa án|Toà án|Viện kiểm sát|Quân|Bộ đội|Doanh nghiệp|doanh nghiệp|Công ty"
    r"|Tổng|Tập đoàn|Nhà|Chủ tịch|chủ tịch|Phó|phó|Giám đốc|Trưởng|trưởng|Thủ trưởng|thủ trưởng|Lãnh đạo|lãnh đạo"
    r"|Chánh|Cán bộ|cán bộ|Công chức|công chức|Chuyên viên|Giáo viên|Ban giám hiệu|Hiệu trưởng|Bí thư|Đảng ủy|Đảng uỷ"
    r"|Chi bộ|chi bộ|Cấp ủy|Thành viên|thành viên|Đồng chí|đồng chí|Đ/c|Tiểu ban|tiểu ban|Hội đồng|Bệnh viện|Trạm|trạm"
    r"|Toàn thể|Tất cả|Những|Đại sứ quán|Bộ phận|bộ phận|Khoa|Tổng cục|Học viện|Ngành|ngành|Lực lượng|TTPVHCC|Cổng"
    r"|Thôn|thôn|Khu|Mỗi|Từng|Bộ chỉ huy|Cụm|Quỹ|Kiểm toán|Chủ đầu tư|Nhóm|Hạt|Tiểu đoàn|Đội"
)
STARTS_BODY = re.compile(rf"(?:{_BODY_WORDS})(?=[\s,.:;)(]|$)")
_ADDRESSED = re.compile(
    r"^(?:(?:Đề nghị|đề nghị|Giao|giao|Mời|mời|Yêu cầu|yêu cầu|Trách nhiệm của|TRÁCH NHIỆM CỦA"
    r"|Trách nhiệm|Nhiệm vụ của|Đối với|đối với|Phân công|Chỉ đạo|Kính đề nghị|ĐỀ NGHỊ)\s*:?\s+)+"
)
_VERBS = (
    r"chủ trì|có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|phối hợp|thực hiện|triển khai|theo dõi|tham mưu|hướng dẫn|căn cứ|tổ chức"
    r"|xây dựng|chủ động|bố trí|tăng cường|đẩy mạnh|phổ biến|quán triệt|báo cáo|tổng hợp|đôn đốc|kiểm tra|tiếp tục|đảm bảo"
    r"|bảo đảm|lồng ghép|cung cấp|nghiêm túc|thường xuyên|kịp thời|chỉ đạo|rà soát|ban hành|tuyên truyền|cử (?=cán bộ|công chức|người|đại diện|lãnh đạo)|làm đầu mối|là (?:cơ quan"
    r"|đầu mối|đơn vị)|giúp|tích cực|nâng cao|phát động|lập|đề xuất|giám sát|vận động|quan tâm|trên cơ sở|theo chức năng|trong phạm vi"
    r"|được giao|phải|cần|sẽ|tham gia|đăng tải|phân công|định kỳ|hằng|hàng|chuẩn bị|thẩm định|trình|hỗ trợ|khẩn trương"
    r"|cập nhật|đánh giá|lựa chọn|đưa tin|viết|in ấn|biên soạn|duy trì|vận hành|nghiên cứu|bám sát|đề nghị|tiến hành|tạo điều kiện"
    r"|cân đối|ưu tiên|hoàn thành|gửi|phát huy|xử lý|quản lý|sử dụng|truyền thông|giải quyết|chấp hành|xem xét|bảo vệ|huy động"
)
VERB = re.compile(rf"(?<!\w)(?:{_VERBS})(?!\w)(?!\s+của\s)")
_IN_A_NAME = re.compile(
    r"(?:tổ chức|quản lý|xây dựng|kiểm tra|chỉ đạo|tuyên truyền|giám sát|bảo vệ|vận động|phối hợp|thực hiện"
    r"|truyền thông|thẩm định|đánh giá|hướng dẫn|hỗ trợ|nghiên cứu|xử lý)$"
)  # "Ban chỉ đạo", "Ban quản lý": verbs that name what a body is for
_BODY_BEFORE = re.compile(
    r"\b(?:[Bb]an|[Pp]hòng|[Tt]rung tâm|[Tt]ổ|[Cc]ơ quan|[Đđ]ơn vị|[Hh]ội đồng|[Cc]hi cục|[Bb]ộ phận|[Ll]ực lượng)\s+$"
)
_GOES_ON = re.compile(
    r"(?:(?<!trực )thuộc|của|được|các|làm công tác|phụ trách(?:\s\S+){0,8}|liên quan đến)\s+$"
)
_OTHER = letters(r"(?:;|,\s+(?:và\s+)?(?=[\p{Lu}])|\s+và\s+(?=[\p{Lu}]))\s*")
_DASH = letters(r"(?:^|\s)[-–+•]\s+(?=[\p{Lu}])")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_MAX_NAME = 30  # words


def responsible(text: str, heading: bool) -> str | None:
    """Who a unit under "Tổ chức thực hiện" names as responsible, ``None`` when it names nobody.

    ``text`` is the heading, or the first words of a run-in unit; there the name ends at the first
    verb ("Sở Nội vụ *chủ trì*, phối hợp …"), at a colon or at the sentence's end.
    """
    text = _ADDRESSED.sub("", text.strip())
    if not STARTS_BODY.match(text):
        return None
    name = text
    if not heading:
        colon = text.find(":")
        stop = next(
            (m.start() for m in VERB.finditer(text) if not _belongs_to_name(text, m)),
            None,
        )
        ends = [at for at in (colon if colon > 0 else None, stop) if at is not None]
        if not ends:
            return None
        name = text[: min(ends)]
    name = _BRACKETS.sub("", name).strip(" ,;:.-–")
    if not name or len(name.split()) > (60 if heading else _MAX_NAME):
        return None
    return name


def _belongs_to_name(text: str, verb: re.Match[str]) -> bool:
    before = text[: verb.start()]
    if _BODY_BEFORE.search(before):
        return bool(_IN_A_NAME.search(verb.group()))
    return bool(_GOES_ON.search(before))


def split_bodies(cell: str | None) -> tuple[str, ...]:
    """Bodies of one cell: "Sở Nội vụ; UBND các xã, phường" → two; commas inside a name stay."""
    if not cell:
        return ()
    text = _DASH.sub("; ", cell)
    pieces: list[str] = []
    for piece in _OTHER.split(text):
        clean = piece.strip(" ,;.-–")
        if not clean:
            continue
        # "Sở Văn hóa, Thể thao và Du lịch": what begins with no word for a body goes on with a name
        if pieces and not STARTS_BODY.match(clean):
            before = text.find(clean)
            joint = text[before - 2 : before].strip() or "và"
            pieces[-1] = f"{pieces[-1]}{', ' if joint in ',;' else ' và '}{clean}"
        else:
            pieces.append(clean)
    return tuple(pieces)


_LEADS = re.compile(
    r"^(?P<lead>.+?)\s+(?:là cơ quan )?chủ trì(?:\s*[,;]?\s*phối hợp\s+với\s*:?\s*(?P<partners>.+))?$",
    re.DOTALL,
)
_WITH = re.compile(r"^(?P<lead>.+?)\s*[,;]?\s+phối hợp\s+với\s*:?\s+(?P<partners>.+)$", re.DOTALL)


def lead_and_partners(cell: str | None) -> tuple[str | None, str | None]:
    """ "X chủ trì, phối hợp với Y" in one cell → (X, Y)."""
    if not cell:
        return None, None
    for pattern in (_LEADS, _WITH):
        if match := pattern.match(cell):
            return match["lead"].strip(" ,;:"), (match["partners"] or "").strip(" ,;.") or None
    if match := re.match(r"^Chủ trì\s*:\s*(.+?)\s*[;.\n-]*\s*Phối hợp\s*:\s*(.+)$", cell, re.S):
        return match[1].strip(" ,;."), match[2].strip(" ,;.")
    return cell, None
