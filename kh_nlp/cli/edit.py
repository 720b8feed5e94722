"""``kh edit``: corrections of a plan by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kh_nlp.cli.options import JsonOption, LibraryOption, library_folder
from kh_nlp.cli.printing import print_json
from kh_nlp.errors import UsageError

if TYPE_CHECKING:
    from kh_nlp.library import Correction, Edit
    from kh_nlp.model import Plan

_STATUSES = {
    "applied": "đang áp dụng",
    "agrees": "máy nay đọc đúng như vậy",
    "superseded": "hết hiệu lực",
    "orphaned": "KHÔNG CÒN KHỚP",
    "undone": "đã hoàn tác",
}
_ADDABLE = ("section", "task", "citation")
_Text = str | None


def _option(flag: str, metavar: str, text: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=text)


def edit(
    plan_id: Annotated[
        str, typer.Argument(metavar="ID", help="Mã kế hoạch, đủ hoặc phần đầu duy nhất.")
    ],
    field: Annotated[
        _Text, _option("--field", "TRƯỜNG", "Sửa một trường phần đầu, ví dụ header.title.")
    ] = None,
    value: Annotated[
        _Text, _option("--value", "GIÁ TRỊ", "Giá trị đúng của --field; “không rõ” nếu không có.")
    ] = None,
    section: Annotated[_Text, _option("--section", "MỤC", "Sửa một mục: số hoặc mã.")] = None,
    task: Annotated[_Text, _option("--task", "NV", "Sửa một nhiệm vụ: số thứ tự hoặc mã.")] = None,
    citation: Annotated[
        _Text, _option("--citation", "VB", "Sửa một viện dẫn: số văn bản, khóa hoặc mã.")
    ] = None,
    add: Annotated[
        _Text,
        _option("--add", "LOẠI", "Thêm section, task hoặc citation tại đoạn --from … --to."),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Xóa mục, nhiệm vụ, viện dẫn bị nhận nhầm.")
    ] = False,
    begin: Annotated[
        _Text, _option("--from", "CHỮ", "Những chữ đầu của đoạn (hoặc vị trí trong văn bản).")
    ] = None,
    end: Annotated[
        _Text, _option("--to", "CHỮ", "Những chữ cuối của đoạn (hoặc vị trí trong văn bản).")
    ] = None,
    heading: Annotated[_Text, _option("--heading", "CHỮ", "Mục: tên đề mục.")] = None,
    number: Annotated[
        _Text, _option("--number", "SỐ", "Mục: số, ví dụ II.3. Viện dẫn: số văn bản.")
    ] = None,
    content: Annotated[_Text, _option("--content", "CHỮ", "Nhiệm vụ: nội dung.")] = None,
    group: Annotated[_Text, _option("--group", "CHỮ", "Nhiệm vụ: nhóm.")] = None,
    lead: Annotated[
        _Text, _option("--lead", "TÊN", "Nhiệm vụ: cơ quan chủ trì, cách nhau bằng “;”.")
    ] = None,
    partners: Annotated[
        _Text, _option("--partners", "TÊN", "Nhiệm vụ: cơ quan phối hợp, cách nhau bằng “;”.")
    ] = None,
    form: Annotated[_Text, _option("--form", "CHỮ", "Nhiệm vụ: hình thức.")] = None,
    output: Annotated[_Text, _option("--output", "CHỮ", "Nhiệm vụ: sản phẩm, kết quả.")] = None,
    deadline: Annotated[_Text, _option("--deadline", "CHỮ", "Nhiệm vụ: thời hạn.")] = None,
    kind: Annotated[_Text, _option("--kind", "LOẠI", "Viện dẫn: loại văn bản.")] = None,
    issued_on: Annotated[
        _Text,
        _option("--issued-on", "NGÀY", "Viện dẫn: ngày ban hành, ví dụ 16/01/2026."),
    ] = None,
    issuer: Annotated[_Text, _option("--issuer", "TÊN", "Viện dẫn: cơ quan ban hành.")] = None,
    title: Annotated[_Text, _option("--title", "CHỮ", "Viện dẫn: trích yếu, tên gọi.")] = None,
    key: Annotated[
        _Text, _option("--key", "KHÓA", "Viện dẫn: khóa của văn bản được dẫn (kh cite list).")
    ] = None,
    by: Annotated[
        _Text, _option("--by", "TÊN", "Người sửa (mặc định: người dùng của máy).")
    ] = None,
    note: Annotated[_Text, _option("--note", "CHỮ", "Lý do sửa.")] = None,
    show: Annotated[bool, typer.Option("--list", help="Liệt kê các sửa đổi đã làm.")] = False,
    undo: Annotated[
        int | None, typer.Option("--undo", min=1, metavar="K", help="Hoàn tác sửa đổi số K.")
    ] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Sửa chỗ máy đọc sai; sửa đổi được giữ khi nạp lại tệp.

    Không có tùy chọn nào thì in các mã của mục, nhiệm vụ, viện dẫn. Giá trị “không rõ” xóa trắng
    một trường.
    """
    from kh_nlp.library import Library, correct, corrections
    from kh_nlp.library import undo as take_back
    from kh_nlp.model import to_dict

    fields = {
        "section": {"heading": heading, "number": number},
        "task": {
            "content": content, "group": group, "lead": lead, "partners": partners, "form": form,
            "output": output, "deadline": deadline,
        },
        "citation": {
            "kind": kind, "number": number, "issued_on": issued_on, "issuer": issuer,
            "title": title, "key": key,
        },
    }  # fmt: skip
    refs = {"section": section, "task": task, "citation": citation}
    places = (begin, end)
    wanted = _edit(field, value, refs, add, remove, places, fields)
    if sum((wanted is not None, show, undo is not None)) > 1:
        raise UsageError("Chỉ dùng một trong: sửa, --list, --undo.")
    with Library.open(library_folder(library)) as opened:
        if wanted is not None:
            made = correct(opened, plan_id, [wanted], by=by, note=note)
        elif undo is not None:
            made = [take_back(opened, plan_id, undo, by=by)]
        elif show:
            made = corrections(opened, plan_id)
        else:
            plan = opened.plan(plan_id)
            print_json(_codes(plan)) if json else _print_codes(plan)
            return
        full = opened.resolve(plan_id)
    if json:
        print_json({"plan": full, "corrections": to_dict(made)})
    elif not made:
        typer.echo(f"Kế hoạch {full} chưa có sửa đổi nào.")
    for correction in made if not json else ():
        _print(correction)


def _edit(
    field: _Text,
    value: _Text,
    refs: dict[str, _Text],
    add: _Text,
    remove: bool,
    places: tuple[_Text, _Text],
    fields: dict[str, dict[str, _Text]],
) -> Edit | None:
    """The request that the options make; None when they ask for no change."""
    target, action, ref = _target(field, refs, add, remove)
    given = {
        name for group in fields.values() for name, words in group.items() if words is not None
    }
    used: dict[str, _Text] = {}
    if target == "header":
        if value is None or field is None:
            raise UsageError("--field cần --value (ghi “không rõ” nếu văn bản không có).")
        used = {field.strip().removeprefix("header."): value}
    elif target is not None:
        used = {name: words for name, words in fields[target].items() if words is not None}
    elif given or value is not None or remove or any(places):
        raise UsageError("Chưa nói sửa gì: cần --field, --section, --task, --citation hoặc --add.")
    if target is None:
        return None
    stray = given - set(used) if target != "header" else given
    if stray or (value is not None and target != "header"):
        names = ", ".join(f"--{name.replace('_', '-')}" for name in sorted(stray or {"value"}))
        raise UsageError(f"{names} không dùng được ở đây.")
    if remove and (used or any(places)):
        raise UsageError("--remove không đi cùng giá trị mới.")
    from kh_nlp.library import Edit

    return Edit(target=target, action=action, ref=ref, values=used, start=places[0], end=places[1])


_Target = Literal["header", "section", "task", "citation"]
_Action = Literal["set", "remove", "add"]


def _target(
    field: _Text, refs: dict[str, _Text], add: _Text, remove: bool
) -> tuple[_Target | None, _Action, _Text]:
    """What the options are about: target, action, and the name of the thing."""
    named = [name for name, ref in refs.items() if ref is not None]
    if add is not None:
        if add not in _ADDABLE:
            raise UsageError(f"--add nhận section, task hoặc citation, không nhận “{add}”.")
        if field is not None or remove or named not in ([], ["section"]):
            raise UsageError("--add chỉ đi cùng --section (nơi tìm đoạn), --from, --to và giá trị.")
        return add, "add", refs["section"]  # type: ignore[return-value]
    if len(named) + (field is not None) > 1:
        raise UsageError("Mỗi lần chỉ sửa một thứ: --field, --section, --task hoặc --citation.")
    action: _Action = "remove" if remove else "set"
    if field is not None:
        return "header", action, None
    if not named:
        return None, action, None
    return named[0], action, refs[named[0]]  # type: ignore[return-value]


def _print(correction: Correction) -> None:
    """Who, when, what and why, over a few lines."""
    what = {"section": "Mục", "task": "Nhiệm vụ", "citation": "Viện dẫn", "header": "Phần đầu"}
    name = " ".join(filter(None, (what[correction.target], correction.ref)))
    if correction.action == "set":
        change = f"{correction.field}: {_shown(correction.old)} → {_shown(correction.new)}"
    elif correction.action == "remove":
        change = f"xóa {_shown(correction.old)}"
    else:
        change = f"thêm “{correction.quote}” {_shown(correction.new) if correction.new else ''}"
    typer.echo(f"{correction.number:>3}. {name}: {change.strip()}")
    state = _STATUSES[correction.status]
    reason = f" ({correction.reason})" if correction.reason else ""
    typer.echo(f"     {correction.by}, {correction.at} · {state}{reason}")
    if correction.undone_by:
        typer.echo(f"     hoàn tác: {correction.undone_by}, {correction.undone_at}")
    if correction.note:
        typer.echo(f"     lý do: {correction.note}")


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "không rõ"
    if isinstance(value, dict):
        names = {"from": "từ", "to": "đến"}
        known = ((names.get(k, k), v) for k, v in value.items() if v not in (None, []))
        return ", ".join(f"{name} {_shown(part)}" for name, part in known)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return f"“{value}”" if isinstance(value, str) else str(value)


def _codes(plan: Plan) -> dict[str, Any]:
    """What can be corrected, with the codes that name it."""
    from kh_nlp.library.edit_requests import code
    from kh_nlp.model import to_dict

    return {
        "plan": plan.plan_id,
        "header": to_dict(plan.header),
        "sections": [
            {
                "code": code(plan, s),
                "number": s.number,
                "heading": s.heading,
                "text": _words(s.text),
            }
            for s in plan.sections
        ],
        "tasks": [
            {"code": code(plan, t), "order": t.order, "content": t.content, "lead": list(t.lead)}
            for t in plan.tasks
        ],
        "citations": [
            {"code": code(plan, c), "number": c.number, "text": c.text} for c in plan.citations
        ],
    }


def _print_codes(plan: Plan) -> None:
    found = _codes(plan)
    typer.echo("Phần đầu (--field header.TRƯỜNG)")
    for name, value in found["header"].items():
        typer.echo(f"  {name:<13} {_shown(value)}")
    typer.echo("\nMục (--section)")
    for row in found["sections"]:
        typer.echo(f"  {row['code']:<5} {row['number'] or '–':<9} {row['heading'] or row['text']}")
    typer.echo("\nNhiệm vụ (--task)")
    for row in found["tasks"]:
        typer.echo(f"  {row['code']:<5} {row['order'] or '–':<4} {_words(row['content'] or '')}")
    typer.echo("\nViện dẫn (--citation)")
    for row in found["citations"]:
        typer.echo(f"  {row['code']:<5} {_words(row['text'])}")


def _words(text: str) -> str:
    from kh_nlp.library.anchoring import shorten

    return shorten(text, 90)
