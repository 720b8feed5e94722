"""Issuing bodies: reading one where it is printed, and giving a local one its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from kh_nlp.citations.grammar import align, choice, grammar, squeeze
from kh_nlp.language import letters
from kh_nlp.model import Header

_BY = re.compile(r"[\s,]*\(?(?:cua|ctia|cta|clia|do)\s+")
# What may follow a body of the Party without being part of its short name.
_PARTY_TAIL = re.compile(
    r"(?:\s+trung\s+uong(?:\s+dang)?|\s+dang)?(?:\s+cong\s+san\s+viet\s+nam)?(?![a-z])"
)
_PLACE_WORD = re.compile(r"\s+(?:[-–]\s+)?([^\W\d_][\w’']*)")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\s,;:.()“”\"|]+")
# Names of committees contain "về" ("Ban Chỉ đạo quốc gia về tìm kiếm …").
_NAMED_WITH_VE = re.compile(
    r"\b(?:ban\s+chi\s+dao|uy\s+ban\s+quoc\s+gia|tieu\s+ban|hoi\s+dong\s+(?:quoc\s+gia|phoi\s+hop)"
    r"|ban\s+chi\s+huy\s+phong)\b"
)
_LEVEL_WORDS = {
    align(w): w
    for w in (
        "tỉnh",
        "thành phố",
        "tp.",
        "tp",
        "huyện",
        "quận",
        "thị xã",
        "thị trấn",
        "xã",
        "phường",
        "đặc khu",
    )
}
_CITIES = frozenset({"ha noi", "ho chi minh", "hai phong", "da nang", "can tho", "hue"})
_SHORT = (
    (re.compile(r"(?i)[uư][ỷỶ]\s+ban|[ỦủỤụ]y\s+ban|uỷ\s+ban|ủy\s+ban"), "Ủy ban"),
    (re.compile(r"(?i)ủy\s+ban\s+nhân\s+dân"), "UBND"),
    (re.compile(r"(?i)hội\s+đồng\s+nhân\s+dân"), "HĐND"),
    (re.compile(r"(?i)\bmặt\s+trận\s+tổ\s+quốc(?:\s*\(MTTQ\))?"), "MTTQ"),
)


@dataclass(frozen=True, slots=True)
class Body:
    """A body as printed (white space squeezed, UBND/HĐND abbreviated) and where the print ends."""

    name: str
    end: int


@cache
def _clause_words() -> frozenset[str]:
    """Words that end a place although printed with a capital (titles in capitals, a new clause)."""
    return frozenset(phrase for phrase, _ in grammar().phrases["clause"])


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    g = grammar()
    office = choice([phrase for phrase, _ in g.phrases["office"]])
    national = choice(list(g.national))
    local = choice([phrase for phrase, _ in g.phrases["local"]])
    level = choice([phrase for phrase, _ in g.phrases["level"]])
    stops = "|".join(re.sub(r"\s+", r"\\s+", p) for p, _ in g.phrases["stop"])
    return (
        re.compile(rf"(?:(?P<office>{office})\s+)?(?P<body>{national})(?![a-z])"),
        re.compile(rf"(?P<office>(?:(?:{office})\s+(?:va\s+)?){{0,2}})(?P<body>{local})(?![a-z])"),
        re.compile(rf"\s+(?P<level>{level})(?![a-z])"),
        re.compile(rf"(?i)(?:{stops})(?!\w)"),
    )


def read_issuer(text: str, aligned: str, position: int) -> Body | None:
    """The body after "của" right at ``position``, or ``None`` where none is printed there."""
    by = _BY.match(aligned, position)
    return read_body(text, aligned, by.end()) if by else None


def read_body(text: str, aligned: str, position: int) -> Body | None:
    """The body whose name starts right at ``position``."""
    national, local, _, _ = _patterns()
    if match := national.match(aligned, position):
        return _national(text, match)
    if match := local.match(aligned, position):
        return _local(text, aligned, match)
    if text[position : position + 8].isascii() and (body := _misread(aligned, position)):
        return body
    return _other(text, aligned, position)


def _misread(aligned: str, position: int) -> Body | None:
    """A national body in text that lost its accents and some letters ("Chinh phi")."""
    words = list(_WORD.finditer(aligned, position, position + 60))
    found = _likest(tuple(word.group() for word in words), aligned[position])
    return Body(_canonical_offices(found[0]), words[found[1] - 1].end()) if found else None


# A damaged text cites the same bodies again and again, and comparing letters is slow.
@lru_cache(maxsize=4096)
def _likest(words: tuple[str, ...], initial: str) -> tuple[str, int] | None:
    """The national body that the first words are likest to, and how many words that is."""
    best: tuple[float, str, int] | None = None
    for key, name in grammar().national.items():
        count = len(key.split())
        if key[0] != initial or len(words) < count:
            continue
        likeness = SequenceMatcher(None, " ".join(words[:count]), key, autojunk=False)
        if likeness.real_quick_ratio() < 0.85 or likeness.quick_ratio() < 0.85:  # upper bounds
            continue
        ratio = likeness.ratio()
        if ratio >= 0.85 and (best is None or ratio > best[0]):
            best = (ratio, name, count)
    return (best[1], best[2]) if best else None


def _national(text: str, match: re.Match[str]) -> Body:
    key = " ".join(match["body"].split())
    name = grammar().national[key]
    office = match["office"]
    end = match.end()
    if office:
        name = f"{_sentence_case(text[match.start('office') : match.end('office')])} {name}"
    if key.startswith(("ban ", "bo chinh tri")):
        tail = _PARTY_TAIL.match(match.string, end)
        end = tail.end() if tail else end
    return Body(_canonical_offices(name), end)


def _canonical_offices(name: str) -> str:
    return "Thủ tướng Chính phủ" if name == "Thủ tướng" else name


def _local(text: str, aligned: str, match: re.Match[str]) -> Body:
    end = match.end()
    level = _patterns()[2].match(aligned, end)
    if level:
        end = level.end()
        # "TP. Hồ Chí Minh": the dot belongs to the abbreviation.
        if text[end : end + 1] == "." and aligned[level.start("level") : end] == "tp":
            end += 1
    g = grammar()
    # The table's spelling, so that a name read without its accents gets them back.
    head = f"{match['office']}{g.local[' '.join(match['body'].split())]}"
    if not text[match.start() : match.end()].isascii():
        head = text[match.start() : match.end()]
    place = _place_end(text, end)
    area = text[match.end() : place]
    if level and area.isascii():
        area = f" {_LEVEL_WORDS[' '.join(level['level'].split())]}{text[end:place]}"
    return Body(short_name(head + area), place)


def _place_end(text: str, end: int) -> int:
    """Where a run of at most five capitalised words after ``end`` stops."""
    for _ in range(5):
        word = _PLACE_WORD.match(text, end)
        if word is None or not word[1][0].isupper():
            break
        if "\n\n" in word[0] or word[1].lower() in _clause_words():
            break
        if not word[1].isalpha() or (word[1][1:2].isupper() and not text[end - 1].isupper()):
            break
        end = word.end()
    return end


def _other(text: str, aligned: str, position: int) -> Body | None:
    """A body that no table knows: capitalised, up to the first word that starts a subject."""
    if not text[position : position + 1].isupper():
        return None
    stop = _patterns()[3]
    end = position
    for _ in range(32):
        start = _SPACE.match(text, end).end()  # type: ignore[union-attr]
        if "\n\n" in text[end:start]:
            break
        stopped = stop.match(text, start) if end > position else None
        if stopped and not _part_of_name(text, aligned, position, stopped):
            break
        word = _WORD.match(text, start)
        if word is None:
            if _committee_comma(text, aligned, position, start):
                end = start + 1
                continue
            break
        end = word.end()
    name = short_name(text[position:end])
    return Body(name.rstrip(" ,"), end) if len(name.split()) > 1 else None


def _part_of_name(text: str, aligned: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a stop word belongs to the name: "Ban chỉ đạo … về …", "… và Bộ …"."""
    word = align(stop.group())
    if word == "chi dao":
        return aligned[start : stop.start()].rstrip().endswith("ban")
    if word == "ve":
        committee = _NAMED_WITH_VE.search(aligned, start, stop.start())
        earlier = re.search(r"\bve\b", aligned[start : stop.start()])
        return bool(committee) and not earlier and not aligned.startswith("ve viec", stop.start())
    if word == "so":
        return not re.match(r"\s*\d", text[stop.end() : stop.end() + 4])
    if word in ("nam", "khoa"):
        return stop.group()[0].isupper()
    return word == "va" and (
        text[stop.end() + 1 : stop.end() + 2].isupper()
        or bool(_NAMED_WITH_VE.search(aligned, start, stop.start()))
    )


def _committee_comma(text: str, aligned: str, start: int, position: int) -> bool:
    """A comma inside the name of a committee ("… về khoa học, công nghệ và …"), not after it."""
    return (
        text[position : position + 1] == ","
        and bool(_NAMED_WITH_VE.search(aligned, start, position))
        and text[position + 2 : position + 3].islower()
    )


def _sentence_case(printed: str) -> str:
    words = squeeze(printed)
    lowered = words.lower() if words.isupper() else words
    return lowered[0].upper() + lowered[1:]


def short_name(printed: str) -> str:
    """A printed body in its short form ("ỦY BAN NHÂN DÂN TỈNH SƠN LA" → "UBND tỉnh Sơn La")."""
    name = squeeze(printed).replace("uỷ", "ủy").replace("Uỷ", "Ủy").replace("UỶ", "ỦY")
    alphabetic = [c for c in name if c.isalpha()]
    if sum(c.isupper() for c in alphabetic) > 0.9 * len(alphabetic) and len(name) > 8:
        name = _from_capitals(name)
    for pattern, short in _SHORT:
        name = pattern.sub(short, name)
    return re.sub(
        r"(?i)^(UBND|HĐND) (tỉnh|thành phố|xã|phường|huyện|quận|thị xã|đặc khu)\b",
        lambda m: f"{m[1].upper()} {m[2].lower()}",
        name,
    )


def _from_capitals(name: str) -> str:
    """Mixed case for a name printed in capitals: the place at its end keeps its capitals."""
    words = [w if w in ("UBND", "HĐND", "MTTQ") else w.lower() for w in name.split()]
    levels = {align(w) for w in ("tỉnh", "xã", "phường", "huyện", "quận", "phố", "ủy", "khu")}
    places = [i for i, w in enumerate(words) if align(w) in levels]
    after = places[-1] if places else len(words)
    words = [w.capitalize() if i > after else w for i, w in enumerate(words)]
    return " ".join([words[0] if words[0].isupper() else words[0].capitalize(), *words[1:]])


@dataclass(frozen=True, slots=True)
class Home:
    """Where a plan comes from: its body, and the area of that body and its province."""

    issuer: str | None
    level: str | None
    area: str | None
    province: str | None

    @property
    def province_area(self) -> str | None:
        """As in "tỉnh Lạng Sơn" or "thành phố Hà Nội"."""
        if not self.province:
            return None
        city = align(self.province) in _CITIES
        return f"{'thành phố' if city else 'tỉnh'} {self.province}"


_AREA = letters(
    r"\b((?i:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu))\s+"
    r"((?:[\p{Lu}0-9][^\s,;()]*)(?:\s+(?:-\s+)?[\p{Lu}0-9][^\s,;()]*){0,5})$"
)


def home_of(header: Header) -> Home:
    """The place of a plan as its header tells it."""
    issuer = short_name(header.issuer) if header.issuer else None
    match = _AREA.search(issuer) if issuer else None
    area = f"{_level_word(match[1])} {match[2]}" if match else None
    province = header.province
    if province is None and match and align(match[1]) == "tinh":
        province = match[2]
    home = Home(issuer, header.level, area, province)
    if area is None and header.level in ("province", "province_agency"):
        return Home(issuer, header.level, home.province_area, province)
    if area is None and header.level == "commune" and header.place:
        return Home(issuer, header.level, None, province)
    return home


def _level_word(level: str) -> str:
    return "thành phố" if align(level).startswith("tp") else level.lower()


_PARTY_SEAT = re.compile(r"(?i)(tỉnh|thành|thị|huyện|quận|đảng) (?:ủy|bộ)$")
_BARE_LEVEL = re.compile(
    r"(?i)(?:^|\s)(tỉnh|thành phố|tp\.?|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)$"
)
_DEPARTMENT = re.compile(r"^(?:(?:Phó )?Giám đốc |Lãnh đạo )?Sở\s")
_COUNCIL = re.compile(r"(?:UBND|HĐND|Ủy ban MTTQ(?: Việt Nam)?|Ủy ban bầu cử|Ban Chỉ đạo)$")


def complete(name: str, home: Home) -> str:
    """A printed issuer with the place that the plan gives it ("UBND tỉnh" → "UBND tỉnh Lai Châu").

    A body that already has its place, or whose place the plan does not tell, stays as it is.
    """
    if home.issuer and align(name) == align(home.issuer):
        return home.issuer
    name = re.sub(r"^(?:Tp|TP)\.? ", "thành phố ", name)
    bare = _BARE_LEVEL.search(name)
    if bare:
        area = _area_for(_level_word(bare[1]), home)
        return name[: bare.start(1)] + area if area else name
    if seat := _PARTY_SEAT.search(name):
        return _with_seat(name, align(seat[1]), home)
    if _DEPARTMENT.match(name) and not _AREA.search(name):
        place = home.province_area
        return (
            f"{name} {place}" if place and align(home.province or "") not in align(name) else name
        )
    if re.match(r"Phòng\s", name) and home.area and home.level in ("district", "commune"):
        return name if _AREA.search(name) else f"{name} {home.area}"
    if _COUNCIL.search(name) and home.area:
        return f"{name} {home.area}"
    return name


def _area_for(level: str, home: Home) -> str | None:
    """As in "tỉnh" → "tỉnh Lai Châu"; ``None`` when the plan does not tell."""
    if home.area and align(home.area).startswith(align(level) + " "):
        return home.area
    if home.province_area and align(home.province_area).startswith(align(level) + " "):
        return home.province_area
    return None


def _with_seat(name: str, seat: str, home: Home) -> str:
    if seat == "tinh":
        return (
            f"{name} tỉnh {home.province}"
            if name.endswith("bộ") and home.province
            else (f"{name} {home.province}" if home.province else name)
        )
    own = home.area.split(" ") if home.area else []
    level = align(home.area or "")
    if seat == "thanh":
        if level.startswith("thanh pho "):
            return f"{name} {' '.join(own[2:])}"
        if home.province and (home.province_area or "").startswith("thành phố"):
            return f"{name} {home.province}"
        return name
    if seat == "dang":
        return f"{name} {home.area}" if home.area and not level.startswith("tinh ") else name
    match = {"thi": "thi xa ", "huyen": "huyen ", "quan": "quan "}[seat]
    return f"{name} {(home.area or '')[len(match) :]}" if level.startswith(match) else name
