"""Passages that are found again: in a new version of the file, and under a newer parser.

An anchor remembers characters of the original file (place, quoted words, a little of what stands
around them), never offsets of repaired text or ids of the parser.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from kh_nlp.model import Plan, Span

CONTEXT = 60
"""Characters kept on either side of the quoted words."""

LONGEST = 300
"""Characters quoted at most; longer passages are known by their beginning."""

_LIKE = 12  # characters of context that tell one of several equal passages from the others
_WORDS = re.compile(r"\S+")


class LostPassageError(Exception):
    """The passage is gone or stands in several places; ``str(error)`` says which, in Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where a passage stands in the original file, and what is written there.

    ``offset`` and ``length`` count characters of the decoded file with the digest ``sha256``;
    ``quote`` (NFC, blanks collapsed) has the digest ``digest``; ``alike`` counts the places that
    held the same words when the anchor was made, and ``turn`` (from 0) says which of them it was.
    """

    sha256: str
    offset: int
    length: int
    quote: str
    digest: str
    before: str
    after: str
    alike: int
    turn: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """``Printed.words[norm:norm + len]`` stands at ``Plan.text[start:]``."""

    norm: int
    start: int
    end: int


class Printed:
    """The words of a plan as its file prints them, each with its place in ``Plan.text``.

    ``original`` is the decoded file; without it the plan's own text stands in, which differs only
    where a repair changed letters.
    """

    def __init__(self, plan: Plan, original: str | None = None) -> None:
        self.plan = plan
        pieces: list[_Piece] = []
        out: list[str] = []
        length = 0
        last = 0
        for start, end, printed in _stretches(plan, original):
            exact = len(printed) == end - start
            for match in _WORDS.finditer(printed):
                at = start + match.start() if exact else min(start + match.start(), end - 1)
                stop = start + match.end() if exact else min(start + match.end(), end)
                if out and (match.start() or plan.text[last:at].strip() != plan.text[last:at]):
                    out.append(" ")
                    length += 1
                pieces.append(_Piece(length, at, max(at + 1, stop)))
                out.append(match[0])
                length += len(match[0])
                last = pieces[-1].end
        self.words = "".join(out)
        self._pieces = pieces

    def anchor(self, start: int, end: int) -> Anchor:
        """The anchor of ``Plan.text[start:end]``, which must hold a word."""
        end = min(end, len(self.plan.text))
        if end - start > LONGEST:
            blank = self.plan.text.rfind(" ", start + LONGEST // 2, start + LONGEST)
            end = blank if blank > 0 else start + LONGEST
        inside = [p for p in self._pieces if p.start < end and p.end > start]
        if not inside:
            raise ValueError("no words to anchor to")
        first, final = inside[0], inside[-1]
        low = first.norm + max(0, start - first.start)
        high = final.norm + min(end, final.end) - final.start
        quote = self.words[low:high]
        begin = max(start, first.start)
        offset = self.plan.locate(begin).offset
        stop = self.plan.locate(min(end, final.end) - 1).offset + 1
        before = self.words[max(0, low - CONTEXT) : low]
        after = self.words[high : high + CONTEXT]
        places = self._places(quote, whole=_whole(before, after))
        return Anchor(
            sha256=self.plan.source.sha256,
            offset=offset,
            length=stop - offset,
            quote=quote,
            digest=digest(quote),
            before=before,
            after=after,
            alike=len(places),
            turn=places.index(low),
        )

    def find(self, anchor: Anchor) -> Span:
        """Where the anchored passage stands now, as a span of ``Plan.text``.

        The same place of the same file first; else the only occurrence of the quoted words, or the
        one whose surroundings are most alike, or the same one in turn where nothing tells them
        apart. LostPassageError when there is none.
        """
        quote = anchor.quote
        whole = _whole(anchor.before, anchor.after)
        places = self._places(quote, whole=whole) if digest(quote) == anchor.digest else []
        if not places:
            raise LostPassageError(f"không còn đoạn “{shorten(quote)}”")
        spans = [self._span(place, place + len(quote)) for place in places]
        exact = [span for span in spans if self.plan.locate(span[0]).offset == anchor.offset]
        if exact and self.plan.source.sha256 == anchor.sha256:
            return exact[0]
        scores = [self._likeness(anchor, place, place + len(quote)) for place in places]
        if len(places) == 1:
            if anchor.alike > 1 and scores[0] < _LIKE:
                # Others of its kind stood beside it: the one that is left need not be the one.
                raise LostPassageError(f"không còn đoạn “{shorten(quote)}” ở chỗ cũ")
            return spans[0]
        best = max(scores)
        winners = [span for span, score in zip(spans, scores, strict=True) if score == best]
        if len(winners) > 1 and len(places) == anchor.alike:
            # As many as there were, and alike all around: none came or went, so the same in turn.
            winners = [span for span in winners if span == spans[anchor.turn]]
        elif len(winners) > 1:
            winners = [span for span in winners if span in exact]
        if len(winners) == 1 and best >= _LIKE:
            return winners[0]
        raise LostPassageError(f"đoạn “{shorten(quote)}” nay có ở {len(places)} chỗ")

    def occurrences(self, words: str) -> list[Span]:
        """Every place of ``words`` (blanks and composition of letters do not matter)."""
        wanted = collapsed(words)
        places = self._places(wanted, whole=False) if wanted else []
        return [self._span(place, place + len(wanted)) for place in places]

    def _places(self, quote: str, *, whole: bool) -> list[int]:
        """Offsets of ``quote`` in ``words``; ``whole``: not inside a longer word."""
        found: list[int] = []
        at = self.words.find(quote)
        while at >= 0:
            end = at + len(quote)
            inside = (at and self.words[at - 1].isalnum() and quote[0].isalnum()) or (
                self.words[end : end + 1].isalnum() and quote[-1].isalnum()
            )
            if not (whole and inside):
                found.append(at)
            at = self.words.find(quote, at + 1)
        return found

    def _span(self, low: int, high: int) -> Span:
        first = self._piece(low)
        final = self._piece(high - 1)
        start = min(first.start + low - first.norm, first.end - 1)
        return start, min(final.start + high - final.norm, final.end)

    def _piece(self, norm: int) -> _Piece:
        return self._pieces[bisect_right(self._pieces, norm, key=lambda p: p.norm) - 1]

    def _likeness(self, anchor: Anchor, low: int, high: int) -> int:
        """Characters of context in common, counted from the passage outwards."""
        before = self.words[max(0, low - CONTEXT) : low]
        after = self.words[high : high + CONTEXT]
        if not before and not anchor.before:  # both open the document
            return _LIKE + _common(after, anchor.after)
        return _common(before[::-1], anchor.before[::-1]) + _common(after, anchor.after)


def collapsed(text: str) -> str:
    """NFC with runs of blanks as one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(quote: str) -> str:
    """What identifies the quoted words: SHA-256 of ``collapsed`` text, in hex."""
    return hashlib.sha256(collapsed(quote).encode()).hexdigest()


def shorten(text: str, length: int = 60) -> str:
    """The first words of ``text``, with an ellipsis where some are left out."""
    words = collapsed(text)
    if len(words) <= length:
        return words
    return words[: words.rfind(" ", length // 2, length)].rstrip() + " …"


def _whole(before: str, after: str) -> bool:
    """Whether a quote between these begins and ends with whole words."""
    return not (before[-1:].isalnum() or after[:1].isalnum())


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _stretches(plan: Plan, original: str | None) -> list[tuple[int, int, str]]:
    """(start, end, characters of the file) for every run, blanks at its end left out."""
    text = plan.text
    if original is None or not plan.runs:
        return [(0, len(text), text)]
    found: list[tuple[int, int, str]] = []
    starts = [*(run.start for run in plan.runs), len(text)]
    if starts[0] > 0:
        found.append((0, starts[0], text[: starts[0]]))
    restored = {word.start: word for word in plan.restorations}
    for run, stop in zip(plan.runs, starts[1:], strict=True):
        piece = text[run.start : stop].rstrip()
        if not piece:
            continue
        word = restored.get(run.start)
        if word is not None and word.end == run.start + len(piece):
            found.append((word.start, word.end, word.original))
            continue
        raw = original[run.offset : run.offset + len(piece)]
        if raw != piece:
            # Composed letters take more characters in the file than in the text.
            longer = original[run.offset : run.offset + 4 * len(piece)]
            composed = unicodedata.normalize("NFC", longer)
            blanks = re.sub(r"\s", " ", composed[: len(piece)])
            raw = piece if blanks == piece else unicodedata.normalize("NFC", raw)
        found.append((run.start, run.start + len(piece), raw))
    return found
