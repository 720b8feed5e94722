"""Which part of a saved web page is the plan: characters, what nobody sees, menus, notes.

The plan is the smallest element that holds nearly all running text and every formula of the genre
(quốc hiệu, "Số:", "Căn cứ", "Nơi nhận"); menus and lists of links have hardly any running text.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from kh_nlp.reading.word.inline import RAISED

DEEPEST = 200
"""Elements inside one another; no page made by a program for people goes as deep."""

MOST = 0.9
"""Share of a page's running text that the element with the plan must hold."""

BLOCKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "tr", "td", "th",
    "blockquote", "section", "article", "main", "pre", "center", "dl", "dt", "dd", "hr",
    "address", "figure", "figcaption", "body", "header", "footer", "caption", "thead", "tbody",
    "tfoot",
))  # fmt: skip
"""Elements that begin a line of their own."""

_DROPPED = frozenset((
    "script", "style", "noscript", "head", "nav", "aside", "form", "iframe", "select", "button",
    "template", "svg", "object", "xml", "del", "textarea", "input", "audio", "video", "canvas",
    "dialog",
))  # fmt: skip
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE
)
_HIDING_RULE = re.compile(r"(?:^|[},])\s*([.#][\w-]+)\s*\{[^{}]*display\s*:\s*none", re.IGNORECASE)
_FORMULA = re.compile(
    r"cộng\s+h[oò][aà]\s+xã\s+hội|đảng\s+cộng\s+sản\s+việt\s+nam\s*$|nơi\s+nhận\s*:|\bsố\s*:\s*\S*/"
    r"|^\s*căn\s+cứ\s|^\s*phụ\s+lục\b",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:menu|nav|navbar|breadcrumbs?|sidebar|comments?|binh-luan|related|lien-quan|"
    r"share|social|ads|advert\w*|banner|footer|toolbar|pagination|cookie|popup|modal|widget|login|"
    r"tags?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOTE_LINK = re.compile(r"^#(?!\S*ref)\S*(?:ftn|edn|note|fn)[\w:.-]*\d", re.IGNORECASE)
_NOTE_ELEMENT = re.compile(r"mso-element\s*:\s*(?:foot|end)note(?!-)", re.IGNORECASE)
_NOTE_ID = re.compile(r"(?:ftn|edn|sdfootnote|sdendnote)\d+$", re.IGNORECASE)
_NUMBER = re.compile(r"^[\[(]?\s*(\d{1,3})\s*[\])]?[.]?$")
_NOTE_START = re.compile(r"^[\s↩↑^]*[\[(]?\s*(?:\d{1,3}|[¹²³⁴-⁹⁰]{1,3})\s*[\])]?[.:]?\s*")
_SENTENCE = 6  # words of a paragraph from which it is running text


def decoded(data: bytes) -> str:
    """The characters of a page: by its mark, as UTF-8, as it says itself, else windows-1258."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    told = _CHARSET.search(data[:8192])
    named = told[1].decode("ascii") if told else "cp1258"
    for name in ("utf-8", named):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    try:
        return data.decode(named, "replace")
    except LookupError:
        return data.decode("cp1258", "replace")


def words_of(element: Any) -> str:
    """The text below an element with single blanks, scripts and styles left out."""
    dropped = ("script", "style", "head", "noscript", "xml")
    pieces: list[str] = []
    for node in element.iter():
        apart = " " if node.tag in BLOCKS or node.tag == "br" else ""
        if isinstance(node.tag, str) and node.tag not in dropped:
            pieces.append(apart + (node.text or ""))
        if node is not element:
            pieces.append(apart + (node.tail or ""))
    return " ".join("".join(pieces).split())


def too_deep(body: Any) -> bool:
    """Whether elements stand inside one another more than ``DEEPEST`` times."""
    depth = 0
    level = [body]
    while level and depth <= DEEPEST:
        level = [child for element in level for child in element]
        depth += 1
    return bool(level)


def take_notes(body: Any) -> dict[str, str]:
    """Texts of notes by the mark that the text now has ("¹"); they are taken out of the page.

    A mark is a link with a number to a place further down that begins with the same number.
    """
    places = {name: node for node in body.iter() for name in (node.get("id"), node.get("name"))
              if name and isinstance(node.tag, str)}  # fmt: skip
    found: list[tuple[Any, str, Any]] = []
    blocks: set[Any] = set()
    for link in body.iter("a"):
        href = link.get("href") or ""
        number = _NUMBER.match(" ".join(link.text_content().split()))
        target = places.get(href[1:]) if number and _NOTE_LINK.match(href) else None
        block = _note_block(target) if target is not None else None
        if number is None or block is None or block in blocks or _inside(link, blocks):
            continue
        start = _NOTE_START.match(words_of(block)[:8])
        if block in link.iterancestors() or (block.tag != "li" and start is None):
            continue
        blocks.add(block)
        found.append((link, number[1].translate(RAISED), block))
    notes: dict[str, str] = {}
    for link, mark, block in found:
        if mark not in notes:
            words = words_of(block)
            start = _NOTE_START.match(words) if block.tag != "li" else None
            notes[mark] = words[start.end() :] if start else words.strip("↩↑^ ")
            block.drop_tree()
        for child in list(link):
            link.remove(child)
        link.text = mark
    return notes


def _note_block(target: Any) -> Any:
    """The element that holds a note as a whole."""
    at = target
    block = None
    while at is not None and at.tag not in ("body", "html", "td", "ol", "ul", "table"):
        if _NOTE_ELEMENT.search(at.get("style") or "") or _NOTE_ID.match(at.get("id") or ""):
            return at
        if at.tag in ("p", "li", "dd") and block is None:
            block = at
        at = at.getparent()
    return block


def _inside(element: Any, blocks: set[Any]) -> bool:
    return any(above in blocks for above in element.iterancestors())


def hiding_rules(root: Any) -> set[str]:
    """Classes (".x") and ids ("#x") that the page's own styles hide."""
    return {
        selector
        for sheet in root.iter("style")
        for selector in _HIDING_RULE.findall((sheet.text or "").split("@media")[0])
    }


def prune(body: Any, hiding: set[str]) -> None:
    """Drop what no reader of the page sees, or what is no part of any text."""
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None or element is body:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        hidden = _HIDDEN.search(element.get("style") or "") or element.get("hidden") is not None
        if hiding and not hidden:
            told = [f".{name}" for name in (element.get("class") or "").split()]
            hidden = not hiding.isdisjoint([*told, f"#{element.get('id')}"])
        furniture = element.tag in ("header", "footer") or bool(_FURNITURE.search(names))
        if furniture and not hidden:
            furniture = not _FORMULA.search(element.text_content())
        if element.tag in _DROPPED or hidden or furniture:
            element.drop_tree()


def content_of(body: Any) -> Any:
    """The smallest element with nearly all running text and all formulas of the genre.

    Running text is that of blocks of some words, links left out: menus have hardly any.
    """
    weights: dict[Any, int] = {}
    formulas: dict[Any, int] = {}
    for element in reversed(list(body.iter())):  # what lies inside comes before what holds it
        if not isinstance(element.tag, str):
            continue
        parts = [element.text or ""]
        weight = formula = 0
        for child in element:
            if child in weights and (child.tag in BLOCKS or weights[child] or formulas[child]):
                weight, formula = weight + weights[child], formula + formulas[child]
            elif child.tag != "a":
                parts.append(child.text_content() if isinstance(child.tag, str) else "")
            parts.append(child.tail or "")
        own = " ".join(" ".join(parts).split())
        words = own.count(" ") + 1 if own else 0
        if element.tag in BLOCKS:
            weight += words if words >= _SENTENCE else 0
            formula += bool(own) and bool(_FORMULA.search(own))
        weights[element], formulas[element] = weight, formula
    chosen = body
    while True:
        inner = [child for child in chosen if child in weights and child.tag in BLOCKS]
        best = max(inner, key=lambda child: weights[child], default=None)
        if (
            best is None
            or best.tag in ("p", "table", "tbody", "tr", "ul", "ol", "li")
            or weights[best] < MOST * weights[body]
            or formulas[best] < formulas[body]
        ):
            return chosen
        chosen = best
