"""What was understood in a query as chips, each with the link that takes it back or applies it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kh_nlp.search import Understood
from kh_nlp.wording import understood_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One understood part: ``state`` is applied, dropped or proposed; ``href`` changes that."""

    words: str
    state: str
    href: str | None


def chips(understood: Sequence[Understood], fields: Sequence[tuple[str, str]]) -> list[Chip]:
    """Chips for a page that was asked for with the query parameters ``fields``."""
    found: dict[str, Chip] = {}
    for item in understood:
        state = "applied" if item.applied else "dropped" if item.dropped else "proposed"
        parameter = {"applied": "without", "proposed": "apply"}.get(state)
        href = None
        if parameter is not None:
            other = [(k, v) for k, v in fields if k != "n" and (k, v) not in _opposed(item.kind)]
            href = "/?" + urlencode([*other, (parameter, item.kind)])
        words = understood_words(item.kind, item.value)
        found.setdefault(words, Chip(words=words, state=state, href=href))
    return list(found.values())


def _opposed(kind: str) -> tuple[tuple[str, str], ...]:
    return (("without", kind), ("apply", kind))
