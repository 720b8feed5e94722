"""Pages rendered from Vietnamese text and read by an English OCR engine: pairs of words.

Every word is drawn at a known place, so that what the engine reads there is known to be that word,
also where it splits one or runs two together.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import random
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FONTS = Path("/usr/share/fonts/truetype")
FACES = (
    # Times New Roman and its look-alike are what offices print with; others are rare.
    *["liberation2/LiberationSerif-Regular.ttf"] * 7,
    *["liberation2/LiberationSerif-Bold.ttf"] * 2,
    "liberation2/LiberationSerif-Italic.ttf",
    "liberation2/LiberationSans-Regular.ttf",
    "dejavu/DejaVuSerif.ttf",
)
WIDTH, HEIGHT = 8.27, 11.69  # inches, A4
CAPITALS = 0.12  # share of lines set in capitals, as headings are


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page and the box that it fills, in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


Pair = tuple[str, str]
"""Words as printed and as read, several joined by a blank where the engine split or fused them."""


def render(text: list[str], rng: random.Random) -> tuple[Any, list[Word], int]:
    """One page (grey image, words drawn, dots an inch) with as many of the words as fit."""
    from PIL import Image, ImageDraw, ImageFont

    dpi = rng.choice((200, 200, 300, 300, 150))
    size = round(rng.choice((12, 13, 13.5, 14, 14)) / 72 * dpi)
    font = ImageFont.truetype(str(FONTS / rng.choice(FACES)), size)
    page = Image.new("L", (round(WIDTH * dpi), round(HEIGHT * dpi)), 255)
    draw = ImageDraw.Draw(page)
    left, right, y = 1.1 * dpi, (WIDTH - 0.8) * dpi, 0.9 * dpi
    space, pitch = font.getlength(" "), size * rng.uniform(1.25, 1.6)
    words: list[Word] = []
    at = 0
    while at < len(text) and y < (HEIGHT - 1) * dpi:
        upper = rng.random() < CAPITALS
        x = left
        while at < len(text):
            word = text[at].upper() if upper else text[at]
            width = font.getlength(word)
            if x + width > right:
                break
            draw.text((x, y), word, font=font, fill=rng.randint(0, 40))
            words.append(Word(word, x, y, x + width, y + size * 1.2))
            x += width + space
            at += 1
        else:
            break
        if x == left:  # a word wider than the page
            at += 1
        y += pitch * (1.6 if rng.random() < 0.12 else 1)
    return _worn(page, rng), words, dpi


def _worn(page: Any, rng: random.Random) -> Any:
    """The page as a scanner gives it: blur, specks, a grey ground. Half of the pages stay clean."""
    from PIL import Image, ImageChops, ImageFilter

    if rng.random() < 0.5:
        return page
    page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.9)))
    noise = Image.effect_noise(page.size, rng.uniform(10, 45))
    page = ImageChops.add(page, noise, 1, -128)
    if rng.random() < 0.5:  # as a fax or a black-and-white scanner
        page = page.point(lambda value: 255 if value > 140 else 0)
    return page


def read(page: Any, dpi: int) -> list[Word]:
    """The words that tesseract's English model reads on a page."""
    buffer = io.BytesIO()
    page.save(buffer, "PNG", dpi=(dpi, dpi))
    done = subprocess.run(
        ["tesseract", "-", "-", "-l", "eng", "--psm", "3", "--dpi", str(dpi), "tsv"],
        input=buffer.getvalue(),
        capture_output=True,
        check=True,
        env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    rows = csv.DictReader(
        done.stdout.decode("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    words: list[Word] = []
    for row in rows:
        if row["level"] == "5" and row["text"].strip():
            x, y, w, h = (int(row[name]) for name in ("left", "top", "width", "height"))
            words.append(Word(row["text"].strip(), x, y, x + w, y + h))
    return words


def pairs(printed: list[Word], seen: list[Word]) -> Iterator[Pair]:
    """Words that stand at the same place; a word that was not read gives no pair."""
    links: list[list[int]] = [[] for _ in printed]
    back: list[list[int]] = [[] for _ in seen]
    for i, word in enumerate(printed):
        for j, other in enumerate(seen):
            middle = (other.top + other.bottom) / 2
            if not word.top < middle < word.bottom:
                continue
            common = min(word.right, other.right) - max(word.left, other.left)
            if common > 0.4 * min(word.right - word.left, other.right - other.left):
                links[i].append(j)
                back[j].append(i)
    for i, word in enumerate(printed):
        found = links[i]
        if len(found) == 1 and back[found[0]] == [i]:
            yield word.text, seen[found[0]].text
        elif len(found) == 2 and all(back[j] == [i] for j in found):
            yield word.text, " ".join(seen[j].text for j in found)
        elif len(found) == 1 and back[found[0]] == [i, i + 1] and links[i + 1] == found:
            yield f"{word.text} {printed[i + 1].text}", seen[found[0]].text


def texts(path: Path, rng: random.Random, count: int) -> list[list[str]]:
    """Words of ``count`` random stretches of the articles, each enough for a page."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line)["text"] for line in lines]
    rng.shuffle(articles)
    stretches: list[list[str]] = []
    words: list[str] = []
    for article in articles:
        words += unicodedata.normalize("NFC", article[:1500]).split()
        if len(words) >= 700:
            stretches.append(words)
            words = []
        if len(stretches) == count:
            break
    return stretches


def main() -> None:
    """Render, read and write the pairs of as many pages as asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    stretches = texts(args.articles, random.Random(args.seed), args.pages)

    def page(number: int) -> list[Pair]:
        image, printed, dpi = render(stretches[number], random.Random(f"{args.seed}/{number}"))
        return list(pairs(printed, read(image, dpi)))

    with (
        gzip.open(args.out, "wt", encoding="utf-8") as out,
        ThreadPoolExecutor(args.workers) as pool,
    ):
        for number, found in enumerate(pool.map(page, range(len(stretches))), 1):
            out.writelines(f"{number}\t{word}\t{seen}\n" for word, seen in found)
            print(f"\r{number}/{len(stretches)}", end="", file=sys.stderr)


if __name__ == "__main__":
    main()
