"""Fonts, colours and icons of the program's own, in both themes."""

import re

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage

from mrn_core.resources import resource
from mrn_gui import icons
from mrn_gui.palette import PALETTES, contrast
from mrn_gui.stylesheet import style_sheet
from mrn_gui.theme import Theme


@pytest.mark.parametrize("weight", [400, 500, 600])
@pytest.mark.parametrize("size", [11, 12, 13, 15, 20])
def test_figures_have_one_width_in_the_programs_own_font(theme, size, weight):
    font = theme.font(size, weight)
    assert QFontInfo(font).family() == "Inter"
    assert QFontInfo(font).weight() == weight
    metrics = QFontMetricsF(font)
    assert len({metrics.horizontalAdvance(figure * 4) for figure in "0123456789"}) == 1


def test_bucket_codes_have_the_code_font(theme):
    font = theme.font(12, mono=True)
    assert QFontInfo(font).family() == "JetBrains Mono"
    assert QFontMetricsF(font).horizontalAdvance("i") == QFontMetricsF(font).horizontalAdvance("W")


def test_fonts_and_colours_are_kept(theme):
    assert theme.font(12, 600) is theme.font(12, 600)
    assert theme.colour("text") is theme.colour("text")


def test_a_change_is_told_once_and_followed(theme, qapp, qtbot):
    told = []
    theme.changed.connect(lambda: told.append(theme.name))
    theme.set("light")
    assert told == []
    theme.set("dark")
    assert told == ["dark"]
    assert theme.colour("panel") == QColor(PALETTES["dark"].panel)
    assert qapp.palette().window().color() == QColor(PALETTES["dark"].panel)
    theme.set(theme.other)
    assert qapp.palette().windowText().color() == QColor(PALETTES["light"].text)


def test_a_written_colour_is_itself(theme):
    assert theme.colour("#0A141E") == QColor(10, 20, 30)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_style_sheet_names_only_colours_of_its_palette(name):
    palette = PALETTES[name]
    known = {value for value in vars(palette).values() if isinstance(value, str)}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", style_sheet(palette))) <= known


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("way", ["up", "down"])
def test_the_arrows_of_fields_have_the_palettes_colour(name, way):
    svg = resource("icons", f"arrow-{way}-{name}.svg").read_text()
    assert PALETTES[name].text2 in svg


@pytest.mark.parametrize("name", ["light", "dark"])
def test_words_on_coloured_ground_can_be_read(name):
    p = PALETTES[name]
    pairs = [
        (p.text2, p.panel),
        (p.text3, p.panel),
        (p.text3, p.sunk),
        (p.error, p.panel),
        (p.primary, p.panel),
    ]
    pairs += [(p.primary_text, p.primary), (p.caution, p.caution_ground), (p.text, p.primary_soft)]
    pairs += [(p.text2, p.hover), (p.selection_text, p.selection), (p.primary, p.sunk), (p.primary, p.panel)]
    assert all(contrast(ink, ground) >= 4.5 for ink, ground in pairs)


def test_an_icon_is_drawn_in_the_colour_and_size_asked_for(qapp):
    picture = icons.pixmap("play", "#C8400B", 16, 2.0)
    assert (picture.width(), picture.devicePixelRatio()) == (32, 2.0)
    image = picture.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    inked = [
        image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255
    ]
    assert inked
    assert {colour.name() for colour in inked} == {"#c8400b"}


def test_every_icon_can_be_drawn_and_has_a_licence(qapp):
    files = sorted(resource("icons").glob("*.svg"))
    assert (resource("icons") / "LICENSE").is_file()
    for file in files:
        image = icons.pixmap(file.stem, "#000000").toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16)), file.stem


def test_the_fonts_have_their_licences():
    folder = resource("fonts")
    for family in ("Inter", "JetBrainsMono"):
        assert "SIL Open Font License" in (folder / f"LICENSE-{family}.txt").read_text(encoding="utf-8")
    assert sum(file.stat().st_size for file in folder.glob("*.ttf")) < 600_000


def test_the_theme_names_are_two(qapp):
    assert Theme("dark").name == "dark"
    with pytest.raises(KeyError):
        Theme("green")


def test_in_steps_the_windows_show_the_old_theme_until_the_new_one_is_whole(window, theme, qtbot):
    told = []
    theme.changed.connect(lambda: told.append(window.updatesEnabled()))
    before = window.grab().toImage()
    window.dressing.toggle()
    assert theme.name == "dark"
    assert window.dressing.busy
    assert not window.updatesEnabled()
    qtbot.waitUntil(lambda: not window.dressing.busy)
    assert told == [False]
    assert window.updatesEnabled()
    assert window.grab().toImage() != before
    window.dressing.toggle()
    window.dressing.toggle()  # the first is taken to its end
    assert len(told) == 2
    window.dressing.finish()
    assert (theme.name, len(told)) == ("dark", 3)
    window.dressing.toggle()
    window.dressing.finish()
    assert window.grab().toImage() == before


def test_a_step_that_fails_leaves_no_window_standing_still(window, theme, monkeypatch):
    def broken(_name):
        raise RuntimeError("a step broke")
        yield

    monkeypatch.setattr(theme, "steps", broken)
    with pytest.raises(RuntimeError, match="a step broke"):
        window.dressing.toggle()
    assert window.updatesEnabled()
    assert not window.dressing.busy
    monkeypatch.undo()
    window.dressing.toggle()
    window.dressing.finish()
    assert theme.name == "dark"
