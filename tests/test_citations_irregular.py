"""Every spelling of a number that was seen in the wild is found, or listed with the reason."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from kh_nlp.citations import find_mentions
from kh_nlp.citations.keys import number_key

SHARED = Path(os.environ.get("KH_SHARED") or Path(__file__).resolve().parents[1].parent / "shared")
IRREGULAR = SHARED / "facts" / "irregular_forms.tsv"
PATTERNS = SHARED / "facts" / "number_patterns.tsv"
REASONS = Path(__file__).with_name("citation_forms_left_out.tsv")


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def found(example: str) -> bool:
    """Found in a plain sentence, or at least where its kind is not told but "văn bản số" is."""
    printed = example.replace("⏎", "\n")
    wanted = "".join(printed.split())
    texts = (f"theo {printed} ngày 01/02/2020", f"theo văn bản số {printed} ngày 01/02/2020")
    return any([m.number for m in find_mentions(text)] == [wanted] for text in texts)


@pytest.mark.skipif(not IRREGULAR.exists(), reason="../shared/facts is not here")
def test_every_irregular_form_seen_five_times_is_found() -> None:
    shapes = [row for row in rows(IRREGULAR) if int(row["count"]) >= 5]
    assert len(shapes) > 50
    assert [row["example"] for row in shapes if not found(row["example"])] == []


@pytest.mark.skipif(not PATTERNS.exists(), reason="../shared/facts is not here")
def test_every_number_pattern_seen_ten_times_is_found_or_has_its_reason() -> None:
    reasons = {(row["form"], row["code"]): row["reason"] for row in rows(REASONS)}
    seen = [row for row in rows(PATTERNS) if int(row["total"]) >= 10]
    assert len(seen) > 300
    missing = {(row["form"], row["code"]) for row in seen if not found(row["example"])}
    assert missing == set(reasons)
    assert all(len(reason) > 10 for reason in reasons.values())


@pytest.mark.parametrize(
    ("printed", "number", "kind"),
    [
        ("Luật số 29/2023/QHI5", "29/2023/QHI5", "Luật"),
        ("Nghị định số 66/2025/NQ-СР", "66/2025/NQ-CP", "Nghị định"),
        ("Quyết định số 1719/QD-TTG", "1719/QD-TTG", "Quyết định"),
        ("Quyết định số 3051/QĐ-\nUBND", "3051/QĐ-UBND", "Quyết định"),
        ("Thông tư 71/2015 /TT-BTC", "71/2015/TT-BTC", "Thông tư"),
        ("Bản án số 159/2022/HSST", "159/2022/HSST", "Bản án"),
        ("Phiếu lấy ý kiến số 1025/PLYK/2025", "1025/PLYK/2025", "Phiếu lấy ý kiến"),
        ("Công văn số 11554/VPCP-V.I", "11554/VPCP-V.I", "Công văn"),
        ("Sắc lệnh số 53/SL", "53/SL", "Sắc lệnh"),
        ("Quyết định số 27/QĐ", "27/QĐ", "Quyết định"),
        ("Quyết định số 3380/QĐ- TTPVHCC", "3380/QĐ-TTPVHCC", "Quyết định"),
        ("Nghị quyết số 191/2015/NQ-\nHĐND17", "191/2015/NQ-HĐND17", "Nghị quyết"),
        (
            "Thông tư liên tịch số 01/2012/TTLT-BTP - BNV",
            "01/2012/TTLT-BTP-BNV",
            "Thông tư liên tịch",
        ),
        ("Công văn số 25-2303/PBHC-KD", "25-2303/PBHC-KD", "Công văn"),
        ("Nghị định số 255/2025-NĐ-CP", "255/2025-NĐ-CP", "Nghị định"),
        ("Luật Đấu thầu số 22/2023/OH15", "22/2023/OH15", "Luật"),
        ("Quyết định số 1221/2000/QĐ-BYT", "1221/2000/QĐ-BYT", "Quyết định"),
    ],
)
def test_odd_spellings(printed: str, number: str, kind: str) -> None:
    (mention,) = find_mentions(f"Theo {printed} ngày 05/6/2020 về việc đó.")
    assert (mention.number, mention.kind, mention.issued_on) == (number, kind, "2020-06-05")


def test_a_dash_of_the_sentence_is_no_part_of_the_number() -> None:
    (mention,) = find_mentions("Kế hoạch số 27/KH-UBND - UBND xã triển khai")
    assert mention.number == "27/KH-UBND"
    (mention,) = find_mentions("Nghị quyết số 76/NQ-CP – Chính phủ yêu cầu")
    assert mention.number == "76/NQ-CP"


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("255/2025-NĐ-CP", "255/2025/NĐ-CP"),
        ("22/2023/OH15", "22/2023/QH15"),
        ("29/2023/QHI5", "29/2023/QH15"),
        ("29/2023/QHI15", "29/2023/QH15"),
        ("06/QD-TTG", "6/QĐ-TTg"),
    ],
)
def test_odd_and_plain_spelling_have_one_key(odd: str, plain: str) -> None:
    assert number_key(odd) == number_key(plain)
