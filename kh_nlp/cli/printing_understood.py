"""What was understood in a query, and how to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kh_nlp.wording import understood_words

if TYPE_CHECKING:
    from kh_nlp.search import Understood


def understood_lines(understood: Sequence[Understood]) -> list[str]:
    """One line each for what acts, what was dropped, and what could act."""
    groups = (
        ("Hiểu là", [u for u in understood if u.applied], "bỏ: --without"),
        ("Không áp dụng vì không còn kết quả", [u for u in understood if u.dropped], ""),
        (
            "Có thể lọc thêm",
            [u for u in understood if not u.applied and not u.dropped],
            "lọc: --apply",
        ),
    )
    lines: list[str] = []
    for name, items, option in groups:
        shown = dict.fromkeys(
            understood_words(u.kind, u.value) + (f" ({option} {u.kind})" if option else "")
            for u in items
        )
        if shown:
            lines.append(f"{name}: {'; '.join(shown)}")
    return lines
