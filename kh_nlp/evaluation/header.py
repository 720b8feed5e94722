"""Figure ``header``: share of the head's fields that are read as a person read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kh_nlp.evaluation.figures import Fault, Figure, of_checks
from kh_nlp.evaluation.likeness import alike, same_body, same_number, same_words
from kh_nlp.model import Header

_TITLE_LIKENESS = 0.85


def _same_title(found: str | None, expected: str | None) -> bool:
    return bool(found) and alike(found, expected, _TITLE_LIKENESS)


def _equal(found: Any, expected: Any) -> bool:
    return bool(found == expected)


_SAME: Mapping[str, Callable[[Any, Any], bool]] = {
    "number": same_number,
    "symbol": same_number,
    "place": same_words,
    "province": same_words,
    "issued_on": _equal,
    "year": _equal,
    "level": _equal,
    "title": _same_title,
    "issuer": same_body,
    "signer": same_words,
}
"""The fields that count and when two values of one are the same."""


def header_figure(found: Header, expected: Mapping[str, Any]) -> Figure:
    """Share of the fields of ``expected`` that ``found`` has too; ``None`` must be ``None``."""
    checks = []
    for name, same in _SAME.items():
        if name in expected:
            mine, wanted = getattr(found, name), expected[name]
            fault = Fault(where=name, expected=_shown(wanted), found=_shown(mine))
            checks.append(None if same(mine, wanted) else fault)
    return of_checks(checks)


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)
