"""The form of a Vietnamese syllable, strictly: first consonants, vowels that go together, one tone.

``counting.is_syllable`` is looser, for words already known to stand in Vietnamese text.
"""

from __future__ import annotations

import re
import unicodedata

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_FORM = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    r"([aăâeêioôơuưy]{1,3})(ch|ng|nh|[cmnpt])?"
)
_LIST = """
a ă â e ê i o ô ơ u ư y
ai ao au ay âu ây eo êu ia iê iêu iu
oa oai oao oay oă oe oeo oi oo ôi ơi
ua uâ uây uê ui uô uôi uơ uy uya uyê uyu
ưa ưi ươ ươi ươu ưu yê yêu
"""
_VOWELS = frozenset(_LIST.split())
_CHECKED = frozenset({"\u0301", "\u0323"})  # the tones of syllables that end in c, ch, p, t


def is_well_formed(word: str) -> bool:
    """Whether a lower-case NFC word can be one Vietnamese syllable."""
    split = unicodedata.normalize("NFD", word)
    tones = _TONES.findall(split)
    form = _FORM.fullmatch(unicodedata.normalize("NFC", _TONES.sub("", split)))
    if form is None or len(tones) > 1 or form[1] not in _VOWELS:
        return False
    return form[2] not in ("c", "ch", "p", "t") or (bool(tones) and tones[0] in _CHECKED)
