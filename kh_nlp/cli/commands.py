"""The table of commands: every command of ``kh`` is registered here, in the order of the help."""

from __future__ import annotations

from typing import Annotated

import typer

from kh_nlp.cli import (
    clusters,
    drafts,
    evaluate,
    network,
    plans,
    questions,
    service,
    summaries,
    tables,
    trends,
)
from kh_nlp.cli.draft import draft
from kh_nlp.cli.edit import edit
from kh_nlp.cli.topics import topics
from kh_nlp.cli.usage import Command, Group

app = typer.Typer(
    name="kh",
    cls=Group,
    help="Đọc, lập chỉ mục và tra cứu kho kế hoạch của cơ quan nhà nước.",
    epilog="Mỗi lệnh có trang riêng: kh LỆNH --help. Thư viện mặc định: $KH_LIBRARY, nếu không có "
    "thì indexes/default.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cite = typer.Typer(
    cls=Group,
    help="Văn bản được các kế hoạch viện dẫn.",
    rich_markup_mode=None,
    no_args_is_help=False,
)


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="In phiên bản rồi dừng.")] = False,
) -> None:
    """Show the version or, without a command, the help page."""
    if version:
        from kh_nlp import __version__

        typer.echo(f"kh_nlp {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command("parse", cls=Command)(plans.parse)
app.command("ingest", cls=Command)(plans.ingest)
app.command("remove", cls=Command)(plans.remove)
app.command("show", cls=Command)(plans.show)
app.command("edit", cls=Command)(edit)
app.command("search", cls=Command)(questions.search)
app.command("covers", cls=Command)(questions.covers)
app.command("tasks", cls=Command)(tables.tasks)
app.command("cluster", cls=Command)(clusters.cluster)
app.command("summarize", cls=Command)(summaries.summarize)
app.command("compare", cls=Command)(summaries.compare)
app.command("topics", cls=Command)(topics)
cite.command("list", cls=Command)(questions.cite_list)
cite.command("show", cls=Command)(questions.cite_show)
cite.command("network", cls=Command)(network.cite_network)
cite.command("links", cls=Command)(network.cite_links)
cite.command("chain", cls=Command)(network.cite_chain)
cite.command("similar", cls=Command)(network.cite_similar)
cite.command("top", cls=Command)(network.cite_top)
cite.command("missing", cls=Command)(network.cite_missing)
cite.command("stale", cls=Command)(network.cite_stale)
cite.command("orphans", cls=Command)(network.cite_orphans)
cite.command("line", cls=Command)(network.cite_line)
app.add_typer(cite, name="cite", cls=Group)
app.command("draft", cls=Command)(draft)
app.command("check", cls=Command)(drafts.check)
app.command("trends", cls=Command)(trends.trends)
app.command("reuse", cls=Command)(trends.reuse)
app.command("export", cls=Command)(trends.export)
app.add_typer(evaluate.app, name="evaluate", cls=Group)
app.command("demo", cls=Command)(service.demo)
app.command("serve", cls=Command)(service.serve)
app.command("doctor", cls=Command)(service.doctor)
