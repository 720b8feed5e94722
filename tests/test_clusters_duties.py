"""Standing duties of bodies: what is asked of them in plans of any matter, in any words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from kh_nlp.clusters.activities import duty_weights, kinds
from kh_nlp.clusters.features import activities
from kh_nlp.clusters.gathering import core, text_unit
from kh_nlp.evaluation import load_groups

TRAINING = Path(__file__).parent / "gold_clusters/task_groups_corpus_training.json"


@pytest.mark.parametrize(
    ("body", "text", "kind"),
    [
        ("Sở Tài chính", "Trên cơ sở đề xuất của các đơn vị, tổng hợp, trình dự toán", "kinh-phi"),
        ("Hội Nông dân xã", "Đưa nội dung vào sinh hoạt chi hội; giám sát", "van-dong"),
        ("Báo Lào Cai", "Tăng thời lượng tuyên truyền", "phat-song"),
        ("Các sở, ban, ngành", "Chủ động triển khai kế hoạch tại đơn vị", "theo-chuc-nang"),
        ("Trung tâm Công báo", "Tuyên truyền kết quả các chỉ số", None),  # no newspaper
        ("Các sở, ban, ngành", "Phối hợp với Sở A triển khai kế hoạch", None),
    ],
)
def test_standing_duties(body: str, text: str, kind: str | None) -> None:
    (weights,) = duty_weights([text], [[body]])
    if kind is None:
        assert weights.max() <= 0
    else:
        assert kinds()[weights.argmax()] == kind and weights.max() > 1
        # The duty of other bodies; nobody's where nobody is in charge.
        assert duty_weights([text], [["Sở Xây dựng"]])[0, kinds().index(kind)] == -1
        assert not duty_weights([text], [[]]).any()


def test_duties_are_laid_on_bodies_in_sections_only() -> None:
    at = kinds().index("kinh-phi")
    row = text_unit("a:0", "Tổng hợp, trình cấp có thẩm quyền dự toán")
    duty = replace(row, origin="assignment", lead=("Sở Tài chính",))
    (one,), (two,) = activities([row]), activities([duty])
    assert two[at] > one[at] > 0
    moved = replace(row, content="Vận động hộ kinh doanh", core="Vận động hộ kinh doanh")
    other = replace(moved, lead=("Sở Công Thương",))
    at = kinds().index("van-dong")
    assert activities([other])[0, at] < activities([moved])[0, at]


def test_a_kind_yields_to_what_tells_more() -> None:
    text = "Là cơ quan thường trực, theo dõi, đôn đốc việc thực hiện"
    (weights,) = activities([replace(text_unit("a:0", text), origin="assignment", lead=("Sở A",))])
    assert kinds()[weights.argmax()] == "don-doc"


@pytest.mark.parametrize(
    ("text", "bodies", "expected"),
    [
        ("Sở Y tế và Công an tỉnh chủ trì rà soát", ("Sở Y tế", "Công an tỉnh"), "chủ trì rà soát"),
        ("3. Viện A, Sở B", ("Viện A", "Sở B"), ""),
        ("Sở Y tế Hà Nội chủ trì", ("Sở Y tế",), "Sở Y tế Hà Nội chủ trì"),
        ("Đoàn kiểm tra báo cáo", ("Đoàn",), "Đoàn kiểm tra báo cáo"),
    ],
)
def test_the_core_stands_behind_the_bodies(
    text: str, bodies: tuple[str, ...], expected: str
) -> None:
    assert core(text, bodies=bodies) == expected


def test_tasks_of_a_group_are_mostly_of_one_kind() -> None:
    tasks = load_groups(TRAINING)
    first = activities([text_unit(task.id, task.content) for task in tasks]).argmax(axis=1)
    groups: dict[str, list[int]] = {}
    for task, kind in zip(tasks, first.tolist(), strict=True):
        if task.group:
            groups.setdefault(task.group, []).append(kind)
    large = [found for found in groups.values() if len(found) >= 4]
    assert len(large) == 10
    same = sum(Counter(found).most_common(1)[0][1] for found in large)
    assert same / sum(map(len, large)) >= 0.75
