"""The learnt model beside the phrases of the bundled scheme."""

import dataclasses
import math
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from kh_nlp.topics import Scheme, load_scheme
from kh_nlp.topics.assigning import given_topics, learnt_for
from kh_nlp.topics.evidence import Finder
from kh_nlp.topics.learnt import Learnt, Shift, heading_phrases, load_learnt, own_phrases, unpacked
from kh_nlp.topics.scheme import example
from kh_nlp.topics.units import Unit
from kh_nlp.topics.weighing import load_model


def unit(text: str, *above: str) -> Unit:
    return Unit(
        "p", "section", "s", "1", 0, len(text), None, ((text, 0),), above, len(text), "s", 1
    )


def given(scheme: Scheme, one: Unit, learnt: Learnt | None) -> dict[str, float]:
    found = Finder(scheme).find(one)
    topics = given_topics(scheme, load_model(), one, found, None, learnt).topics
    return {match.topic_id: match.score for match in topics}


def packed(*names: str) -> np.ndarray:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


@pytest.fixture
def tiny() -> Learnt:
    """ "học sinh" speaks for giao_duc, "loa" and a heading "truyền thanh" for form.loa."""
    weights = np.array([[100, 0], [0, 50], [0, 20]], dtype=np.int8)
    arrays = {
        "phrases": packed("học sinh", "loa", "^truyền thanh"),
        "topics": packed("giao_duc", "form.loa"),
        "rarity": np.array([2, 1, 3], dtype=np.float16),
        "axes": np.zeros((2, 4), dtype=np.float16),
    }
    for name in ("words", "vectors"):
        arrays |= {
            f"{name}_weights": weights,
            f"{name}_scale": np.array([0.01, 0.02], dtype=np.float32),
            f"{name}_bias": np.array([0.1, 0.2], dtype=np.float32),
            f"{name}_shift": np.array([-1, 0.5, 4], dtype=np.float32),
        }
    return unpacked(arrays)


def test_values_are_the_sum_of_parts_of_length_one(tiny: Learnt) -> None:
    own = np.array([2 * (1 + math.log(2)), 1.0])  # "học sinh" twice, "loa" once
    own /= np.linalg.norm(own)
    found = tiny.values(unit("Học sinh nghe loa; học sinh ghi.", "Tên", "Truyền thanh"), None)
    assert found == pytest.approx([0.1 + own[0], 0.2 + own[1] + 0.4], abs=1e-4)
    near = np.array([0.5, -0.5], dtype=np.float32)
    beside = tiny.values(unit("Học sinh nghe loa; học sinh ghi.", "Tên", "Truyền thanh"), near)
    assert beside - found == pytest.approx([0.5, -0.5], abs=1e-4)
    assert tiny.values(unit("Việc khác"), None) == pytest.approx([0.1, 0.2])


def test_finer_topics_go_by_the_nearest_wider_one(tiny: Learnt) -> None:
    places = dict(zip((t.id for t in load_scheme().topics), tiny.of, strict=True))
    assert places["form.loa"] == places["form.loa.xe"] == 1 and places["giao_duc"] == 0
    assert places["kinh_phi"] is None


def test_no_number_counts_and_headings_are_told_apart() -> None:
    one = unit("Ngày 10 tháng 5 nộp hồ sơ, hồ sơ", "Kế hoạch năm 2024", "Thủ tục")
    own = own_phrases(one)
    assert own.count("hồ sơ") == 2 and "thủ tục" not in own and "ngày tháng" not in own
    assert sorted(heading_phrases(one)) == ["^thủ", "^thủ tục", "^tục"]  # not the plan's title
    assert not any(letter.isdigit() for phrase in own for letter in phrase)


def test_shift_by_hand() -> None:
    assert Shift(-1, 0.5, 4).score(0.5, 0.25) == pytest.approx(0.5)
    assert Shift(0, 1, 0).score(0.3, 9) == pytest.approx(0.3)
    assert 0 < Shift(0, 1, 0).score(0.0, 0) < Shift(0, 1, 0).score(1.0, 0) < 1


def test_it_moves_topics_and_makes_none(tiny: Learnt) -> None:
    scheme = load_scheme()
    school = unit("Tuyên truyền tới học sinh, giáo viên nhà trường.")
    assert given(scheme, school, tiny) != given(scheme, school, None)
    assert given(scheme, unit("Họp bàn việc chung của thôn."), tiny) == {}
    plain = unit("Tuyen truyen toi hoc sinh, giao vien nha truong.")
    assert given(scheme, plain, tiny) == given(scheme, plain, None)


def test_finer_topics_are_taken_away_but_not_made(tiny: Learnt) -> None:
    scheme = load_scheme()
    keen = dataclasses.replace(
        tiny, words=dataclasses.replace(tiny.words, shift=Shift(20, 0.5, 4)), headings={}
    )
    averse = dataclasses.replace(
        tiny, words=dataclasses.replace(tiny.words, shift=Shift(-20, 0.5, 4)), headings={}
    )
    one = unit("Dùng xe loa đi các thôn báo lịch họp, phát loa ở chợ.")
    phrases = given(scheme, one, None)
    assert {"form.loa", "form.loa.xe"} <= set(phrases)
    assert given(scheme, one, averse).keys() == phrases.keys() - {"form.loa", "form.loa.xe"}
    assert given(scheme, one, keen)["form.loa"] > phrases["form.loa"]
    assert given(scheme, one, keen)["form.loa.xe"] == phrases["form.loa.xe"]
    weak = unit("Nhờ xe đưa loa của thôn đi bảo dưỡng rồi về phát ở nhà văn hóa xóm.")
    assert "form.loa.xe" not in {**given(scheme, weak, None), **given(scheme, weak, keen)}


def test_other_schemes_do_without(tmp_path: Path) -> None:
    path = tmp_path / "bo.toml"
    path.write_text(example(), encoding="utf-8")
    assert learnt_for(load_scheme(path)) is None and learnt_for(load_scheme()) is load_learnt()


def test_the_file_fits_the_bundled_scheme() -> None:
    learnt = load_learnt()
    topics = {topic.id for topic in load_scheme().topics}
    assert set(learnt.topics) <= topics and len(learnt.topics) == 25
    assert learnt.axes.shape[0] == 25
    for linear in (learnt.words, learnt.vectors):
        assert linear.weights.shape == (len(learnt.places), 25)
        assert np.isfinite(linear.weights).all() and linear.shift.learnt > 0 < linear.shift.phrases
    size = len(files("kh_nlp.topics").joinpath("data/learnt.npz").read_bytes())
    assert size < 500_000
    assert not any(letter.isdigit() for phrase in learnt.places for letter in phrase)


def test_readers_and_model_agree_on_plain_cases() -> None:
    """Sayings of the genre that no labelled plan holds in these words."""
    learnt = load_learnt()

    def best(text: str) -> str:
        return learnt.topics[int(np.argmax(learnt.values(unit(text), None)))]

    assert best("Bố trí kinh phí từ nguồn ngân sách của huyện để mua sắm.") == "kinh_phi"
    assert best("Cử tri bầu đại biểu Hội đồng nhân dân xã.") == "bau_cu"
    assert best("Học sinh và giáo viên các trường tiểu học cùng tham gia.") == "giao_duc"
    assert best("Tặng giấy khen cho tập thể có thành tích trong phong trào.") == "khen_thuong"
