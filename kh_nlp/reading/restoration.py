"""Lines that lost their Vietnamese letters get them back, and still know where they came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kh_nlp.reading.extract import Extract
from kh_nlp.reading.lines import Line
from kh_nlp.reading.tables import Item, Row
from kh_nlp.repairing import Word
from kh_nlp.repairing.damage import damaged_lines, runs

if TYPE_CHECKING:
    from kh_nlp.repairing.restoring import Restored

_DOUBTFUL = 0.6  # confidence of a word below which it is more a guess than a reading
_BEYOND_REPAIR = 0.4  # share of such words from which a line is left as it is
# a letter beside a sign, or a capital inside a word
_JUNK = re.compile(
    r"[^\W\d_][^\w\s'’./-]+[^\W\d_]|[a-zđ][A-ZĐ]\w*[^\w\s]|[?%@\\^~‘&;]\w|\w[?%@\\^~‘;]"
)
_FEW = 3  # words: a shorter line goes with the lines around it


@dataclass(slots=True)
class Mended:
    """Lines with their letters, and the words that were changed by their place in the file.

    ``damaged`` counts the lines that had lost letters, ``left`` those of them that stay as they
    are because too little of them can be read. ``doubtful`` are the lines (of the file, or of
    their page) some words of which are no words.
    """

    lines: list[Line]
    words: dict[int, Word] = field(default_factory=dict)
    damaged: int = 0
    left: int = 0
    doubtful: list[int] = field(default_factory=list)


def restore_lines(lines: Sequence[Line], *, restore: bool = True) -> Mended:
    """Find the damaged passages and restore them (unless ``restore`` is false)."""
    texts = [line.text for line in lines]
    flags = damaged_lines(texts)
    mended = Mended(list(lines), damaged=sum(flags))
    if not restore:
        return mended
    if mended.damaged:
        from kh_nlp.repairing.restoring import load_restorer  # numpy and the model
    for start, end in runs(flags):
        ahead = [line.after_blank for line in lines[start + 1 : end]]
        found = load_restorer().restore(texts[start:end], [*ahead, True])
        for index, restored in enumerate(found, start):
            if _hopeless(restored):
                mended.left += 1
                continue
            line = lines[index]
            restored = _of_commune(restored)
            if _has_junk(restored):
                mended.doubtful.append(line.number)
            for word in restored.words:
                if word.text != word.read:
                    mended.words[_origin(line, word.start)] = word
            mended.lines[index] = _rewritten(line, restored)
    return mended


def with_restored(extract: Extract, mended: Mended, *, restore: bool) -> Extract:
    """What was extracted, with what was restored in it and a word about it for the user."""
    sentence = warning(mended, restore=restore)
    if sentence is None:
        return extract
    return replace(
        extract,
        damaged=True,
        restored=mended.words,
        warnings=(*extract.warnings, sentence),
    )


def restore_items(extract: Extract, *, restore: bool) -> Extract:
    """The same for what a reader of another format gave: its lines, those in cells too."""
    lines = [
        line
        for item in extract.items
        for line in ([x for cell in item.cells for x in cell] if isinstance(item, Row) else [item])
    ]
    mended = restore_lines(lines, restore=restore)
    if not mended.damaged:
        return extract
    new = iter(mended.lines)
    items: list[Item] = [
        replace(item, cells=tuple(tuple(next(new) for _ in cell) for cell in item.cells))
        if isinstance(item, Row)
        else next(new)
        for item in extract.items
    ]
    return with_restored(replace(extract, items=items), mended, restore=restore)


def warning(mended: Mended, *, restore: bool = True) -> str | None:
    """The Vietnamese sentence for the user; ``None`` for sound text."""
    if not mended.damaged:
        return None
    what = "Văn bản mất dấu tiếng Việt (nhận dạng bằng máy quét tiếng Anh hoặc gõ không dấu)"
    if not restore:
        return f"{what}; nội dung được giữ nguyên và đánh dấu là hỏng."
    tail = f"; {mended.left} dòng không phục hồi được, giữ nguyên" if mended.left else ""
    if mended.doubtful:
        first, last = min(mended.doubtful), max(mended.doubtful)
        tail += (
            f"; {len(mended.doubtful)} dòng (trong khoảng dòng {first}–{last}) có chữ không đọc "
            "được, giữ nguyên chữ ấy"
        )
    return f"{what}: đã phục hồi dấu bằng mô hình, chữ gốc vẫn được giữ{tail}."


def _hopeless(restored: Restored) -> bool:
    doubtful = sum(word.confidence < _DOUBTFUL for word in restored.words)
    return len(restored.words) >= _FEW and doubtful > _BEYOND_REPAIR * len(restored.words)


def _has_junk(restored: Restored) -> bool:
    """Whether words stayed what they were read as, and are none: "n‘%?g;gltzz", "tuAyeI‘l"."""
    return any(word.text == word.read and _JUNK.search(word.read) for word in restored.words)


def _origin(line: Line, offset: int) -> int:
    """The offset in the decoded file of a character of the line."""
    at = bisect_right(line.marks, offset, key=lambda mark: mark[0]) - 1
    start, origin = line.marks[max(0, at)]
    return origin + offset - start


def _of_commune(restored: Restored) -> Restored:
    """A line in capitals that begins with XẢ or XA is the name of a commune in a head."""
    first = restored.words[0] if restored.words else None
    if first is None or first.start or first.text not in ("XẢ", "XA", "XẠ"):
        return restored
    if len(restored.words) < 2 or not restored.text.isupper():
        return restored
    words = (replace(first, text="XÃ"), *restored.words[1:])
    return replace(restored, text=f"XÃ{restored.text[2:]}", words=words)


def _rewritten(line: Line, restored: Restored) -> Line:
    """The line with its new text; marks of the old one stay where their characters now stand."""
    changes = restored.marks
    old = [before for _, before in changes]
    marks = {after: _origin(line, before) for after, before in changes}
    for start, origin in line.marks:
        after, before = changes[bisect_right(old, start) - 1]
        inside = any(w.start < start < w.start + len(w.read) for w in restored.words)
        if not inside:
            marks.setdefault(after + start - before, origin)
    return replace(line, text=restored.text, marks=tuple(sorted(marks.items())))
