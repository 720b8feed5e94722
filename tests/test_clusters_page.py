"""Clusters over HTTP: worked out once for one state of the library, filtered, shown on a page."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support_library import HashEncoder, use_toys, write_toy
from support_pages import Page, check_accessible

from api import create_app
from api.waiting import within
from kh_nlp.cli import main
from kh_nlp.clusters import cluster_tasks, remembered_clusters, rename, selected
from kh_nlp.library import Library, ingest

COMMUNE = """1. Nhiệm vụ
* Tập huấn kỹ năng số cho thành viên Tổ công nghệ số cộng đồng|Phòng Văn hóa - Xã hội|Quý I
* Bố trí kinh phí thực hiện Kế hoạch|Phòng Kinh tế|Hằng năm
* Khảo sát mức độ hài lòng của người dân|Văn phòng HĐND và UBND|Quý IV
* Chụp ảnh di tích <Chùa & Đình>|Trung tâm Văn hóa|Tháng 5
"""
PROVINCE = """1. Nhiệm vụ
* Tập huấn kỹ năng số cho 180 công chức cấp xã|Sở Nội vụ|Quý II
* Bố trí kinh phí thực hiện Kế hoạch.|Sở Tài chính|Quý I
* Khảo sát mức độ hài lòng của doanh nghiệp|Sở Nội vụ|Quý IV
"""
LATER = """1. Nhiệm vụ
* Tập huấn kỹ năng số cho công chức tư pháp|Sở Tư pháp|Quý III
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    use_toys(monkeypatch)
    write_toy(tmp_path / "plans", "a.txt", COMMUNE, year="2024")
    write_toy(tmp_path / "plans", "b.txt", PROVINCE, issuer="UBND tỉnh Thử", level="province",
              year="2025", title="Chuyển đổi số")  # fmt: skip
    with Library.open(tmp_path / "lib", create=True) as opened:
        ingest(opened, [tmp_path / "plans"], encoder=HashEncoder())
        monkeypatch.setattr(Library, "encoder", lambda self: HashEncoder())
        yield opened


@pytest.fixture
def client(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr("api.clusters.PATIENCE", 300.0)
    with TestClient(create_app(library.path), base_url="http://127.0.0.1") as made:
        yield made


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One entry for each time that clusters are really worked out."""
    done: list[object] = []

    def counted(*args: object, **more: object) -> object:
        done.append(more)
        return cluster_tasks(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("kh_nlp.clusters.remembering.cluster_tasks", counted)
    return done


def page(client: TestClient, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return Page(response.text)


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ((), ""),
        (("--year", "2024"), "year=2024"),
        (("--level", "tỉnh"), "level=province"),
        (("--about", "khao sat"), "about=khao+sat"),
        (("--year", "2025:", "--about", "kỹ năng số"), "year=2025:&about=kỹ năng số"),
    ],
)
def test_the_command_filters_as_the_page_does(
    options: tuple[str, ...],
    query: str,
    library: Library,
    client: TestClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["cluster", *options, "--json", "--library", str(library.path)])
    assert not stop.value.code
    assert json.loads(capsys.readouterr().out) == client.get(f"/api/clusters?{query}").json()


def test_the_command_tells_of_how_many_it_chose(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    def printed(*options: str) -> str:
        with pytest.raises(SystemExit):
            main(["cluster", *options, "--library", str(library.path)])
        done = capsys.readouterr()
        return done.out + done.err

    assert "Cả thư viện" not in printed()
    year = printed("--year", "2024")
    assert "3 nhóm, 4 nhiệm vụ; 1 đứng riêng (25,0%)" in year
    assert "Cả thư viện: 3 nhóm, 7 nhiệm vụ; 1 đứng riêng (14,3%)" in year
    assert "đứng riêng, " in printed("--about", "tập huấn")
    assert "không hợp" not in year and "hợp với bộ lọc" in printed("--year", "2019")
    assert "làng" in printed("--level", "làng")


def test_equal_questions_are_answered_once(client: TestClient, worked: list[object]) -> None:
    first = client.get("/api/clusters").json()
    for address in (
        "/api/clusters",
        "/api/clusters?format=csv",
        "/clusters",
        "/clusters?year=2024",
    ):
        assert client.get(address).status_code == 200
    assert len(worked) == 1
    # Searches fill the memory of filters; what takes minutes to work out is not pushed out.
    for year in range(1950, 2040):
        client.get(f"/api/search?q=tập huấn&year={year}")
    assert client.get("/api/clusters").json() == first and len(worked) == 1
    other = client.get("/api/clusters?threshold=0.1").json()
    assert len(worked) == 2 and other["threshold"] == 0.1
    assert len(other["clusters"]) < len(first["clusters"])
    assert client.get("/api/clusters?fresh=true").json() == first and len(worked) == 3
    for threshold in (0.2, 0.25, 0.3, 0.35):
        client.get(f"/api/clusters?threshold={threshold}")
    assert len(worked) == 7
    client.get("/api/clusters")  # asked for longest ago: forgotten
    assert len(worked) == 8


def test_an_ingest_is_seen(
    client: TestClient, library: Library, tmp_path: Path, worked: list[object]
) -> None:
    before = client.get("/api/clusters").json()
    assert "Tập huấn kỹ năng số cho công chức tư pháp" not in client.get("/clusters").text
    write_toy(tmp_path, "c.txt", LATER, year="2026")
    ingest(library, [tmp_path / "c.txt"], encoder=HashEncoder())  # another connection
    after = client.get("/api/clusters").json()
    assert (before["tasks"], after["tasks"]) == (7, 8) and len(worked) == 2
    assert "Tập huấn kỹ năng số cho công chức tư pháp" in client.get("/clusters").text
    with Library.open(library.path) as another:
        assert remembered_clusters(another) == cluster_tasks(library)
    gone = next(p["plan"] for p in client.get("/api/plans").json()["plans"] if p["year"] == 2026)
    library.remove([gone])
    assert client.get("/api/clusters").json() == before


def test_a_page_says_that_clusters_are_being_made(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, asked = threading.Event(), []

    def slow(*args: Any, **more: Any) -> Any:
        asked.append(threading.current_thread())
        assert go_on.wait(60)
        return cluster_tasks(*args, **more)

    monkeypatch.setattr("kh_nlp.clusters.remembering.cluster_tasks", slow)
    monkeypatch.setattr("api.clusters.PATIENCE", 0.05)
    for _ in range(2):
        response = client.get("/clusters?year=2024")
        assert response.status_code == 202
        found = Page(response.text)
        check_accessible(found)
        assert "Đang phân nhóm" in found.words
        assert {"http-equiv": "refresh", "content": "10"} in found.all("meta")
        assert "/clusters?year=2024" in [a["href"] for a in found.all("a")]
    assert len(asked) == 1  # both waited for the same work
    go_on.set()
    asked[0].join(60)
    assert "1/2 nhiệm vụ của 1 kế hoạch" in page(client, "/clusters?year=2024").words
    assert len(asked) == 1


def test_work_that_fails_fails_for_who_asked() -> None:
    def broken() -> str:
        raise TimeoutError("nothing")

    with pytest.raises(TimeoutError, match="nothing"):
        within(30, "broken", broken)
    assert within(30, "broken", lambda: "again") == "again"


def test_a_name_given_elsewhere_is_seen(client: TestClient, library: Library) -> None:
    label = client.get("/api/clusters").json()["clusters"][0]
    rename(library, label["id"], "Đặt tên <khác>")
    assert "Đặt tên &lt;khác&gt;" in client.get("/clusters").text
    assert client.get("/api/clusters?fresh=1").json()["clusters"][0]["label"] == label["label"]
    rename(library, label["id"], "Đặt tên <kháK>")  # a file of the same size
    assert "kháK" in client.get("/clusters").text
    (library.path / "clusters.json").write_text("{", encoding="utf-8")
    broken = client.get("/clusters")
    assert broken.status_code == 503 and "clusters.json" in broken.text


def test_parts_of_an_answer(library: Library) -> None:
    whole = cluster_tasks(library)
    assert selected(whole) is whole and selected(whole, words="  ") is whole
    assert selected(whole, plans=[p.plan for p in library.plans()]).clusters == whole.clusters
    commune = next(p.plan for p in library.plans() if p.level == "commune")
    part = selected(whole, plans=[commune])
    assert (part.tasks, len(part.clusters), len(part.alone)) == (4, 3, 1)
    assert part.alone_share == 0.25 and part.merges == ()
    assert {one.id for one in part.clusters} == {one.id for one in whole.clusters}
    money = next(one for one in part.clusters if "kinh phí" in one.exemplar_text)
    assert [count.value for count in money.bodies] == ["Phòng Kinh tế"]
    assert (money.plans, money.duplicates, [y.value for y in money.years]) == (1, 0, ["2024"])
    assert next(one for one in whole.clusters if one.id == money.id).duplicates == 1
    for words, tasks in (("cong chuc", 2), ("công chức", 2), ("công chưc", 0), ("chup anh", 1)):
        found = selected(whole, words=words)
        assert found.tasks == tasks == len(found.units), words
    assert selected(whole, words="tap hua").tasks == 0  # whole words only
    assert selected(whole, plans=[]).tasks == 0 and selected(whole, plans=[]).alone_share == 0


def test_the_page(client: TestClient) -> None:
    found = page(client, "/clusters")
    check_accessible(found)
    assert "3 nhóm, 7 nhiệm vụ; 1 đứng riêng (14,3 %)" in found.words
    assert "2 nhiệm vụ của 2 kế hoạch, 1 chép lại gần nguyên văn" in found.words
    assert "Chụp ảnh di tích <Chùa & Đình>" in found.words
    assert "2 cơ quan chủ trì" in found.words and "2024 (1), 2025 (1)" in found.words
    links = [str(link["href"]) for link in found.all("a")]
    files = [link for link in links if link.startswith("/api/clusters")]
    assert len(files) == 2 and all(client.get(link).status_code == 200 for link in files)
    # Every task leads to its own line.
    marked = {link for link in links if "mark=" in link}
    assert len(marked) == 7
    for link in marked:
        assert "<mark>" in client.get(link).text, link
    one = next(link for link in links if "group=" in link)
    single = page(client, one)
    check_accessible(single)
    assert len(single.all("details")) == 1 and "open" in single.all("details")[0]


def test_filters_of_the_page(client: TestClient) -> None:
    found = page(client, "/clusters?year=2024&level=commune&about=TAP%20huan")
    check_accessible(found)
    assert "1 nhóm, 1 nhiệm vụ; 0 đứng riêng" in found.words
    assert "1/2 nhiệm vụ của 1 kế hoạch, 1 nhiệm vụ có “TAP huan”" in found.words
    assert "Cả kho: 3 nhóm, 7 nhiệm vụ; 1 đứng riêng (14,3 %)" in found.words
    files = [str(a["href"]) for a in found.all("a") if "format=csv" in str(a["href"])]
    text = client.get(files[0]).text
    assert "Tổ công nghệ số" in text and "180 công chức" not in text
    same = client.get("/api/clusters?year=2024&level=commune&about=TAP huan").json()
    assert same["tasks"] == 1 and same["clusters"][0]["plans"] == 1
    one = next(str(a["href"]) for a in found.all("a") if "group=" in str(a["href"]))
    single = page(client, one).words
    assert "year=2024" in one and "Phòng Văn hóa - Xã hội" in single and "Sở Nội vụ" not in single
    # The medoid is that of the whole cluster, wherever it stands.
    assert ("Tiêu biểu của cả nhóm" in single) == ("180 công chức" in single)


def test_long_lists_go_on_elsewhere(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.clusters.MEMBERS", 1)
    found = page(client, "/clusters?n=1")
    assert "Xem cả 1 nhiệm vụ còn lại" in found.words and len(found.all("details")) == 2
    more = next(str(a["href"]) for a in found.all("a") if a.get("class") == "more")
    assert len(page(client, more).all("details")) == 4
    one = next(str(a["href"]) for a in found.all("a") if "group=" in str(a["href"]))
    assert "còn lại" not in page(client, one).words


def test_nothing_to_show_is_said(client: TestClient, tmp_path: Path, library: Library) -> None:
    found = page(client, "/clusters?about=không có đâu")
    check_accessible(found)
    assert "Không có nhóm hay nhiệm vụ nào hợp với bộ lọc" in found.words
    with Library.open(tmp_path / "empty", create=True) as opened:
        empty = TestClient(create_app(opened.path), base_url="http://127.0.0.1")
        shown = page(empty, "/clusters")
        check_accessible(shown)
        assert "Kho chưa có kế hoạch nào" in shown.words
        assert empty.get("/api/clusters").json()["tasks"] == 0
        write_toy(tmp_path, "d.txt", "1. Mục đích\nNâng cao nhận thức.\n")
        ingest(opened, [tmp_path / "d.txt"], encoder=HashEncoder())
        assert "chưa có nhiệm vụ nào" in page(empty, "/clusters").words


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("year=hai", 400, "Năm “hai” không hợp lệ"),
        ("level=thon", 400, "Cấp hành chính “thon” không có"),
        ("group=c0", 404, "Không có nhóm nhiệm vụ “c0”."),
        ("group=c0&year=2024", 404, "hợp với bộ lọc"),
        ("about=" + "a" * 201, 422, "dài quá 200 ký tự"),
        ("n=0", 422, "“n” phải từ 1 trở lên"),
    ],
)
def test_faults_are_one_line(client: TestClient, query: str, status: int, words: str) -> None:
    response = client.get(f"/clusters?{query}")
    assert response.status_code == status and words in response.text
    check_accessible(Page(response.text))
    if "group" not in query and "n=" not in query:
        error = client.get(f"/api/clusters?{query}").json()["error"]
        assert error["status"] == status and words in error["message"]
