"""Builds ``data/syllables.tsv.gz``: how often each Vietnamese syllable occurs in legal text.

    python -m kh_nlp.repairing.counting FILE.jsonl.gz

The file holds one JSON object a line; every string in it is counted. The shipped table was counted
over 47,628 articles of the legal code (Pháp điển, an MIT compilation of official text).
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
    r"[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_MARKS = str.maketrans(
    "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ",
    "aaaaa" "ăăăăă" "âââââ" "eeeee" "êêêêê" "iiiii" "ooooo" "ôôôôô" "ơơơơơ" "uuuuu" "ưưưưư" "yyyyy",
)  # fmt: skip
LEAST = 25
"""A syllable seen less often in the legal code is more likely a slip than a word."""


def is_syllable(word: str) -> bool:
    """Whether a lower-case NFC word has the form of one Vietnamese syllable."""
    return bool(_SYLLABLE.fullmatch(word.translate(_MARKS)))


def count(path: Path) -> Counter[str]:
    """Counts of well-formed syllables (lower case, NFC) in a gzipped JSON Lines file."""
    counts: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            for text in _strings(json.loads(line)):
                counts.update(_WORD.findall(unicodedata.normalize("NFC", text).lower()))
    return Counter({w: n for w, n in counts.items() if n >= LEAST and is_syllable(w)})


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [s for item in value for s in _strings(item)] if isinstance(value, list) else []


def main() -> None:
    """Count the file named on the command line and write the table beside this module."""
    counts = count(Path(sys.argv[1]))
    table = "".join(f"{word}\t{number}\n" for word, number in counts.most_common())
    target = Path(__file__).parent / "data" / "syllables.tsv.gz"
    target.write_bytes(gzip.compress(table.encode(), mtime=0))


if __name__ == "__main__":
    main()
