"""Clusters of similar tasks: folding, activities, identities, edits, figures, command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support_library import HashEncoder, use_toys, write_toy

from kh_nlp import tables
from kh_nlp.clusters import (
    TaskUnit,
    cluster_tasks,
    cluster_units,
    grouping,
    keep,
    merge,
    rename,
    split,
)
from kh_nlp.clusters.activities import activity_weights, kinds
from kh_nlp.clusters.features import activities
from kh_nlp.clusters.gathering import core, first_clause, fold_duplicates, point, text_unit
from kh_nlp.clusters.grouping import group
from kh_nlp.clusters.labelling import labels
from kh_nlp.errors import InputError, LibraryError, UsageError
from kh_nlp.evaluation import GroupedTask, bcubed, load_groups, pairwise, score_all, score_clusters
from kh_nlp.library import Library, ingest
from kh_nlp.model import to_dict

FIRST = """1. Nhiệm vụ
* Tập huấn kỹ năng số cho thành viên Tổ công nghệ số cộng đồng|Phòng Văn hóa - Xã hội|Quý I
* Bố trí kinh phí thực hiện Kế hoạch|Phòng Kinh tế|Hằng năm
* Khảo sát mức độ hài lòng của người dân|Văn phòng HĐND và UBND|Quý IV
* Chụp ảnh di tích|Trung tâm Văn hóa|Tháng 5
"""
SECOND = """1. Nhiệm vụ
* Tập huấn kỹ năng số cho 180 công chức cấp xã|Sở Nội vụ|Quý II
* Bố trí kinh phí thực hiện Kế hoạch.|Sở Tài chính|Quý I
* Khảo sát mức độ hài lòng của doanh nghiệp|Sở Nội vụ|Quý IV
"""
THIRD = """1. Nhiệm vụ
* Tập huấn kỹ năng số cho công chức tư pháp|Sở Tư pháp|Quý III
* Vẽ tranh tường tại nhà rông|Sở Tư pháp|Quý III
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    use_toys(monkeypatch)
    write_toy(tmp_path / "plans", "a.txt", FIRST)
    write_toy(tmp_path / "plans", "b.txt", SECOND, issuer="UBND tỉnh Thử", year="2025")
    with Library.open(tmp_path / "lib", create=True) as opened:
        ingest(opened, [tmp_path / "plans"], encoder=HashEncoder())
        monkeypatch.setattr(Library, "encoder", lambda self: HashEncoder())
        yield opened


def add_third(library: Library, folder: Path) -> None:
    write_toy(folder, "c.txt", THIRD, year="2024")
    ingest(library, [folder / "c.txt"], encoder=HashEncoder())


def test_tasks_alike_come_together(library: Library) -> None:
    found = cluster_tasks(library)
    assert found.tasks == 7 and found.duplicates == 1
    by_text = {unit.task: unit.content for unit in found.units}
    groups = {frozenset(by_text[task].split()[0] for task in one.tasks) for one in found.clusters}
    assert groups == {frozenset({"Tập"}), frozenset({"Bố"}), frozenset({"Khảo"})}
    assert [by_text[task] for task in found.alone] == ["Chụp ảnh di tích"]
    assert found.alone_share == round(1 / 7, 4)
    money = next(one for one in found.clusters if one.exemplar_text.startswith("Bố trí"))
    assert (money.plans, money.duplicates) == (2, 1)
    assert {body.value for body in money.bodies} == {"Phòng Kinh tế", "Sở Tài chính"}
    assert [year.value for year in money.years] == ["2025", "2026"]
    assert len(found.merges) == len(found.clusters) - 1
    assert all("_" not in one.label and one.label for one in found.clusters)
    assert all(len(one.second) == len(one.tasks) - one.duplicates for one in found.clusters)


def test_equal_input_gives_equal_clusters(library: Library) -> None:
    assert to_dict(cluster_tasks(library)) == to_dict(cluster_tasks(library))


def test_new_plans_do_not_change_what_was_kept(library: Library, tmp_path: Path) -> None:
    before = cluster_tasks(library)
    keep(library, before)
    add_third(library, tmp_path / "plans")
    after = cluster_tasks(library)
    assert {one.id for one in before.clusters} <= {one.id for one in after.clusters}
    for one in before.clusters:
        now = next(other for other in after.clusters if other.id == one.id)
        assert set(one.tasks) <= set(now.tasks)
    training = next(one for one in after.clusters if "Tập huấn" in one.exemplar_text)
    assert training.plans == 3


def test_names_merges_and_splits_are_kept(library: Library, tmp_path: Path) -> None:
    ids = {one.exemplar_text.split()[0]: one.id for one in cluster_tasks(library).clusters}
    found = rename(library, ids["Tập"], "  Tập huấn   số ")
    named = next(one for one in found.clusters if one.id == ids["Tập"])
    assert named.label == "Tập huấn số" and named.named
    found = merge(library, [ids["Tập"], ids["Khảo"]])
    joined = next(one for one in found.clusters if one.id == ids["Tập"])
    assert len(joined.tasks) == 4 and ids["Khảo"] not in {one.id for one in found.clusters}
    found = split(library, ids["Tập"], [joined.tasks[0]], name="Riêng một việc")
    assert [one.label for one in found.clusters if len(one.tasks) == 1] == ["Riêng một việc"]
    add_third(library, tmp_path / "plans")
    labels = {one.label for one in cluster_tasks(library).clusters}
    assert {"Tập huấn số", "Riêng một việc"} <= labels
    assert len(cluster_tasks(library, fresh=True).clusters) == 3


def test_bad_requests(library: Library) -> None:
    for call in (
        lambda: cluster_tasks(library, threshold=1.0),
        lambda: cluster_tasks(library, origins=["row"]),  # type: ignore[list-item]
        lambda: rename(library, "không-có", "Tên"),
        lambda: rename(library, "c1", " "),
        lambda: merge(library, ["c1", "c1"]),
        lambda: split(library, cluster_tasks(library).clusters[0].id, ["x:t1"]),
    ):
        with pytest.raises(UsageError):
            call()
    (library.path / "clusters.json").write_text("{", encoding="utf-8")
    with pytest.raises(LibraryError, match=r"clusters\.json"):
        cluster_tasks(library)


def test_a_library_without_tasks(tmp_path: Path) -> None:
    with Library.open(tmp_path / "lib", create=True) as opened:
        found = cluster_tasks(opened, encoder=HashEncoder())
    assert (found.tasks, found.clusters, found.alone_share) == (0, (), 0.0)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("1. Sở Nội vụ", ""),
        ("5. Công an phường: Phối hợp hướng dẫn kích hoạt", "Phối hợp hướng dẫn kích hoạt"),
        ("- Ban hành kế hoạch trước ngày 20/02/2024.", "Ban hành kế hoạch trước ngày 20/02/2024."),
    ],
)
def test_core(content: str, expected: str) -> None:
    assert core(content, heading=True) == expected


def test_first_clause() -> None:
    assert first_clause("Ban hành kế hoạch; gửi báo cáo. Xong") == "Ban hành kế hoạch"
    assert first_clause("") == ""


def test_duplicates_are_folded() -> None:
    long = "Tham mưu bố trí kinh phí hằng năm hướng dẫn định mức chi cho các đơn vị trên địa bàn"
    texts = [long, "Kinh phí", long + " tỉnh", "KINH PHÍ.", "Khảo sát"]
    assert fold_duplicates(texts) == [0, 1, 0, 1, 4]


def test_the_first_activity_weighs_most() -> None:
    texts = ["Tập huấn cho già làng; bố trí kinh phí", "Xây dựng và ban hành kế hoạch", "Khác"]
    weights = activity_weights(texts)
    at = {name: place for place, name in enumerate(kinds())}
    assert weights[0, at["tap-huan"]] > weights[0, at["kinh-phi"]] > 0
    assert weights[1].argmax() == at["ke-hoach"]
    assert not weights[2].any()


def test_a_cue_within_a_longer_one_says_nothing() -> None:
    at = {name: place for place, name in enumerate(kinds())}
    weights = activity_weights(["Triển khai Đề án 06", "Xây dựng đề án", "Lập danh sách"])
    assert weights[0, at["dinh-danh"]] > 0 and weights[0, at["de-an"]] == 0
    assert weights[1, at["de-an"]] > 0
    assert weights[2, at["tai-lieu"]] == 0  # "sách" is no book here


def test_kinds_are_well_formed() -> None:
    from kh_nlp.clusters.activities import FIRM, LEVELS, _data

    assert set(FIRM) == set(LEVELS)
    seen: dict[str, str] = {}
    more = {"bodies", "duties", "unless", "yields"}
    for name, kind in _data().items():
        assert {"name", "level", "cues"} <= set(kind) <= {"name", "level", "cues"} | more, name
        assert kind["level"] in LEVELS and ("bodies" in kind) == ("duties" in kind), name
        assert set(kind.get("yields", ())) <= set(_data()) - {name}, name
        for cue in kind["cues"] + kind.get("duties", []) + kind.get("bodies", []):
            assert cue == " ".join(cue.split()).lower(), cue
        for cue in kind["cues"]:
            assert seen.setdefault(cue, name) == name, f"{cue}: {seen[cue]}, {name}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chủ trì, phối hợp với các sở, ban, ngành rà soát, lập danh mục", "rà soát, lập danh mục"),
        ("Phối hợp với Sở Xây dựng và Công an tỉnh kiểm tra cơ sở", "kiểm tra cơ sở"),
        ("Tham mưu UBND tỉnh bố trí kinh phí", "bố trí kinh phí"),
        ("Bố trí kinh phí; phối hợp với Sở Tài chính thẩm định", None),
        ("Tập huấn cho công chức", None),
    ],
)
def test_point(text: str, expected: str | None) -> None:
    assert point(text) == (text if expected is None else expected)


def test_a_form_that_all_rows_share_says_nothing() -> None:
    form = "Cuộc thi trực tuyến"
    at = kinds().index("thi")
    same = [a_unit(f"a:{k}", text, form=form) for k, text in enumerate(("Chợ số", "Nhà rông"))]
    assert not activities(same)[:, at].any()
    assert activities([same[0], a_unit("a:9", "Nhà rông")])[0, at] > 0


def a_unit(task: str, content: str, **more: Any) -> TaskUnit:
    return text_unit(task, content, **more)


def test_average_linkage_is_that_of_scipy() -> None:
    from scipy.cluster.hierarchy import fcluster
    from sklearn.metrics import adjusted_rand_score

    rows = np.random.default_rng(3).normal(size=(300, 6)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    for threshold in (0.2, 0.5, 0.8):
        wanted = fcluster(grouping.tree(1 - rows @ rows.T), threshold, "distance")
        labels = np.zeros(len(rows))
        for number, part in enumerate(group(rows, np.arange(len(rows)), threshold)):
            labels[part] = number
        assert adjusted_rand_score(wanted, labels) == 1


def test_sizes_count_in_linkage() -> None:
    # 0 and 1 join at .9; with three rows in 0 their mean to 2 is .75 * .8 + .25 * .2 = .65.
    square = np.array([[1, 0.9, 0.8], [0.9, 1, 0.2], [0.8, 0.2, 1]], dtype=np.float32)
    heavy = grouping.linked(square.copy(), np.array([3, 1, 1]), 0.6)
    assert [part.tolist() for part in heavy] == [[0, 1, 2]]
    even = grouping.linked(square.copy(), np.array([1, 1, 1]), 0.6)
    assert sorted(part.tolist() for part in even) == [[0, 1], [2]]


@pytest.mark.parametrize("exact", [40, 8])
def test_many_rows_are_cut_into_pieces(monkeypatch: pytest.MonkeyPatch, exact: int) -> None:
    monkeypatch.setattr(grouping, "EXACT", exact)
    monkeypatch.setattr(grouping, "PIECE", 30)
    rows = np.repeat(np.eye(12, dtype=np.float32), 10, axis=0)
    rows += np.random.default_rng(1).normal(0, 0.01, rows.shape).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    groups = group(rows, np.arange(len(rows)), 0.5)
    assert sorted(row for part in groups for row in part.tolist()) == list(range(120))
    assert sorted(tuple(part // 10) for part in groups) == [(k,) * 10 for k in range(12)]
    again = group(rows, np.arange(len(rows)), 0.5)
    assert [part.tolist() for part in groups] == [part.tolist() for part in again]


def test_figures_by_hand() -> None:
    found, gold = ["a", "a", "a", "b"], ["x", "x", "y", "y"]
    assert pairwise(found, gold) == (1 / 3, 1 / 2)
    precision, recall = bcubed(found, gold)
    assert precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert pairwise([], []) == (0, 0) and bcubed([], []) == (0, 0)


def gold_file(folder: Path) -> Path:
    rows = [
        ("a:0", "Tập huấn kỹ năng số cho thành viên Tổ công nghệ số cộng đồng", "tập huấn"),
        ("x:7", "Tập huấn kỹ năng số cho 180 công chức cấp xã", "tập huấn"),
        ("a:3", "Chụp ảnh di tích", "riêng: a:3"),
        ("a:9", "Không ở đâu cả", "khác"),
    ]
    path = folder / "gold.json"
    data = [{"id": i, "content": c, "group": g} for i, c, g in rows]
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def test_scores_against_a_reader(library: Library, tmp_path: Path) -> None:
    scores = score_clusters(cluster_tasks(library), load_groups(gold_file(tmp_path)))
    assert (scores.tasks, scores.missing) == (3, ("a:9",))
    assert (scores.f1, scores.bcubed_f1) == (1.0, 1.0)
    broken = tmp_path / "broken.json"
    broken.write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(InputError):
        load_groups(broken)


def test_tables(library: Library) -> None:
    clusters, members = tables.cluster_tables(cluster_tasks(library))
    assert len(clusters.rows) == 3 and len(members.rows) == 7
    assert members.rows[-1][1] == "(đứng riêng)"


def test_commands(library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from kh_nlp.cli import main

    def kh(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main([*words, "--library", str(library.path)])
        done = capsys.readouterr()
        return int(stop.value.code or 0), done.out, done.err

    status, out, _ = kh("cluster", "--json")
    data = json.loads(out)
    assert status == 0 and {"id", "label", "tasks", "plans"} <= set(data["clusters"][0])
    assert len(data["alone"]) == 1 and isinstance(data["clusters"][0]["plans"], int)
    assert "1 đứng riêng (14,3%)" in kh("cluster")[1]
    name = data["clusters"][0]["id"]
    assert "Nhóm của tôi" in kh("cluster", "--rename", f"{name}=Nhóm của tôi")[1]
    for ending in ("xlsx", "csv", "json"):
        target = tmp_path / f"nhom.{ending}"
        assert kh("cluster", "--out", str(target))[0] == 0 and target.stat().st_size > 100
    assert kh("cluster", "--out", "nhom.txt")[0] == 2
    gold = str(gold_file(tmp_path))
    status, out, _ = kh("evaluate", "clusters", "--gold", gold, "--json")
    assert status == 0 and json.loads(out)["gold"][gold]["f1"] == 1.0
    assert "1,000" in kh("evaluate", "clusters", "--gold", gold)[1]


def test_the_interface(library: Library) -> None:
    from fastapi.testclient import TestClient

    from api import create_app

    client = TestClient(create_app(library.path), base_url="http://127.0.0.1")
    found = client.get("/api/clusters").json()
    assert len(found["clusters"]) == 3 and len(found["alone"]) == 1
    assert found["clusters"][0].keys() >= {"id", "label", "tasks", "plans", "exemplar"}
    assert client.get("/api/clusters?format=csv").headers["content-type"].startswith("text/csv")
    assert client.get("/api/clusters?threshold=2").status_code == 422
    schemas = client.get("/api/openapi.json").json()["components"]["schemas"]
    assert "alone_share" in schemas["Clusters"]["properties"]


def test_gold_tasks_without_a_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from kh_nlp.cli import main

    gold = str(gold_file(tmp_path))
    with pytest.raises(SystemExit):
        main(["evaluate", "clusters", "--texts", "--gold", gold, "--json"])
    data = json.loads(capsys.readouterr().out)
    assert data["gold"][gold]["tasks"] == 4 and len(data["added"]) == 4
    assert data["gold"][gold]["f1"] == 1.0


def test_files_with_equal_ids_are_kept_apart() -> None:
    units = [text_unit("a:0", "Tập huấn cho công chức"), text_unit("b:0", "Khảo sát hài lòng")]

    one = [GroupedTask(id="x:1", content="Tập huấn cho công chức", group="g")]
    two = [GroupedTask(id="x:1", content="Khảo sát hài lòng", group="h")]
    found = cluster_units(units, HashEncoder())
    assert score_all(found, [one, two]).tasks == 2


def test_labels_tell_the_work() -> None:
    lead = [
        "Chủ trì, theo dõi chung; cung cấp tài liệu gốc cho các phường, xã",
        "Làm đầu mối toàn bộ Kế hoạch; họp điều hành vào chiều thứ Sáu",
        "Là cơ quan thường trực; phát hành bộ nhận diện",
    ]
    maps = ["Lập bản đồ số hẻm, số nhà", "Lập danh bạ, bản đồ 64 xã, phường mới"]
    money = [
        "Bố trí kinh phí, hướng dẫn thanh toán.",
        "Thẩm định, cấp kinh phí và hướng dẫn thanh toán.",
    ]
    strange = ["Trồng sâm dưới tán rừng", "Nuôi cá lồng ven hồ"]
    assert labels([lead, maps, money, strange]) == [
        "Thường trực, đầu mối theo dõi, tổng hợp",  # no phrase is common
        "Bản đồ, danh bạ số",  # one word says less than the kind
        "Kinh phí, hướng dẫn thanh toán",
        "Trồng sâm dưới tán rừng",  # neither phrase nor kind
    ]


def test_a_kind_is_the_label_of_one_cluster() -> None:
    small = ["Lập danh bạ, bản đồ xã Kiền Sơn", "Lập bản đồ số hẻm"]
    large = ["Lập bản đồ số nhà", "Vẽ bản đồ số phường", "Lập danh bạ, bản đồ khóm"]
    assert labels([small, large])[1] == "Bản đồ, danh bạ số"
    assert labels([small, large])[0] != "Bản đồ, danh bạ số"
