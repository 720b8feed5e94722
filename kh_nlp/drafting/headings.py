"""When two headings of different plans name the same section.

"II. NỘI DUNG, HÌNH THỨC TUYÊN TRUYỀN NĂM 2026" and "2. Nội dung" speak of the same, "Sở Tài chính"
and "Sở Tài nguyên và Môi trường" do not, "Công an xã" and "Công an phường Bến Hạc" do: they are
the police of the issuer's own level. Years, places and words for a level are slots of a heading,
not its subject.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from kh_nlp.language import fold

ALIKE = 0.5
"""Jaccard likeness of the words of two headings from which they name the same section."""

BODY_ALIKE = 0.6
"""The same for names of bodies, whose words differ less ("Sở Tài chính", "Sở Tài nguyên")."""

LONGEST = 5
"""Words beside the customary ones up to which a heading is of a customary kind."""

_PLAIN = frozenset(
    re.findall(
        r"\w+",
        "thuc hien trien khai cu the chung tong quat bao dam phuc vu chi tiet dinh kem hang nam "
        "tiep tuc sau truoc dat ngay",
    )
)
_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\]]*\]")
_SLOTS = re.compile(
    r"\b(?:trong )?(?:nam hoc|nam|giai doan|thoi ky|nhiem ky|den nam|dinh huong den nam"
    r"|tam nhin den nam|\d+ thang cuoi nam|nhung thang cuoi nam)\s+(?:nam )?(?:\d{4}|[ivx]+)"
    r"(?:\s*-\s*(?:nam )?\d{4})?\b|\b\d[\d/.\-]*\b"
)
_AREA = r"(?:tinh|thanh pho|tp|huyen|quan|thi xa|thi tran|xa|phuong|dac khu|thu do)"
_WHERE = re.compile(rf"\b(?:tren|tai|o) (?:dia ban|pham vi)(?: (?:toan )?{_AREA}\b.*)?")
_SPELLED = (
    (re.compile(r"\b(?:uy ban nhan dan|ubnd)\b"), "ubnd"),
    (re.compile(r"\b(?:hoi dong nhan dan|hdnd)\b"), "hdnd"),
    (re.compile(r"\b(?:uy ban )?(?:mat tran to quoc|mttq)(?: viet nam)?\b"), "mttq"),
    (re.compile(r"\bcai cach hanh chinh(?: nha nuoc)?\b"), "cchc"),
    (re.compile(r"\bthu tuc hanh chinh\b"), "tthc"),
    (re.compile(r"\b(?:ban )?thuong truc (?=mttq)"), ""),
    # Those who are all of one kind are one name and no list of several.
    (re.compile(r"\bso,? ban,? nganh(?:,? (?:don vi|doan the))*\b|\bso,? nganh\b"), "so nganh"),
    (re.compile(r"\bphong,? ban(?:,? (?:nganh|don vi|trung tam|doan the))*\b"), "phong ban"),
    (re.compile(r"\bban,? nganh,? doan the\b"), "ban nganh"),
)
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "va cua cac nhung cho ve voi de nghi doi thuoc cap co quan cong tac mot so trong tam chu "
        "yeu ke hoach nay theo gom truong duoc giao",
    )
)
_LEVEL_WORDS = frozenset(("tinh", "tp", "huyen", "quan", "xa", "phuong", "thon"))
_CITY = re.compile(r"\b(?:thanh pho|thi xa|thi tran|dac khu|to dan pho|khu pho)\b")
_BODY = re.compile(
    r"^(?:de nghi |moi |giao )?(?:cac )?(?:so|phong|ban|cong an|ubnd|van phong|mttq|trung tam"
    r"|bo chi huy|bo tu lenh|doan|hoi|bao|dai|thanh tra|chi cuc|cuc|kho bac|bao hiem|ngan hang"
    r"|truong|to (?:truong|dan pho|cong nghe|tu quan)|tram (?:y te|khuyen nong)|benh vien"
    r"|cong chuc|lien doan|lien minh|tinh doan|huyen doan|thanh doan|thuong truc"
    r"|uy ban|dang (?:uy|bo|doan)|chi bo|(?:tinh|thanh|huyen|quan|thi) uy"
    r"|ban chi huy|bo|doanh nghiep|to chuc|co quan|don vi|hiep hoi|thu truong)\b"
)
# Headings that begin like a body and are none: what is done, a gathering, a thing.
_NO_BODY = re.compile(
    r"^(?:(?:cac )?(?:phong,? (?:chong|ngua|tranh|chay|benh|dich)|ban hanh|ban dau|bao cao|doan ket"
    r"|hoi (?:nghi|thao|thi|cho|dien)|bo (?:may|tieu chi|chi so|thu tuc|nhan dien|tai lieu)"
    r"|bo (?:phim|anh|tranh|cau hoi)"
    r"|truong hop|thanh tra,? (?:kiem tra|giam sat))"
    r"|to chuc(?! (?:chinh tri|xa hoi|doan the|dang\b|hoi\b(?! nghi| thao| thi)|tin dung|kinh te"
    r"|hanh nghe|ton giao|phi chinh phu|lien quan|thanh vien|co lien quan|khoa hoc))|doi tuong)\b"
)
# The first word of a body's name as it is printed: "Báo" and not "Bảo đảm", "Sở" and not "Số".
_FIRST = {
    "so": ("sở",),
    "bao": ("báo", "bảo hiểm"),
    "bo": ("bộ",),
    "ban": ("ban",),
    "dai": ("đài",),
    "phong": ("phòng",),
    "hoi": ("hội",),
    "doan": ("đoàn",),
    "truong": ("trưởng", "trường"),
    "to": ("tổ",),
    "cuc": ("cục",),
}
_INVITED = re.compile(r"^(?:(?:đề nghị|mời|giao|các)\s+)+")


@lru_cache(maxsize=200_000)
def is_body(heading: str) -> bool:
    """Whether a heading names those who do something ("Đề nghị Ủy ban MTTQ xã"), not a subject."""
    text = _spelled(heading)
    return bool(_BODY.match(text)) and not _NO_BODY.match(text) and _printed_as_body(heading)


def _printed_as_body(heading: str) -> bool:
    """Whether the accents of the first word allow a body; a text without accents allows all."""
    plain = re.sub(r"^(?:[ivxlc]+|[a-z]|\d+(?:\.\d+)*)[.)/]\s+", "", heading.strip().lower())
    name = _INVITED.sub("", plain)
    allowed = _FIRST.get(fold(name).partition(" ")[0])
    return allowed is None or fold(plain) == plain or name.startswith(allowed)


def names_duties(heading: str) -> bool:
    """Whether a chapter says who does what and no more ("Tổ chức thực hiện")."""
    kinds = section_kinds(heading)
    return "organize" in kinds and "main" not in kinds


def same_section(one: str, other: str) -> bool:
    """Whether two headings name the same section of a plan, or one of them half of the other's.

    Headings of a customary kind ("Đối tượng, nội dung") are compared by the kinds they name: at
    least half of those of both must be common, and what they are of ("nội dung *tuyên truyền*")
    must not differ altogether. Bodies are compared by name, other headings by their words.
    """
    return likeness(one, other) >= 1.0


@lru_cache(maxsize=200_000)
def likeness(one: str, other: str) -> float:
    """0 and more; from 1 on they are the ``same_section``. Symmetric."""
    first, second = subject(one), subject(other)
    if not first or not second:
        return 0.0
    jaccard = len(first & second) / len(first | second)
    if is_body(one) or is_body(other):
        if not (is_body(one) and is_body(other)):
            return 0.0
        shared = any(_near(a, b) for a in _listed(one) for b in _listed(other))
        return max(jaccard / BODY_ALIKE, 1.0 if shared else 0.0)
    kinds, others = section_kinds(one), section_kinds(other)
    if not kinds or not others:
        # "Kinh phí" is no part of a heading that tells a task of its own.
        return jaccard / ALIKE if bool(kinds) == bool(others) or jaccard == 1 else jaccard
    # Plans open with "Mục đích, yêu cầu" or with "Mục tiêu, yêu cầu".
    half = 0.5 if {"purpose", "goal"} <= kinds ^ others else 0.0
    named = (len(kinds & others) + half) / (len(kinds | others) - half)
    first_of, other_of = about(one), about(other)
    if first_of and other_of and not first_of & other_of:
        return named * 0.9
    return named / ALIKE + (0.01 * jaccard if named >= ALIKE else 0.0)


def _near(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= BODY_ALIKE * len(one | other)


@lru_cache(maxsize=200_000)
def _listed(heading: str) -> tuple[frozenset[str], ...]:
    """The first two bodies that a heading lists ("Các sở, ngành; UBND các xã, phường")."""
    pieces = re.split(r"[,;]\s*(?:va )?|\s+va\s+", _spelled(heading))
    starts = [at for at, piece in enumerate(pieces) if at == 0 or _BODY.match(piece)]
    if len(starts) > 2:
        return (subject(heading),)
    ends = [*starts[1:], len(pieces)]
    listed = (" ".join(pieces[a:b]) for a, b in zip(starts, ends, strict=True))
    return tuple(words for text in listed if (words := frozenset(_words(text))))


@cache
def _phrases() -> tuple[tuple[str, frozenset[str]], ...]:
    """Phrases that begin headings, longest first, each with the kinds that it stands for."""
    text = files("kh_nlp.drafting").joinpath("data/section_kinds.tsv").read_text("utf-8")
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, phrases = line.split("\t")
            kinds = frozenset({kind, kind.partition("+")[0]})
            found += [(phrase.strip(), kinds) for phrase in phrases.split(";")]
    return tuple(sorted(found, key=lambda item: -len(item[0])))


@lru_cache(maxsize=200_000)
def _kinds_and_rest(heading: str) -> tuple[frozenset[str], frozenset[str]]:
    kinds: set[str] = set()
    rest: list[str] = []
    pieces = re.split(r"\s*[,;:/]\s*|\s+-\s+|\s+va\s+", _spelled(heading))
    for at, piece in enumerate(pieces):
        text = re.sub(r"^(?:cac|mot so|nhung|ve|cong tac|to chuc(?= theo doi)) ", "", piece)
        hit = _beginning(text)
        while hit is not None:
            kinds |= hit[1]
            text = text[len(hit[0]) :].strip()
            # "Mục đích yêu cầu" names two; "nội dung giám sát" is what the content is of.
            hit = _beginning(text) if text.startswith("yeu cau") else None
        rest += [w for w in _words(text) if w not in _PLAIN]
        if at == 0 and not kinds:  # "Giáo dục, việc làm" does not begin with a kind
            return frozenset(), frozenset()
    if len(rest) > LONGEST:
        return frozenset(), frozenset()
    return frozenset(kinds), frozenset(rest)


def _beginning(text: str) -> tuple[str, frozenset[str]] | None:
    return next((item for item in _phrases() if re.match(rf"{item[0]}\b", text)), None)


def section_kinds(heading: str) -> frozenset[str]:
    """The customary kinds that a heading names; none where it tells a subject of its own."""
    return _kinds_and_rest(heading)[0]


def about(heading: str) -> frozenset[str]:
    """What a customary heading is of: "tuyên truyền" in "Nội dung tuyên truyền"."""
    return _kinds_and_rest(heading)[1]


@lru_cache(maxsize=200_000)
def subject(heading: str) -> frozenset[str]:
    """The words of a heading without slots and without words that every heading has."""
    return frozenset(_words(_spelled(heading)))


def _words(text: str) -> list[str]:
    words = [w for w in re.findall(r"\w+", text) if w not in _EMPTY]
    kept = [w for w in words if w not in _LEVEL_WORDS]
    # "UBND các xã, phường" is told from "UBND tỉnh" by the bodies of several places it names.
    if len(kept) == 1 and kept[0] in ("ubnd", "hdnd") and re.search(r"\bcac\b|,", text):
        kept.append("cap duoi")
    return kept or words


@lru_cache(maxsize=200_000)
def _spelled(heading: str) -> str:
    text = " ".join(fold(_BRACKETS.sub(" ", heading)).replace("–", "-").split())
    text = re.sub(r"^(?:[ivxlc]+|[a-z]|\d+(?:\.\d+)*)[.)/]\s+", "", text)
    for pattern, name in _SPELLED:
        text = pattern.sub(name, text)
    text = _WHERE.sub(" ", _SLOTS.sub(" ", text))
    text = _CITY.sub(" ", text)
    return " ".join(text.split()).strip(" .:;,-")
