"""Names of places and issuers that are not the plan's own: left over from where it was copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kh_nlp import places
from kh_nlp.checking.identity import Identity, of_own, units
from kh_nlp.checking.lexicon import words
from kh_nlp.checking.records import Found
from kh_nlp.language import letters
from kh_nlp.model import Plan
from kh_nlp.places.gazetteer import COMMUNE_KINDS, load_gazetteer
from kh_nlp.places.names import place_key

_WORD = r"[\p{Lu}][\w'’.]*"
_MENTION = letters(
    r"(?<![\w])(?P<kind>(?i:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu))"
    rf" (?P<name>{_WORD}(?:(?: - | ){_WORD}){{0,4}}(?: \d{{1,2}}\b(?!/))?)"
)
_SEAT = letters(
    rf"(?P<kind>Tỉnh|Huyện|Thành|Thị|Quận) ủy (?P<name>{_WORD}(?:(?: - | ){_WORD}){{0,3}})"
)
_SEATS = {"Tỉnh": "tỉnh", "Huyện": "huyện", "Thành": "thành phố", "Thị": "thị xã", "Quận": "quận"}
_BARE = letters(rf"(?<![\w.&/-]){_WORD}(?:(?: - | ){_WORD})+")
_NOT_PLACE = {"hợp tác", "hành chính", "các", "mỗi", "từng", "một", "cấp", "chính quyền"}
_CLOSE = 48
"""Characters looked at before a name: room for "Ủy ban Mặt trận Tổ quốc Việt Nam"."""


def check_strangers(plan: Plan, identity: Identity) -> Iterator[Found]:
    """Foreign places and foreign issuers, each where it stands; nothing for central plans."""
    if identity.level in (None, "central") or not identity.own:
        return
    former = _former(plan.text)
    named = [*_named(plan, identity), *_placed(plan, identity)]
    taken = [(found.start, found.end) for found in named]
    named += [
        found
        for found in _bare(plan, identity)
        if not any(found.start < end and start < found.end for start, end in taken)
    ]
    for found in named:
        printed = plan.text[found.start : found.end]
        name = printed[match.end() :] if (match := _KIND_WORDS.match(printed)) else printed
        if not (place_key(name) in former and _near(identity, name)) and not _listed(
            plan.text, found.start, found.end
        ):
            yield found


_KIND_WORDS = re.compile(
    r"(?i:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu|\w+ ủy) "
)


def _near(identity: Identity, name: str) -> bool:
    """Whether a place of that name may lie in the plan's own province."""
    known = units(name)
    home = places.today(identity.province)
    return not known or any(places.today(place) == home for place in known)


_MERGED = re.compile(r"(?:nhập|hợp nhất|sắp xếp|thành lập|chia tách|giải thể|\bcũ\b|trước đây)")
_NAMES = letters(rf"{_WORD}(?:(?: - | ){_WORD})*")


def _former(text: str) -> frozenset[str]:
    """Keys of the names in sentences that tell what a place was made of."""
    found: set[str] = set()
    for sentence in re.split(r"[.;\n]", text):
        if _MERGED.search(sentence):
            found.update(place_key(match.group()) for match in _NAMES.finditer(sentence))
    return frozenset(found)


_SEPARATOR = r"(?:\s*[,;]\s*|\s+và\s+)"
_AREA = r"(?:(?P<area>(?i:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu))\s+)?"
_BODIES = r"(?:(?:UBND|HĐND|Ủy ban nhân dân)\s+)?"
_RUN = rf"(?P<name>{_WORD}(?:(?: - | ){_WORD})*)"
_BEFORE = letters(rf"{_AREA}{_RUN}{_SEPARATOR}{_BODIES}$")
_AFTER = letters(rf"^{_SEPARATOR}{_BODIES}{_AREA}{_RUN}")


def _listed(text: str, start: int, end: int) -> bool:
    """Whether the name is one of several: places told together are meant ("Lào Cai, Lạng Sơn").

    Only places of one rank make a list; "xã Hòa Thịnh, huyện Tây Hòa" is an address.
    """
    own = re.match(_AREA, text[start:end])
    rank = _rank(own["area"] if own else None)
    around = (
        _BEFORE.search(text[max(0, start - 60) : start]),
        _AFTER.match(text[end : end + 60]),
    )
    for match in around:
        if match is None or _rank(match["area"]) != rank:
            continue
        run = match["name"].split()
        tails = [" ".join(run[at:]) for at in range(len(run) - 1)]
        heads = [" ".join(run[:to]) for to in range(2, len(run) + 1)]
        if any(_anywhere(name) for name in (*tails, *heads)):
            return True
    return False


def _rank(area: str | None) -> str | None:
    if area is None:
        return None
    kind = _kind(area)
    return (
        "commune" if kind in COMMUNE_KINDS else "above" if kind in ("tỉnh", "thành phố") else kind
    )


def _anywhere(name: str) -> bool:
    return places.province(name) is not None or _exact(name) is not None


def _named(plan: Plan, identity: Identity) -> Iterator[Found]:
    """Names after the word for their kind: "xã Hòa Thịnh", "Huyện ủy Yên Thế"."""
    text = plan.text
    closing = _closing(plan)
    for pattern in (_MENTION, _SEAT):
        for match in pattern.finditer(text):
            seat = pattern is _SEAT
            kind = _SEATS[match["kind"]] if seat else _kind(match["kind"])
            before = text[max(0, match.start() - _CLOSE) : match.start()]
            if _last_words(before) & _NOT_PLACE and not seat:
                continue
            name = _measured(kind, match["name"], identity)
            if name is not None and closing < match.start() and not _known(kind, name):
                continue  # "PCT UBND tỉnh Nguyễn Văn A" among those who receive it
            if name is None or of_own(identity, kind, name) is not False:
                continue
            if _is_right(before) or _of_work(match["name"], name):
                continue
            issuer = seat or _ends_body(before)
            yield _found(
                identity, kind, name, match.start(), match.start("name") + len(name), issuer
            )


def _closing(plan: Plan) -> int:
    return next((b.start for b in plan.blocks if b.kind == "closing"), len(plan.text))


def _kind(printed: str) -> str:
    lowered = printed.lower()
    return "thành phố" if lowered.startswith("tp") else lowered


def _measured(kind: str, printed: str, identity: Identity) -> str | None:
    """The part of a run of capitalised words that is the name; ``None`` where it is all capitals.

    The longest known name counts; an unknown one is taken as far as it goes in ordinary letters.
    """
    parts = re.split(r"( - | )", printed.rstrip("."))
    for size in range(len(parts), 0, -2):
        name = "".join(parts[:size])
        if _known(kind, name) or place_key(name) in identity.own:
            return name
    key = place_key(printed)
    glued = any(key.startswith(own) for own in identity.own)
    # an unknown single word is the begin of a sentence that lost its line break
    if len(parts) < 3 or glued or (printed.isupper() and len(printed) > 3):
        return None
    return printed.rstrip(".")


def _known(kind: str, name: str) -> bool:
    if kind in ("tỉnh", "thành phố") and places.province(f"{kind} {name}"):
        return True
    if kind in COMMUNE_KINDS:
        return bool(places.communes(f"{kind} {name}"))
    return kind != "tỉnh" and bool(places.districts(f"{kind} {name}"))


def _last_words(before: str) -> set[str]:
    tail = before.lower().split()
    return {" ".join(tail[-n:]) for n in (1, 2) if len(tail) >= n}


def _is_right(before: str) -> bool:
    return before.rstrip(' “"(').endswith(tuple(f" {word}" for word in words("right")))


def _of_work(run: str, name: str) -> bool:
    """Whether many words follow: the name opens that of a contest or a work."""
    return len(run) > len(name) + 25


@cache
def _body_end() -> re.Pattern[str]:
    plain = "|".join(sorted(map(re.escape, words("body")), key=len, reverse=True))
    named = "|".join(map(re.escape, words("body_word")))
    # "Sở Giáo dục và Đào tạo tỉnh …": some words of its own between head word and place
    return re.compile(rf"(?:{plain}|\b(?:{named})\s[^.,;:()\n]{{3,40}})\s*$")


def _ends_body(before: str) -> bool:
    return _body_end().search(before) is not None


def _found(identity: Identity, kind: str, name: str, start: int, end: int, issuer: bool) -> Found:
    own = _own_of(identity, kind)
    what = "Cơ quan của địa phương khác" if issuer else "Địa danh của nơi khác"
    home = " ".join(identity.unit) if identity.unit else identity.province
    return Found(
        kind="foreign_issuer" if issuer else "foreign_place",
        start=start,
        end=end,
        message=f"{what}: “{kind} {' '.join(name.split())}” không thuộc {home}; "
        "có thể còn sót khi chép.",
        proposal=own,
    )


def _own_of(identity: Identity, kind: str) -> str | None:
    """The plan's own name of that kind, to print instead."""
    if identity.unit and identity.unit[0] == kind:
        return " ".join(identity.unit)
    if kind == "tỉnh" and identity.province:
        known = places.province(identity.province)
        return f"{known.kind if known else 'tỉnh'} {identity.province}"
    if kind == "huyện" and identity.district:
        return f"huyện {identity.district}"
    if kind in COMMUNE_KINDS and identity.level == "commune" and identity.unit:
        return " ".join(identity.unit)
    return None


def _placed(plan: Plan, identity: Identity) -> Iterator[Found]:
    """The place line: a commune dates its plans at its own name, a province's bodies at theirs."""
    name = plan.header.place
    if not name or name.isupper():
        return
    key = place_key(re.sub(r"^(?:TP\.?|thành phố|tỉnh|xã|phường|huyện)\s+", "", name, flags=re.I))
    broken = any(own.endswith(key) for own in identity.own)  # a name over two lines
    start = plan.text.find(f"{name},")
    if broken or start < 0 or any(key.endswith(f" {own}") for own in identity.own):
        return
    known = bool(places.province(name) or places.communes(name) or places.districts(name))
    # the seat of a district or of a school may bear a name of its own
    sure = identity.level in ("province", "commune") or places.province(name) is not None
    if not known and not (sure and len(name.split()) <= 4):
        return
    if identity.level not in ("commune", "province") and _near(identity, name):
        return
    own = identity.unit[1] if identity.unit else identity.province
    yield Found(
        kind="foreign_place",
        start=start,
        end=start + len(name),
        message=f"Địa danh ở dòng ngày tháng là “{name}”, không phải nơi ban hành ({own}).",
        proposal=own,
    )


def _bare(plan: Plan, identity: Identity) -> Iterator[Found]:
    """Names without a word for their kind: "Báo Hạ Lam", "người dân Bến Hạc"."""
    text = plan.text
    closing = _closing(plan)
    for match in _BARE.finditer(text):
        run = match.group()
        if run.isupper() or run.rstrip(".").endswith("Hồ Chí Minh"):
            continue  # the name of a man before it is that of a city
        for start, end, name in _inside(run):
            at = match.start() + start
            before, after = text[max(0, at - _CLOSE) : at], text[match.start() + end :][:1]
            if not _stands_alone(before, start, closing, at) or after == "’":
                continue
            found = _bare_stranger(identity, name, before)
            if found is not None:
                yield Found(
                    kind="foreign_place",
                    start=at,
                    end=match.start() + end,
                    message=f"Địa danh “{name}” ({found}) không phải của nơi ban hành; "
                    "có thể còn sót khi chép.",
                    proposal=identity.unit[1] if identity.unit else identity.province,
                    severity="warning",
                )


def _inside(run: str) -> Iterator[tuple[int, int, str]]:
    """Names at the end of a run: the whole run, or what is left after its first words."""
    offsets = [m.start() for m in re.finditer(r"(?<![^\s])\S", run)]
    for start in offsets:
        name = run[start:].rstrip(".")
        if " " in name and not name.startswith("- "):
            yield start, start + len(name), name


def _stands_alone(before: str, inside: int, closing: int, at: int) -> bool:
    tail = before.rstrip(' “"(')
    lowered = tail.lower()
    if any(lowered.endswith((f" {w}", f"\n{w}")) or lowered == w for w in words("local")):
        return False
    named = re.search(rf"(?:^|\s){_KIND_END}$", lowered)  # judged with the word for its kind
    return named is None and not _is_right(before)


_KIND_END = r"(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu|ủy|uỷ)"


def _bare_stranger(identity: Identity, name: str, before: str) -> str | None:
    """What the name is ("tỉnh", "huyện"), when it is a place and not of the plan's reach."""
    if place_key(name) in identity.own:
        return None
    found = _exact(name)
    if found is None:
        return None
    kinds, is_province = found
    if any(of_own(identity, kind, name) is not False for kind in kinds):
        return None
    if kinds[0] not in ("tỉnh", "thành phố") and _ended_near(identity, name):
        return None  # people go on calling a part of the place by its former name
    if not is_province:
        if identity.level not in ("commune", "district"):
            return None
        last = before.rstrip(' “"(').split()[-2:]
        if not {*last[-1:], " ".join(last)} & set(words("land")):
            return None
    return kinds[0]


def _ended_near(identity: Identity, name: str) -> bool:
    home = places.today(identity.province)
    return identity.day is not None and any(
        not places.stands(place, identity.day) and places.today(place) == home
        for place in units(name)
    )


def _exact(name: str) -> tuple[list[str], bool] | None:
    """Kinds of the places that are spelled just so, and whether a province is among them."""
    gazetteer = load_gazetteer(places.own_places())
    province = gazetteer.province(name)
    if province is not None and province.name == name:
        return [province.kind], True
    if extra := gazetteer.added(name):
        return list(dict.fromkeys(p.kind for p in extra)), True
    kinds = [p.kind for p in units(name) if p.name == name]
    return (list(dict.fromkeys(kinds)), False) if kinds else None
