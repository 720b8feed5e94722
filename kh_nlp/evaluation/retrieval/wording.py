"""Questions put otherwise: without accents, abbreviations swapped with what they stand for."""

from __future__ import annotations

import unicodedata

from kh_nlp.language import expand

_D = str.maketrans("đĐ", "dD")


def unaccented(text: str) -> str:
    """``text`` as typed without a Vietnamese keyboard; capitals stay.

    >>> unaccented("Kế hoạch của Đoàn 06/QĐ-TTg")
    'Ke hoach cua Doan 06/QD-TTg'
    """
    letters = unicodedata.normalize("NFD", text.translate(_D))
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")


def swapped(text: str) -> str:
    """Abbreviations spelled out in their most usual sense, else full forms abbreviated.

    A text that holds neither stays as it is; in one that holds both only the abbreviations change.
    """
    return next(iter(expand(text)), text)
