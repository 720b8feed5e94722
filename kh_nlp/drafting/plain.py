"""A draft as plain text, as its signed copy would be typed: what the checks read."""

from __future__ import annotations

from kh_nlp.drafting.markdown import cells
from kh_nlp.drafting.records import Draft


def plain(draft: Draft) -> str:
    """Head, *căn cứ*, sections, task table (cells parted by tabs) and end, one line each."""
    lines = [draft.superior] if draft.superior else []
    lines += [
        draft.issuer,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        f"Số:      /{draft.symbol}",
        f"{draft.place}, ngày      tháng      năm {draft.request.year}",
        "KẾ HOẠCH",
        draft.title,
    ]
    last = len(draft.basis) - 1
    lines += [b.line.text + ("." if at == last else ";") for at, b in enumerate(draft.basis)]
    lines += [paragraph.text for paragraph in draft.opening]
    for section in draft.sections:
        number = section.number if section.level == 1 else section.number.split(".")[-1]
        lines.append(f"{number}. {section.heading}")
        lines += [f"{p.label + ' ' if p.label else ''}{p.text}" for p in section.paragraphs]
    if draft.tasks:
        lines.append("BẢNG PHÂN CÔNG NHIỆM VỤ")
        lines.append("\t".join(("TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian", "Kết quả")))
    lines += ["\t".join(cells(row)) for row in draft.tasks]
    lines.append("Nơi nhận:")
    last = len(draft.recipients) - 1
    ends = ["." if at == last else ";" for at in range(last + 1)]
    lines += [f"- {p.text}{end}" for p, end in zip(draft.recipients, ends, strict=True)]
    lines += draft.signer_title
    return "\n".join(lines) + "\n"
