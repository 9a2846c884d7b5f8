"""The painted hash space."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QRegion
from PySide6.QtWidgets import QWidget

from mrn_core.network.projection import Axes, Cut, Projection, axes_of, parting, project
from mrn_core.result import Analysis
from mrn_gui import terms
from mrn_gui.attention.values import code_text
from mrn_gui.canvas import Canvas
from mrn_gui.hashing.codes import CODES_APART, codes_told, codes_width, paint_told
from mrn_gui.hashing.words import colours_words
from mrn_gui.hashspace import words as said
from mrn_gui.hashspace.geometry import HashSpaceGeometry
from mrn_gui.hashspace.labels import BAR_HIGH, HIGH, RING, Labels, undrawn
from mrn_gui.painting import CENTRE, text, width_of
from mrn_gui.panel import PADDING
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme

BOTTOM = 24.0  # px of the last line
FAINTEST = 0.25  # of a cut that is right by chance alone


class HashSpaceCanvas(Canvas):
    """Queries are discs, keys squares (where they differ), in the colour of their bucket.

    The last line names the codes of what has a ring: of the pinned place, else of what is pointed at.
    """

    marks_are_data = True

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self.axes: Axes = "spread"
        self._seen: tuple[tuple[object, ...], Projection] | None = None
        self._geometry: HashSpaceGeometry | None = None
        self._labels: Labels | None = None
        self.setAccessibleName("Hash space")

    def show_analysis(self, analysis: Analysis | None) -> None:
        self._seen = None
        if analysis is not None and self.axes not in axes_of(analysis.traces[0]):
            self.axes = "spread"
        super().show_analysis(analysis)

    def show_axes(self, axes: Axes) -> None:
        """Looks at another plane."""
        self.axes = axes
        self.renew()

    @property
    def seen(self) -> Projection:
        """What is drawn, worked out once for each block, head, table and plane."""
        wanted = (self.block, self.head, self.table, self.axes)
        if self._seen is None or self._seen[0] != wanted:
            self._seen = (wanted, project(self.trace, self.head, self.table, self.axes))
        return self._seen[1]

    @property
    def geometry_now(self) -> HashSpaceGeometry:
        """Where everything stands at the present size."""
        seen, field = self.seen, self.field()
        place = (field.x(), field.y(), field.width(), field.height())
        made = self._geometry
        if made is None or made.seen is not seen or (made.left, made.top, made.width, made.height) != place:
            made = self._geometry = HashSpaceGeometry(seen, *place, self.axes != "spread")
        return made

    @property
    def labels_now(self) -> Labels:
        """Where the names stand at the present size."""
        geometry, made = self.geometry_now, self._labels
        if made is None or made.geometry is not geometry:
            small, bold = self.theme.font(11), self.theme.font(11, 600)
            made = Labels(geometry, lambda words: width_of(words, small), lambda words: width_of(words, bold))
            self._labels = made
        return made

    def field(self) -> QRectF:
        """The frame around the points."""
        rect = QRectF(self.rect()).adjusted(PADDING, 2, -PADDING, -BOTTOM - 2)
        return QRectF(rect.x(), rect.y(), max(rect.width(), 20), max(rect.height(), 20))

    def place_at(self, point: QPointF) -> Place | None:
        level = self.geometry_now.level_at(point.x(), point.y())
        return None if level is None else Place.level(level)

    def tip_at(self, point: QPointF) -> str:
        """What is drawn, with the paper's term; at the last line, what stands there."""
        if self.analysis is None:
            return ""
        planes = self.trace.planes
        if point.y() > self.height() - BOTTOM:
            return "\n".join(filter(None, [terms.told("bucket"), colours_words(planes), said.CONE]))
        at, labels = (point.x(), point.y()), self.labels_now
        bar = self.geometry_now.bar
        if labels.bar is not None and bar is not None and QRectF(*labels.bar.rect).contains(point):
            return said.bar_words(bar[0])
        if labels.spread is not None and QRectF(*labels.spread.rect).contains(point):
            return said.SPREAD
        missing = said.undrawn_words(*undrawn(self.geometry_now))
        if labels.outside is not None and QRectF(*labels.outside.rect).contains(point):
            return missing
        if (cut := labels.cut_at(*at)) is not None and self.geometry_now.level_at(*at) is None:
            return said.cut_words(cut)
        told = [said.HASH_SPACE, said.LINES, said.SIGNS, colours_words(planes), missing]
        return "\n".join(filter(None, told))

    @property
    def parted(self) -> tuple[int, ...]:
        """The planes of the table that part the pair that is pinned, else pointed at."""
        return self.parted_of(self.place)

    def parted_of(self, place: Place | None) -> tuple[int, ...]:
        """The planes of the table that part a pair; none: no pair of this analysis, or one bucket."""
        if self.analysis is None or place is None or not place.is_pair:
            return ()
        if max(place.levels) >= len(self.analysis.levels):
            return ()
        return parting(self.trace, self.head, self.table, place.query, place.key)

    @property
    def place(self) -> Place | None:
        """What the words are about: the pinned place, else the one that is pointed at."""
        marks = self.marked_places()
        return marks[0][0] if marks else None

    # The picture

    def paint_data(self, p: QPainter) -> None:
        if self.analysis is None:
            p.fillRect(self.rect().adjusted(PADDING, 2, -PADDING, -8), self.theme.colour("sunk"))
            self.paint_waiting(p, QRectF(self.rect()))
            return
        geometry, theme = self.geometry_now, self.theme
        field = self.field()
        p.setPen(theme.colour("line"))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRect(field.adjusted(0.5, 0.5, -0.5, -0.5))
        p.save()
        p.setClipRect(field.adjusted(1, 1, -1, -1))
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        labels = self.labels_now
        self._paint_path(p, geometry)
        self._paint_cuts(p, labels)
        self._paint_points(p, geometry)
        self._paint_anchors(p, labels)
        names = [
            *(name for name, _, _ in labels.cuts),
            *(name for name in (labels.spread, labels.outside) if name),
        ]
        for name in [*names, *labels.numbers]:
            rect = QRectF(*name.rect)
            p.fillRect(rect, theme.colour("panel"))
            text(p, rect, name.words, theme.font(11), theme.colour("text2"), CENTRE)
        self._paint_bar(p, labels)
        p.restore()

    def _paint_bar(self, p: QPainter, labels: Labels) -> None:
        """What an angle measures here, where distances from an exact cut are angles."""
        bar, theme = self.geometry_now.bar, self.theme
        if labels.bar is None or bar is None:
            return
        rect, (x, y) = QRectF(*labels.bar.rect), labels.bar.at
        p.fillRect(rect, theme.colour("panel"))
        words = QRectF(rect.left(), rect.top(), rect.width(), HIGH)
        text(p, words, labels.bar.words, theme.font(11), theme.colour("text2"), CENTRE)
        p.setPen(QPen(theme.colour("text2"), 1.5))
        p.drawLine(QPointF(x, y), QPointF(x + bar[1], y))
        for end in (x, x + bar[1]):
            p.drawLine(QPointF(end, y - BAR_HIGH / 3), QPointF(end, y + BAR_HIGH / 3))

    def _paint_path(self, p: QPainter, geometry: HashSpaceGeometry) -> None:
        """From level to level: where the magnified frames wander, and where noise takes over."""
        p.setPen(QPen(self.theme.colour("line"), 1))
        p.drawPolyline(QPolygonF([QPointF(float(x), float(y)) for x, y in geometry.queries]))

    def _paint_cuts(self, p: QPainter, labels: Labels) -> None:
        """Full where it is the bit of every point; else dashed, and the fainter the fewer are right."""
        for _, line, cut in labels.cuts:
            colour = QColor(self.theme.colour("text2" if cut.holds else "text3"))  # the theme keeps its own
            colour.setAlphaF(strength(cut))
            pen = QPen(colour, 1.5 if cut.holds else 1.25)
            if not cut.holds:
                pen.setDashPattern([4, 3])
            p.setPen(pen)
            p.drawLine(QPointF(*line[0]), QPointF(*line[1]))

    def _paint_points(self, p: QPainter, geometry: HashSpaceGeometry) -> None:
        theme, trace = self.theme, self.trace
        radius = 3.5 if trace.levels <= 64 else 2.5
        p.setPen(QPen(theme.colour("panel"), 0.75))
        for points, codes, square in (
            (geometry.keys, trace.key_buckets, True),
            (geometry.queries, trace.query_buckets, False),
        ):
            if square and geometry.one_cloud:
                continue
            for (x, y), code in zip(points, codes[self.head, self.table], strict=True):
                p.setBrush(theme.colour(theme.palette.bucket(int(code), trace.planes)))
                at = QPointF(float(x), float(y))
                if square:
                    side = 2 * radius - 0.5
                    p.drawRect(QRectF(at.x() - side / 2, at.y() - side / 2, side, side))
                else:
                    p.drawEllipse(at, radius, radius)

    def _paint_anchors(self, p: QPainter, labels: Labels) -> None:
        theme = self.theme
        for name in labels.anchors:
            at = QPointF(*name.at)
            if name.words == "centre":
                p.setPen(QPen(theme.colour("text2"), 1.5))
                for way in (-1, 1):
                    p.drawLine(at + QPointF(-3.5, -3.5 * way), at + QPointF(3.5, 3.5 * way))
            else:
                p.setPen(QPen(theme.colour("text"), 2.5))
                p.drawLine(at - QPointF(6, 0), at + QPointF(6, 0))
                p.drawLine(at - QPointF(0, 6), at + QPointF(0, 6))
            rect = QRectF(*name.rect)
            p.fillRect(rect, theme.colour("panel"))
            text(p, rect, name.words, theme.font(11), theme.colour("text2"), CENTRE)

    # What is pointed at

    def _rings(self) -> list[tuple[QPointF, int, bool, QRectF]]:
        """Where a ring stands: the point, its level, whether it is the second, dashed one, and the number."""
        geometry, labels = self.geometry_now, self.labels_now
        made: list[tuple[QPointF, int, bool, QRectF]] = []
        for place, _, dashed in self.marked_places():
            ends = [(place.query, geometry.queries, False), (place.key, geometry.keys, True)]
            for level, points, key in ends:
                at = QPointF(float(points[level, 0]), float(points[level, 1]))
                if all((at - other).manhattanLength() >= 1 or dashed != d for other, _, d, _ in made):
                    made.append((at, level, dashed, QRectF(*labels.number(level, key))))
        return made

    def mark_region(self) -> QRegion:
        if self.analysis is None:
            return QRegion()
        region = QRegion(0, int(self.height() - BOTTOM), self.width(), int(BOTTOM) + 1)
        for at, _, _, number in self._rings():
            ring = QRectF(at.x() - RING - 3, at.y() - RING - 3, 2 * RING + 6, 2 * RING + 6)
            region |= QRegion(ring.toAlignedRect())
            region |= QRegion(number.adjusted(-3, -1, 3, 1).toAlignedRect())
        return region

    def paint_marks(self, p: QPainter) -> None:
        theme = self.theme
        colour = theme.colour("selection")
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        numbered = set()
        for at, level, dashed, number in self._rings():
            pen = QPen(colour, 2)
            if dashed:
                pen.setDashPattern([2, 1.5])
            p.setPen(pen)
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawEllipse(at, RING, RING)
            if (level, dashed) in numbered:
                continue
            numbered.add((level, dashed))
            p.fillRect(number.adjusted(-1, 1, 1, -1), theme.colour("panel"))
            text(p, number, str(level), theme.font(11, 600), colour, CENTRE)
        self._paint_words(p)

    def _paint_words(self, p: QPainter) -> None:
        theme, marks = self.theme, self.marked_places()
        rect = QRectF(PADDING, self.height() - BOTTOM + 2, self.width() - 2 * PADDING, BOTTOM - 4)
        if marks:
            trace, at = self.trace, (self.head, self.table)
            told = codes_told(trace, *at, marks[0][0], theme, rect.width())
            paint_told(p, theme, trace.planes, told, rect)
            beside = rect.adjusted(codes_width(told, theme) + 2 * CODES_APART, 0, 0, 0)
            if len(marks) > 1:
                self._paint_second(p, marks[1][0], beside)
            return
        words = said.cone_words(self.seen.cone)
        if width_of(words, theme.font(11)) > rect.width():
            words = said.cone_words(self.seen.cone, short=True)
        if repeated := colours_words(self.trace.planes, short=True):
            both = f"{words} · {repeated}"
            words = both if width_of(both, theme.font(11)) <= rect.width() else repeated
        if not self.geometry_now.one_cloud:
            signs = "● query ■ key"
            wide = width_of(signs, theme.font(11))
            if rect.width() >= wide + width_of(words, theme.font(11)) + 12:
                text(
                    p,
                    rect.adjusted(rect.width() - wide, 0, 0, 0),
                    signs,
                    theme.font(11),
                    theme.colour("text2"),
                )
        text(p, rect, words, theme.font(11), theme.colour("text3"))

    def _paint_second(self, p: QPainter, place: Place, rect: QRectF) -> None:
        """The codes of what has the dashed rings, behind such a ring, where there is room."""
        theme, trace = self.theme, self.trace
        at = self.head, self.table
        ends = [("q", place.query, trace.query_buckets[at]), ("k", place.key, trace.key_buckets[at])]
        codes = [(role, level, int(side[level])) for role, level, side in ends]
        if not place.is_pair and codes[0][2] == codes[1][2]:
            codes = [("level", place.query, codes[0][2])]
        told = [(f"{role} {level}", code, code_text(code, trace.planes)) for role, level, code in codes]
        if rect.width() < 16 + codes_width(told, theme):
            return
        pen = QPen(theme.colour("selection"), 1.5)
        pen.setDashPattern([2, 1.5])
        p.setPen(pen)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawEllipse(QPointF(rect.x() + 5, rect.center().y()), 4.5, 4.5)
        paint_told(p, theme, trace.planes, told, rect.adjusted(16, 0, 0, 0))


def strength(cut: Cut) -> float:
    """How visible a cut is, 0 to 1: whole where it is the bit of every point, least where it is right by
    chance."""
    return 1.0 if cut.holds else FAINTEST + (0.85 - FAINTEST) * max(0.0, 2 * cut.right - 1)
