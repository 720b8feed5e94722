"""Topics of units: phrases, schemes, assignment, counts, discovery, scores, command and API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from support_drafting import drafting_library
from support_library import HashEncoder, use_toys, write_toy
from support_samples import CORPUS, sample_library

from api.app import create_app
from kh_nlp.cli import main
from kh_nlp.errors import InputError, UsageError
from kh_nlp.evaluation import LabelledUnit, load_unit_topics, score_topics
from kh_nlp.library import Library, ingest
from kh_nlp.model import to_dict
from kh_nlp.topics import as_scheme, assign, discover, example, load_scheme, read_scheme, topics
from kh_nlp.topics.phrases import Phrases

GOLD = Path(__file__).parent / "gold_clusters" / "unit_topics_corpus.json"
TRAINING = GOLD.with_name("unit_topics_corpus_training.json")
NEWEST = GOLD.with_name("unit_topics_corpus_training_second.json")
KEPT = GOLD.with_name("unit_topics_corpus_consensus.json")


def test_the_bundled_scheme_is_sound() -> None:
    scheme = load_scheme()
    ids = [topic.id for topic in scheme.topics]
    for wanted in (
        *("cchc.the_che", "cchc.thu_tuc", "cchc.bo_may", "cchc.cong_vu", "cchc.tai_chinh"),
        *("cchc.so", "chuyen_doi_so", "de_an_06", "chi_so.par_index", "chi_so.sipas"),
        *("chi_so.papi", "chi_so.pci", "chi_so.dti", "form.loa", "form.bao_dai", "form.mang.cong"),
        *("form.truc_quan.pano", "form.hoi_nghi.tap_huan", "form.thi", "form.van_nghe"),
        *("form.loa.xe", "form.hoi_nghi.doi_thoai", "kinh_phi", "khen_thuong", "kiem_tra"),
    ):
        assert wanted in ids
    assert {topic.group for topic in scheme.topics} == {"nội dung", "hình thức", "tổ chức"}
    assert all(topic.description and topic.words for topic in scheme.topics)
    for topic in scheme.topics:  # a phrase that is also excluded would never count
        assert not set(topic.words) & set(topic.excluded), topic.id
        said = [*topic.words, *topic.heads, *topic.hints]  # each in one role
        assert len(set(said)) == len(said), topic.id
    assert read_scheme(example(), "x").topics == scheme.topics


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "x', "dòng 1: sai cú pháp TOML"),
        ('name = "x"', "không có chủ đề nào"),
        ("topic = 3", "không có chủ đề nào"),
        ("topics = []", "không hiểu “topics”"),
        ('\n[[topic]]\nname = "A"', "dòng 2: chủ đề thiếu id"),
        ('[[topic]]\nid = "Á"\nname = "A"', "thiếu id hoặc id không hợp lệ"),
        ('[[topic]]\nid = "a"', "dòng 1: chủ đề “a”: thiếu name"),
        ('[[topic]]\nid = "a"\nname = " "', "“a”: name phải là chữ"),
        ('[[topic]]\nid="a"\nname="A"\n[[topic]]\nid="a"\nname="B"', "dòng 4: chủ đề “a” có hai"),
        ('[[topic]]\nid="a"\nname="A"\nparent="b"', "“a”: parent “b” không có ở phía trên"),
        ('[[topic]]\nid="a"\nname="A"\nword=["b"]', "“a”: không hiểu “word”"),
        ('[[topic]]\nid="a"\nname="A"\nwords="b"', "“a”: words phải là danh sách"),
        ('[[topic]]\nid="a"\nname="A"\nwords=[1]', "“a”: words phải là danh sách"),
        ('[[topic]]\nid="a"\nname="A"\nwords=["… b"]', "“… b” không bắt đầu bằng một chữ"),
    ],
)
def test_faults_of_a_scheme_are_one_line(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bo.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as fault:
        load_scheme(path)
    assert words in str(fault.value)
    assert str(fault.value).startswith(str(path)) and "\n" not in str(fault.value)


def test_a_scheme_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="không đọc được"):
        load_scheme(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="không phải là văn bản UTF-8"):
        load_scheme(tmp_path / "bytes.toml")


PLAN = """1. Hình thức tuyên truyền
1.1. Truyền thanh cơ sở
Phát trên loa truyền thanh hai buổi mỗi tuần về thủ tục hành chính.
1.2. Sở Giáo dục và Đào tạo
Gửi danh sách đơn vị về cơ quan thường trực.
2. Kinh phí
Từ nguồn ngân sách nhà nước.
* In tờ rơi hướng dẫn nộp hồ sơ trực tuyến|Văn phòng|Quý I
3. Nội dung khác
"""


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    use_toys(monkeypatch)
    folder = tmp_path / "plans"
    folder.mkdir()
    write_toy(folder, "a.txt", PLAN, number="1/KH-UBND", year="2024", title="Kế hoạch A")
    write_toy(
        folder, "b.txt", PLAN.replace("hai buổi", "ba buổi"),
        number="2/KH-UBND", year="2025", level="district", province="Lào Cai", title="Kế hoạch B",
    )  # fmt: skip
    library = Library.open(tmp_path / "library", create=True)
    ingest(library, [folder], encoder=HashEncoder())
    return library


def test_units_have_the_topics_that_their_own_words_say(toys: Library) -> None:
    found = assign(toys)
    texts = dict(toys.texts())
    assert len(found) == 2 * (5 + 1)  # every section and task once
    assert len({(unit.plan_id, unit.unit, unit.unit_id) for unit in found}) == len(found)
    first = found[0].plan_id
    said = {
        (unit.unit, unit.number): {match.topic_id for match in unit.topics}
        for unit in found
        if unit.plan_id == first
    }
    assert {"form.loa", "cchc.thu_tuc", "cchc"} <= said["section", "1.1"]  # several; wider ones too
    assert said["section", "1"] == set()  # without its children
    assert said["section", "1.2"] == set()  # the name of a body is no topic
    assert said["section", "2"] == {"kinh_phi"}  # without the rows of its table
    assert {"form.truc_quan.to_roi", "dich_vu_cong"} <= said["task", "2"]
    for unit in found:
        assert list(unit.topics) == sorted(unit.topics, key=lambda match: -match.score)
        for match in unit.topics:
            assert 0 < match.score <= 1 and match.spans
            assert all(unit.start <= start < end <= unit.end for start, end in match.spans)
    loa = next(m for u in found for m in u.topics if m.topic_id == "form.loa")
    assert {texts[first][a:b] for a, b in loa.spans} >= {
        "Truyền thanh cơ sở",
        "loa truyền thanh",
    }


def test_a_second_run_is_the_same(toys: Library) -> None:
    assert assign(toys) == assign(toys)


@given(st.lists(st.sampled_from(["loa", "Thủ tục hành chính", "\n", "; ", "1. ", "AI", "ẻ"])))
def test_hits_lie_in_the_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    phrases = Phrases([(0, "word", "thủ tục hành chính"), (0, "hint", "loa"), (1, "word", "AI")])
    for hit in phrases.find(text):
        start, end = hit.span
        assert text[start:end].lower() in ("loa", "thủ tục hành chính", "ai")


def test_an_own_scheme(toys: Library) -> None:
    scheme = read_scheme(
        '[[topic]]\nid="ra"\nname="Phát"\n[[topic]]\nid="ra.loa"\nname="Loa"\nparent="ra"\n'
        'words=["loa truyền thanh"]\n[[topic]]\nid="to"\nname="Tờ"\nwords=["tờ rơi"]\n'
        'not=["in tờ rơi"]',
        "own",
    )
    given = [[match.topic_id for match in unit.topics] for unit in assign(toys, scheme)]
    assert sorted(filter(None, given)) == [["ra", "ra.loa"], ["ra", "ra.loa"]]
    assert scheme.topic("ra.loa").group == "chủ đề"


def test_counts_and_filters(toys: Library) -> None:
    every = topics(toys)
    assert (every.units, every.plans, every.topic) == (12, 2, None)
    loa = next(one for one in every.counts if one.topic == "form.loa")
    assert (loa.units, loa.plans) == (2, 2)
    assert loa.example is not None and loa.example.number == "1.1"
    one = topics(toys, topic="form.loa", years=(2025, None), limit=5)
    assert (one.units, one.plans, len(one.found)) == (6, 1, 1)
    (unit,) = one.found
    assert (unit.title, unit.year, unit.level) == ("Kế hoạch B", 2025, "district")
    assert [unit.text[a:b] for a, b in unit.highlights] == ["Truyền thanh cơ sở"]
    assert topics(toys, provinces=("tỉnh Lao Cai",)).plans == 1
    assert topics(toys, levels=("central",)).units == 0
    with pytest.raises(UsageError, match="Bộ chủ đề không có “x”"):
        topics(toys, topic="x")


def test_what_no_topic_holds_is_discovered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_toys(monkeypatch)
    folder = tmp_path / "plans"
    folder.mkdir()
    fish = "Quan trắc môi trường nuôi tôm nước lợ, cảnh báo độ mặn vùng nuôi tôm"
    trees = "Trồng cây phân tán ven đường, chăm sóc rừng phòng hộ đầu nguồn, giao khoán đất rừng"
    for name in "abcd":
        body = "".join(
            f"{place}. Phần {name}{place}\n{text} {name}{place}.\n"
            for place, text in enumerate((fish, trees) * 3, 1)
        )
        write_toy(folder, f"{name}.txt", body, number=f"{name}/KH", title=name)
    with Library.open(tmp_path / "library", create=True) as library:
        ingest(library, [folder], encoder=HashEncoder())
        found = discover(library)
        assert found == discover(library)
    assert found.outside == found.units == 24
    assert found.alone + sum(topic.units for topic in found.topics) == 24
    words = " ".join(word for topic in found.topics for word in topic.words)
    assert "nuôi tôm" in words and "rừng" in words and "_" not in words
    for topic in found.topics:
        assert topic.plans >= 2
        assert not ({"nuôi tôm", "trồng cây"} <= set(topic.words))
    own = read_scheme(as_scheme(found), "found")
    assert [topic.words for topic in own.topics] == [topic.words for topic in found.topics]


def test_too_little_to_discover(toys: Library) -> None:
    found = discover(toys)
    assert found.topics == () and found.alone == found.outside


def test_scores_by_hand(toys: Library) -> None:
    scheme = load_scheme()
    plan = assign(toys)
    starts = {unit.number: unit.start for unit in plan[:5]}
    gold = [
        LabelledUnit(plan="a", number="1.1", start=starts["1.1"] + 3,
                     topics=frozenset({"form.loa", "bau_cu"})),
        LabelledUnit(plan="a", number="2", start=starts["2"], topics=frozenset({"kinh_phi"})),
        LabelledUnit(plan="a", number="9", start=0, topics=frozenset({"kinh_phi"})),
    ]  # fmt: skip
    scores = score_topics(toys, scheme, plan, gold)
    # form.loa and kinh_phi are found; bau_cu and the unit that is nowhere are missed. What the
    # labels name nowhere (cchc.thu_tuc) is not compared.
    assert (scores.micro.both, scores.micro.false, scores.micro.missed) == (2, 0, 2)
    assert scores.micro.precision == 1.0 and scores.micro.recall == 0.5
    assert scores.micro.f1 == pytest.approx(2 * 2 / (2 * 2 + 0 + 2))
    assert scores.lost == ("a:9:0",) and scores.exact == pytest.approx(1 / 3)
    wide = score_topics(toys, scheme, plan, gold, frozenset({"form.loa", "kinh_phi", "cchc"}))
    assert wide.micro.false == 1  # cchc.thu_tuc counts as the wider topic that is compared
    with pytest.raises(InputError, match="không có “lạ”"):
        score_topics(toys, scheme, plan, gold, frozenset({"lạ"}))


@pytest.mark.parametrize(
    "text", ["{", "{}", '[{"id": "a", "topics": []}]', '[{"id": "a:1:x", "topics": []}]', "[3]"]
)
def test_faults_of_gold(text: str, tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"gold\.json"):
        load_unit_topics(tmp_path / "gold.json")


@pytest.mark.slow
def test_samples_against_readers() -> None:
    """Words alone, on units that phrases and weights were found with, and on ``KEPT`` ones."""
    with Library.open(drafting_library()) as library:
        scheme = load_scheme()
        found = assign(library, scheme)
        golds = [load_unit_topics(gold) for gold in (GOLD, TRAINING, NEWEST, KEPT)]
        scores = [score_topics(library, scheme, found, gold) for gold in golds]
    first, second, third, kept = scores
    assert [score.lost for score in scores] == [()] * 4
    assert [score.units for score in scores] == [150, 386, 78, 110]
    assert first.micro.f1 > 0.75 and first.micro.recall > 0.88
    assert second.micro.f1 > 0.84
    assert third.micro.f1 > 0.84
    assert kept.micro.f1 > 0.76


def kh(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(words)
    out, err = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, out, err


def test_command(toys: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = ("--library", str(toys.path))
    status, out, err = kh(capsys, "topics", *here)
    assert (status, err) == (0, "")
    assert "form.loa" in out and "mục 1.1, trang 1" in out and "của 2 kế hoạch" in out
    status, out, _ = kh(capsys, "topics", "--topic", "form.loa", "--year", "2025", *here)
    assert status == 0 and "1 mục, nhiệm vụ của 1 kế hoạch" in out
    status, out, _ = kh(capsys, "topics", "--json", *here)
    assert json.loads(out) == to_dict(topics(toys))
    for ending in ("xlsx", "csv", "json"):
        file = tmp_path / f"topics.{ending}"
        status, out, _ = kh(capsys, "topics", "--out", str(file), *here)
        assert status == 0 and file.stat().st_size > 100 and str(file) in out
    assert "Truyền thanh cơ sở, loa" in (tmp_path / "topics.csv").read_text(encoding="utf-8-sig")
    status, out, _ = kh(capsys, "topics", "--discover", *here)
    assert status == 0 and "nằm ngoài bộ chủ đề" in out
    status, out, _ = kh(capsys, "topics", "--scheme-example")
    assert (status, out) == (0, example())


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--topic", "x"], 2, "Bộ chủ đề không có “x”"),
        (["--scheme", "none.toml"], 1, "none.toml: không đọc được"),
        (["--out", "a.txt"], 2, "phải có đuôi"),
        (["--out", "a.toml"], 2, "phải có đuôi"),
        (["--topic", "bau_cu", "--discover"], 2, "Chỉ dùng một trong"),
        (["--year", "abc"], 2, "Năm “abc” không hợp lệ"),
        (["--level", "abc"], 2, "Cấp hành chính “abc” không có"),
    ],
)
def test_bad_requests(
    words: list[str], status: int, message: str, toys: Library,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    code, out, err = kh(capsys, "topics", *words, "--library", str(toys.path))
    assert (code, out) == (status, "")
    assert message in err and err.count("\n") == 1


def test_evaluate(toys: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = next(unit.start for unit in assign(toys) if unit.number == "2")
    gold = tmp_path / "gold.json"
    gold.write_text(json.dumps([{"id": f"a:2:{start}", "topics": ["kinh_phi"]}]), encoding="utf-8")
    here = ("--gold", str(gold), "--library", str(toys.path))
    status, out, _ = kh(capsys, "evaluate", "topics", *here)
    assert status == 0 and "1 mục, 100,0% trùng hoàn toàn" in out
    status, out, _ = kh(capsys, "evaluate", "topics", "--json", *here)
    assert json.loads(out)["micro"]["f1"] == 1.0


def test_api_says_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    client = TestClient(create_app(sample_library()), base_url="http://127.0.0.1")
    answer = client.get("/api/topics", params={"topic": "kinh_phi", "level": "xã"}).json()
    _, out, _ = kh(
        capsys, "topics", "--topic", "kinh_phi", "--level", "xã", "--limit", "100", "--json",
        "--library", str(sample_library()),
    )  # fmt: skip
    assert json.loads(out) == answer
    assert answer["found"] and all(unit["level"] == "commune" for unit in answer["found"])
    assert client.get("/api/topics", params={"topic": "x"}).status_code == 400
    assert (
        client.get("/api/topics/discovered").json()["units"]
        == (client.get("/api/topics").json()["units"])
    )


def test_gold_names_units_of_the_samples() -> None:
    stems = {path.stem for path in CORPUS.iterdir()}
    assert {unit.plan for unit in load_unit_topics(GOLD)} <= stems
