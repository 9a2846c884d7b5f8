"""The figures and files of one analysis."""

import csv
import dataclasses
import io
import json
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import matplotlib.backends.backend_agg
import matplotlib.image
import numpy as np
import pytest

from mrn_core.errors import FileError
from mrn_core.figures import (
    NAMES,
    attention_figure,
    check_folder,
    outputs,
    rendering,
    sequence_figure,
    write_outputs,
)
from mrn_core.figures.style import MAP_STOPS, MASKED, NO_NAME, colour_map, provenance_line, shown
from mrn_core.result import Analysis
from mrn_core.worth import untrained
from mrn_gui.palette import LIGHT

CHINESE = "微表情 一.mp4"


def texts(figure):
    """Everything that is written on a figure."""
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text) if text.get_text()]


def pixel(figure, axes, x, y):
    """The drawn colour (3,) uint8 at a place of these axes, in data coordinates."""
    drawn = matplotlib.image.imread(io.BytesIO(outputs.drawn(figure, "png")))
    column, row = axes.transData.transform((x, y)) / figure.dpi * rendering.DPI
    return np.rint(drawn[drawn.shape[0] - 1 - int(row), int(column), :3] * 255).astype(int)


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])


@pytest.fixture(scope="module")
def written(tmp_path_factory, make_analysis):
    analysis = make_analysis(levels=6, blocks=2, heads=4, name=CHINESE)
    folder = tmp_path_factory.mktemp("out") / "new" / "folder"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return analysis, write_outputs(analysis, folder)


def test_all_files_are_written_and_nothing_else(written):
    _, paths = written
    assert tuple(paths) == NAMES
    folder = paths["analysis.json"].parent
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)


def test_json_is_strict_and_has_the_exact_name(written):
    analysis, paths = written
    told = json.loads(paths["analysis.json"].read_text("utf-8"), parse_constant=pytest.fail)
    assert told["provenance"]["clip"]["name"] == CHINESE
    assert told == json.loads(json.dumps(analysis.numbers()))
    assert told["note"] == untrained("all")


def test_npz_is_the_analysis(written):
    analysis, paths = written
    loaded = Analysis.load(paths["analysis.npz"])
    np.testing.assert_array_equal(loaded.traces[1].weights, analysis.traces[1].weights)


def test_table_has_the_numbers_of_each_level(written):
    analysis, paths = written
    rows = list(csv.DictReader(io.StringIO(paths["levels.csv"].read_text("utf-8"))))
    assert [int(row["level"]) for row in rows] == list(range(6))
    assert float(rows[5]["af"]) == 13
    assert float(rows[5]["gain"]) == 14
    for i, row in enumerate(rows):
        assert float(row["beta"]) == pytest.approx(float(analysis.scores[i]), rel=1e-6)
        for b, trace in enumerate(analysis.traces):
            column = trace.mask[:, :, i].copy()
            column[:, i] = False
            assert float(row[f"block{b + 1}_reach"]) == pytest.approx(column.sum(1).mean() / 5)
            assert int(row[f"block{b + 1}_zeroed_heads"]) == (column.sum(1) == 0).sum()
            asked = trace.mask[:, i, :].copy()
            asked[:, i] = False
            assert int(row[f"block{b + 1}_silent_heads"]) == (asked.sum(1) == 0).sum()
            given = np.where(np.arange(6) == i, 0, trace.weights[:, :, i])
            assert float(row[f"block{b + 1}_received"]) == pytest.approx(given.sum(1).mean() / 5, rel=1e-5)


def test_one_level_is_written_with_empty_cells(make_analysis, tmp_path):
    paths = write_outputs(make_analysis(levels=1, blocks=1, heads=2), tmp_path)
    row = next(csv.DictReader(io.StringIO(paths["levels.csv"].read_text("utf-8"))))
    assert (row["af"], row["block1_reach"], row["block1_received"]) == ("2", "", "")
    told = json.loads(paths["analysis.json"].read_text("utf-8"), parse_constant=pytest.fail)
    assert told["levels"][0]["reach"] == [None]


def test_svg_keeps_text_as_text_and_cells_as_vectors(written):
    analysis, paths = written
    root = ElementTree.fromstring(paths["attention.svg"].read_bytes())
    said = ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("}text")]
    assert "block 2 head 4" in said
    assert untrained("weights") in said
    # One closed square for each allowed cell.
    fields = [node for node in root.iter() if node.tag.endswith("}path") and node.get("clip-path")]
    squares = sum(node.get("d", "").count("z") for node in fields)
    assert squares == sum(int(trace.mask.sum()) for trace in analysis.traces)


def test_many_levels_are_one_picture_a_head(make_analysis, monkeypatch):
    monkeypatch.setattr("mrn_core.figures.attention.VECTOR_CELLS", 100)
    drawn = outputs.drawn(attention_figure(make_analysis(levels=16, blocks=1, heads=2)), "svg")
    assert drawn.count(b"<image") >= 2
    assert b">block 1 head 2</text>" in drawn


def test_the_same_analysis_gives_the_same_bytes(make_analysis):
    for kind in ("png", "svg"):
        first, second = (outputs.drawn(attention_figure(make_analysis(levels=4)), kind) for _ in range(2))
        assert first == second


def test_every_figure_says_untrained_until_it_is_trained(make_analysis):
    analysis = make_analysis(levels=3, blocks=1, heads=2)
    for make, shows in ((sequence_figure, "strip"), (attention_figure, "weights")):
        assert untrained(shows) in texts(make(analysis))
        assert not any(
            "ntrained" in text for text in texts(make(dataclasses.replace(analysis, trained=True)))
        )


def test_every_figure_says_what_made_it(make_analysis):
    analysis = make_analysis(levels=3, blocks=1, heads=2)
    for make in (sequence_figure, attention_figure):
        line = next(text for text in texts(make(analysis)) if "seed 0" in text).replace("\n", " ")
        for part in ("made up.mp4", "onset 1", "apex 5", "lagrangian", "3 planes", "2 tables"):
            assert part in line


@pytest.mark.parametrize("levels", [1, 12, 32])
def test_nothing_that_is_written_leaves_the_figure(make_analysis, levels):
    analysis = make_analysis(levels=levels, blocks=1, heads=1, name="long " * 40 + "name.mp4")
    for make in (sequence_figure, attention_figure):
        figure = make(analysis)
        matplotlib.backends.backend_agg.FigureCanvasAgg(figure).draw()
        for text in figure.findobj(matplotlib.text.Text):
            if text.get_text() and text.get_visible():
                box = text.get_window_extent()
                assert box.x0 >= 0, text
                assert box.y0 >= 0, text
                assert box.x1 <= figure.bbox.x1, text
                assert box.y1 <= figure.bbox.y1, text


def test_sequence_writes_level_af_and_gain_under_each_frame(make_analysis):
    said = texts(sequence_figure(make_analysis(levels=3, blocks=1, heads=2)))
    assert "2  AF 13.00" in said
    assert any(text.startswith("gain 14.00") for text in said)


def test_sequence_marks_zeroed_levels_and_greys_one_that_no_head_reads(make_analysis):
    analysis = make_analysis(levels=4, blocks=1, heads=2)
    mask = np.ones((2, 4, 4), bool)
    mask[:, :, 2] = np.eye(4, dtype=bool)[2]  # key 2: only its own query, in both heads
    mask[0, :, 1] = np.eye(4, dtype=bool)[1]  # key 1: the same in one head
    frames = np.zeros_like(analysis.frames)
    frames[..., 0] = 255
    trace = dataclasses.replace(analysis.traces[0], mask=mask)
    figure = sequence_figure(dataclasses.replace(analysis, traces=(trace,), frames=frames))
    said = texts(figure)
    assert any("zeroed 2/2" in text for text in said)
    assert any("zeroed 1/2" in text for text in said)
    colours = [pixel(figure, axes, 112, 112) for axes in figure.axes]
    assert [tuple(colours[i]) for i in (0, 1, 3)] == [(255, 0, 0)] * 3
    assert colours[2][0] == colours[2][1] == colours[2][2] > 150


def test_attention_draws_masked_small_and_large_cells_apart(make_analysis):
    analysis = make_analysis(levels=4, blocks=1, heads=1)
    weights = np.zeros((1, 4, 4), np.float32)
    mask = np.zeros((1, 4, 4), bool)
    mask[0, 1] = True
    weights[0, 1] = [1, 0, 0, 0]  # times four allowed keys: beyond the scale's top
    trace = dataclasses.replace(analysis.traces[0], weights=weights, mask=mask)
    figure = attention_figure(dataclasses.replace(analysis, traces=(trace,)))
    axes = figure.axes[0]
    assert tuple(pixel(figure, axes, 0.5, 0.5)) == tuple(rgb(MASKED))
    assert tuple(pixel(figure, axes, 0.5, 1.5)) == tuple(rgb(MAP_STOPS[-1]))
    assert tuple(pixel(figure, axes, 2.5, 1.5)) == tuple(rgb(MAP_STOPS[0]))
    assert tuple(pixel(figure, axes, 1.5, 0.5)) == tuple(rgb(MASKED))


def test_masked_is_no_colour_of_the_map():
    table = colour_map()(np.arange(256))[:, :3] * 255
    assert np.abs(table - rgb(MASKED)).max(axis=1).min() > 20


def test_colours_are_those_of_the_window():
    assert LIGHT.map_stops == MAP_STOPS
    assert LIGHT.sunk == MASKED
    drawn = np.rint(colour_map()(np.arange(256))[:, :3] * 255)
    assert np.abs(drawn - LIGHT.map_table()).max() <= 10  # mixed in sRGB here, in CIELAB there


def test_a_name_without_glyphs_becomes_a_neutral_label(written):
    analysis, _ = written
    assert shown(CHINESE) == NO_NAME
    assert shown("O'Brien é $x$.mp4") == "O'Brien é $x$.mp4"
    assert provenance_line(analysis).startswith(NO_NAME)


def test_a_name_with_dollars_is_no_formula(make_analysis):
    figure = attention_figure(make_analysis(levels=3, blocks=1, heads=1, name="a$\\frac$b.mp4"))
    assert b"a$\\frac$b.mp4" in outputs.drawn(figure, "svg")


def test_figures_leave_the_users_settings_alone_and_do_not_follow_them(make_analysis):
    analysis = make_analysis(levels=3, blocks=1, heads=1)
    plain = outputs.drawn(attention_figure(analysis), "png")
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "figure.facecolor": "black"}):
        before = dict(matplotlib.rcParams)
        assert outputs.drawn(attention_figure(analysis), "png") == plain
        assert dict(matplotlib.rcParams) == before


def test_drawing_needs_no_pyplot():
    code = (
        "import sys; sys.path.insert(0, 'tests'); from conftest import made_up_analysis as make\n"
        "from mrn_core.figures import outputs, attention_figure\n"
        "outputs.drawn(attention_figure(make(levels=2, blocks=1, heads=1)), 'svg')\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_in_a_files_place_is_refused_before_anything_is_written(make_analysis, tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(FileError, match=name.replace(".", r"\.")):
        write_outputs(make_analysis(levels=2, blocks=1, heads=1), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("place", ["file", "file/deeper"])
def test_a_file_in_the_folders_place_is_refused(tmp_path, place):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(FileError, match=r"not a folder|Not a directory"):
        check_folder(tmp_path / place)
    assert (tmp_path / "file").read_text() == "kept"


def test_checking_makes_nothing(tmp_path):
    check_folder(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_denied_and_too_long_are_errors_in_words(make_analysis, tmp_path, monkeypatch):
    with pytest.raises(FileError, match="cannot be written"):
        check_folder(tmp_path / ("x" * 300))
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(FileError, match="not allowed"):
        check_folder(tmp_path)


def test_a_write_that_fails_half_way_leaves_no_folder(make_analysis, tmp_path, monkeypatch):
    def full(path, write):
        if Path(path).name == "attention.png":
            raise FileError(f"{path} cannot be written: No space left on device.", "Make room there.")
        with Path(path).open("wb") as file:
            write(file)

    monkeypatch.setattr(outputs, "write_whole", full)
    with pytest.raises(FileError, match="No space"):
        write_outputs(make_analysis(levels=2, blocks=1, heads=1), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_written_again_over_itself(make_analysis, tmp_path):
    write_outputs(make_analysis(levels=2, blocks=1, heads=1), tmp_path)
    paths = write_outputs(make_analysis(levels=3, blocks=1, heads=1), tmp_path)
    assert len(Analysis.load(paths["analysis.npz"]).levels) == 3
    assert len(list(tmp_path.iterdir())) == len(NAMES)


def test_a_file_name_that_is_no_unicode_is_still_json():
    assert json.loads(outputs.as_json({"name": "a\udcff.mp4"}), parse_constant=pytest.fail) == {
        "name": "a\udcff.mp4"
    }
