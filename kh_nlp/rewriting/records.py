"""What a rewriting answers with; every record prints through ``model.to_dict``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "number",
    "unit",
    "bound",
    "date",
    "frequency",
    "document",
    "place",
    "body",
    "name",
    "negation",
    "modality",
    "talk",
    "language",
    "length",
    "empty",
    "missing",
]
"""What the guard found: a fact that no source has, a changed sense, or no answer at all."""

Task = Literal["passage", "summary"]
"""A passage keeps all facts of its text; a summary may leave some out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A reason to reject a rewriting.

    ``text == output[start:end]`` of the rewriting that was offered (``Rewriting.offered``). For
    ``missing`` the span lies in the original. ``reason`` is one Vietnamese sentence.
    """

    kind: Kind
    text: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """``text`` is what may be used: the rewriting where ``accepted``, else the ``original``.

    ``offered`` is what the model answered, ``model`` and ``host`` who it was.
    """

    text: str
    accepted: bool
    original: str
    offered: str
    findings: tuple[Finding, ...]
    model: str
    host: str
