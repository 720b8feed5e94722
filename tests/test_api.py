"""JSON routes and pages over the library of the sample plans."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support_pages import Page, check_accessible
from support_samples import FIRST, sample, sample_library, warm_folder

from api import create_app

RESOLUTION = "nghi-quyet:76/NQ-CP:2021-07-15"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(sample_library()), base_url="http://127.0.0.1")


def page(client: TestClient, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


def plan_id(client: TestClient, prefix: str) -> str:
    plans = client.get("/api/plans").json()["plans"]
    return next(p["plan"] for p in plans if Path(p["path"]).name.startswith(prefix))


# JSON


def test_covers(client: TestClient) -> None:
    found = client.get("/api/covers", params={"q": "Đề án 06"}).json()
    assert found["keys"] == ["quyet-dinh:06/QĐ-TTg:2022-01-06"]
    kinds = {Path(plan["path"]).name[:2]: plan["coverage"] for plan in found["plans"]}
    assert {name: kind for name, kind in kinds.items() if kind != "none"} == {
        "02": "cites",
        "05": "cites",
        "06": "names",
    }


def test_search_and_its_filters(client: TestClient) -> None:
    question = {"q": "dang bai tren facebook", "limit": 5}
    found = client.get("/api/search", params=question).json()
    assert found["found"] is True
    assert "facebook" in found["hits"][0]["text"].lower()
    found = client.get("/api/search", params={**question, "level": "huyện", "year": "2022"}).json()
    assert {Path(hit["path"]).name[:2] for hit in found["hits"]} == {"02"}


def test_json_is_what_the_command_prints(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    from kh_nlp.cli import main

    for arguments, address in (
        (["search", "tập huấn"], "/api/search?q=tập huấn"),
        (["covers", "Đề án 06"], "/api/covers?q=Đề án 06"),
        (["cite", "show", RESOLUTION], f"/api/citations/{RESOLUTION}"),
        (["show", plan_id(client, "03")], f"/api/plans/{plan_id(client, '03')}"),
    ):
        with pytest.raises(SystemExit):
            main([*arguments, "--json", "-L", str(sample_library())])
        assert json.loads(capsys.readouterr().out) == client.get(address).json()


def test_parse_reads_a_file_and_keeps_nothing(client: TestClient) -> None:
    content = sample("02").read_bytes()
    plan = client.post("/api/parse?name=../ke hoach.txt", content=content).json()
    assert plan["header"]["number"] == "34/KH-UBND"
    assert plan["source"]["path"] == "ke hoach.txt"
    assert len(client.get("/api/plans").json()["plans"]) == 6
    response = client.post("/api/parse", content=b"")
    assert response.status_code == 422
    assert response.json() == {"error": {"status": 422, "message": "ke-hoach.txt: tệp rỗng."}}
    secret = client.post("/api/parse", content="TỐI MẬT\n".encode() + content)
    assert secret.status_code == 422 and "TỐI MẬT" in secret.json()["error"]["message"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/api/search", 422, "“q” bắt buộc"),
        ("/api/search?q=", 422, "“q” không được để trống"),
        ("/api/search?q=%20", 400, "Câu hỏi trống."),
        ("/api/search?q=" + "a" * 501, 422, "“q” dài quá 500 ký tự"),
        ("/api/search?q=a&limit=0", 422, "“limit” phải từ 1 trở lên"),
        ("/api/search?q=a&limit=x", 422, "“limit” phải là số nguyên"),
        ("/api/search?q=a&level=thon", 400, "Cấp hành chính “thon” không có"),
        ("/api/search?q=a&year=xx", 400, "Năm “xx” không hợp lệ"),
        ("/api/plans/none", 404, "Không có kế hoạch nào"),
        ("/api/citations/none", 404, "Không có kế hoạch nào"),
        ("/api/nowhere", 404, "Không có trang này."),
    ],
)
def test_errors_are_json(client: TestClient, address: str, status: int, words: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    error = response.json()["error"]
    assert error["status"] == status and words in error["message"]


def test_a_missing_library_is_told(tmp_path: Path) -> None:
    lost = TestClient(create_app(tmp_path / "none"))
    assert lost.get("/api/plans").status_code == 503
    response = lost.get("/")
    assert response.status_code == 503
    assert "Không có thư viện ở" in Page(response.text).words


def test_openapi_describes_the_records_in_vietnamese(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert {"from", "to"} == set(schemas["Period"]["properties"])
    assert "from" in schemas["Document"]["properties"]
    assert {"plan", "path", "number", "page", "text", "highlights"} <= set(
        schemas["Hit"]["properties"]
    )
    for path, methods in document["paths"].items():
        assert path.startswith("/api/")
        for operation in methods.values():
            assert operation["summary"] and operation["responses"]["4XX"]
            assert all(parameter["description"] for parameter in operation.get("parameters", []))
    used = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert used <= set(schemas)
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404


def test_a_fault_of_ours_shows_no_inner_detail(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("inner detail")

    monkeypatch.setattr("kh_nlp.search.covers", fail)
    client = TestClient(create_app(sample_library()), raise_server_exceptions=False)
    response = client.get("/api/covers?q=a")
    assert response.status_code == 500 and "inner detail" not in response.text
    assert response.json()["error"]["status"] == 500
    assert "default-src 'none'" in response.headers["content-security-policy"]


# Changes


def editor(folder: Path, **more: object) -> TestClient:
    app = create_app(folder, allow_edit=True)
    return TestClient(app, **{"base_url": "http://127.0.0.1", "client": ("127.0.0.1", 1), **more})


def test_edits_are_off_by_default(client: TestClient) -> None:
    assert client.post("/api/plans", json={"paths": ["x"]}).status_code == 405
    assert client.delete(f"/api/plans/{plan_id(client, '01')}").status_code == 405


def test_edits_come_from_this_machine_only(tmp_path: Path) -> None:
    body = {"paths": [str(sample("01"))]}
    for client in (
        editor(tmp_path, client=("192.0.2.7", 1)),
        editor(tmp_path, base_url="http://kho.example"),
        editor(tmp_path, headers={"origin": "https://evil.example"}),
        editor(tmp_path, headers={"origin": "null"}),
    ):
        assert client.post("/api/plans", json=body).status_code == 403
        assert client.delete("/api/plans/x").status_code == 403


def test_edit(tmp_path: Path) -> None:
    from kh_nlp.library import Library

    folder = warm_folder(tmp_path / "library")
    Library.open(folder, create=True).close()
    client = editor(folder)
    assert client.get("/api/search?q=tuyên truyền").json()["found"] is False
    (tmp_path / "empty.txt").write_bytes(b"")
    paths = [str(sample("04")), str(tmp_path / "empty.txt")]
    report = client.post("/api/plans", json={"paths": paths}).json()
    assert [len(report["added"]), len(report["failed"])] == [1, 1]
    assert "tệp rỗng" in report["failed"][0]["error"]
    added = report["added"][0]["plan"]
    assert client.get("/api/search?q=tuyên truyền").json()["hits"][0]["plan"] == added
    assert client.delete(f"/api/plans/{added}").json() == {"removed": [added]}
    assert client.get("/api/plans").json() == {"plans": []}
    assert client.delete(f"/api/plans/{added}").status_code == 404
    assert "Kho chưa có kế hoạch nào" in page(client, "/").words


# Pages


def test_search_page_shows_hits_coverage_and_sources(client: TestClient) -> None:
    found = page(client, "/?q=Đề án 06")
    assert "3/6 kế hoạch đề cập “Đề án 06”" in found.words
    assert "Đề án phát triển ứng dụng dữ liệu về dân cư" in found.words
    assert "02-huyen-bai-hac-chuyen-doi-so-2022.txt, trang 1" in found.words
    assert len(found.all("mark")) > 3
    field = next(field for field in found.all("input") if field.get("name") == "q")
    assert field["value"] == "Đề án 06"


def test_filters_stay_chosen_and_hold(client: TestClient) -> None:
    found = page(client, "/?q=tuyên truyền&level=commune&from=2025&to=2025&kind=section")
    assert "05-phuong-ben-hac" in found.words
    assert "04-xa-doi-hac" not in found.words and "06-mttq" not in found.words
    assert [box["value"] for box in found.all("input") if "checked" in box] == ["commune"]
    assert [o["value"] for o in found.all("option") if "selected" in o] == [
        *("section", "2025", "2025"),
    ]


def test_nothing_found_is_said_clearly(client: TestClient) -> None:
    found = page(client, "/?q=lò phản ứng hạt nhân trên Mặt Trăng")
    assert "Không tìm thấy" in found.words


def test_plan_page_has_outline_tasks_and_linked_citations(client: TestClient) -> None:
    identity = plan_id(client, "02")
    plan = client.get(f"/api/plans/{identity}").json()
    found = page(client, f"/plans/{identity}")
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for anchor in (link["href"] for link in found.all("a") if link["href"].startswith("#")):
        assert anchor[1:] in ids
    links = [link for link in found.all("a") if link.get("class") == "cite"]
    assert len(links) >= len([c for c in plan["citations"] if c["document"]])
    titles = " ".join(str(link["title"]) for link in links)
    assert "Đề án phát triển ứng dụng dữ liệu về dân cư" in titles
    words = "".join(found.words.split())
    for section in plan["sections"]:
        assert "".join(section["text"].split()) in words
    assert f"Nhiệm vụ ({len(plan['tasks'])})" in found.words
    assert "UBND huyện Bãi Hạc" in found.words


def test_every_plan_page_keeps_the_whole_text(client: TestClient) -> None:
    plans = client.get("/api/plans").json()["plans"]
    assert len(plans) == len(FIRST)
    for summary in plans:
        plan = client.get(f"/api/plans/{summary['plan']}").json()
        html = client.get(f"/plans/{summary['plan']}").text
        body = html[html.index('<section class="fulltext"') :]
        shown = Page(body[: body.index("</section>") + len("</section>")])
        for word in set(plan["text"].split()):
            assert word in shown.words, (summary["path"], word)


def test_words_around_a_footnote_stay_apart(client: TestClient) -> None:
    found = page(client, f"/plans/{plan_id(client, '05')}")
    assert "trình Chủ tịch UBND phường" in " ".join(found.words.split())


def test_a_hit_opens_its_plan_at_the_passage(client: TestClient) -> None:
    hit = client.get("/api/search?q=tập huấn kỹ năng số").json()["hits"][0]
    found = page(client, "/?q=tập huấn kỹ năng số")
    wanted = f"/plans/{hit['plan']}?mark={hit['start']}-{hit['end']}"
    assert f"{wanted}#found" in [link["href"] for link in found.all("a")]
    opened = page(client, wanted)
    assert [a["id"] for _, a in opened.tags if a.get("id") == "found"] == ["found"]
    assert opened.all("mark")
    assert client.get(f"/plans/{hit['plan']}?mark=x").status_code == 422


def test_document_page(client: TestClient) -> None:
    found = page(client, "/documents?key=nghi-quyet:76/NQ-CP:2021-07-15")
    assert "Nghị quyết 76/NQ-CP" in found.words and "4 kế hoạch viện dẫn" in found.words
    assert client.get("/documents?key=none").status_code == 404


ADDRESSES = ("/", "/?q=Đề án 06", "/api", "/documents?key=nghi-quyet:76/NQ-CP:2021-07-15")


def test_pages_are_accessible_and_stay_on_this_machine(client: TestClient) -> None:
    addresses = [*ADDRESSES, f"/plans/{plan_id(client, '04')}"]
    for address in addresses:
        check_accessible(page(client, address))


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_are_readable_in_light_and_dark(client: TestClient) -> None:
    sheet = client.get("/static/kh.css").text
    themes = re.findall(r":root \{(.*?)\}", sheet, re.S)[:2]
    assert len(themes) == 2
    pairs = [(ink, paper) for paper in ("paper", "card") for ink in ("ink", "soft", "accent")]
    pairs += [("ink", "warn"), ("ink", "accent-soft"), ("accent", "accent-soft")]
    pairs += [("mark-ink", "mark"), ("on-accent", "accent"), ("warn-line", "card")]
    pairs += [("cites", "card"), ("names", "card"), ("treats", "card")]
    for theme in themes:
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", theme))
        for ink, paper in pairs:
            dark, light = sorted((luminance(colours[ink]), luminance(colours[paper])))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, paper)


def test_security_headers(client: TestClient) -> None:
    for address in ("/", "/static/kh.css", "/api/plans", "/nowhere", "/api/search"):
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_hostile_words_come_back_as_words(client: TestClient) -> None:
    attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    for address in ("/", "/documents", "/plans/x"):
        response = client.get(address, params={"q": attack, "key": attack, "mark": ""})
        assert "<script" not in response.text and "<img" not in response.text


def test_a_hostile_plan_is_escaped_on_its_page(tmp_path: Path) -> None:
    from kh_nlp.library import Library, ingest

    attack = "<script>alert('tập huấn')</script><b onclick=alert(1)>"
    path = tmp_path / "plan.txt"
    text = sample("05").read_text("utf-8")
    path.write_text(text.replace("Giúp người dân", f"{attack} Giúp người dân"), "utf-8")
    with Library.open(warm_folder(tmp_path / "library"), create=True) as library:
        (added,) = ingest(library, [path]).added
    client = TestClient(create_app(tmp_path / "library"))
    for address in (f"/plans/{added.plan}", "/?q=alert tập huấn", "/"):
        found = page(client, address)
        assert not found.all("script")
        assert not [tag for tag, attributes in found.tags if "onclick" in attributes]
    assert "alert('tập huấn')" in page(client, f"/plans/{added.plan}").words
