"""Whether a plan reads the same from every format: samples rendered, read, and set beside the text.

usage: python benchmarks/formats.py FILE... [--formats docx,pdf,scan] [--rendered DIR] [--noise .5]
           [--ocr-cache DIR] [--each] [--minimum .99] [--json]
           [--baseline FILE] [--save FILE --name NAME]

The text a sample was written as is the measure, read by the same parser: what differs is due to the
format, its reader, or the renderer. `--rendered` keeps the files that were made, and takes those
that are there when neither the sample nor the renderer has changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpus"))

from rendering import FORMATS as RENDERED
from rendering import Look, RenderingError, compose, fingerprint, render, text_files
from rendering.layout import words as printed_words
from sameness import FIGURES, Count, compare

from kh_nlp.errors import InputError, KhError
from kh_nlp.model import Plan
from kh_nlp.parsing import parse
from kh_nlp.reading import Options, Reading, read_file
from kh_nlp.reading.scan.tesseract import running

FORMATS = ("docx", "docx-numbered", "doc", "html-word", "html-site", "pdf", "scan")


@dataclass(slots=True)
class Result:
    """One sample in one format; ``faults`` are differences in words, for the eye."""

    sample: str
    counts: dict[str, Count] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    error: str | None = None
    pages: int = 0
    wall: float = 0.0
    own: float = 0.0  # processor seconds of this process
    engine: float = 0.0  # processor seconds of the programs it ran
    inside: float = 0.0  # seconds of the wall during which tesseract ran
    occupied: float = 0.0  # core seconds that tesseract ran on, a run held for one busy core


def read(path: Path, options: Options, result: Result) -> tuple[Reading, Plan]:
    """As ``kh_nlp.pipeline.read_plan``, keeping the reading; times are noted."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall, own = time.perf_counter(), time.process_time()
    with watched(result):
        reading = read_file(path, options)
        plan = parse(reading, allow_secret=True)
    result.wall, result.own = time.perf_counter() - wall, time.process_time() - own
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result.engine = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
    result.pages = plan.source.pages
    return reading, plan


@contextmanager
def watched(result: Result) -> Iterator[None]:
    """Note how much of the time tesseract runs, by looking two hundred times a second."""
    ended = threading.Event()
    cores = os.cpu_count() or 1

    def watch() -> None:
        last = time.perf_counter()
        while not ended.wait(0.005):
            now, count = time.perf_counter(), running()
            result.inside += (now - last) * (count > 0)
            result.occupied += (now - last) * min(count, cores)
            last = now

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def made(files: Sequence[Path], formats: Sequence[str], folder: Path, look: Look) -> None:
    """Render what is not in ``folder`` yet or was made from something else."""
    record = folder / "rendered.json"
    known = json.loads(record.read_text("utf-8")) if record.exists() else {}
    code = f"{fingerprint()} {look}"
    for name in formats:
        hashes = {
            f"{file.stem}{RENDERED[name]}": hashlib.sha256(
                file.read_bytes() + code.encode()
            ).hexdigest()
            for file in files
        }
        stale = [
            file
            for file, made_as in zip(files, hashes, strict=True)
            if known.get(made_as) != hashes[made_as] or not (folder / made_as).exists()
        ]
        if stale:
            render(stale, [name], folder, look)
            known.update(hashes)
            record.write_text(json.dumps(known, indent=1), "utf-8")


def measure(
    files: Sequence[Path], name: str, folder: Path, sources: dict[str, Any], options: Options
) -> list[Result]:
    results = []
    for file in files:
        result = Result(file.stem)
        results.append(result)
        try:
            found = read(folder / f"{file.stem}{RENDERED[name]}", options, result)
        except KeyError:
            result.error = "chưa đọc được"
        except InputError as error:
            result.error = str(error)
        except Exception as error:  # a fault of one reader must not hide the others' figures
            result.error = f"lỗi khi đọc ({type(error).__name__}: {error})"
        else:
            result.counts, result.faults = compare(sources[file.stem], found)
    return results


def summary(results: Sequence[Result], timed: bool = True) -> dict[str, Any]:
    """Figures over all samples (counts put together), and speed where the files were all read."""
    good = [result for result in results if result.error is None]
    out: dict[str, Any] = {"files": len(results), "failed": len(results) - len(good)}
    if not good:
        return out | {"error": results[0].error}
    for figure in FIGURES:
        out[figure] = sum((result.counts[figure] for result in good), Count()).value
    pages, wall = sum(r.pages for r in good), max(1e-9, sum(r.wall for r in good))
    own, engine = sum(r.own for r in good), sum(r.engine for r in good)
    out["pages"] = pages
    if not timed:
        return out
    out["pages_per_second"] = round(pages / wall, 2)
    out["files_per_second"] = round(len(good) / wall, 2)
    out["files_per_cpu_second"] = round(len(good) / max(1e-9, own + engine), 2)
    out["engine_share"] = round(engine / max(1e-9, own + engine), 3)
    if any(r.inside for r in good):  # scans: is anything but tesseract waited for?
        out["engine_wall"] = round(sum(r.inside for r in good) / wall, 3)
        cores = os.cpu_count() or 1
        out["engine_cores"] = round(sum(r.occupied for r in good) / wall / cores, 3)
    return out


def show(answer: dict[str, Any], before: dict[str, Any]) -> None:
    print(f"{'định dạng':<14}" + "".join(f"{title:>10}" for title in FIGURES.values()))
    for name, row in answer.items():
        if "error" in row:
            print(f"{name:<14} {row['error']}")
            continue
        print(f"{name:<14}" + "".join(cell(row[figure]) for figure in FIGURES))
        known = before.get(name, {})
        changes = {f: row[f] - known[f] for f in FIGURES if row[f] is not None and known.get(f)}
        if any(changes.values()):
            print(f"{'  so với mốc':<14}" + "".join(signed(changes.get(f)) for f in FIGURES))
    print(f"\n{'định dạng':<14}{'tệp':>5}{'lỗi':>5}{'trang/s':>10}{'tệp/s':>8}{'tệp/s CPU':>11}")
    for name, row in answer.items():
        if "pages_per_second" in row:
            share = ""
            if "engine_wall" in row:
                share = (
                    f"   tesseract: {row['engine_share']:.0%} CPU, {row['engine_wall']:.0%} thời"
                    f" gian, {row['engine_cores']:.0%} số nhân"
                )
            print(
                f"{name:<14}{row['files']:>5}{row['failed']:>5}{row['pages_per_second']:>10}"
                f"{row['files_per_second']:>8}{row['files_per_cpu_second']:>11}{share}"
            )


def cell(value: float | None) -> str:
    return f"{'–' if value is None else f'{value:.4f}':>10}"


def signed(value: float | None) -> str:
    return f"{'' if not value else f'{value:+.4f}':>10}"


def show_each(results: dict[str, list[Result]], most: int) -> None:
    for name, own in results.items():
        for result in own:
            low = {f: c.value for f, c in result.counts.items() if c.value not in (None, 1.0)}
            if result.error or low:
                print(f"\n[{name}] {result.sample}: {result.error or low}")
                for fault in result.faults[:most]:
                    print(f"    {fault}")
    print()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--formats", default=",".join(FORMATS), help=", ".join(RENDERED))
    parser.add_argument("--rendered", type=Path, help="folder that keeps the rendered files")
    parser.add_argument("--noise", type=float, default=0.5, help="of scans, 0..1")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ocr-cache", type=Path, help="keeps pages read by OCR: no speed then")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--each", action="store_true", help="every sample and its differences")
    parser.add_argument("--most", type=int, default=40, help="differences shown of a sample")
    parser.add_argument("--minimum", type=float, help="status 1 when an F1 of a format is lower")
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--name", help="name in the baseline (default: the folder's)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    files = text_files(args.paths)
    names = args.formats.split(",")
    unknown = [name for name in names if name not in RENDERED]
    if unknown:
        parser.error(f"không có định dạng “{unknown[0]}” (có: {', '.join(RENDERED)})")
    with tempfile.TemporaryDirectory(prefix="kh-formats-") as temporary:
        folder = args.rendered or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        made(files, names, folder, Look(noise=args.noise, seed=args.seed))
        cache = args.ocr_cache or Path(temporary) / "ocr"
        options = Options(cache=cache, workers=args.workers)
        sources = {
            file.stem: (*read(file, Options(), Result("")), printed_words(compose(file)))
            for file in files
        }
        results = {name: measure(files, name, folder, sources, options) for name in names}
    # pages that OCR read before cost nothing now
    kept = {"scan"} if args.ocr_cache else set()
    answer = {name: summary(own, timed=name not in kept) for name, own in results.items()}
    known: dict[str, Any] = {}
    name = args.name or args.paths[0].resolve().name
    if args.baseline and args.baseline.exists():
        known = json.loads(args.baseline.read_text("utf-8")).get(name, {})
    if args.each:
        show_each(results, args.most)
    if args.json:
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        show(answer, known)
    if args.save:
        saved = json.loads(args.save.read_text("utf-8")) if args.save.exists() else {}
        saved[name] = saved.get(name, {}) | answer  # formats may be measured at different times
        args.save.write_text(json.dumps(saved, ensure_ascii=False, indent=1) + "\n", "utf-8")
    asked = ("sections", "tasks", "citations")
    low = args.minimum is not None and any(
        row["failed"] or any((row[f] or 1.0) < args.minimum for f in asked)
        for row in answer.values()
    )
    return 1 if low else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KhError, RenderingError) as error:
        sys.exit(str(error))
