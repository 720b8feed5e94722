"""What stands inside the paragraphs of a Word document, once every change is accepted.

Text of deleted and hidden runs, codes of fields and placeholders are left out. Source: ECMA-376,
part 1, 17.3.3 (run content), 17.13.5 (tracked changes), 17.16 (fields); part 3 (alternate content).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kh_nlp.reading.word.numbering import SIGNS
from kh_nlp.reading.word.package import W, switched, value
from kh_nlp.reading.word.styles import Style, Styles

ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
"""Several forms of the same content, of which one is shown."""

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits to superscripts, by which marks of notes are known."""

GONE = frozenset((W + "del", W + "moveFrom"))
"""What a change took away."""

_SKIPPED = GONE | {
    W + "pPr", W + "rPr", W + "sdtPr", W + "sdtEndPr", W + "instrText", W + "delText",
    W + "fldData", W + "rt", W + "delInstrText",
}  # fmt: skip
# a soft hyphen is the letter ư of TCVN3 fonts; elsewhere lines are cleaned of it
_SIGNS = {W + "tab": "\t", W + "ptab": "\t", W + "noBreakHyphen": "-", W + "softHyphen": "\u00ad"}
_PICTURES = frozenset((W + "drawing", W + "pict", W + "object"))
_NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
_RUN, _TEXT, _BREAK, _BOX = W + "r", W + "t", W + "br", W + "txbxContent"
_RENDERED = W + "lastRenderedPageBreak"
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PRIVATE = re.compile("[\uf000-\uf0ff]")
_SYMBOLS = ("symbol", "wingdings")
_SMALL_NUMBER = re.compile(r"\s*\d{1,3}\s*$")


@dataclass(slots=True)
class Stretch:
    """Text up to a break. ``breaks``: what parts it from the text before (``line``, or ``page``
    where only the paper ended). ``turns``: pages turned since the paragraph began.
    """

    text: str = ""
    breaks: str = ""
    turns: int = 0


@dataclass(slots=True)
class Content:
    """What one paragraph holds. ``notes`` are (mark, text); ``boxes`` the text boxes hung on it.

    ``fresh``: no text has stood on this page yet, so that a page break that Word noted for itself
    tells what is known already.
    """

    fresh: bool
    stretches: list[Stretch] = field(default_factory=lambda: [Stretch()])
    bold: bool = True
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    pictures: int = 0

    def put(self, text: str, bold: bool) -> None:
        """Go on with text."""
        self.stretches[-1].text += text
        if text.strip():
            self.bold = self.bold and bold
            self.fresh = False

    def turn(self, breaks: str) -> None:
        """Go on with the next page."""
        self.stretches.append(Stretch("", breaks, self.stretches[-1].turns + 1))
        self.fresh = True

    @property
    def blank(self) -> bool:
        """Whether nothing is to be seen."""
        return not any(stretch.text.strip() for stretch in self.stretches)


class Notes:
    """Footnotes and endnotes of a document by kind and id, numbered as they are met.

    Footnotes count as printed; endnotes count on after them, so that no mark stands for two notes.
    """

    def __init__(self, roots: dict[str, Any]) -> None:
        self._found = {kind: _normal(root, kind) for kind, root in roots.items()}
        self._counts = {"footnote": 0, "endnote": len(self._found.get("footnote", ()))}

    def get(self, kind: str, id: str | None) -> Any:
        """The element of a note, ``None`` for one that the file lacks."""
        return self._found.get(kind, {}).get(id or "")

    def next_mark(self, kind: str) -> str:
        """The mark of the next note: "¹", "¹²"."""
        self._counts[kind] += 1
        return str(self._counts[kind]).translate(RAISED)


@dataclass(slots=True)
class Gatherer:
    """Gathers the content of paragraphs; it remembers fields that go on from one to the next."""

    styles: Styles
    notes: Notes
    _codes: list[bool] = field(default_factory=list)  # open fields: still in the code?

    def gather(self, paragraph: Any, style: Style, content: Content) -> None:
        """Add the content of a paragraph to ``content``."""
        self._inside(paragraph, style, content)
        self._codes = [code for code in self._codes if not code]  # a code that never ended

    def _inside(self, element: Any, style: Style, content: Content) -> None:
        for child in element:
            tag = child.tag
            if tag == _RUN:
                self._run(child, style, content)
            elif tag in _SKIPPED or not isinstance(tag, str):
                continue
            elif tag == ALTERNATE:
                self._inside(shown_form(child), style, content)
            elif tag == _FORMULA:
                content.put(child.text or "", False)
            elif tag in _PICTURES:
                self._picture(child, content)
            elif tag != W + "sdt" or not _placeholder(child):
                self._inside(child, style, content)

    def _run(self, run: Any, style: Style, content: Content) -> None:
        properties = run.find(W + "rPr")
        bold, caps, hidden = bool(style.bold), bool(style.caps), bool(style.hidden)
        raised = style.raised
        if properties is not None:
            own = self.styles.run(value(properties, "rStyle"))
            bold = _toggled(properties, "b", bold, own.bold)
            caps = _toggled(properties, "caps", caps, own.caps)
            hidden = _toggled(properties, "vanish", hidden, own.hidden)
            place = value(properties, "vertAlign")
            raised = place == "superscript" if place is not None else own.raised or raised
        if hidden:
            self._fields_of(run)
            return
        self._run_content(run, bold, caps, raised, content)

    def _run_content(
        self, run: Any, bold: bool, caps: bool, raised: bool, content: Content
    ) -> None:
        for child in run:
            tag = child.tag
            if tag == W + "fldChar":
                self._field(child)
            elif any(self._codes):
                continue
            elif tag == _TEXT:
                content.put(_spelled(child.text or "", caps, raised), bold)
            elif tag in _SIGNS:
                content.put(_SIGNS[tag], bold)
            elif tag == _BREAK or tag == W + "cr":
                _break(child, content)
            elif tag == _RENDERED:
                if not content.fresh:
                    content.turn("page")
            elif tag == W + "sym":
                content.put(_symbol(child, content), bold)
            elif tag in _NOTES:
                self._note(child, run, bold, content)
            elif tag == ALTERNATE:
                self._run_content(shown_form(child), bold, caps, raised, content)
            else:
                self._picture(child, content)

    def _field(self, sign: Any) -> None:
        kind = sign.get(W + "fldCharType")
        if kind == "begin":
            self._codes.append(True)
        elif kind == "separate" and self._codes:
            self._codes[-1] = False
        elif kind == "end" and self._codes:
            self._codes.pop()

    def _fields_of(self, run: Any) -> None:
        for sign in run.iterchildren(W + "fldChar"):
            self._field(sign)

    def _note(self, reference: Any, run: Any, bold: bool, content: Content) -> None:
        kind = _NOTES[reference.tag]
        note = self.notes.get(kind, reference.get(W + "id"))
        if note is None:
            return
        own = (reference.get(W + "customMarkFollows") or "0").lower() in ("1", "true", "on")
        if own:  # the sign itself follows as text
            mark = "".join(text.text or "" for text in run.iterchildren(_TEXT)).strip()
            mark = mark.translate(RAISED) if mark.isdigit() else mark
        else:
            mark = self.notes.next_mark(kind)
            content.put(mark, bold)
        words = self._note_text(note)
        if words:
            content.notes.append((mark, words))

    def _note_text(self, note: Any) -> str:
        """The text of a note, all its paragraphs on one line."""
        inner = Content(fresh=False)
        codes, self._codes = self._codes, []
        for paragraph in note.iter(W + "p"):
            properties = paragraph.find(W + "pPr")
            self.gather(paragraph, self.styles.paragraph(value(properties, "pStyle")), inner)
            inner.put(" ", False)
        self._codes = codes
        return " ".join(" ".join(stretch.text for stretch in inner.stretches).split())

    def _picture(self, picture: Any, content: Content) -> None:
        if picture.tag not in _PICTURES:
            return
        boxes = list(text_boxes(picture))
        content.boxes += boxes
        content.pictures += not boxes


def shown_form(element: Any) -> Any:
    """Of several forms of one content the first that has text; they all say the same."""
    forms = [form for form in element if isinstance(form.tag, str)]
    for form in forms:
        if next(form.iter(_TEXT), None) is not None:
            return form
    return forms[0] if forms else element


def text_boxes(element: Any) -> Iterator[Any]:
    """The text boxes below a drawing, each once."""
    for child in element:
        if child.tag == _BOX:
            yield child
        elif child.tag == ALTERNATE:
            yield from text_boxes(shown_form(child))
        elif isinstance(child.tag, str):
            yield from text_boxes(child)


def _normal(root: Any, kind: str) -> dict[str, Any]:
    """Notes by id; the lines that part notes from text are none."""
    found = root.iter(W + kind) if root is not None else ()
    return {
        note.get(W + "id") or "": note
        for note in found
        if note.get(W + "type", "normal") == "normal"
    }


def _toggled(properties: Any, name: str, paragraph: bool, run: bool | None) -> bool:
    """A property that styles of paragraph and run switch, and the run itself decides."""
    own = switched(properties, name)
    return own if own is not None else paragraph != bool(run)


def _spelled(text: str, caps: bool, raised: bool) -> str:
    if raised and _SMALL_NUMBER.match(text):
        text = text.translate(RAISED)
    if _PRIVATE.search(text):
        text = "".join(SIGNS.get(sign, sign) for sign in text)
    return text.upper() if caps else text


def _symbol(element: Any, content: Content) -> str:
    """The sign of a symbol font; one that is not known is a bullet where a line begins."""
    try:
        code = int(element.get(W + "char") or "", 16)
    except ValueError:
        code = 0
    font = (element.get(W + "font") or "").lower()
    if code < 0xF000 and not font.startswith(_SYMBOLS):
        return chr(code) if 31 < code < 0xD800 else " "
    known = SIGNS.get(chr(0xF000 | code & 0xFF))
    return known or (" " if content.stretches[-1].text.strip() else "• ")


def _break(element: Any, content: Content) -> None:
    kind = element.get(W + "type")
    if kind == "page":
        content.turn("line")
    elif kind != "column":
        turns = content.stretches[-1].turns
        content.stretches.append(Stretch("", "line", turns))


def _placeholder(control: Any) -> bool:
    """Whether a content control shows only what should be filled in."""
    properties = control.find(W + "sdtPr")
    return bool(switched(properties, "showingPlcHdr"))
