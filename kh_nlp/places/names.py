"""Keys of place names: how "TP. Hồ Chí Minh", "Đăk Lăk" and "Bà Rịa–Vũng Tàu" are looked up."""

from __future__ import annotations

import re

from kh_nlp.language import fold

# Longest first: "thành phố" before "thành", which begins the names of communes (Thành Lợi).
KINDS = {
    "thanh pho": "thành phố",
    "tp": "thành phố",
    "thi tran": "thị trấn",
    "tt": "thị trấn",
    "thi xa": "thị xã",
    "tx": "thị xã",
    "dac khu": "đặc khu",
    "phuong": "phường",
    "huyen": "huyện",
    "quan": "quận",
    "tinh": "tỉnh",
    "xa": "xã",
}
"""Folded word of a kind of place, with its abbreviations, and the kind."""

_KIND = re.compile(rf"(?:{'|'.join(KINDS)})(?= \w)")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def folded_words(text: str) -> str:
    """Folded text, anything but letters and digits as one blank: "P.Bến Nghé" → ``p ben nghe``."""
    return _NOT_A_WORD.sub(" ", fold(text)).strip()


def place_key(name: str) -> str:
    """Key of a bare name: "Đăk Lăk" and "Đắk Lắk" → ``dak lak``, "M’Drắk" and "M'Đrăk" too.

    Apostrophes vanish ("Ea H'Leo", "Ea Hleo"), a leading zero too ("Phường 05").
    """
    words = folded_words(re.sub(r"['’‘`ʼ´]", "", name))
    return re.sub(r"\b0+(?=\d)", "", words)


def split_kind(name: str) -> tuple[str | None, str]:
    """Kind and key of a name: "TP. Hồ Chí Minh" → ("thành phố", "ho chi minh").

    The kind is ``None`` where none is printed; "Xã" alone is a name of its own.
    """
    key = place_key(name)
    match = _KIND.match(key)
    if match is None:
        return None, key
    return KINDS[match.group()], key[match.end() + 1 :]


def short_name(name: str) -> str:
    """The printed name without its kind: "Tỉnh Bà Rịa - Vũng Tàu" → "Bà Rịa - Vũng Tàu"."""
    return re.sub(r"^(?:tỉnh|thành phố|TP\.?)\s+", "", name.strip(), flags=re.IGNORECASE)
