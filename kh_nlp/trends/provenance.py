"""What remakes an answer or a figure: the command line, the seed, the content of the library."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Sequence

from kh_nlp import __version__
from kh_nlp.library import Library
from kh_nlp.trends.records import Provenance


def library_hash(library: Library) -> str:
    """12 hexadecimal digits over the plans: their files, the parser that read them, corrections.

    Equal content gives equal digits wherever the library lies and in whatever order it was filled.
    """
    digest = hashlib.sha256()
    for row in library.connection.execute(
        "SELECT p.plan_id, v.sha256, v.parser, CASE WHEN v.parsed IS NULL THEN '' ELSE v.json END "
        "AS corrected FROM plans p JOIN versions v ON v.plan = p.id AND v.current = 1 "
        "ORDER BY p.plan_id"
    ):
        digest.update("\0".join(map(str, tuple(row))).encode())
    return digest.hexdigest()[:12]


def command(
    options: Sequence[tuple[str, object]], compare: tuple[str, str] | None = None
) -> list[str]:
    """Words of the command line that gives an answer again; options whose value is None are left
    out, those with an empty one stand alone, and ``--compare`` takes both of ``compare``.
    """
    words = ["kh", "trends"]
    for name, value in options:
        if name == "--compare":
            words += [name, *(compare or ())] if compare else []
        elif value is not None:
            words += [name] if value == "" else [name, str(value)]
    return words


def provenance(library: Library, words: Sequence[str], seed: int) -> Provenance:
    """``words`` are those of the command line, ``kh`` first; they are quoted for a shell."""
    return Provenance(
        command=shlex.join(words), library=library_hash(library), seed=seed, version=__version__
    )
