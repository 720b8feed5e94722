"""Bodies in a query: who issued the plan, who is in charge."""

from __future__ import annotations

from collections.abc import Iterator

from kh_nlp.search.understanding.known import Known
from kh_nlp.search.understanding.typed import Typed, Understood
from kh_nlp.search.understanding.vocabulary import compiled, pairs, starts, words

LONGEST = 14
"""Words in the name of a body at most."""

_IN_CHARGE_BEFORE = (
    r"\b(?:do|giao(?:\s+cho)?|(?:nhiệm\s+vụ|trách\s+nhiệm|phần\s+việc|việc)\s+(?:của|cho))\s+$"
)
_IN_CHARGE_AFTER = (
    r"\s+(?:làm\s+)?(?:chủ\s+trì|phụ\s+trách|đầu\s+mối|chịu\s+trách\s+nhiệm|phối\s+hợp|"
    r"thực\s+hiện)\b"
)
_WEAK_AFTER = r"\s+thực\s+hiện\b"
_ISSUED_BEFORE = r"\b(?:kế\s+hoạch|văn\s+bản)\s+(?:do|của)\s+$"
_ISSUED_AFTER = r"\s+(?:đã\s+)?ban\s+hành\b"
_PLACED = r"\b(?:xã|phường|thị\s+trấn|huyện|quận|thị\s+xã|thành\s+phố|tỉnh|tp\.?)\s+\w"


def bodies(typed: Typed, known: Known) -> Iterator[Understood]:
    """Issuers and bodies in charge that the library knows by that name.

    Applied where the words around tell the role ("do … chủ trì", "kế hoạch của …", "UBND xã X");
    "tập huấn của Sở Nội vụ" may be either and is only proposed.
    """
    for index in range(len(typed.tokens)):
        found = _longest(typed, index, known)
        if found is not None:
            yield found


def _longest(typed: Typed, index: int, known: Known) -> Understood | None:
    start = typed.tokens[index].start
    head = _head(typed, start)
    if head is None:
        return None
    if index and (_word(typed, index - 1), _word(typed, index)) in pairs("middle", typed.accented):
        return None
    if typed.key.startswith(starts("nobody", typed.accented), start):
        return None
    last = min(index + LONGEST, len(typed.tokens))
    for place in range(last - 1, index - 1, -1):
        end = typed.tokens[place].end
        if not typed.free(start, end) or end < start + len(head):
            continue
        if end == start + len(head) and head not in words("whole", typed.accented):
            continue
        if compiled(_IN_CHARGE_AFTER, typed.accented).search(typed.key[start:end]):
            continue  # tables also print "Sở Nội vụ chủ trì"
        found = _role(typed, start, end, known)
        if found is not None:
            return found
    return None


def _word(typed: Typed, index: int) -> str:
    return typed.keyed(typed.tokens[index].text)


def _head(typed: Typed, start: int) -> str | None:
    """The longest first word of a body that stands at ``start``."""
    if not typed.key.startswith(starts("head", typed.accented), start):
        return None
    fitting = (
        head
        for head in words("head", typed.accented)
        if typed.key.startswith(head, start)
        and not typed.key[start + len(head) : start + len(head) + 1].isalnum()
    )
    return max(fitting, key=len, default=None)


def _role(typed: Typed, start: int, end: int, known: Known) -> Understood | None:
    name = typed.text[start:end]
    before, after = typed.key[:start], typed.key[end:]
    issued_before = compiled(_ISSUED_BEFORE, typed.accented).search(before)
    issued_after = compiled(_ISSUED_AFTER, typed.accented).match(after)
    if (issued_before or issued_after) and (value := known.issuer(name)):
        first = start if not issued_before else issued_before.end()
        return typed.found("issuer", value, first, end, applied=True)
    charged_before = compiled(_IN_CHARGE_BEFORE, typed.accented).search(before)
    charged_after = compiled(_IN_CHARGE_AFTER, typed.accented).match(after)
    weak = compiled(_WEAK_AFTER, typed.accented).match(after) is not None
    agency = known.agency(name)
    if agency and (charged_before or (charged_after and not weak)):
        first = charged_before.start() if charged_before else start
        if charged_before and not typed.free(first, start):
            first = start
        return typed.found(
            "agency", agency, first, end + (charged_after.end() if charged_after else 0),
            applied=True,
        )  # fmt: skip
    issuer = known.issuer(name)
    if issuer and compiled(_PLACED, typed.accented).search(typed.key[start:end]):
        return typed.found("issuer", issuer, start, end, applied=True)
    if agency:
        return typed.found("agency", agency, start, end, applied=False)
    return typed.found("issuer", issuer, start, end, applied=False) if issuer else None
