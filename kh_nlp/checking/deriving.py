"""How ``citations/data/replaced.tsv`` and ``data/dates.tsv`` were made; a maintainer runs it.

``python -m kh_nlp.checking.deriving FOLDER`` reads ``phapdien_articles.jsonl.gz`` (articles of the
codified law, each with the number and the first day of its document) and ``admin_docs.jsonl.gz``
and writes facts anew: which document says that it takes the place of which (from what day), and the
day that texts print with a number. ``citations/data/replaced_known.tsv`` is kept by hand.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kh_nlp.citations.keys import is_local, number_key

_NUMBER = r"\d+(?:\.\d+)?(?:/\d{4})?[/-][A-ZĐ][\wĐ\-&/]*"
_REPLACES = re.compile(
    r"thay thế (?:cho )?(?:Nghị định|Nghị quyết|Quyết định|Thông tư(?: liên tịch)?|Chỉ thị)\s+số\s+"
    rf"(?P<number>{_NUMBER})\s+ngày\s+(?P<day>\d{{1,2}})(?:/|\s+tháng\s+)(?P<month>\d{{1,2}})(?:/"
    rf"|\s+năm\s+)(?P<year>\d{{4}})"
    r"(?P<after>[^.;]{0,160})"
)
_ENDED = re.compile(
    r"(?:Luật|Bộ luật|Pháp lệnh)[^.;\d]{3,90}số (?P<number>\d+/\d{4}/(?:QH|PL-UBTVQH)\d+)"
    r"[^.;]{0,200}?hết hiệu lực (?:thi hành )?(?:kể )?từ ngày (?:Luật|Bộ luật|Pháp lệnh) này"
)
_CITED = re.compile(
    rf"số\s+(?P<number>{_NUMBER})\s*,?\s+ngày\s+"
    r"(?P<day>\d{1,2})\s*(?:/|-|tháng)\s*(?P<month>\d{1,2})\s*(?:/|-|năm)\s*(?P<year>(?:19|20)\d\d)"
)
_PARTLY = re.compile(r"\b(?:một phần|các quy định|khoản|điểm|Điều|phụ lục|mẫu số|biểu)\b", re.I)
_ENOUGH, _AGREED = 3, 0.85
"""Texts that must print a day with a number, and the share of them that must agree."""


def _articles(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def replaced(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """(number, day of issue, number of what replaced it, from which day, source), sorted."""
    found: dict[str, tuple[str, str, str, str, str]] = {}
    for article in _articles(folder / "phapdien_articles.jsonl.gz"):
        by, since, text = article["doc_number"], article["effective"], article["text"]
        if not by or not since or is_local(by):
            continue
        since = "-".join(reversed(since.split("/")))
        for match in (*_REPLACES.finditer(text), *_ENDED.finditer(text)):
            number = match["number"].rstrip("/-")
            groups = match.groupdict()
            if is_local(number) or number_key(number) == number_key(by):
                continue
            lead = text[max(0, match.start() - 60) : match.start()]
            if _PARTLY.search(lead.rpartition(".")[2]):
                continue
            day = _iso(groups) if "day" in groups else ""
            if day is None or (day and day >= since):
                continue
            found.setdefault(
                number_key(number), (number_key(number), day, number_key(by), since, article["id"])
            )
    return sorted(found.values())


def dates(folder: Path) -> list[tuple[str, str, str]]:
    """(number, day, texts that print it) of national documents, sorted.

    A number that holds its year has one row; another has one for each year of issue.
    """
    seen: dict[tuple[str, str], Counter[str]] = {}
    for name in ("admin_docs.jsonl.gz", "phapdien_articles.jsonl.gz"):
        for article in _articles(folder / name):
            here: set[tuple[str, str, str]] = set()
            for match in _CITED.finditer(article["text"]):
                number, day = match["number"].rstrip("/-"), _iso(match.groupdict())
                if day is None or is_local(number):
                    continue
                key = number_key(number)
                series = "" if re.search(r"^[\d.]+/\d{4}", key) else day[:4]
                here.add((key, series, day))
            for key, series, day in here:
                seen.setdefault((key, series), Counter())[day] += 1
    rows = []
    for (key, _), days in seen.items():
        (day, count), total = days.most_common(1)[0], sum(days.values())
        if count >= _ENOUGH and count >= _AGREED * total:
            rows.append((key, day, str(count)))
    return sorted(rows)


def _iso(match: dict[str, str | Any]) -> str | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    except ValueError:
        return None


def main(folder: Path) -> None:
    """Write both files anew."""
    rooms = Path(__file__).parents[1]
    replacing, days = rooms / "citations" / "data", rooms / "checking" / "data"
    tables = (
        (
            replacing / "replaced.tsv",
            "# number\tissued_on\treplaced by\tsince\tarticle",
            replaced(folder),
        ),
        (days / "dates.tsv", "# number\tissued_on\ttexts that print it", dates(folder)),
    )
    for path, head, rows in tables:
        lines = [head, *("\t".join(row) for row in rows)]
        path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
