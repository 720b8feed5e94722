"""Who issues a plan and at which level, from the head, else from the formula of the opening."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kh_nlp.language import UPPER, fold, letters
from kh_nlp.model import Level
from kh_nlp.parsing.bodies import listed
from kh_nlp.parsing.places import province
from kh_nlp.places import body

_AREA = r"(?:TỈNH|THÀNH PHỐ|TP\.?|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)"
_STARTS_BODY = re.compile(
    r"\s(?=(?:SỞ|VĂN PHÒNG|PHÒNG|TRƯỜNG|CHI CỤC|TRUNG TÂM|TIỂU BAN"
    r"|TỔ CÔNG TÁC"
    r"|CÔNG AN|BỘ CHỈ HUY|TỔNG CỤC|HỘI ĐỒNG|THANH TRA|ĐẢNG ỦY|CHI BỘ)\s)"
    r"|(?<!ỦY)(?<!UỶ)(?<!TIỂU)\s(?=BAN (?!NHÂN|CHẤP HÀNH TRUNG))"
    r"|(?<!TỔNG)(?<!NỘI)(?<!NGOẠI)(?<!NGHIỆP)\s(?=(?:CỤC|VỤ|CÔNG TY|XÍ NGHIỆP|BỆNH VIỆN|CÔNG ĐOÀN"
    r"|LIÊN ĐOÀN LAO ĐỘNG)\s)"
    r"|(?<=VIỆT NAM)\s(?=HỘI\s)"
)
_KIND_WORDS = {
    "tỉnh", "thành", "phố", "huyện", "quận", "thị", "xã", "phường", "trấn", "đặc", "khu", "nhân",
    "dân",     "ban", "và", "trực", "của", "về", "các", "thuộc", "cấp",
}  # fmt: skip
# Words of one name, of which only the first has a capital: "Ban Thường vụ", "Trung tâm Y tế"
_OFFICES = {
    "THƯỜNG VỤ", "CHẤP HÀNH", "CHỈ ĐẠO", "CHỈ HUY", "TRUNG TÂM", "BỆNH VIỆN", "VIỆN ĐA", "ĐA KHOA",
    "VĂN PHÒNG", "CHI CỤC", "TỔNG CỤC", "TIỂU BAN", "BẢO HIỂM", "CÔNG AN", "THANH TRA", "LIÊN ĐOÀN",
    "LIÊN MINH", "HỘI ĐỒNG", "ĐẢNG BỘ", "KHO BẠC", "HỌC VIỆN", "Y TẾ", "TƯ PHÁP", "TIỂU HỌC",
    "TRUNG HỌC", "HỌC CƠ", "CƠ SỞ", "HỌC PHỔ", "PHỔ THÔNG", "MẦM NON", "QUẢN LÝ", "GIÚP VIỆC",
    "BẦU CỬ", "PHỤ NỮ", "NÔNG DÂN", "LIÊN HIỆP", "LAO ĐỘNG", "TÀI CHÍNH", "NỘI VỤ", "QUÂN SỰ",
    "CÔNG TY",
}  # fmt: skip
_SEATS = {"TỈNH", "HUYỆN", "THÀNH", "THỊ", "QUẬN", "ĐẢNG", "CHI"}
_BODY = (
    r"(?:(?:Ủy|Uỷ) ban|UBND|Văn phòng|Sở|Bộ|Ban|Phòng|Trường|Chi cục|Trung tâm|Huyện ủy|Thành ủy"
    r"|Tỉnh ủy|Đảng ủy|Hội|Công an"
    r"|Chủ tịch|Tiểu ban|Bảo hiểm|Cục|Tổng cục|Thanh tra|Đoàn|Liên đoàn|Thường trực|Chi bộ)"
)
_ISSUES = re.compile(
    rf"({_BODY})"
    r"([^.;:]{0,140}?),?\s+(?:(?:ban hành|xây dựng|lập|đề ra|triển khai)\s+(?:[Kk]ế hoạch"
    r"|[Cc]hương trình)|[Tt]ổ chức thực hiện)"
)
_OF_BODY = re.compile(
    r"(?:của|Của)\s+((?:(?:Ủy|Uỷ) ban nhân dân|UBND|Văn phòng|Sở|Phòng|Ban)\b[^.;:)\n]{2,90}?)"
    r"(?=[.;:)/\n]|\s+(?:về|ban hành|yêu cầu)\b|$)"
)
_AREA_NAME = letters(
    r"\b(tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)\s+([\p{Lu}][^,;]*)$"
)
_CENTRAL = re.compile(
    r"^(?:bo (?!chi huy)|chinh phu|thu tuong|quoc hoi|uy ban thuong vu quoc hoi|ban bi thu"
    r"|tong cuc|ngan hang nha nuoc"
    r"|kiem toan nha nuoc|thanh tra chinh phu|van phong (?:chinh phu|quoc hoi|chu tich nuoc"
    r"|trung uong)|bao hiem xa hoi viet nam"
    r"|ban chi dao quoc gia|dai truyen hinh viet nam|uy ban trung uong|toa an nhan dan toi cao"
    r"|vien kiem sat nhan dan toi cao)"
    r"|\btrung uong\b|\bquoc gia ve\b"
)
_AGENCY = re.compile(
    r"^(?:so |van phong|ban quan ly|chi cuc|thanh tra|truong |trung tam|ban dan toc|cuc |kho bac"
    r"|quy |hoc vien|vien "
    r"|benh vien|bao |dai |cong an|bo chi huy|bao hiem|hoi |lien minh"
    r"|ban (?!thuong|chap|chi dao|chi huy|an toan giao thong|bau cu|to chuc le))"
)


_BOARDS = ("BAN THƯỜNG TRỰC", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH")
_MASS = re.compile(rf"(?:HỘI|ĐOÀN|CÔNG ĐOÀN|LIÊN ĐOÀN)\b(?!.*\b{_AREA}\s)")
_OF_SEAT = re.compile(rf"(BCH|BTV|BAN CHẤP HÀNH|BAN THƯỜNG VỤ)\s+({_AREA}\s.+)$")
_BROKEN_NATION = re.compile(r"CỘNG H(?:ÒA|OÀ)\s+XÃ HỘI(?:\s+CHỦ(?:\s+NGHĨA(?:\s+VIỆT)?)?)?\W*$")
_INTERLEAVED = re.compile(  # both lines in one: "… CHỦ NGHĨA VIỆT TỈNH HÀ NAM NAM"
    r"CỘNG H(?:ÒA|OÀ)\s+XÃ HỘI CHỦ NGHĨA\s+"
    r"(?:VIỆT\s+(?!NAM\b)(?P<last>\S.*?)\s+NAM|(?!VIỆT\b)(?P<both>\S.*?)\s+VIỆT\s+NAM)\s*$"
)
_OWN_NUMBER = re.compile(r"\d\s*/\s*(?:KH|QĐ|QD|NQ|CTR)\b")  # "$6: 982/KH-UBND": "Số" misread
_MARK = re.compile(r"(?:HỎA|HOẢ)\s+TỐC|(?:THƯỢNG\s+)?KHẨN$|DỰ THẢO")  # urgency, no body


def _without_broken_nation(head: Sequence[str]) -> list[str]:
    """Lines of a head without the nation where its name goes on in the line below."""
    lines = [_INTERLEAVED.sub(lambda m: f"{m['last'] or m['both']}", line) for line in head]
    for index, line in enumerate(lines[:-1]):
        if broken := _BROKEN_NATION.search(line):
            rest = r"NAM" if broken.group().rstrip().endswith("VIỆT") else r"VIỆT\s+NAM"
            below = re.sub(rf"^\W*(?:CHỦ\s+)?(?:NGHĨA\s+)?{rest}\b", "", lines[index + 1])
            if below == lines[index + 1]:
                below = re.sub(rf"(?<=\w)\s+{rest}\W*$", "", below)  # beside the issuer's name
            if below != lines[index + 1]:
                lines[index], lines[index + 1] = line[: broken.start()], below
    return lines


_BEGINS_BODY = re.compile(rf"(?:{listed('head_words')})(?!\w)")


def _open(above: str, line: str) -> bool:
    """Whether a name in capitals goes on below: "… - THƯƠNG BINH / VÀ XÃ HỘI", "… VÀ / ĐÀO TẠO"."""
    return line.startswith(("VÀ ", "- ", "– ")) or above.endswith((" VÀ", ","))


def issuing_lines(head: Sequence[str]) -> list[str]:
    """The capitals that name bodies in the head, superior first, wrapped lines put together."""
    bodies: list[str] = []
    seen: set[str] = set()
    for line in _without_broken_nation(head):
        for piece in re.split(
            r"CỘNG H(?:ÒA|OÀ).*?VIỆT\s+NAM|ĐẢNG CỘNG SẢN VIỆT NAM|Độc lập.*?[Hh]ạnh phúc"
            r"|[Ss]ố\s*:.*|\*",
            line,
        ):
            text = piece.strip(" -–—_.:,")
            rest = bool(bodies) and text.isalpha() and text != "NAM"  # "THANH TRA TỈNH BẮC / KẠN"
            if len(text) < (2 if rest else 4) or not text.isupper():
                continue
            if text.startswith("SỐ") or _MARK.match(text) or _OWN_NUMBER.search(text):
                continue
            if text in seen:
                continue  # "ĐOÀN TNCS HỒ CHÍ MINH" again, in the place of the nation
            seen.add(text)
            if bodies and (board := _OF_SEAT.match(text)) and _MASS.match(bodies[-1]):
                bodies[-1] = f"{board[1]} {bodies[-1]} {board[2]}"
                continue
            goes_on = bool(bodies) and (bodies[-1] in _BOARDS or _open(bodies[-1], text))
            goes_on = goes_on or bool(
                re.match(rf"{_AREA}\s(?!ỦY|UỶ)|BAN THƯỜNG TRỰC$|ỦY BAN BẦU CỬ", text)
            )
            goes_on = goes_on or not _BEGINS_BODY.match(text)  # "TRƯỜNG THPT PHONG / CHÂU"
            if bodies and goes_on:
                bodies[-1] = f"{bodies[-1]} {text}"
            else:
                bodies.append(text)
    return [part for body in bodies for part in _split_superior(body)]


_SUPERIOR = re.compile(
    r"(?:TỔNG|TẬP ĐOÀN|ỦY BAN|UỶ BAN|UBND|SỞ|BỘ|TỈNH|HUYỆN|THÀNH|ĐẢNG|HỘI|ĐOÀN|LIÊN)"
)


def _split_superior(body: str) -> list[str]:
    """Split "UBND TỈNH LAI CHÂU VĂN PHÒNG" into the superior and the issuing body."""
    if body.endswith(" BAN THƯỜNG TRỰC"):
        return [body]
    if not _SUPERIOR.match(body):
        return [body]
    parts = _STARTS_BODY.split(body, maxsplit=1)
    if len(parts) == 2 and re.search(
        rf"{_AREA}\s|^SỞ|^BỘ|ỦY|^TỔNG CÔNG TY|^TẬP ĐOÀN|VIỆT NAM$", parts[0]
    ):
        return parts
    return [body]


def from_head(head: Sequence[str], text: str) -> tuple[str | None, str | None]:
    """Issuer in ordinary case, and the superior body named above it."""
    lines = issuing_lines(head)
    if not lines:
        return None, None
    own, above = lines[-1], lines[-2] if len(lines) > 1 else None
    if own.endswith(" BAN THƯỜNG TRỰC"):
        own = "BAN THƯỜNG TRỰC " + own.removesuffix(" BAN THƯỜNG TRỰC")
    elif own in _BOARDS and above:
        own, above = f"{own} {above}", None
    issuer = short(restore_case(own, text))
    superior = short(restore_case(above, text)) if above else None
    if superior and own.startswith(("TIỂU BAN", "TỔ ", "HỘI ĐỒNG", "BAN TỔ CHỨC")):
        issuer = f"{issuer}, {superior}"
    return issuer, superior


def from_text(opening: str, rest: str) -> str | None:
    """Issuer from "… ban hành Kế hoạch …", else from "(… của UBND xã …)"."""
    for match in reversed(list(_ISSUES.finditer(opening))):
        # the clause before may end in another body: "… của Sở Ngoại vụ về …, Sở Ngoại vụ xây dựng"
        clauses = re.split(rf"[,;]\s+(?={_BODY})", f"{match.group(1)}{match.group(2)}")
        return short(clauses[-1])
    bodies = Counter(short(m.group(1).strip()) for m in _OF_BODY.finditer(rest))
    return bodies.most_common(1)[0][0] if bodies else None


def short(body: str) -> str:
    """The name with UBND for "Ủy ban nhân dân" and single blanks."""
    body = re.sub(r"\s+", " ", body)
    return re.sub(r"(?:Ủy|Uỷ|ủy|uỷ) ban nhân dân", "UBND", body).strip(" ,")


_VOWEL = re.compile(r"[aeiouy]")  # a word without one is an abbreviation: LHPN, TNCS, BCH


def restore_case(capitals: str, text: str) -> str:
    """Ordinary case of a name in capitals: as the text prints it elsewhere, else by rule."""
    pattern = re.compile(re.escape(capitals).replace(r"\ ", r"\s+"), re.IGNORECASE)
    seen = Counter(m.group() for m in pattern.finditer(text) if not m.group().isupper())
    if seen:
        return re.sub(r"\s+", " ", seen.most_common(1)[0][0])
    known = body(capitals)
    if known is not None and fold(known.name) == fold(" ".join(capitals.split())):
        return known.name
    words = capitals.replace("UỶ BAN", "ỦY BAN").replace("ỦY BAN NHÂN DÂN", "UBND").split()
    keep = {"UBND", "MTTQ", "HĐND", "THPT", "THCS", "TNCS", "BHXH", "BCĐ"}
    out = []
    for index, word in enumerate(words):
        lower = word.lower()
        if word in keep or any(ch.isdigit() for ch in word) or not _VOWEL.search(fold(word)):
            out.append(word)
        elif index and lower in ("ủy", "uỷ") and words[index - 1] in _SEATS:
            out.append("ủy")
        elif index and (
            f"{words[index - 1]} {word}" in _OFFICES
            or (lower in _KIND_WORDS and not _is_name(words, index) and not _seat(words, index))
        ):
            out.append(lower)
        else:
            out.append(word.capitalize())
    return " ".join(out)


def _seat(words: list[str], index: int) -> bool:
    """Whether a word is the first of "Huyện ủy", which keeps its capital."""
    return words[index] in _SEATS and words[index + 1 : index + 2] in (["ỦY"], ["UỶ"])


def _is_name(words: list[str], index: int) -> bool:
    """A kind word that is part of a name: "XÃ THÀNH PHỐ" keeps the second as a name."""
    return index + 1 == len(words)


def complete(
    issuer: str, place: str | None, told: str | None, text: str, superior: str | None = None
) -> str:
    """The issuer with its place: "UBND xã" → "UBND xã Quyết Thắng", "Sở Ngoại vụ" → "… tỉnh …"."""
    area = re.search(
        r"\b(tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)$", issuer, re.I
    )
    if area:
        kind = area.group(1)
        if kind.lower() == "tỉnh" and told:
            return f"{issuer} {told}"
        if place:
            name = re.sub(r"^(?:xã|phường|huyện|thành phố)\s+", "", place, flags=re.IGNORECASE)
            return f"{issuer} {name}"
        named = Counter(
            m.group(1)
            for m in re.finditer(rf"\b{kind}\s+([{UPPER}]\w+(?:\s+[{UPPER}]\w+){{0,3}})", text)
        )
        return f"{issuer} {named.most_common(1)[0][0]}" if named else issuer
    of_area = _AREA_NAME.search(superior or "")
    small = re.match(r"(?:Phòng|Trung tâm|Ban|Văn phòng|Trường)\b", issuer)
    placed = _AREA_NAME.search(issuer) or re.search(r"[ủỦ]y\s+[A-ZĐ]", issuer)
    if small and of_area and not placed and fold(of_area.group(2)) not in fold(issuer):
        return f"{issuer} {of_area.group()}"
    known = province(told)
    of_province = re.match(r"(?:Sở|Ban Dân tộc|Ban Quản lý|Thanh tra tỉnh)\b", issuer) or (
        re.match(r"Chi cục\b", issuer) and re.match(r"Sở\b", superior or "")
    )
    if of_province and told and not re.search(r"\b(?:huyện|quận|thị xã|khu vực)\b", issuer):
        if not re.search(r"\b(?:tỉnh|thành phố)\b", issuer) and fold(told) not in fold(issuer):
            return f"{issuer} {known.kind if known else 'tỉnh'} {told}"
        if fold(issuer).endswith(fold(told)) and not re.search(r"\b(?:tỉnh|thành phố)\b", issuer):
            name = issuer[: len(issuer) - len(told)].rstrip()
            return f"{name} {known.kind if known else 'tỉnh'} {told}"
    return issuer


def own_area(issuer: str | None, province_name: str | None) -> str | None:
    """The area a plan is of ("xã Quyết Thắng"), for keys of the bodies it names."""
    if found := _AREA_NAME.search(issuer or ""):
        return found.group()
    known = province(province_name)
    return f"{known.kind if known else 'tỉnh'} {province_name}" if province_name else None


def level_of(issuer: str | None, superior: str | None) -> Level | None:
    """Level of a body by its smallest area; sub-committees and party bodies take their area's."""
    if not issuer:
        return None
    for name in (issuer, f"{issuer} {superior}" if superior else ""):
        text = fold(name)
        if not text:
            continue
        if re.search(r"\b(?:xa|phuong|thi tran|dac khu)\b(?! hoi)", text) and not re.match(
            r"(?:van phong )?ubnd (?:tinh|huyen|quan)", text
        ):
            return "commune"
        if re.search(r"\b(?:huyen|quan(?! ly| he| tri| doi| khu| su| diem)|thi xa)\b", text):
            return "district"
        city = re.search(r"\bthanh pho (.+)$", text)
        if city and not (province(city.group(1)) and _centrally_run(city.group(1))):
            return "district"
        if _CENTRAL.search(text) and not re.search(r"\b(?:tinh|thanh pho)\b", text):
            return "central"
        if re.search(r"\b(?:tinh|thanh pho|thanh uy|thanh doan)\b", text) or text.startswith("so "):
            return "province_agency" if _AGENCY.match(text) else "province"
    if re.search(r"viet nam$", fold(issuer)):
        return "central"
    upper_school = "thpt" in fold(issuer).split()  # under the department of education
    return "province_agency" if upper_school or (superior and _AGENCY.match(fold(issuer))) else None


def _centrally_run(name: str) -> bool:
    found = province(name)
    return found is not None and found.kind == "thành phố"
