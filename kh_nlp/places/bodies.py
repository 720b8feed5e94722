"""Register of bodies: which stood when, what took over, and one key for the spellings of a body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from kh_nlp.language import abbreviations
from kh_nlp.model import Level
from kh_nlp.places.gazetteer import load_gazetteer
from kh_nlp.places.names import KINDS, folded_words, split_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A kind of body (``Sở Nội vụ``, without its place) or a central one.

    ``valid_from``/``valid_to`` are first and last day, ISO 8601, ``None`` where no source gives
    them. ``level`` is ``None`` for what exists at several. ``successors`` took over its duties,
    several where they were shared out. ``sources`` are numbered documents and quoted phrases.
    """

    name: str
    short: tuple[str, ...]
    level: Level | None
    valid_from: str | None
    valid_to: str | None
    successors: tuple[str, ...]
    sources: tuple[str, ...]


def body(name: str | None, on: date | None = None) -> Body | None:
    """The body of that name: "sở TT&TT", "UBND huyện Bãi Hạc", "Sở Nội vụ tỉnh Lai Châu".

    With ``on``, the one that stood on that day as far as dates are known. Without, one that still
    stands is preferred ("Phòng Kinh tế" is of a commune today, was of a district before). ``None``
    for names that the register does not hold, lists of bodies and bodies that did not stand then.
    """
    found = _named(name)
    if on is not None:
        day = on.isoformat()
        found = [b for b in found if (b.valid_from or day) <= day <= (b.valid_to or day)]
    return found[0] if found else None


def successor(name: str | None) -> Body | None:
    """The body that has the duties of one that ended; ``None`` when it stands or they were shared.

    Followed to the end: Bộ Thủy lợi → Bộ Nông nghiệp và Phát triển nông thôn → Bộ Nông nghiệp và
    Môi trường. Where several took over see ``Body.successors``: to choose would be a guess.
    """
    start = body(name)
    heir, seen = start, set[str]()
    while heir is not None and len(heir.successors) == 1 and heir.name not in seen:
        seen.add(heir.name)
        heir = body(heir.successors[0])
    if heir is start or (heir is not None and heir.successors):
        return None
    return heir


def is_current(name: str | None, on: date) -> bool | None:
    """Whether the body stood on a day; ``None`` when the register cannot tell.

    It cannot for names it does not hold, nor for a body that was succeeded on an unknown day.
    """
    found = _named(name)
    if not found:
        return None
    there = body(name, on)
    if there is None:
        return False
    return None if there.successors and there.valid_to is None else True


@lru_cache(maxsize=65536)
def body_key(name: str, place: str | None = None) -> str:
    """Key of a body within the place of its plan, for grouping; empty for text without letters.

    In a plan of xã Quyết Thắng "UBND xã", "Ủy ban nhân dân xã Quyết Thắng" and "UBND" are one, and
    so are "Sở TT&TT" and "Sở Thông tin và Truyền thông tỉnh" in one of a province. Bodies of other
    places keep them. Names that the register does not hold get their folded words.
    """
    own = _own_words(place)
    stem = ""
    for words in (_plain(name), _expanded(name)):
        stem = _without(words, own)
        if hit := _register().get(_tight(stem)):
            known = _without(_plain(hit[0].name), own)
            # "Văn phòng HĐND và UBND" is the register's "… xã": the word for the area is no news
            return known if _AREA_END.search(stem) else _AREA_END.sub("", known)
    return _AREAS.sub(lambda areas: " ".join(sorted({*areas.group().split()} - {"va"})), stem)


_AREA = "|".join(sorted((k for k in KINDS if len(k) > 2 or k in ("tp", "xa")), key=len)[::-1])
_COMMITTEE = r"(?:tinh|thanh|huyen|quan|thi|dang) uy"
# "so noi vu tinh lai chau": a name of one to five words after the last word for an area
_PLACED = re.compile(
    rf"^(?P<stem>\w+(?: \w+)*?) (?P<kind>{_AREA}|{_COMMITTEE})(?P<of>(?: \w+){{0,5}})$"
)
_AREA_END = re.compile(rf" (?:{_AREA})$")
# offices of a region are numbered: "chi cục hải quan khu vực XIX"
_REGION = re.compile(r"\bkhu vuc (?:[ivx]+|\d+)$")
# "UBND các phường, xã" and "UBND các xã, phường" are the same bodies
_AREAS = re.compile(rf"(?<=\bcac )(?:{_AREA})(?: (?:va )?(?:{_AREA}))+$")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_FILLER = re.compile(r"\b(?:va|cua|thuoc|cap)\b ?")
_SHORT = re.compile(r"(?<![\w&])[^\W\d_]{2,}(?:&[^\W\d_]+)*(?![\w&])")


@cache
def bodies() -> tuple[Body, ...]:
    """All rows of the register."""
    text = files("kh_nlp.places").joinpath("data/bodies.tsv").read_text("utf-8")
    rows = (r.split("\t") for r in text.splitlines() if r and not r.startswith("#"))
    return tuple(
        Body(
            name=name,
            short=tuple(short.split("; ")) if short else (),
            level=level or None,  # type: ignore[arg-type]  # checked by a test
            valid_from=since or None,
            valid_to=until or None,
            successors=tuple(heirs.split("; ")) if heirs else (),
            sources=tuple(source.split(" | ")),
        )
        for name, short, level, since, until, heirs, source in rows
    )


@cache
def _register() -> dict[str, list[Body]]:
    """Bodies by the tight keys of their names; those that still stand first.

    "Sở TTTT" is not written for every row: a head word and the initials of the rest make it. Two
    bodies of the same initials ("Sở TC") leave them to none.
    """
    table: dict[str, list[Body]] = {}
    initials: dict[str, set[str]] = {}
    for entry in sorted(bodies(), key=lambda b: b.valid_to is not None or bool(b.successors)):
        for name in (entry.name, *entry.short):
            for key in {_tight(_plain(name)), _tight(_expanded(name))}:
                if entry not in table.setdefault(key, []):
                    table[key].append(entry)
        head, *rest = _FILLER.sub("", _plain(entry.name)).split()
        if head in ("so", "bo", "phong") and len(rest) > 1:
            initials.setdefault(head + "".join(w[0] for w in rest), set()).add(entry.name)
    for key, names in initials.items():
        if len(names) == 1 and key not in table:
            table[key] = [b for b in bodies() if b.name in names]
    return table


def _named(name: str | None) -> list[Body]:
    for words in dict.fromkeys((_plain(name or ""), _expanded(name or ""))):
        for candidate in _stems(words):
            if hit := _register().get(_tight(candidate)):
                return hit
    return []


def _stems(words: str) -> list[str]:
    """The words, then without the name of a place, then without the word for its kind too.

    "ủy ban nhân dân thành phố Bến Hạc" is a district's, "… thành phố Hà Nội" a province's.
    """
    words = _REGION.sub("khu vuc", words)
    found = [words]
    if placed := _PLACED.match(words):
        stem, kind, of = placed["stem"], placed["kind"], placed["of"].strip()
        full = KINDS.get(kind, kind)
        if full == "thành phố" and of:
            central = load_gazetteer().province(f"thành phố {of}") is not None
            kind = "tinh" if central else "huyen"
        if full == "phường" or full == "đặc khu":
            kind = "xa"
        found += [f"{stem} {kind}", stem]
    tail = words.split()
    for size in (4, 3, 2):  # "sở tài chính bắc ninh"
        if len(tail) > size + 1 and load_gazetteer().province(" ".join(tail[-size:])):
            found.append(" ".join(tail[:-size]))
            break
    return found


def _own_words(place: str | None) -> tuple[str, ...]:
    """What may stand at the end of a name for the plan's own place, longest first."""
    if not place:
        return ()
    kind, name = split_kind(place)
    if kind is None and (home := load_gazetteer().province(place)):
        kind = home.kind
    folded = folded_words(kind or "")
    short = {"thanh pho": "tp"}.get(folded, folded)
    ends = [f"{folded} {name}", f"{short} {name}", name, folded, short]
    return tuple(dict.fromkeys(end.strip() for end in ends if end.strip()))


def _without(words: str, ends: tuple[str, ...]) -> str:
    """``words`` without a place at the end: the own one is understood in its plan."""
    for end in ends:
        rest = words.removesuffix(f" {end}")
        # "UBND xã" loses "xã"; "UBND các xã" is of many, and a lone "huyện" names no body
        if rest != words and rest and not re.search(r"(?:^| )(?:cac|va|cap|hoac)$", rest):
            return re.sub(r" (?:cua|thuoc)$", "", rest)
    return words


@lru_cache(maxsize=65536)
def _plain(name: str) -> str:
    return folded_words(_BRACKETS.sub("", name))


@lru_cache(maxsize=65536)
def _expanded(name: str) -> str:
    """Folded words with abbreviations of one sense spelled out: "VP HĐND" → "van phong hoi dong …".

    Only what is printed in capitals counts ("ai" is a word, "AI" is not).
    """

    def spelled(match: re.Match[str]) -> str:
        senses = abbreviations().get(match.group(), ())
        return senses[0] if len(senses) == 1 and match.group().isupper() else match.group()

    return folded_words(_SHORT.sub(spelled, _BRACKETS.sub("", name)))


def _tight(words: str) -> str:
    """Key of the register: no blanks and fillers, so that "VH, TT&DL" and "VHTTDL" are one."""
    return _FILLER.sub("", words).replace(" ", "")
