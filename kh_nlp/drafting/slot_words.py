"""What marks a slot in a passage: patterns of places, dates, numbers, bodies that ended."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from kh_nlp.language import letters
from kh_nlp.places import bodies, load_gazetteer, own_places

KIND = r"tỉnh|thành phố|TP\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu"
SMALL = (
    r"thôn|bản|xóm|ấp|làng|buôn|khu phố|khóm|tổ dân phố|chợ|cảng|cảng cá|nhà văn hóa|đường|cầu"
    r"|điểm|tuyến|sông|đảo|hồ|khu"
)
NAME = r"[\p{Lu}][\w’']*(?:[ -][\p{Lu}][\w’']*){0,3}|\d+"
PLACES = letters(
    rf"\b((?:[Cc]ác |[Mm]ột số )?(?i:{KIND}|{SMALL}))[ ]((?:{NAME})(?:(?:, | và )(?:{NAME}))*)"
)
PERSON = letters(
    r"\b((?:đồng chí|Đồng chí|[Ôô]ng|[Bb]à)(?: \((?:[Bb]à|[Ôô]ng)\))?:?)\s+"
    r"([\p{Lu}][\p{Ll}]+(?: [\p{Lu}][\p{Ll}]*){1,3})"
)
CONTACT = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.-]+\.(?:gov|edu|com|org)(?:\.vn)?\b(?:/\S*)?|\S+@\S+\.\w+"
    r"|\b(?:0\d{2,4}[. ]\d{3}[. ]?\d{3,4}|0\d{9,10}|1[89]00[. ]?\d{4,6})\b"
)
NATIONAL = re.compile(r"dichvucong\.gov\.vn|chinhphu\.vn|caicachhanhchinh\.gov\.vn")
NUMBER_AND_DATE = re.compile(
    r"(?:[Ss]ố:?\s*)?(?P<number>\d+[\w.]*(?:/\d{4})?/[\w-]+(?:-[\w]+)*)"
    r"|(?P<date>\d{1,2}/\d{1,2}/\d{4}|\d{1,2} tháng \d{1,2} năm \d{4})"
)
DATE = re.compile(
    r"\b(?:(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})"
    r"|(?P<d2>\d{1,2}) tháng (?P<m2>\d{1,2}) năm (?P<y2>\d{4}))"
)
TERM = re.compile(
    r"(?:trước|chậm nhất|xong|hoàn thành|đến|hết|từ|trong|hạn|muộn nhất)"
    r"(?: (?:là|trước|hết|vào|ngày|tháng))*\s*$",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"(?:[Gg]iai đoạn|[Tt]hời kỳ|[Nn]hiệm kỳ|GIAI ĐOẠN|NHIỆM KỲ)\s*(?:năm )?\d{4}\s*[-–]\s*"
    r"(?:năm )?\d{4}"
)
SCHOOL_YEAR = re.compile(r"(?:[Nn]ăm học|NĂM HỌC)\s*(\d{4})\s*[-–]\s*(\d{4})")
YEAR = re.compile(r"(?P<before>[Nn]ăm|NĂM|/|[Qq]uý [IV]+[/ ]?|cuối năm|đầu năm)\s*(?P<y>\d{4})\b")
SELF = re.compile(
    r"\b(?P<head>địa bàn|toàn|của|trong|ở|tại|UBND|Ủy ban nhân dân|Uỷ ban nhân dân|HĐND|Hội đồng "
    r"nhân dân|cấp|thuộc|MTTQ|Việt Nam|Công an|Đảng ủy|thể|nhân dân|lãnh đạo)\s+"
    r"(?P<kind>tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)\b(?!\s+\d)",
)


ALONE = letters(
    r"(?<!các )(?<!Các )(?<!xã, )(?<!phường, )(?<!hợp tác )(?<!Hợp tác )(?<!thị )"
    r"\b(?P<kind>xã|phường|thị trấn)\b"
    r"(?! (?:[\p{Lu}]|hội|và|viên|luận|\d))(?!, (?:xã|phường))"
)
MARKS = re.compile("[⁰¹²³⁴-⁹]+")
# "… xã Phòng Văn hóa": after the cell of a table, or a list without commas.
BODY_WORD = re.compile(
    r"(?:Sở|Phòng|Ban|Ủy|Uỷ|UBND|HĐND|Công|Văn phòng|Trung tâm|Chủ|Bộ|Đoàn|Hội"
    r"|Mặt|Phó|MTTQ|Tổ|Căn)\b"
)
SHARE = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s?%")
WORD = re.compile(r"\S+")
SHORT_DAY = re.compile(r"(?<=ngày )(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
LUNAR = re.compile(
    r"\b(?:Giáp|Ất|Bính|Đinh|Mậu|Kỷ|Canh|Tân|Nhâm|Quý) "
    r"(?:Tý|Sửu|Dần|Mão|Thìn|Tỵ|Tị|Ngọ|Mùi|Thân|Dậu|Tuất|Hợi)\b"
)


@cache
def counts() -> re.Pattern[str]:
    """A number before a unit that counts things of one place (groups ``number``, ``unit``)."""
    text = files("kh_nlp.drafting").joinpath("data/local_units.txt").read_text("utf-8")
    units = sorted(
        (line for line in text.splitlines() if line and not line.startswith("#")),
        key=len,
        reverse=True,
    )
    listed = "|".join(re.escape(unit) for unit in units)
    return letters(
        rf"(?<![\w/.,-])(?P<number>\d+(?:[.,]\d+)*)(?:\s*[-–]\s*\d+)?\s+(?P<unit>{listed})(?!\w)"
    )


@cache
def ended_bodies() -> re.Pattern[str]:
    """Names of bodies of the centre and the provinces that ended, longest first."""
    names = {
        name
        for body in bodies()
        if (body.valid_to or body.successors) and body.level in ("central", "province_agency")
        for name in (body.name, *body.short)
        if " " in name
    }
    listed = sorted(names, key=len, reverse=True)
    return letters(rf"(?<!\w)(?:{'|'.join(map(re.escape, listed))})(?!\w)")


@cache
def province_names() -> re.Pattern[str]:
    """Names of all provinces, past and present, longest first."""
    names = {p.name for p in load_gazetteer(own_places()).provinces()}
    listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return letters(rf"(?<!\w)(?<!Hồ )(?:{listed})(?!\w)")
