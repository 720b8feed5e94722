"""Names of bodies inside prose and cells: where a name ends, and one name from another."""

from __future__ import annotations

import re
from importlib.resources import files

from kh_nlp.language import letters


def listed(name: str) -> str:
    """Alternatives of a data file, for a regular expression."""
    text = files("kh_nlp.parsing").joinpath(f"data/{name}.txt").read_text("utf-8")
    return "|".join(line for line in text.splitlines() if line and not line.startswith("#"))


STARTS_BODY = re.compile(
    rf"(?!(?:Các|các|Những|Tất cả|Mỗi|Từng) (?:{listed('not_bodies')})\b)"
    r"(?!(?:Cơ quan|Đơn vị) (?:chỉ đạo|chủ trì|phối hợp|thực hiện|tổ chức"
    r"|đăng cai)\s*(?:thực hiện)?:)"
    rf"(?:{listed('body_words')})(?:(?<=\s)|(?=[\s,.:;)(]|$))"
)
_ADDRESSED = re.compile(
    r"^(?:(?:Đề nghị|đề nghị|Giao|giao|Mời|mời|Yêu cầu|yêu cầu|Trách nhiệm của|TRÁCH NHIỆM CỦA"
    r"|Trách nhiệm|Nhiệm vụ của|Đối với|đối với|Phân công|Chỉ đạo|Khuyến khích|Kính đề nghị"
    r"|ĐỀ NGHỊ)\s*:?\s+)+"
)
_OCCASION = re.compile(
    r"^(?:Căn cứ|Trên cơ sở|Theo|Để|Trong phạm vi)\s[^.;:]{3,160}?,\s+(?=(?:yêu cầu |đề nghị "
    r"|giao )?"
    rf"(?:{listed('body_words')})[\s,])"
)
VERB = re.compile(rf"(?<!\w)(?:{listed('duty_verbs')})(?!\w)(?!\s+của\s)")
_IN_A_NAME = re.compile(
    r"(?:tổ chức|quản lý|xây dựng|kiểm tra|chỉ đạo|tuyên truyền|giám sát|bảo vệ|vận động|phối hợp"
    r"|thực hiện|truyền thông|tổng hợp|thẩm định|đánh giá|hướng dẫn|hỗ trợ|nghiên cứu|xử lý)$"
)  # "Ban chỉ đạo", "Ban quản lý": verbs that name what a body is for
_BODY_BEFORE = re.compile(
    r"\b(?:[Bb]an|[Pp]hòng|[Tt]rung tâm|[Tt]ổ|[Cc]ơ quan|[Đđ]ơn vị|[Hh]ội đồng|[Cc]hi cục"
    r"|[Bb]ộ phận"
    r"|[Ll]ực lượng)\s+$"
)
_GOES_ON = re.compile(
    r"(?:(?<!trực )thuộc|của|được|các|làm công tác|phụ trách(?:\s\S+){0,8}|liên quan đến)\s+$"
)
_OTHER = letters(r"(?:;|,\s+(?:và\s+)?(?=[\p{Lu}])|\s+và\s+(?=[\p{Lu}]))\s*")
# One office of two councils: "Văn phòng HĐND và UBND xã", "Văn phòng Đoàn ĐBQH và HĐND tỉnh"
_JOINT_OFFICE = re.compile(
    r"\bVăn phòng\s+(?:HĐND|Hội đồng nhân dân"
    r"|(?:Đoàn\s+)?(?:ĐBQH|đại biểu Quốc hội)(?:,\s+HĐND)?)\s*$"
)
_COUNCIL = re.compile(r"(?:UBND|[ỦU][ỷy] ban nhân dân|HĐND)\b")
_DASH = letters(r"(?:^|(?<=[;.,:\n])\s*)[-–+•]\s*(?=[\p{Lu}])")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_MAX_NAME = 90  # words; collective names list many bodies


def responsible(text: str, heading: bool) -> str | None:
    """Who a unit under "Tổ chức thực hiện" names as responsible, ``None`` when it names nobody.

    ``text`` is the heading, or the first words of a run-in unit; there the name ends at the first
    verb ("Sở Nội vụ *chủ trì*, phối hợp …"), at a colon or at the sentence's end.
    """
    text = _ADDRESSED.sub("", _OCCASION.sub("", text.strip()))
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
    if text[verb.end() : verb.end() + 1] == ":" and _IN_A_NAME.search(verb.group()):
        return True  # "Phòng Kế hoạch tổng hợp:"
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
        office = bool(pieces and _JOINT_OFFICE.search(pieces[-1]) and _COUNCIL.match(clean))
        if pieces and (office or not STARTS_BODY.match(clean)):
            before = text.find(clean)
            joint = text[before - 2 : before].strip() or "và"
            pieces[-1] = f"{pieces[-1]}{', ' if joint in ',;' else ' và '}{clean}"
        else:
            pieces.append(clean)
    return tuple(pieces)


_LEADS = re.compile(
    r"^(?P<lead>.+?)\s+(?:là cơ quan )?chủ trì"
    r"(?:\s*[,;]?\s*phối hợp\s+với\s*:?\s*(?P<partners>.+))?$",
    re.DOTALL,
)
_WITH = re.compile(r"^(?P<lead>.+?)\s*[,;]?\s+phối hợp\s+với\s*:?\s+(?P<partners>.+)$", re.DOTALL)


def lead_and_partners(cell: str | None) -> tuple[str | None, str | None]:
    """Split "X chủ trì, phối hợp với Y" in one cell into (X, Y)."""
    if not cell:
        return None, None
    for pattern in (_LEADS, _WITH):
        if match := pattern.match(cell):
            return match["lead"].strip(" ,;:"), (match["partners"] or "").strip(" ,;.") or None
    if match := re.match(r"^Chủ trì\s*:\s*(.+?)\s*[;.\n-]*\s*Phối hợp\s*:\s*(.+)$", cell, re.S):
        return match[1].strip(" ,;."), match[2].strip(" ,;.")
    return cell, None
