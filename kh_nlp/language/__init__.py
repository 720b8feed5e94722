"""Words of Vietnamese administrative text: normal form, folded keys, tokens, abbreviations.

Nothing here changes a plan's text: tone places and accents are touched in keys only.
"""

from kh_nlp.language.abbreviations import abbreviations, expand, stop_words
from kh_nlp.language.cutting import Cut, pieces, printed
from kh_nlp.language.letters import LOWER, UPPER, letters
from kh_nlp.language.normalizing import fold, fold_map, has_accents, nfc, search_key
from kh_nlp.language.segmenting import segment
from kh_nlp.language.tokens import Token, syllables, tokens

__all__ = [
    "LOWER",
    "UPPER",
    "Cut",
    "Token",
    "abbreviations",
    "expand",
    "fold",
    "fold_map",
    "has_accents",
    "letters",
    "nfc",
    "pieces",
    "printed",
    "search_key",
    "segment",
    "stop_words",
    "syllables",
    "tokens",
]
