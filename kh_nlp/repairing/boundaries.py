"""Words that an engine ran together or took apart.

A change must pay: the letters of the new words and how often those words occur, against the same
of the old ones, less what such a slip costs. Both are rare: of 134,000 words read 206 were run
together and 16 split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from kh_nlp.repairing.words import Token

Score = Callable[[str], float]
"""Log likelihood of the best word for what was read, with how often that word occurs."""

RUN_TOGETHER, SPLIT = 6.5, 9.0
"""What the two slips cost: about the logarithm of how rare they are."""

_GAIN = 4.0  # a change must be this much likelier, for what is odd may be a name
POOR = -17.0
"""Score of a word from which it reads well enough to be left alone."""

_PARTS = 2, 5  # letters of the halves of words run together
_LONGEST_SYLLABLE = 7


def candidates(tokens: Iterable[Token], poor: Callable[[str], bool]) -> set[str]:
    """What must be weighed before ``mended`` can decide."""
    found: set[str] = set()
    before: Token | None = None
    for token in tokens:
        if token.kind == "word" and poor(token.core):
            for left, right in _halves(token.core):
                found |= {left, right}
        if before is not None and _neighbours(before, token):
            found.add(before.core + token.core)
        before = token
    return found


def mended(tokens: list[Token], score: Score) -> list[Token]:
    """The tokens of a line with words parted and joined where that pays."""
    out: list[Token] = []
    for token in tokens:
        if out and _neighbours(out[-1], token):
            whole = out[-1].core + token.core
            if score(whole) - SPLIT > score(out[-1].core) + score(token.core) + _GAIN:
                read = out[-1].read + " " + token.read
                out[-1] = replace(out[-1], core=whole, read=read, ends=token.ends)
                continue
        if token.kind == "word" and score(token.core) < POOR:
            pairs = _halves(token.core)
            best = max(pairs, key=lambda p: score(p[0]) + score(p[1]), default=None)
            if best and score(best[0]) + score(best[1]) - RUN_TOGETHER > score(token.core) + _GAIN:
                cut = token.start + len(best[0])
                out.append(replace(token, core=best[0], read=best[0], ends=False))
                out.append(replace(token, core=best[1], read=best[1], start=cut, apart=True))
                continue
        out.append(token)
    return out


def _halves(core: str) -> list[tuple[str, str]]:
    if (core.isascii() and core.isalpha()) or core[-1].isdigit():
        # "Youtube", "Vietnam": nothing tells a foreign name from words run together; "ngayl6": a
        # word with its number
        return []
    least, most = _PARTS
    return [
        (core[:at], core[at:])
        for at in range(least, len(core) - least + 1)
        if at <= most and len(core) - at <= most
    ]


def _neighbours(before: Token, token: Token) -> bool:
    """Whether two words may be one: short, with one blank between them, one of them a fragment."""
    return (
        before.kind == token.kind == "word"
        and before.start + len(before.read) + 1 == token.start
        and not before.ends
        and len(before.core) + len(token.core) <= _LONGEST_SYLLABLE
        and min(len(before.core), len(token.core)) < 3
        and not (before.core.isupper() or token.core.isupper())
    )
