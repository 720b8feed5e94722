"""A one-letter slip in a word that neither the library nor the language knows.

Index terms are kept as digests, so the vocabulary is not listed: what a word may have been is made
by changing one letter, and asked for.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from kh_nlp.language import Token, fold, nfc, search_key
from kh_nlp.library.lexical import Field, LexicalSegment
from kh_nlp.search.terms import Terms
from kh_nlp.search.understanding.typed import Typed, Understood

SHORTEST = 3
"""Letters of a word that may be a slip; shorter ones are near to everything."""

LONGEST = 12
"""Letters of a word at most; longer ones are no syllables."""

_PLAIN = "abcdefghijklmnopqrstuvwxyz"
_ACCENTED = _PLAIN + "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"


@cache
def _language() -> frozenset[str]:
    """Syllables of the language, as keys with and without accents."""
    packed = files("kh_nlp.repairing").joinpath("data/syllables.tsv.gz").read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    known = [line.split("\t")[0] for line in lines if line and not line.startswith("#")]
    known += _everyday_syllables()
    return frozenset((*map(search_key, known), *map(fold, known)))


def _everyday_syllables() -> set[str]:
    """Syllables of the word list that comes with underthesea: ours knows official texts only.

    The list is read as a file, for importing underthesea takes seconds; none where it has moved.
    """
    spec = find_spec("underthesea")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(place, "corpus", "data", "Viet74K.txt")
        if file.is_file():
            return set(re.findall(r"[^\W\d_]+", nfc(file.read_text("utf-8")).lower()))
    return set()


def spellings(typed: Typed, segments: Sequence[LexicalSegment]) -> Iterator[Understood]:
    """Slips of one letter (also an accent), each with the word that it was read as.

    The word must stand in no passage and be no syllable of the language; what it is read as must
    stand in passages beside a neighbour that it has in the query, or be all of the query, or be
    the only way to make a syllable of letters with accents.
    """
    field: Field = "accented" if typed.accented else "folded"
    words = [(token, typed.keyed(token.text)) for token in typed.tokens]
    odd = [
        place
        for place, (token, word) in enumerate(words)
        if _may_slip(typed, place, token) and word not in _language()
    ]
    if not odd:
        return
    terms = Terms(segments, field)
    plain = Terms(segments, "folded")
    for place in odd:
        token, word = words[place]
        if terms.counts([word])[0] or (word != fold(word) and plain.counts([word])[0]):
            continue
        best = _nearest(word, place, [key for _, key in words], terms, plain)
        if best is not None:
            yield typed.found("spelling", best, token.start, token.end, applied=True)


SELDOM = 3
"""Passages in which a pair must stand where it is all that speaks for a slip."""


def misread(typed: Typed, segments: Sequence[LexicalSegment]) -> Understood | None:
    """The one word that is most likely a slip of one letter, though it may be a word itself.

    It stands beside none of its neighbours in any passage, and what it is read as beside all.
    """
    words = [typed.keyed(token.text) for token in typed.tokens]
    plain = Terms(segments, "folded")
    terms = Terms(segments, "accented") if typed.accented else plain
    bare = [fold(token.text) for token in typed.tokens]
    seen = terms.counts([f"{one} {other}" for one, other in pairwise(words)])
    best: tuple[int, int, str, Token] | None = None
    for place, token in enumerate(typed.tokens):
        beside = seen[max(0, place - 1) : place + 1]
        if not beside or any(beside) or not _may_slip(typed, place, token, shortest=2):
            continue
        # Without accents first: of a few hundred ways to write a word nearly none stands there.
        near = sorted(_variants(bare[place], _PLAIN) | {bare[place]})
        found = [(*way, token) for way in _beside(near, place, bare, plain)]
        if typed.accented and found:
            held = {variant for _, _, variant, _ in found}
            made = list(_variants(token.text.lower(), _ACCENTED))
            folded = fold("\n".join(made)).split("\n")
            fitting = [one for one, key in zip(made, folded, strict=True) if key in held]
            variants = sorted(set(_keys(fitting)) - {words[place]}) if fitting else []
            found = [(*way, token) for way in _beside(variants, place, words, terms)]
        for way in found:
            if way[2] != words[place] and (best is None or way[:2] > best[:2]):
                best = way
    if best is None:
        return None
    return typed.found("spelling", best[2], best[3].start, best[3].end, applied=True)


def _beside(
    variants: Sequence[str], place: int, words: Sequence[str], terms: Terms
) -> list[tuple[int, int, str]]:
    """(neighbours, fewest passages, variant) of those that stand beside all neighbours."""
    least = dict.fromkeys(variants, 1 << 30)
    neighbours = [f"{words[place - 1]} {{}}"] if place else []
    if place + 1 < len(words):
        neighbours.append(f"{{}} {words[place + 1]}")
    for pair in neighbours:
        counts = terms.counts([pair.format(variant) for variant in least])
        counted = zip(least.items(), counts, strict=True)
        least = {variant: min(known, count) for (variant, known), count in counted if count}
    enough = 1 if len(neighbours) > 1 else SELDOM
    return [(len(neighbours), count, word) for word, count in least.items() if count >= enough]


def _may_slip(typed: Typed, place: int, token: Token, shortest: int = SHORTEST) -> bool:
    """No number, code, abbreviation or name; not inside what is understood otherwise."""
    text = token.text
    if not (shortest <= len(text) <= LONGEST) or not text.isalpha() or token.code:
        return False
    name = not text.islower() if place else not (text.islower() or text.istitle())
    return not name and typed.free(token.start, token.end)


def _nearest(word: str, place: int, words: Sequence[str], terms: Terms, plain: Terms) -> str | None:
    accented = word != fold(word) or any(w != fold(w) for w in words)
    made = _variants(word, _ACCENTED if accented else _PLAIN)
    variants = sorted(set(_keys(_printed(made, plain) if accented else made)) - {word})
    found = [
        (count, variant)
        for count, variant in zip(terms.counts(variants), variants, strict=True)
        if count
    ]
    before = words[place - 1] if place else None
    after = words[place + 1] if place + 1 < len(words) else None
    scored: list[tuple[int, int, str]] = []
    for count, variant in found:
        pairs = [f"{before} {variant}"] if before else []
        pairs += [f"{variant} {after}"] if after else []
        beside = sum(terms.counts(pairs)) if pairs else 0
        # A word with accents that is no syllable is a slip for certain, whatever stands beside it.
        if beside or not (before or after) or (word != fold(word) and variant in _language()):
            scored.append((beside, count, variant))
    return max(scored)[2] if scored else None


def _variants(word: str, letters: str) -> set[str]:
    """Words at a distance of one letter (left out, added, changed, or two neighbours swapped)."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    made = {left + right[1:] for left, right in cuts if right}
    made |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    for letter in letters:
        made |= {left + letter + right[1:] for left, right in cuts if right}
        made |= {left + letter + right for left, right in cuts}
    return {variant for variant in made if len(variant) > 1}


_I_OR_Y = re.compile(r"(?:h|k|l|m|s|t|qu)[iy]")


def _printed(variants: Collection[str], plain: Terms) -> list[str]:
    """Those that stand in a passage if their accents are left out: a few of a thousand."""
    folded = fold("\n".join(variants)).split("\n")
    distinct = list(dict.fromkeys(folded))
    held = {key for key, count in zip(distinct, plain.counts(distinct), strict=True) if count}
    # The key of "kĩ" is that of "kỹ".
    return [
        variant
        for variant, key in zip(variants, folded, strict=True)
        if key in held or _I_OR_Y.fullmatch(key)
    ]


def _keys(variants: Collection[str]) -> list[str]:
    return search_key("\n".join(variants)).split("\n")
