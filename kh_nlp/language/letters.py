"""Vietnamese capitals and small letters for regular expressions.

In Unicode they are interleaved, so that a range such as ``À-Ỹ`` holds both: a trap worth a module.
"""

from __future__ import annotations

import re
import unicodedata

UPPER = "A-Z" + "".join(
    chr(code)
    for code in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))
    if chr(code).isupper() and unicodedata.category(chr(code)) == "Lu"
)
"""Content of a character class: all Latin capitals that Vietnamese uses."""

LOWER = "a-z" + "".join(
    chr(code)
    for code in (*range(0xDF, 0x1B1), *range(0x1EA0, 0x1EFA))
    if chr(code).islower() and unicodedata.category(chr(code)) == "Ll"
)
"""Content of a character class: all Latin small letters that Vietnamese uses."""


def letters(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""``re.compile`` in which ``\p{Lu}`` and ``\p{Ll}``, inside a class, are those letters."""
    return re.compile(pattern.replace(r"\p{Lu}", UPPER).replace(r"\p{Ll}", LOWER), flags)
