"""Every view at 32 levels: vectors and letters alone, and a second renderer opens the PDF too.

The suite opens the SVG of every view and the PDF of one of each way to draw; here it is all of them, at both
sizes of a page.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from mrn_core.figures.page import PAGES
from mrn_core.figures.views import VIEWS, view_bytes

sys.path.append(str(Path(__file__).parents[1] / "core"))
from figure_scene import scene_of

pytestmark = pytest.mark.acceptance
L = 32
FRAMES = {"strip": L, "strip-difference": L, "strip-flow": L, "fig1": 2 + 6, "level": 3, "why": 2}


@pytest.fixture(scope="module")
def scene(make_analysis):
    return scene_of(make_analysis(levels=L, blocks=3, heads=8, tables=4), block=1, head=2, table=1)


@pytest.mark.parametrize("size", PAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_a_figure_is_vectors_and_letters_in_both_formats(scene, name, size):
    pdfium = pytest.importorskip("pypdfium2")
    svg = ElementTree.fromstring(view_bytes(scene, name, "svg", PAGES[size]))
    tags = [node.tag.rpartition("}")[2] for node in svg.iter()]
    assert tags.count("image") == FRAMES.get(name, 0)
    file = pdfium.PdfDocument(view_bytes(scene, name, "pdf", PAGES[size]))
    try:
        sheet, kind = file[0], pdfium.raw
        kinds = [found.type for found in sheet.get_objects(max_depth=6)]
        assert kinds.count(kind.FPDF_PAGEOBJ_IMAGE) == FRAMES.get(name, 0)
        assert kinds.count(kind.FPDF_PAGEOBJ_TEXT) >= tags.count("text") >= 8
        drawn = np.asarray(sheet.render(scale=1).to_pil().convert("L"))
        assert drawn.std() > 5
    finally:
        file.close()
