"""Short forms inside one plan: "Nghị quyết này", "Quyết định số 06", "sau đây gọi tắt là …".

A short form means a document only when exactly one that the plan has cited before it fits;
otherwise it is kept without one, so that a reader sees what stayed open.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from kh_nlp.citations.grammar import align, choice, grammar, pattern_of, squeeze, starting
from kh_nlp.citations.mentions import Mention
from kh_nlp.citations.registry import name_key
from kh_nlp.model import Document, Header

Found = tuple[Mention, Document | None]

# "(sau đây gọi tắt là Nghị quyết 57)"; "gọi chung" names several documents at once.
_DEFINED = re.compile(
    r"\(\s*(?:sau\s+day\s+)?(?:duoc\s+)?(?:goi|viet)\s+(?:tat\s+)?(?:la\s*)?:?\s*[“\"]?"
    r"(?P<name>[^()“”\"\n]{4,80}?)\s*[”\"]?\s*\)"
)
_SENTENCE = re.compile(r"[.;]\s|\n")
_SCHEME = re.compile(
    "(?:" + starting((r"de\s+an", r"chuong\s+trinh", r"chien\s+luoc")) + r")(?=\s)"
)
_PERIOD_WORDS = re.compile(r" (?:giai doan|thoi ky|den nam|tam nhin|nam \d{4}).*$")
_NATION = re.compile(r" nha nuoc\b")
_FOLLOWS = re.compile(r"\s*(?:[,.;:)”\n]|(?:cua|ngay|ve|nam)\b|$)")
_APPROVES = re.compile(r"^(?:phe duyet |ban hanh )?[“\"]?")
_DIGITS = re.compile(r"\d+")
# Families of programmes: their name without a period is nobody's own.
_FAMILIES = frozenset({"chuong trinh muc tieu quoc gia", "chuong trinh hanh dong quoc gia"})
_SEVERAL = re.compile(r"\bcac\s+$")
# What only the document itself says: "kèm theo Nghị quyết này", "Nghị quyết này có hiệu lực".
_ITSELF_BEFORE = re.compile(r"kem\s+theo\s+$")
_ITSELF_AFTER = re.compile(r"\s+co\s+hieu\s+luc")
_WORD = re.compile(r"[^\s,;.:()“”\"]+")
_REACH = 90


@dataclass(frozen=True, slots=True)
class _Cited:
    """A document cited in the plan: how it may be called, and from where on."""

    identity: str
    kinds: frozenset[str]
    serial: int | None
    start: int
    document: Document | None


@cache
def _pattern() -> re.Pattern[str]:
    """A kind with a word that points back, or with a number that has no symbol."""
    phrases = grammar().phrases
    kinds = starting(pattern_of(p) for p, _ in phrases["short_kind"])
    backs = "|".join(pattern_of(p) for p, _ in phrases["back"])
    return re.compile(
        rf"(?P<kind>{kinds})\s+(?:(?P<back>{backs})(?![a-z])"
        r"|(?P<so>so\s+)?(?P<serial>\d{1,4})(?![\w/])"
        r"(?!\s*[-–/.,:%]?\s*\d)(?!\s*[-–/]\s*[a-z]))"
    )


def short_forms(text: str, aligned: str, cited: Sequence[Found], header: Header) -> list[Found]:
    """The short forms between the mentions of ``cited``, each with its document or ``None``.

    ``cited`` is in the order of the text.
    """
    known = [_cited(mention, document) for mention, document in cited]
    matches = list(_pattern().finditer(aligned))
    backs = [match for match in matches if match["back"]]
    found = [
        *_defined(text, aligned, cited),
        *_serials(text, aligned, [m for m in matches if m["serial"]], known),
        *_backward(text, aligned, backs, known, header),
        *_programmes(text, aligned, cited),
    ]
    starts = [mention.start for mention, _ in cited]
    ends = list(accumulate((m.title_end or m.end for m, _ in cited), max))
    result: list[Found] = []
    done = 0
    # A resolved reading goes before an open one at the same place.
    for short in sorted(found, key=lambda f: (f[0].start, f[1] is None)):
        start, end = short[0].start, short[0].end
        place = bisect_left(starts, end)
        if start >= done and not (place and ends[place - 1] > start):
            result.append(short)
            done = end
    return result


def _cited(mention: Mention, document: Document | None) -> _Cited:
    title = document.title if document and document.title else mention.title
    serial = _DIGITS.match(mention.serial or "")
    identity = document.key if document else f"{mention.kind} {mention.number or mention.title}"
    return _Cited(
        identity=identity,
        kinds=_kinds(mention.kind or "", (title or "")[:40]),
        serial=int(serial[0]) if serial else None,
        start=mention.start,
        document=document,
    )


@lru_cache(maxsize=4096)
def _kinds(kind: str, title: str) -> frozenset[str]:
    """What a document may be called by: its kind, and what its title says that it approves."""
    subject = _APPROVES.sub("", align(title))
    names = {kind}
    for phrase, _ in grammar().phrases["short_kind"]:
        name = phrase[0].upper() + phrase[1:]
        if kind.startswith(name) or subject.startswith(align(phrase) + " "):
            names.add(name)
    return frozenset(names)


def _only(identities: Mapping[str, Document | None]) -> Document | None:
    """The document if there is exactly one."""
    return next(iter(identities.values())) if len(identities) == 1 else None


def _mention(text: str, aligned: str, start: int, end: int, kind: str | None) -> Mention:
    cue = aligned[max(0, start - 60) : start]
    return Mention(
        start=start, end=end, text=text[start:end], kind=kind, kind_printed=True, cue=cue
    )


@lru_cache(maxsize=256)
def _kind(printed: str) -> str:
    """The kind of an aligned short_kind phrase of the grammar."""
    table = {align(p): p[0].upper() + p[1:] for p, _ in grammar().phrases["short_kind"]}
    return table[squeeze(printed)]


def _backward(
    text: str,
    aligned: str,
    matches: Sequence[re.Match[str]],
    known: Sequence[_Cited],
    header: Header,
) -> Iterator[Found]:
    """Like "Nghị quyết này", "Công văn nêu trên"; "Kế hoạch này" is the plan itself."""
    if header.kind is None:
        return
    decided = align(header.symbol or "").startswith("qd")
    itself = {_kind(m["kind"]) for m in matches if _of_itself(aligned, m)}
    before: dict[str, dict[str, Document | None]] = {}
    place = 0
    for match in matches:
        kind = _kind(match["kind"])
        if match["back"] == "nay" and kind in itself:
            continue
        if kind == header.kind or (decided and kind == "Quyết định"):
            continue
        while place < len(known) and known[place].start < match.start():
            for name in known[place].kinds:
                before.setdefault(name, {})[known[place].identity] = known[place].document
            place += 1
        if kind in before:
            yield _mention(text, aligned, *match.span(), kind), _only(before[kind])


def _of_itself(aligned: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    before = _ITSELF_BEFORE.search(aligned, max(0, start - 12), start)
    return bool(before or _ITSELF_AFTER.match(aligned, end))


def _serials(
    text: str, aligned: str, matches: Sequence[re.Match[str]], known: Sequence[_Cited]
) -> Iterator[Found]:
    """Like "Nghị quyết 57", "Quyết định số 1719": the number without its symbol."""
    fitting: dict[tuple[str, int | None], dict[str, Document | None]] = {}
    for one in known:
        for kind in one.kinds:
            fitting.setdefault((kind, one.serial), {})[one.identity] = one.document
    for match in matches:
        if not text[match.start()].isupper():
            continue
        kind, serial = _kind(match["kind"]), int(match["serial"])
        document = _only(fitting.get((kind, serial), {}))
        announced = match["so"] and len(match["serial"]) > 1
        if document or (announced and _FOLLOWS.match(aligned, match.end())):
            yield _mention(text, aligned, *match.span(), kind), document


def _defined(text: str, aligned: str, cited: Sequence[Found]) -> Iterator[Found]:
    """Names that the plan itself gives to a document, wherever they stand after that."""
    ends = [mention.end for mention, _ in cited]
    names: dict[str, list[tuple[int, Document]]] = {}
    for definition in _DEFINED.finditer(aligned):
        name = squeeze(definition["name"])
        place = bisect_right(ends, definition.start())
        if not place or _kind_of_name(name) is None:
            continue
        mention, document = cited[place - 1]
        reach = max(mention.end, min(mention.title_end or 0, definition.start()))
        gap = aligned[reach : definition.start()]
        if document is not None and len(gap) <= _REACH and not _SENTENCE.search(gap):
            names.setdefault(name, []).append((definition.end(), document))
    if not names:
        return
    for match in re.finditer(rf"(?<![a-z])(?:{choice(list(names))})(?![\w/])", aligned):
        name = squeeze(match.group())
        before = {d.key: d for start, d in names.get(name, ()) if start <= match.start()}
        if before and text[match.start()].isupper():
            yield _mention(text, aligned, *match.span(), _kind_of_name(name)), _only(before)


def _kind_of_name(name: str) -> str | None:
    """The kind that an aligned name starts with, ``None`` for a kind alone or none at all."""
    for phrase, _ in grammar().phrases["short_kind"]:
        if name.startswith(align(phrase) + " "):
            return phrase[0].upper() + phrase[1:]
    return None


def _programmes(text: str, aligned: str, cited: Sequence[Found]) -> Iterator[Found]:
    """Like "chương trình tổng thể CCHC" without a period, where one such programme is cited."""
    cores: dict[str, set[str]] = {}
    documents: dict[str, Document] = {}
    for mention, document in cited:
        if document is None:
            continue
        documents[document.key] = document
        for title in {document.title, mention.title} - {None}:
            if not _SCHEME.search(align((title or "")[:48])):
                continue
            key = re.sub(r"^(?:phe duyet|ban hanh|thong qua) ", "", name_key(title or ""))
            core = _NATION.sub("", _PERIOD_WORDS.sub("", key))
            if len(core.split()) > 4 and core not in _FAMILIES and _SCHEME.match(core):
                cores.setdefault(core, set()).add(document.key)
    if not cores:
        return
    firsts = {" ".join(core.split()[:4]) for core in cores}
    for head in _SCHEME.finditer(aligned):
        near = " ".join(aligned[head.start() : head.start() + 60].split()[:4])
        if near not in firsts or _SEVERAL.search(aligned, max(0, head.start() - 8), head.start()):
            continue
        words = list(_WORD.finditer(text, head.start(), head.start() + 160))
        for count in range(len(words), 3, -1):
            end = words[count - 1].end()
            keys = cores.get(_NATION.sub("", name_key(text[head.start() : end])))
            if keys:
                document = documents[next(iter(keys))] if len(keys) == 1 else None
                kind = _kind(squeeze(head.group()))
                yield _mention(text, aligned, head.start(), end, kind), document
                break
