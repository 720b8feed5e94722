"""Pages read as a browser would, and what every page owes its readers."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """Tags, ids, links and labels of a page; an end tag that fits no start tag is an error."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def check_accessible(found: Page) -> None:
    """Language, landmarks and labels are there; no script, no style, nothing from elsewhere."""
    assert found.all("html") == [{"lang": "vi"}]
    assert len(found.all("main")) == 1 and len(found.all("h1")) <= 1
    assert not found.all("script") and not found.all("style") and not found.all("iframe")
    labels = {label.get("for") for label in found.all("label")}
    for field in found.all("input") + found.all("select"):
        assert field.get("type") in ("checkbox", "hidden") or field["id"] in labels
    for _, attributes in found.tags:
        assert not [key for key in attributes if key.startswith("on") or key == "style"]
        for key in ("href", "src", "action"):
            target = urlsplit(urljoin("http://127.0.0.1/", attributes.get(key) or ""))
            assert target.netloc == "127.0.0.1", attributes
