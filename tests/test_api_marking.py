"""Text of a plan as HTML: only our own tags come out and no text is lost."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from api.marking import Link, highlighted, marked

HOSTILE = st.text(alphabet=st.sampled_from("<>&\"'/= \n\tabđộ<script>onload{}%;"), max_size=60)


class Reader(HTMLParser):
    """Collects the text and the tags of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]], list[Link]]:
    text = draw(HOSTILE)
    place = st.integers(0, len(text) + 3)
    pairs = st.lists(st.tuples(place, place).map(lambda p: (min(p), max(p))), max_size=5)
    links = [
        Link(start=start, end=end, href=draw(HOSTILE), title=draw(HOSTILE))
        for start, end in draw(pairs)
    ]
    return text, draw(pairs), links


@given(texts_with_spans())
def test_hostile_text_comes_out_as_text(
    case: tuple[str, list[tuple[int, int]], list[Link]],
) -> None:
    text, marks, links = case
    reader = read(str(marked(text, 0, len(text), links=links, marks=marks)))
    assert reader.text == text
    for tag, attributes in reader.tags:
        assert tag in ("a", "mark")
        assert set(attributes) == ({"class", "href", "title"} if tag == "a" else set())
    hrefs = {link.href for link in links}
    assert {a["href"] for tag, a in reader.tags if tag == "a"} <= hrefs


@given(HOSTILE, st.integers(0, 60), st.integers(0, 60))
def test_a_stretch_is_cut_exactly(text: str, first: int, second: int) -> None:
    start, end = sorted((min(first, len(text)), min(second, len(text))))
    reader = read(str(marked(text, start, end, links=(), marks=[(0, len(text))])))
    assert reader.text == text[start:end]


def test_a_citation_holds_its_mark() -> None:
    text = "Thực hiện Nghị quyết số 76/NQ-CP của Chính phủ"
    link = Link(start=10, end=32, href="/documents?key=a&b", title='"76"')
    html = str(marked(text, 0, len(text), links=[link], marks=[(24, 32)]))
    assert html == (
        'Thực hiện <a class="cite" href="/documents?key=a&amp;b" title="&#34;76&#34;">'
        "Nghị quyết số <mark>76/NQ-CP</mark></a> của Chính phủ"
    )


def test_highlights_escape_what_they_hold() -> None:
    assert str(highlighted("<b>tập huấn</b>", [(3, 11)])) == (
        "&lt;b&gt;<mark>tập huấn</mark>&lt;/b&gt;"
    )
