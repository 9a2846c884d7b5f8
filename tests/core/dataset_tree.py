"""Small trees that look like CASME II's, made where a test wants them."""

from pathlib import Path

import numpy as np
from openpyxl import Workbook
from PIL import Image

HEADER = [
    "Subject", "Filename", None, "OnsetFrame", "ApexFrame", "OffsetFrame", None, "Action Units",
    "Estimated Emotion",
]  # fmt: skip


def clip(folder, first=46, last=86, pattern="img{}.jpg", size=(16, 12)):
    """A folder of small pictures with these numbers."""
    folder.mkdir(parents=True)
    pixels = np.full((size[1], size[0], 3), 90, np.uint8)
    for number in range(first, last + 1):
        Image.fromarray(pixels).save(folder / pattern.format(number))
    return folder


def sheet(path, rows, header=HEADER):
    """An .xlsx with these rows below its header."""
    book = Workbook()
    tab = book.active
    for line in ([header] if header else []) + rows:
        tab.append(line)
    book.save(path)
    return path


def row(subject="01", name="EP02_01f", onset=46, apex=59, offset=86, units="4+7", emotion="others"):
    """A row in the columns of CASME II."""
    return [subject, name, None, onset, apex, offset, None, units, emotion]


def tree(root: Path, rows, folders=None):
    """The sheet's clips under CASME2_RAW_selected, and the sheet beside them."""
    for subject, name in folders if folders is not None else [(r[0], r[1]) for r in rows]:
        clip(root / "CASME2_RAW_selected" / f"sub{int(subject):02d}" / name)
    root.mkdir(exist_ok=True)
    sheet(root / "CASME2-coding.xlsx", rows)
    return root
