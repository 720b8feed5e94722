"""What a query asks for besides its words: years, places, bodies, phrases, exclusions, slips."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from kh_nlp.errors import UsageError
from kh_nlp.library.lexical import LexicalSegment
from kh_nlp.library.table import PassageTable
from kh_nlp.search.understanding.bodies import bodies
from kh_nlp.search.understanding.known import Known
from kh_nlp.search.understanding.notation import notations
from kh_nlp.search.understanding.phrases import phrases
from kh_nlp.search.understanding.silent import says_nothing
from kh_nlp.search.understanding.spelling import misread, spellings
from kh_nlp.search.understanding.typed import KINDS, Typed, Understood, UnderstoodKind, clean
from kh_nlp.search.understanding.whereabouts import levels, places, provinces
from kh_nlp.search.understanding.years import years

__all__ = [
    "KINDS",
    "Reading",
    "Understood",
    "UnderstoodKind",
    "check_kinds",
    "clean",
    "literal",
    "understand",
]

_OPERATORS = ("phrase", "exclude")
_OPEN = ("spelling",)


@dataclass(frozen=True, slots=True)
class Reading:
    """A query (NFC) and what was understood in it.

    With ``bare`` the words of dropped filters do not weigh either.
    """

    text: str
    understood: tuple[Understood, ...] = ()
    bare: bool = False

    def applied(self, *kinds: str) -> list[Understood]:
        """What acts, of the given kinds (of all without any)."""
        return [u for u in self.understood if u.applied and (not kinds or u.kind in kinds)]

    @property
    def words(self) -> str:
        """What weighs as words: without the filters that act, with slips corrected.

        Phrases weigh too. The whole text when nothing would be left, or only words that ask: "Sở
        Nội vụ chủ trì những việc gì".
        """
        kept = self.text
        for item in sorted(self.understood, key=lambda u: -u.start):
            dropped = self.bare and item.dropped
            if not dropped and (item.kind == "phrase" or not item.applied):
                continue
            instead = self._instead(item) if item.kind == "spelling" else " "
            kept = kept[: item.start] + instead + kept[item.end :]
        return self.text if kept == self.text or says_nothing(kept) else kept

    @property
    def read(self) -> str:
        """The whole text with its slips corrected."""
        kept = self.text
        for item in sorted(self.applied("spelling"), key=lambda u: -u.start):
            kept = kept[: item.start] + self._instead(item) + kept[item.end :]
        return kept

    def _instead(self, item: Understood) -> str:
        """What a slip is read as, apart from what follows: "NQ57" is "nghị quyết 57"."""
        return f"{item.value} " if self.text[item.end : item.end + 1].isalnum() else item.value

    def relaxed(self) -> list[Reading]:
        """Readings to try when this one finds nothing.

        Without filters, their words as typed; without operators too; without any of their words.
        """
        soft = self._only((*_OPERATORS, *_OPEN))
        open_ = self._only(_OPEN)
        wider = dict.fromkeys((soft, open_, replace(soft, bare=True), replace(open_, bare=True)))
        return [r for r in wider if r.understood != self.understood]

    def respelled(self, segments: Sequence[LexicalSegment]) -> list[Reading]:
        """Readings to try when those find nothing either: one more word read as a slip.

        A slip is often another word ("chuyển đổ số"), so this would be a guess before.
        """
        slip = misread(self._typed(), segments)
        if slip is None:
            return []
        understood = tuple(sorted((*self.understood, slip), key=lambda item: item.start))
        read = replace(self, understood=understood)
        return [read, *read.relaxed()]

    def _typed(self) -> Typed:
        typed = Typed(self.text)
        for item in self.understood:
            if item.applied:
                typed.take(item.start, item.end)
        return typed

    def _only(self, kinds: Collection[str]) -> Reading:
        return replace(
            self,
            understood=tuple(
                u if u.kind in kinds or not u.applied else replace(u, applied=False, dropped=True)
                for u in self.understood
            ),
        )


def check_kinds(kinds: Collection[str]) -> None:
    """UsageError for what is no kind of understanding."""
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"Không hiểu loại “{kind}”; hãy dùng: {', '.join(KINDS)}.")


def literal(text: str) -> Reading:
    """The query as its words alone."""
    return Reading(text)


def understand(
    text: str,
    connection: sqlite3.Connection,
    segments: Sequence[LexicalSegment],
    *,
    without: Collection[str] = (),
    apply: Collection[str] = (),
    this_year: int | None = None,
    table: PassageTable | None = None,
) -> Reading:
    """What ``text`` (cleaned, NFC) asks for in this library, in the order of the text.

    ``without`` names kinds that are not read at all, ``apply`` kinds that act even where they would
    only be proposed. ``table`` keeps the names that the library knows.
    """
    typed, known = Typed(text), Known(connection, table or PassageTable(""))
    # The order matters: what one reader takes is closed to the next.
    found: list[Understood] = [*phrases(typed, known), *notations(typed, connection)]
    found += years(typed, this_year)
    found += bodies(typed, known)
    found += provinces(typed, known)
    found += places(typed, known)
    found += levels(typed, [item for item in found if item.kind == "year"])
    found += spellings(typed, segments)
    kept = [
        replace(item, applied=item.applied or item.kind in apply)
        for item in sorted(found, key=lambda item: item.start)
        if item.kind not in without
    ]
    return Reading(text, tuple(kept))
