"""What the views paint, measured in a grab and compared with the arrays of an analysis alone.

Run by test_attention_scale.py, in a process for each scale of the display.
"""

import math
from dataclasses import replace

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from mrn_gui.attention import AttentionView, HeadsGrid
from mrn_gui.hashing import BucketPanel
from mrn_gui.hashspace import HashSpacePanel
from mrn_gui.level import LevelPanel
from mrn_gui.palette import SCALE_TOP
from mrn_gui.reading import ReadingPanel
from mrn_gui.selection import Place, Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.why import WhyPanel

SIZES = {
    LevelStrip: (1567, 298),
    HeadsGrid: (266, 703),
    AttentionView: (703, 703),
    WhyPanel: (600, 340),
    BucketPanel: (361, 560),
    HashSpacePanel: (361, 385),
    ReadingPanel: (236, 385),
    LevelPanel: (352, 340),
}


def hexed(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])


class Shot:
    """A grab of a widget, asked at logical points; a picture of nothing that is set is never taken."""

    def __init__(self, widget):
        image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        self.scale = image.devicePixelRatio()
        flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        self.pixels = flat[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)

    def at(self, x, y):
        return self.pixels[int(y * self.scale), int(x * self.scale)]

    def is_(self, x, y, colour, off=0):
        return bool((np.abs(self.at(x, y) - hexed(colour)) <= off).all())

    def along(self, x0, x1, y, colour):
        """The logical places between ``x0`` and ``x1`` that have a colour, in the row of ``y``."""
        a, b = round(x0 * self.scale), round(x1 * self.scale)
        found = (self.pixels[int(y * self.scale), a:b] == hexed(colour)).all(-1)
        return (np.flatnonzero(found) + a) / self.scale

    def down(self, x, y0, y1, colour):
        """The same in the column of ``x``."""
        a, b = round(y0 * self.scale), round(y1 * self.scale)
        found = (self.pixels[a:b, int(x * self.scale)] == hexed(colour)).all(-1)
        return (np.flatnonzero(found) + a) / self.scale


class Check:
    """The views of one analysis on one selection: its last block and head, and its first table."""

    def __init__(self, analysis, drawn, theme, scale):
        steps = np.linspace(30, 230, len(analysis.levels)).astype(np.uint8)  # a grey for each level
        frames = np.broadcast_to(steps[:, None, None, None], analysis.frames.shape).copy()
        self.analysis, self.steps = replace(analysis, frames=frames), steps
        self.drawn, self.theme, self.scale = drawn, theme, scale
        self.views = []  # kept, as a window would
        self.block, self.head, self.table = len(analysis.traces) - 1, analysis.traces[0].heads - 1, 0
        self.trace, self.levels = analysis.traces[self.block], len(analysis.levels)
        self.signs = (self.trace.zeroed() | self.trace.silent())[self.head]
        self.slack = 2 + 1.5 / scale  # px that a tick or a rounded edge may hide
        mask = self.trace.mask[self.head]
        others = mask.sum(0) - mask.diagonal()
        self.reach = others / (self.levels - 1)
        self.chance = drawn[self.block].reach[self.head]
        self.compared = 0

    def shown(self, cls, analysis=None):
        trace = self.trace
        selection = Selection()
        selection.set_shape(len(self.analysis.traces), trace.heads, trace.levels, trace.tables)
        selection.choose(self.block, self.head, self.table)
        view = cls(selection, self.theme)
        view.resize(*SIZES[cls])
        view.show_analysis(analysis or self.analysis)
        if hasattr(view, "set_chance"):
            view.set_chance(self.drawn)
        view.show()
        self.views.append(view)
        QApplication.processEvents()
        return view

    def bucket(self, code):
        return self.theme.palette.bucket(int(code), self.trace.planes)

    def equal(self, found, wanted, slack, what):
        self.compared += 1
        assert abs(found - wanted) <= slack, (what, self.scale, found, wanted)

    def is_(self, shot, x, y, colour, what):
        self.compared += 1
        assert shot.is_(x, y, colour), (what, self.scale, shot.at(x, y), colour)

    def everything(self):
        for part in (
            self.matrix, self.heads, self.strip, self.buckets, self.why, self.reading, self.hash_space,
            self.level,
        ):  # fmt: skip
            part()
        return self.compared

    # -- the views -----------------------------------------------------------------------------

    def matrix(self):
        view = self.shown(AttentionView)
        for by in ("level", "bucket"):
            view.matrix.show_as(by=by)
            shot, geometry = Shot(view.matrix), view.matrix.geometry_now
            queries, keys = (np.arange(self.levels), np.arange(self.levels))
            if by == "bucket":
                codes = self.trace.query_buckets, self.trace.key_buckets
                queries, keys = (np.argsort(c[self.head, self.table], kind="stable") for c in codes)
            self._strips(shot, geometry, queries, keys)
            self._bars(shot, geometry, keys)
            self._colour_bar(shot, geometry)

    def _strips(self, shot, geometry, queries, keys):
        tables = [*[t for t in range(self.trace.tables) if t != self.table][:3], self.table]
        tops, lefts = (geometry.strip_rects(len(tables), side) for side in ("top", "left"))
        for table, top, left in zip(tables, tops, lefts, strict=True):
            for place in range(self.levels):
                x, y, width, height = geometry.cell_rect(place, place)
                code = self.trace.key_buckets[self.head, table, keys[place]]
                self.is_(shot, x + width / 2, top[1] + top[3] / 2, self.bucket(code), ("key strip", table))
                code = self.trace.query_buckets[self.head, table, queries[place]]
                self.is_(
                    shot, left[0] + left[2] / 2, y + height / 2, self.bucket(code), ("query strip", table)
                )

    def _bars(self, shot, geometry, keys):
        palette, beta = self.theme.palette, self.analysis.scores.astype(float)
        for values, row, ticks in (
            (self.reach, geometry.reach_row, self.chance),
            (beta, geometry.beta_row, None),
        ):
            most = max(values.max(), 0 if ticks is None else ticks.max())
            top = max(0.1, math.ceil(most * 10 - 1e-6) / 10)
            _, y, _, height = row
            for place, level in enumerate(keys):
                x, _, width, _ = geometry.cell_rect(0, place)
                if width < 12 and self.signs[level]:
                    continue  # its ring covers the bar
                across = x + (2.5 if width >= 12 else width / 2)
                grey = shot.down(across, y - 2, y + height + 2, palette.bar)
                tall = y + height - grey.min() if len(grey) else 0.0
                self.equal(tall, values[level] / top * height, self.slack, ("bar", place))
                if ticks is not None:
                    tick = shot.down(across, y - 2, y + height + 2, palette.text)
                    wanted = y + height * (1 - ticks[level] / top)
                    self.equal(tick.mean() + 0.5 / self.scale, wanted, 1.5, ("tick", place))

    def _colour_bar(self, shot, geometry):
        x, y, width, height = geometry.colour_bar
        table = self.theme.palette.map_table().astype(int)
        for share in (0.03, 0.25, 0.5, 0.75, 0.97):
            found, place = shot.at(x + width / 2, y + height * (1 - share)), round(share * 255)
            near = np.abs(table[place - 4 : place + 5] - found).sum(-1)
            self.equal(near.min(), 0, 2, ("colour bar", share))

    def heads(self):
        canvas = self.shown(HeadsGrid).canvas
        shot, geometry = Shot(canvas), canvas.geometry_now
        table, sunk = self.theme.palette.map_table().astype(int), hexed(self.theme.palette.sunk)
        side = round(geometry.square * self.scale)
        if side % self.levels:
            return  # its pixels are means of several cells
        step = side // self.levels
        inside = np.arange(self.levels) * step + step // 2
        edge = 3 * self.scale
        free = (inside > edge) & (inside < side - edge)
        ring = 20 * self.scale
        for block, trace in enumerate(self.analysis.traces):
            for head in range(trace.heads):
                x, y, _, _ = (round(v * self.scale) for v in geometry.rect(block, head))
                found = shot.pixels[np.ix_(y + inside, x + inside)]
                mask = trace.mask[head]
                scaled = trace.weights[head].astype(float) * mask.sum(1, keepdims=True)
                places = np.clip(scaled / SCALE_TOP, 0, 1) * 255
                low, high = (table[np.clip(np.rint(places + d), 0, 255).astype(int)] for d in (-0.02, 0.02))
                right = np.where(
                    mask, (found == low).all(-1) | (found == high).all(-1), (found == sunk).all(-1)
                )
                known = free[:, None] & free[None, :]
                if (trace.zeroed() | trace.silent())[head].any():
                    known &= ~((inside < ring)[:, None] & (inside > side - ring)[None, :])
                assert right[known].all(), ("small multiple", block, head, self.scale)
                self.compared += int(known.sum())

    def strip(self):
        canvas, palette = self.shown(LevelStrip).canvas, self.theme.palette
        shot, geometry = Shot(canvas), canvas.geometry_now
        for level in range(self.levels):
            x, y, width, height = geometry.edge(level)
            code = self.trace.key_buckets[self.head, self.table, level]
            self.is_(shot, x + width / 2, y + height / 2, self.bucket(code), ("edge", level))
            x, y, width, height = geometry.bar(level)
            grey = shot.along(x, x + width, y + height / 2, palette.text3)
            long = grey.max() + 1 / self.scale - x if len(grey) else 0.0
            self.equal(long, self.reach[level] * width, self.slack, ("reach", level))
            tick = shot.along(x - 1, x + width + 1, y + height / 2, palette.text)
            self.equal(tick.mean() + 0.5 / self.scale, x + width * self.chance[level], 1.5, ("chance", level))
            if not self.trace.zeroed()[self.head, level]:
                x, y, side, _ = geometry.frame(level)
                self.equal(shot.at(x + side / 2, y + side / 2)[0], self.steps[level], 0, ("frame", level))

    def buckets(self):
        canvas = self.shown(BucketPanel).canvas
        shot, geometry = Shot(canvas), canvas.geometry_now
        for table in range(self.trace.tables):
            for level in range(geometry.top_level, geometry.top_level + geometry.shown):
                for key, codes in ((False, self.trace.query_buckets), (True, self.trace.key_buckets)):
                    x, y, width, height = geometry.cell(table, level, key)
                    colour = self.bucket(codes[self.head, table, level])
                    self.is_(shot, x + width / 2, y + height / 2, colour, ("bucket", table, level, key))

    def why(self):
        view, palette = self.shown(WhyPanel), self.theme.palette
        query, key = self.levels - 2, 1
        view.selection.hover(Place(query, key))
        shot, geometry = Shot(view.canvas), view.canvas.geometry_now
        for place, row in enumerate(view.canvas.rows_shown()):
            _, y, _, height = geometry.row(place)
            for left, codes, level in zip(
                geometry.columns,
                (self.trace.query_buckets, self.trace.key_buckets),
                (query, key),
                strict=False,
            ):
                colour = self.bucket(codes[self.head, row.table, level])
                self.is_(shot, left + 5, y + height / 2, colour, ("code", row.table))
        for place, level in enumerate((query, key)):
            x, y, side, _ = geometry.portrait(place)
            self.equal(shot.at(x + side / 2, y + side / 2)[0], self.steps[level], 0, ("portrait", level))
        view.selection.hover(Place.level(3))
        shot, reach = Shot(view.canvas), self.analysis.reach()
        for row, cells in enumerate(view.canvas.grid_shown()):
            for column, cell in enumerate(cells):
                x, y, width, _ = geometry.grid_cell(row, column, len(cells))
                grey = shot.along(x + 4, x + width - 4, y + 17.5, palette.text3)
                long = grey.max() + 1 / self.scale - x - 4 if len(grey) else 0.0
                wanted = reach[cell.block, cell.head, 3] * (width - 8)
                self.equal(long, wanted, self.slack, ("reach in a head", cell.block, cell.head))
                tick = shot.along(x + 2, x + width - 2, y + 15, palette.text)
                if len(tick) and not (cell.zeroed or cell.silent):
                    by_chance = x + 4 + (width - 8) * self.drawn[cell.block].reach[cell.head, 3]
                    self.equal(tick.mean() + 0.5 / self.scale, by_chance, 1.5, ("its chance", cell.head))

    def reading(self):
        canvas = self.shown(ReadingPanel, replace(self.analysis, trained=True)).canvas
        shot, ink = Shot(canvas), hexed(self.theme.palette.primary)
        wide = (shot.pixels == ink).all(-1).sum(1)
        starts = np.flatnonzero((wide > 0) & (np.roll(wide, 1) == 0))
        chances = sorted(self.analysis.probabilities.values(), reverse=True)
        assert len(starts) == len(chances), (len(starts), self.scale)
        unit = wide[starts[0]] / chances[0]
        for start, chance in zip(starts, chances, strict=True):
            self.equal(wide[start + 2] / self.scale, unit * chance / self.scale, 1.5, ("probability", chance))

    def hash_space(self):
        canvas = self.shown(HashSpacePanel).canvas
        shot, points = Shot(canvas), canvas.geometry_now.queries
        every = canvas.geometry_now.points
        known = {tuple(hexed(colour)) for colour in self.theme.palette.buckets}
        right = 0
        for level, (x, y) in enumerate(points):
            near = np.hypot(*(every - (x, y)).T)
            if (near < 9).sum() > (2 if canvas.geometry_now.one_cloud else 1):
                continue  # another point covers it
            found = tuple(shot.at(x, y))
            wanted = tuple(hexed(self.bucket(self.trace.query_buckets[self.head, self.table, level])))
            assert found == wanted or found not in known, ("point", level, self.scale)
            right += found == wanted
        assert right >= 1, ("no point stands alone", self.scale)
        self.compared += right

    def level(self):
        view = self.shown(LevelPanel)
        view._take("off")
        for level in (0, self.levels // 2, self.levels - 1):
            view.selection.hover(Place.level(level))
            x, y, side, _ = view.canvas.geometry_now.picture
            grey = Shot(view.canvas).at(x + side / 2, y + side / 2)[0]
            self.equal(grey, self.steps[level], 0, ("level", level))
