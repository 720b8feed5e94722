"""Words that must stand in a passage, and words that must not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kh_nlp.search.understanding.known import Known
from kh_nlp.search.understanding.named import beginning
from kh_nlp.search.understanding.typed import Typed, Understood
from kh_nlp.search.understanding.vocabulary import compiled, pairs

_QUOTED = re.compile(r"(?P<minus>(?:(?<=\s)|^)-)?[“\"”]([^“”\"]+)[”\"“]")
_MINUS = re.compile(r"(?<=\s)-(?=[^\W\d_])(\w+(?:[&/]\w+)*)|^-(?=[^\W\d_])(\w+)(?=\s)")
_NOT = re.compile(r"\bNOT\s+(\w+)")
_MOST = 4  # words that are excluded in plain language
_PLAIN = (
    # Sure: after a comma or "nhưng", up to the end or the next comma.
    (True, r"(?:,\s*|\bnhưng\s+)(?:mà\s+)?không\s+phải\s+(?:là\s+|của\s+)?(?P<what>[^,.;?]+)"),
    (True, r"(?:,\s*(?:loại\s+)?trừ|\bngoại\s+trừ|,\s*không\s+kể|\btrừ\s+ra)\s+(?P<what>[^,.;?]+)"),
    (True, r"\bkhông\s+(?:bao\s+gồm|tính)\s+(?P<what>[^,.;?]+)"),
    # Also "không phải nộp phí" (need not pay): proposed, to be applied by the user; sure where what
    # follows names a year, a place, a level or a body.
    (False, r"\bkhông\s+phải\s+(?:là\s+|của\s+)?(?P<what>[^,.;?]+)"),
    (False, r"(?<!loại )(?<!khấu )(?<!phòng )(?<!bài )\btrừ\s+(?P<what>[^,.;?]+)"),
    # Read only where it names something: "ngoài tỉnh Cửa Hạc", but "ngoài giờ hành chính".
    (None, r"\bngoài\s+(?P<what>[^,.;?]+)"),
)
_NO_EXCLUSION = r"^(?:trường\s+hợp|khi|nếu|sâu|lương|điểm|phí|vào)\b"


def phrases(typed: Typed, known: Known) -> Iterator[Understood]:
    """Quoted phrases and exclusions. Operators (quotes, ``-từ``, ``NOT từ``) always apply."""
    for match in _QUOTED.finditer(typed.text):
        phrase = " ".join(match[2].split())
        if any(char.isalnum() for char in phrase):
            typed.taken = [  # a code or date inside the quotes is part of the phrase
                span for span in typed.taken if not (match.start() <= span[0] < match.end())
            ]
            kind = "exclude" if match["minus"] else "phrase"
            yield typed.found(kind, phrase, *match.span(), applied=True)  # type: ignore[arg-type]
    for pattern in (_MINUS, _NOT):
        for match in pattern.finditer(typed.text):
            word = next(group for group in match.groups() if group)
            if typed.free(*match.span()) and not _compound(typed, match):
                yield typed.found("exclude", word, *match.span(), applied=True)
    if not any(typed.keyed(word) in typed.key for word in ("không", "trừ", "ngoài")):
        return  # one of them is in each of the patterns
    for sure, plain in _PLAIN:
        for match in compiled(plain, typed.accented).finditer(typed.key):
            yield from _excluded(typed, match, sure, known)


def _excluded(
    typed: Typed, match: re.Match[str], sure: bool | None, known: Known
) -> Iterator[Understood]:
    start, end = match.span("what")
    what = typed.text[start:end].strip()
    if not what or not typed.free(match.start(), start + len(what)):
        return
    if (names := beginning(what, known)) is not None:
        what, sure = names[0], True
    elif (
        sure is None
        or compiled(_NO_EXCLUSION, typed.accented).match(typed.key[start:end])
        or len(what.split()) > _MOST
    ):
        return
    first = match.start() + (len(match[0]) - len(match[0].lstrip(", ")))
    yield typed.found("exclude", what, first, start + len(what), applied=bool(sure))


def _compound(typed: Typed, match: re.Match[str]) -> bool:
    """Whether it is a word printed carelessly: "kinh tế -xã hội"."""
    before = " ".join(typed.key[: match.start()].split()[-2:])
    after = typed.key[match.start() :].lstrip("-")
    return any(
        before == first and after.startswith(second)
        for first, second in pairs("compound", typed.accented)
    )
