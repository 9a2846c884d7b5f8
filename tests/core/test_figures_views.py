"""Every view as a figure: vectors and text, whole at both sizes, with what it was made from."""

import dataclasses
import json
import re
import warnings
import xml.etree.ElementTree as ElementTree

import matplotlib.text
import numpy as np
import pytest
from figure_scene import scene_of
from PIL import Image

from mrn_core.errors import FileError, SettingsError
from mrn_core.figures.by_bucket import orders
from mrn_core.figures.difference import what_changed
from mrn_core.figures.fields import bucket_colour, code_text
from mrn_core.figures.over import over
from mrn_core.figures.page import PAGES, page
from mrn_core.figures.scene import Scene, example_pair
from mrn_core.figures.strips import strips_figure
from mrn_core.figures.style import BUCKETS, DIFFERENCE_STOPS, plain_style
from mrn_core.figures.views import VIEWS, view_bytes
from mrn_core.figures.writing import write_figure, write_strips
from mrn_core.network import explain
from mrn_core.worth import untrained
from mrn_gui.palette import DARK, LIGHT

L, H, T = 6, 4, 2


@pytest.fixture(scope="module")
def scene(make_analysis):
    analysis = make_analysis(levels=L, blocks=2, heads=H, tables=T, name="a <b> & $x$.mp4")
    told = analysis.provenance | {"apex_source": "spotted by difference"}
    return scene_of(dataclasses.replace(analysis, provenance=told), block=1, head=2, table=1)


@pytest.fixture(scope="module")
def svgs(scene):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return {name: view_bytes(scene, name, "svg", PAGES["column"]).decode() for name in VIEWS}


def parts(svg, tag):
    return [node for node in ElementTree.fromstring(svg).iter() if node.tag.endswith(f"}}{tag}")]


def texts(svg):
    return ["".join(node.itertext()) for node in parts(svg, "text")]


def drawn_squares(svg):
    """Closed squares of all fields of cells: the paths that are cut at the edge of their axes."""
    return sum(node.get("d", "").count("z") for node in parts(svg, "path") if node.get("clip-path"))


# One of each layout: other strips are laid out as the strip, other values of a cell as the angle.
LAID_OUT = [
    name
    for name in VIEWS
    if name not in ("strip-difference", "strip-flow", "tables", "chance", "union", "weight-difference")
]

# Pictures are the frames of the clip and nothing else.
FRAMES = {"strip": L, "strip-difference": L, "strip-flow": L, "level": 3, "fig1": 2 + L, "why": 2}


@pytest.mark.parametrize("name", VIEWS)
def test_svg_is_vectors_and_text_with_no_picture_but_the_frames(svgs, name):
    assert len(parts(svgs[name], "image")) == FRAMES.get(name, 0)
    foot = " ".join(texts(svgs[name]))
    assert untrained(VIEWS[name].shows) in foot
    for words in ("a <b> & $x$.mp4", "onset 1", "apex 5 (spotted by difference)", "seed 0", "MRN Studio"):
        assert words in foot


# One of each way to draw; Qt opens the SVG of every view in tests/gui/test_exporting.py.
@pytest.mark.parametrize("name", ["strip", "matrix", "angle", "why", "buckets", "hash", "reading"])
def test_pdf_is_the_same_in_another_renderer(scene, svgs, name, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    data = view_bytes(scene, name, "pdf", PAGES["column"])
    file = pdfium.PdfDocument(data)
    sheet = file[0]
    kinds = [found.type for found in sheet.get_objects(max_depth=5)]
    text, path, image = (
        pdfium.raw.FPDF_PAGEOBJ_TEXT,
        pdfium.raw.FPDF_PAGEOBJ_PATH,
        pdfium.raw.FPDF_PAGEOBJ_IMAGE,
    )
    assert kinds.count(image) == FRAMES.get(name, 0)
    assert kinds.count(text) >= 5
    assert kinds.count(path) >= 1
    # The letters are letters there too: every word of the SVG is found.
    said = re.sub(r"\s", "", sheet.get_textpage().get_text_range())
    for words in texts(svgs[name]):
        if "rotate" not in words and len(words) > 8:
            assert re.sub(r"\s", "", words) in said
    assert sheet.get_width() == pytest.approx(84 / 25.4 * 72, abs=0.1)
    assert file.get_metadata_value("Subject") == untrained(VIEWS[name].shows)
    assert b"/Type3" not in data
    drawn = np.asarray(sheet.render(scale=1).to_pil().convert("L"))
    assert drawn.std() > 10
    file.close()


def test_golden_structure_of_the_matrices(scene, svgs):
    trace = scene.trace
    allowed = int(trace.mask[2].sum())
    assert drawn_squares(svgs["fig4"]) == allowed
    for name in ("angle", "chance"):
        assert drawn_squares(svgs[name]) == L * L
    shared = sum((trace.query_buckets[2, t][:, None] == trace.key_buckets[2, t]) for t in range(T))
    assert drawn_squares(svgs["tables"]) == int((shared > 0).sum()) == allowed
    bars, strips = L, 2 * L  # of reach; of buckets along two edges
    assert drawn_squares(svgs["matrix"]) == allowed + bars + strips
    assert drawn_squares(svgs["heads"]) == sum(int(t.mask.sum()) for t in scene.analysis.traces)
    assert drawn_squares(svgs["by-bucket"]) == allowed
    masks = [t.mask.any(axis=0) for t in scene.analysis.traces]
    for name in ("mean", "union"):
        assert drawn_squares(svgs[name]) == sum(int(m.sum()) for m in (*masks, masks[0] | masks[1]))
    beside = scene.beside
    assert drawn_squares(svgs["difference"]) == int(beside.allowed(1)[2].sum()) + bars
    assert drawn_squares(svgs["weight-difference"]) == drawn_squares(svgs["difference"])
    assert drawn_squares(svgs["difference-heads"]) == sum(int(beside.allowed(b).sum()) for b in range(2))
    both = [beside.allowed(b).any(0) for b in range(2)]
    assert drawn_squares(svgs["difference-mean"]) == sum(int(m.sum()) for m in (*both, both[0] | both[1]))
    assert drawn_squares(svgs["changes"]) == 3 * L
    assert drawn_squares(svgs["zeroed"]) == L * sum(t.heads for t in scene.analysis.traces)
    assert drawn_squares(svgs["buckets"]) == 2 * T * L
    assert drawn_squares(svgs["reach"]) == 2 * L
    assert drawn_squares(svgs["reading"]) == len(scene.analysis.probabilities)


def test_by_bucket_every_code_stands_once_and_levels_of_one_code_together(scene, svgs):
    for codes, order in zip((scene.trace.query_buckets, scene.trace.key_buckets), orders(scene), strict=True):
        in_order = codes[2, 1][order]
        assert sorted(order.tolist()) == list(range(L))
        assert (np.diff(in_order) >= 0).all()
        for code in set(in_order.tolist()):
            assert (np.diff(order[in_order == code]) > 0).all()
    shown = [words for words in texts(svgs["by-bucket"]) if re.fullmatch("[01]{3}", words)]
    wanted = [
        sorted(set(codes[2, 1].tolist())) for codes in (scene.trace.key_buckets, scene.trace.query_buckets)
    ]
    assert shown == [code_text(code, 3) for side in wanted for code in side]


def test_many_heads_give_their_mean_and_their_largest(scene):
    scaled = np.concatenate([t.scaled() for t in scene.analysis.traces])
    for how, wanted in (("mean", scaled.mean(0)), ("union", scaled.max(0))):
        made = dict(over(scene, how))
        assert list(made) == ["block 1", "block 2", "all blocks"]
        np.testing.assert_allclose(made["all blocks"].values, wanted, rtol=1e-6)
    first = dataclasses.replace(scene.analysis, traces=scene.analysis.traces[:1])
    one = dataclasses.replace(scene, analysis=first, block=0, before=None)
    assert [name for name, _ in over(one, "mean")] == ["block 1"]


def test_arrows_are_as_long_as_the_magnified_motion(scene):
    flow = np.zeros((224, 224, 2), np.float32)
    flow[..., 0] = -1.5  # from apex to onset: the motion goes right
    moved = dataclasses.replace(scene, analysis=dataclasses.replace(scene.analysis, flow=flow))
    with plain_style():
        figure = VIEWS["strip-flow"].draw(moved, PAGES["column"])
    for axes, gain in zip(figure.axes, scene.analysis.gains, strict=True):
        shafts = axes.collections[0].get_segments()
        assert len(shafts) > 20
        for start, end in shafts:
            np.testing.assert_allclose(end - start, (1.5 * gain, 0), atol=1e-3)


def test_a_difference_tells_both_states(scene, svgs):
    for name in (name for name, view in VIEWS.items() if view.needs_before):
        said = " ".join(texts(svgs[name]))
        for words in ("before: a <b>", "now: a <b>", "hash seed 7", "Hash seed 7 → saved"):
            assert words in said, (name, words)
        held = next(
            n.text for n in ElementTree.fromstring(svgs[name]).iter() if n.tag.endswith("description")
        )
        assert [each["hash_seed"] for each in json.loads(held)] == [7, -1]
    count = scene.beside.count([1], 2)
    assert f"{count.opened} pairs opened, {count.closed} closed" in " ".join(texts(svgs["difference"]))
    other = dataclasses.replace(scene.before, provenance=scene.before.provenance | {"onset": {"frame": 3}})
    assert what_changed(dataclasses.replace(scene, before=other)) == "Hash seed 7 → saved, another onset"
    assert what_changed(dataclasses.replace(scene, before=scene.analysis)) == "Nothing is set otherwise"


def test_states_with_no_pairs_in_common_are_refused(scene, make_analysis):
    with pytest.raises(SettingsError, match="cannot be compared: 2 blocks and 1 block"):
        Scene(make_analysis(levels=2, blocks=1, heads=1), before=make_analysis(levels=2, blocks=2, heads=1))
    with pytest.raises(SettingsError, match="no state to compare with"):
        view_bytes(dataclasses.replace(scene, before=None), "difference", "svg", PAGES["column"])
    assert not VIEWS["changes"].can(dataclasses.replace(scene, before=None))


def test_codes_in_the_figure_are_those_of_the_trace(scene, svgs):
    codes = [words for words in texts(svgs["buckets"]) if re.fullmatch("[01]{3}", words)]
    trace = scene.trace
    wanted = [
        code_text(int(code), trace.planes)
        for t in range(T)
        for side in (trace.query_buckets, trace.key_buckets)
        for code in side[2, t]
    ]
    assert codes == wanted
    fills = re.findall(r'style="fill: (#[0-9a-f]{6}); stroke: #ffffff', svgs["buckets"])
    assert fills == [bucket_colour(int(code, 2), 3).lower() for code in wanted]


def test_why_names_the_pair_and_every_tables_codes(scene, svgs):
    query, key = example_pair(scene.trace, 2)
    assert not scene.trace.mask[2, query, key]
    said = " ".join(texts(svgs["why"]))
    assert f"Why query {query} may not attend to key {key}" in said
    reason = explain.pair(scene.trace, 2, query, key)
    rows = [explain.table_told(table) for table in reason.tables]
    for words in (explain.answer_told(reason), explain.turn_told(reason), *rows):
        assert " ".join(words.split()) in said, "in the words of the window"
    full = np.argwhere(scene.trace.mask[2])[-1]
    met = view_bytes(dataclasses.replace(scene, pair=tuple(map(int, full))), "why", "svg", PAGES["column"])
    assert "may attend to" in " ".join(texts(met.decode()))


def written_texts(figure):
    """Every text that is drawn, with its box in pixels; numbers of ticks outside their axes are not drawn."""
    figure.draw_without_rendering()
    outside = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for at, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False):
                if not low - 1e-9 <= at <= high + 1e-9 or not axes.axison:
                    outside.add(label)
    for text in figure.findobj(matplotlib.text.Text):
        if text.get_text() and text.get_visible() and text not in outside:
            yield text, text.get_window_extent()


@pytest.mark.parametrize("size", PAGES)
@pytest.mark.parametrize(
    ("shape", "names"),
    [
        ({"levels": 1, "blocks": 1, "heads": 1, "tables": 1}, VIEWS),
        ({"levels": 13, "blocks": 2, "heads": 4, "tables": 4, "planes": 8}, LAID_OUT),
        ({"levels": 5, "blocks": 1, "heads": 1, "tables": 16}, ("why",)),
    ],
    ids=("one level", "many planes", "many tables"),
)
def test_nothing_is_cut_or_smaller_than_the_page_says(make_analysis, size, shape, names):
    analysis = make_analysis(name="a rather long name of a clip from somewhere.mp4", **shape)
    scene, on = scene_of(analysis), dataclasses.replace(page(size), dpi=72)
    for name in names:
        with plain_style(), matplotlib.rc_context({"text.hinting": "none"}), warnings.catch_warnings():
            warnings.simplefilter("error")
            figure = VIEWS[name].draw(scene, on)
            found = list(written_texts(figure))
        width, height = figure.get_size_inches()
        assert width == pytest.approx(on.width)
        assert on.height is None or height == pytest.approx(on.height)
        for text, box in found:
            assert text.get_fontsize() >= on.small, (name, text)
            assert box.x0 >= -1, (name, text)
            assert box.y0 >= -1, (name, text)
            assert box.x1 <= width * on.dpi + 1, (name, text)
            assert box.y1 <= height * on.dpi + 1, (name, text)


def test_several_clips_are_a_row_each(make_analysis, tmp_path):
    analyses = [make_analysis(levels=n, blocks=1, heads=1, name=f"clip {n}.mp4") for n in (3, 9)]
    path = write_strips(analyses, PAGES["column"], tmp_path / "fig1.svg")
    svg = path.read_text("utf-8")
    assert len(parts(svg, "image")) == (2 + 3) + (2 + 6)
    assert {"clip 3.mp4", "clip 9.mp4", "onset", "apex", "AF 13"} <= set(texts(svg))
    with pytest.raises(SettingsError):
        strips_figure([], PAGES["column"])


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_the_file_itself_says_what_it_was_made_from(scene, tmp_path, kind):
    path = write_figure(scene, "fig4", PAGES["column"], tmp_path / f"a.{kind}")
    if kind == "svg":
        told = next(node.text for node in ElementTree.parse(path).iter() if node.tag.endswith("description"))
    elif kind == "png":
        with Image.open(path) as picture:
            assert picture.text["Comment"] == untrained("weights")
            assert picture.size[0] == round(84 / 25.4 * 300)
            told = picture.text["Description"]
    else:
        pdfium = pytest.importorskip("pypdfium2")
        told = pdfium.PdfDocument(path).get_metadata_value("Keywords")
    facts = json.loads(told)
    assert (facts["seed"], facts["hash_seed"], facts["apex_source"]) == (0, -1, "spotted by difference")
    assert facts["provenance"]["clip"]["name"] == "a <b> & $x$.mp4"
    assert facts["note"] == untrained("weights")


def test_the_same_scene_gives_the_same_bytes(scene):
    for kind in ("svg", "pdf"):
        first, second = (view_bytes(scene, "reach", kind, PAGES["slide"]) for _ in range(2))
        assert first == second


def test_weights_trained_on_synthetic_faces_are_said(make_analysis):
    analysis = make_analysis(levels=2, blocks=1, heads=1)
    weights = {"network": {"file": "n.safetensors", "sha256": "ab", "told": {"data": "synthetic faces"}}}
    trained = dataclasses.replace(analysis, trained=True, provenance={"weights": weights})
    said = texts(view_bytes(Scene(trained), "reading", "svg", PAGES["slide"]).decode())
    assert "Trained on synthetic faces" in said
    assert not any("Untrained" in words for words in said)


def test_colours_of_buckets_are_those_of_the_window():
    assert LIGHT.buckets == BUCKETS
    for planes in range(1, 9):
        for code in range(2**planes):
            assert bucket_colour(code, planes) == LIGHT.bucket(code, planes)
    assert LIGHT.buckets != DARK.buckets


def test_the_map_of_differences_is_that_of_the_window():
    assert LIGHT.difference_stops == DIFFERENCE_STOPS


def test_what_is_not_there_is_said(make_analysis, tmp_path):
    analysis = make_analysis(levels=2, blocks=1, heads=2)
    for chosen, words in (
        ({"block": 1}, "There is no block 2. There is 1 alone."),
        ({"head": 5}, "There is no head 6. They count from 1 to 2."),
        ({"pair": (0, 2)}, "There is no level 2. They count from 0 to 1."),
    ):
        with pytest.raises(SettingsError) as refused:
            Scene(analysis, **chosen)
        assert str(refused.value) == words
    with pytest.raises(SettingsError, match="no redraws"):
        view_bytes(Scene(analysis), "chance", "svg", PAGES["column"])
    with pytest.raises(SettingsError, match="no motion curve"):
        view_bytes(Scene(analysis), "motion", "svg", PAGES["column"])
    with pytest.raises(SettingsError, match="strip, strip-difference"):
        view_bytes(Scene(analysis), "spiral", "svg", PAGES["column"])
    with pytest.raises(SettingsError, match="column, slide"):
        page("poster")
    with pytest.raises(FileError, match="End its name"):
        write_figure(Scene(analysis), "fig4", PAGES["column"], tmp_path / "a.bmp")
    with pytest.raises(FileError, match="no such folder"):
        write_figure(Scene(analysis), "fig4", PAGES["column"], tmp_path / "none" / "a.svg")
