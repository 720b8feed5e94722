"""Sample plans, or any plan that is text, in every format an office keeps.

usage: python corpus/render.py FILE... --format docx,html,pdf,scan --out DIR
           [--noise 0..1] [--seed N] [--dpi 300] [--png] [--numbering]

Formats: docx, docx-numbered (labels that Word computes), doc, html (= html-word,html-site), pdf,
scan, txt, txt-wrapped (printed pages), md. PDF, DOC and scans need LibreOffice.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rendering import FORMATS, Look, RenderingError, render, text_files

from kh_nlp.errors import KhError


def formats(names: str) -> list[str]:
    """Names given with commas, each once; ``html`` stands for both kinds of web page."""
    chosen: dict[str, None] = {}
    for name in names.split(","):
        known = ["html-word", "html-site"] if name == "html" else [name.strip()]
        unknown = [one for one in known if one not in FORMATS]
        if unknown:
            told = ", ".join([*FORMATS, "html"])
            raise argparse.ArgumentTypeError(f"không có định dạng “{unknown[0]}” (có: {told})")
        chosen.update(dict.fromkeys(known))
    return list(chosen)


def level(text: str) -> float:
    """A level of noise, 0..1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("mức nhiễu từ 0 đến 1")
    return value


def resolution(text: str) -> int:
    """Dots per inch that a scanner has."""
    value = int(text)
    if not 50 <= value <= 600:
        raise argparse.ArgumentTypeError("độ phân giải từ 50 đến 600 dpi")
    return value


def main() -> int:
    """Write the files and print their names. Status 1 with one line for what cannot be done."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--format", type=formats, default="docx", help=", ".join(FORMATS))
    parser.add_argument("--out", type=Path, required=True, help="folder of the new files")
    parser.add_argument("--noise", type=level, default=0.5, help="scans: 0 clean, .5 usual, 1 bad")
    parser.add_argument("--seed", type=int, default=0, help="scans: another chance, other specks")
    parser.add_argument("--dpi", type=resolution, default=300, help="scans: dots per inch")
    parser.add_argument("--png", action="store_true", help="scans: a PNG file of every page too")
    parser.add_argument("--numbering", action="store_true", help="labels as lists of Word")
    args = parser.parse_args()
    look = Look(
        noise=args.noise, seed=args.seed, dpi=args.dpi, png=args.png, numbered=args.numbering
    )
    for file in render(text_files(args.paths), args.format, args.out, look):
        print(file)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KhError, RenderingError) as error:
        sys.exit(str(error))
