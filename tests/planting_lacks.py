"""What a draft lacks, planted: a chapter taken out, or all that carries out one duty of a superior.

Two measures of ``kh check`` that the planter of leftovers (``planting.py``) cannot give. Chapters:
a first-level chapter that by custom stands in every plan is cut from a sample plan and those after
it are numbered anew. Duties: ``gold_checking/duties.tsv`` holds duties written by hand as a
superior plan would give them, and the lines of a sample plan that carry each out; a superior plan
with some of them is written, and the lines of one are cut from the sample. The unharmed plans are
measured too.

Written before the two checks were tuned. ``python tests/planting_lacks.py --seed 1`` prints
figures.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "corpus"
DUTIES = Path(__file__).parent / "gold_checking" / "duties.tsv"

# Customary chapters (folded headings), the planter's own list.
CUSTOMARY = {
    "aims": r"muc dich|muc tieu|su can thiet",
    "money": r"kinh phi|nguon luc",
    "organising": r"to chuc thuc hien|phan cong",
    "work": r"noi dung|nhiem vu|cac hoat dong|viec phai lam",
}
FAMILY = re.compile(r"tuyen-truyen-(?:cchc|2025)")
"""Files of one subject, of which there are enough to say what is customary."""

HALVES = {"tune": ("28", "14", "12"), "test": ("24", "20", "21")}
"""Plans whose duties served to set the check, and those that only measure it."""

TITLES = {
    "21": "Phát triển Tổ công nghệ số cộng đồng",
    "12": "Tổ chức Ngày Chuyển đổi số",
} | dict.fromkeys(("28", "24", "20", "14"), "Tuyên truyền cải cách hành chính")
"""Titles of the superior plans, on the subject of the sample."""

OFFICES = ("12",)
"""Plans of offices of a province; the others are of communes."""

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_HEAD = re.compile(r"(?m)^(?P<mark>[#*\s]*)(?P<label>[IVX]+|\d+)\. (?=[^\n]{4,90}$)")

SUPERIOR = """ỦY BAN NHÂN DÂN
TỈNH ĐÔNG GIANG

Số: 318/KH-UBND

Đông Giang, ngày 05 tháng 01 năm {year}

KẾ HOẠCH
{title}

I. MỤC ĐÍCH, YÊU CẦU

1. Mục đích

Nâng cao nhận thức của cán bộ, công chức và nhân dân trên địa bàn tỉnh.

2. Yêu cầu

Thiết thực, tiết kiệm, đúng tiến độ.

II. TỔ CHỨC THỰC HIỆN

1. Văn phòng Ủy ban nhân dân tỉnh

Theo dõi, đôn đốc việc thực hiện Kế hoạch này.

2. {body}

{duties}

Trên đây là Kế hoạch của Ủy ban nhân dân tỉnh./.

Nơi nhận:
- Như mục II;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn An
"""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty in a superior's words and the words of the lines that carry it out; () for none."""

    plan: str
    text: str
    carriers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutChapter:
    """A draft without a chapter of a customary kind."""

    plan: str
    kind: str
    heading: str
    text: str
    family: bool


@dataclass(frozen=True, slots=True)
class CutDuty:
    """A draft, the superior plan, the duty that was cut (``None``: unharmed), those still met and
    those that the plan never met."""

    plan: str
    text: str
    superior: str
    cut: Duty | None
    met: tuple[Duty, ...]
    never: tuple[Duty, ...]


def fold(text: str) -> str:
    """Letters without accents, by the planter's own hand."""
    import unicodedata

    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in parts if not unicodedata.combining(c)).lower()


def source(plan: str) -> str:
    """The text of the sample plan whose file begins with that number."""
    return next(CORPUS.glob(f"{plan}-*")).read_text("utf-8-sig").replace("\r\n", "\n")


def duties() -> list[Duty]:
    """The duties written by hand."""
    found = []
    for line in DUTIES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            plan, text, carried = line.split("\t")
            anchors = () if carried == "-" else tuple(carried.split(" || "))
            found.append(Duty(plan, text, anchors))
    return found


def chapters(text: str) -> list[tuple[int, int, str, str]]:
    """First-level chapters before the signature: start, end, label, heading."""
    stop = re.search(r"(?m)^[*|\s]*Nơi nhận", text)
    last = stop.start() if stop else len(text)
    heads = [m for m in _HEAD.finditer(text, 0, last)]
    roman = [m for m in heads if m["label"][0] in "IVX"]
    if len(roman) < 3:
        return []
    found = []
    for head, after in zip(roman, [*roman[1:], None], strict=True):
        end = after.start() if after else last
        closing = re.search(
            r"(?m)^\W*(?:Trên đây là|Yêu cầu các|Việc phát sinh)", text[head.end() : end]
        )
        if after is None and closing:
            end = head.end() + closing.start()
        line = text[head.end() : text.index("\n", head.end())]
        found.append((head.start(), end, head["label"], line.strip(" *")))
    return found


def cut_chapters() -> Iterator[CutChapter]:
    """Every customary chapter of every sample plan, cut one at a time."""
    for path in sorted(CORPUS.glob("[0-9][0-9]-*")):
        if path.suffix not in (".txt", ".md"):
            continue
        text = path.read_text("utf-8-sig").replace("\r\n", "\n")
        parts = chapters(text)
        for at, (start, end, _, heading) in enumerate(parts):
            kind = next((k for k, p in CUSTOMARY.items() if re.match(p, fold(heading))), None)
            same = sum(bool(kind and re.match(CUSTOMARY[kind], fold(h))) for *_, h in parts)
            if kind is None or same > 1:
                continue  # another chapter of the kind would still stand
            yield CutChapter(
                path.name[:2],
                kind,
                heading,
                _renumbered(text, parts, at, start, end),
                bool(FAMILY.search(path.name)),
            )


def _renumbered(
    text: str, parts: list[tuple[int, int, str, str]], at: int, start: int, end: int
) -> str:
    made = text[:start]
    place = end
    for begin, _, label, _ in parts[at + 1 :]:
        where = text.index(label, begin)
        made += text[place:where] + _ROMAN[_ROMAN.index(label) - 1]
        place = where + len(label)
    return made + text[place:]


def without(text: str, duty: Duty) -> str:
    """The plan without the lines that carry the duty out; every anchor must be there."""
    lines = text.split("\n")
    for anchor in duty.carriers:
        assert any(anchor in line for line in lines) or anchor in text, (duty.plan, anchor)
        lines = [line for line in lines if anchor not in line]
    return "\n".join(lines)


def superior(plan: str, asked: list[Duty], rng: random.Random) -> str:
    """A superior plan that gives the duties: as dashed lines or in one paragraph."""
    text = source(plan)
    communes = ("Ủy ban nhân dân các xã, phường", "UBND cấp xã", "UBND các xã, phường, thị trấn")
    level = "Các sở, ban, ngành tỉnh" if plan in OFFICES else rng.choice(communes)
    body = (
        "\n\n".join(f"- {duty.text}." for duty in asked)
        if rng.random() < 0.5
        else "; ".join(
            d.text if at == 0 else d.text[0].lower() + d.text[1:] for at, d in enumerate(asked)
        )
        + "."
    )
    year = re.search(r"năm (20\d\d)", text)
    assert year is not None
    return SUPERIOR.format(
        year=year[1], title=f"{TITLES[plan]} năm {year[1]}", body=level, duties=body
    )


def cut_duties(seed: int, *, half: str | None = None, rounds: int = 3) -> Iterator[CutDuty]:
    """Unharmed and harmed drafts: each duty that is met is cut once in every round."""
    rng = random.Random(seed)
    every = [d for d in duties() if half is None or d.plan in HALVES[half]]
    for plan in dict.fromkeys(d.plan for d in every):
        own = [d for d in every if d.plan == plan]
        met, never = [d for d in own if d.carriers], [d for d in own if not d.carriers]
        for _ in range(rounds):
            for cut in (None, *met):
                kept = [d for d in met if d is not cut]
                rest = rng.sample(kept, k=min(len(kept), rng.randint(2, 4)))
                absent = rng.sample(never, k=1)
                asked = [*rest, *absent, *([cut] if cut else [])]
                rng.shuffle(asked)
                text = source(plan) if cut is None else without(source(plan), cut)
                # Lines may carry several duties: what a cut took away is no longer met.
                still = tuple(d for d in rest if cut is None or not _shares(d, cut, plan))
                yield CutDuty(plan, text, superior(plan, asked, rng), cut, still, tuple(absent))


def _shares(one: Duty, other: Duty, plan: str) -> bool:
    lines = source(plan).split("\n")
    mine = {i for i, line in enumerate(lines) if any(a in line for a in one.carriers)}
    theirs = {i for i, line in enumerate(lines) if any(a in line for a in other.carriers)}
    return bool(mine & theirs)


def measured_duties(
    seed: int, *, half: str | None = None, rounds: int = 3, warned: bool = False
) -> dict[str, float]:
    """Shares: of duties cut and of duties never met that are told; of duties met that are told.

    ``warned``: findings that only say "may be lacking" (``info``) do not count.
    """
    from kh_nlp.checking import check
    from kh_nlp.parsing import parse
    from kh_nlp.reading import read_text

    counts = {"cut": [0, 0], "never": [0, 0], "met": [0, 0]}
    for draft in cut_duties(seed, half=half, rounds=rounds):
        findings = check(parse(read_text(draft.text)), superior=parse(read_text(draft.superior)))
        told = [
            fold(f.proposal or "")
            for f in findings
            if f.kind == "missing_duty" and not (warned and f.severity == "info")
        ]
        groups = (
            ("cut", (draft.cut,) if draft.cut else ()),
            ("never", draft.never),
            ("met", draft.met),
        )
        for name, group in groups:
            for duty in group:
                asked = fold(duty.text)
                counts[name][1] += 1
                counts[name][0] += any(asked in t or (t in asked and len(t) > 20) for t in told)
    return {name: round(hit / total, 3) for name, (hit, total) in counts.items()} | {
        f"{name}_count": total for name, (_, total) in counts.items()
    }


def measured_chapters(folder: Path, *, family: bool = False) -> dict[str, float]:
    """Share of chapters cut that are told, and findings on plans that are unharmed.

    ``family``: only plans of the one subject of which there are enough.
    """
    from kh_nlp.checking import check
    from kh_nlp.library import Library
    from kh_nlp.parsing import parse
    from kh_nlp.reading import read_text

    found = total = other = near = near_found = 0
    with Library.open(folder) as library:
        for cut in cut_chapters():
            if family and not cut.family:
                continue
            plan = parse(read_text(cut.text))
            told = [
                fold(f.proposal or "")
                for f in check(plan, library=library)
                if f.kind == "missing_section"
            ]
            hit = [t for t in told if re.match(CUSTOMARY[cut.kind], t)]
            total += 1
            found += bool(hit)
            near += cut.family
            near_found += cut.family and bool(hit)
            other += len(told) - len(hit)
        clean = 0
        plans = [library.plan(s.plan) for s in library.plans()]
        for plan in plans:
            clean += sum(f.kind == "missing_section" for f in check(plan, library=library))
    return {
        "found": round(found / total, 3),
        "cut": total,
        "found_of_family": round(near_found / near, 3),
        "cut_of_family": near,
        "others_told": other,
        "told_of_clean": clean,
        "clean": len(plans),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--library", type=Path, default=None)
    asked = parser.parse_args()
    for half in HALVES:
        for warned in (False, True):
            print(
                half,
                "warnings" if warned else "all",
                measured_duties(asked.seed, half=half, warned=warned),
            )
    if asked.library is not None:
        print(measured_chapters(asked.library))
