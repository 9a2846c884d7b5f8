"""A frame on the stage: fitted, zoomed with the wheel, dragged; the face shown and corrected on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget

from mrn_gui.painting import chip, width_of
from mrn_gui.player.overlay import Landmarks, Outline, Points
from mrn_gui.player.tools import BoxTool, ChooseTool, PointsTool, Tool
from mrn_gui.theme import Theme

MOST_ZOOM = 40.0
_CHIP_BESIDE = 26  # px: a chip's ground beside its words, and its distance from both edges
_TIP = "Wheel: zoom. Drag: move. Double click: fit."
PIXELS_FROM = 4.0  # from this many screen pixels for one of the frame's, they are shown as squares

Note = tuple[Sequence[str], bool]
"""The same words in full and in ever fewer letters, of which the first that has room is shown; and whether
they are a caution."""


class FrameView(QGraphicsView):
    """Shows one picture at a time and changes nothing of it.

    ``box_drawn`` tells x, y, width and height of a box that was drawn, in px of the frame; ``face_picked``
    the face that was clicked; ``points_moved`` the (68, 2) landmarks after one was dragged.
    """

    box_drawn = Signal(float, float, float, float)
    face_picked = Signal(int)
    points_moved = Signal(object)
    drawing_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fitted = True
        scene = QGraphicsScene(self)
        self._picture = QGraphicsPixmapItem()
        scene.addItem(self._picture)
        self._box = Outline(scene)
        self._landmarks = Landmarks()
        scene.addItem(self._landmarks)
        self.tool: Tool | None = None
        self._notes: list[Note] = []
        self.setMouseTracking(True)
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setAcceptDrops(False)  # the whole window takes drops
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.setToolTip(_TIP)
        theme.changed.connect(self._dress)
        self._dress()

    def show_picture(self, image: QImage | None) -> None:
        """Shows a frame; another size is fitted anew."""
        pixmap = QPixmap() if image is None else QPixmap.fromImage(image)
        changed = pixmap.size() != self._picture.pixmap().size()
        self._picture.setPixmap(pixmap)
        if changed:
            self.scene().setSceneRect(QRectF(pixmap.rect()))
            self.fit()

    def show_box(self, corners: list[tuple[float, float]] | None) -> None:
        """Draws where the face is cut out: four corners in pixels of the frame, or nothing."""
        self._box.show(corners)

    def show_landmarks(self, points: Points | None) -> None:
        """Draws (68, 2) landmarks, px of the frame, or nothing."""
        self._landmarks.show_points(points)

    def show_notes(self, notes: Sequence[Note], tip: str = "") -> None:
        """A few words each on a chip in the corner, the first the uppermost.

        ``tip``: all that is known of the face, over the help on the pointer.
        """
        self._notes = list(notes)
        self.setToolTip(f"{tip}\n{_TIP}" if tip else _TIP)
        self.viewport().update()

    def drawForeground(self, p: QPainter, rect: QRectF | QRect) -> None:
        if not self._notes:
            return
        p.save()
        p.resetTransform()
        y = self.viewport().height() - 6.0
        font, room = self._theme.font(11, 600), self.viewport().width() - _CHIP_BESIDE
        for choice, caution in reversed(self._notes):
            words = next((words for words in choice if width_of(words, font) <= room), choice[-1])
            ground = chip(p, QPointF(6, y), words, self._theme, "caution" if caution else "dark")
            y -= ground.height() + 2
        p.restore()

    @property
    def zoom(self) -> float:
        """Screen pixels for one pixel of the frame."""
        return self.transform().m11()

    def fit(self) -> None:
        """The whole frame, as large as it goes."""
        self._fitted = True
        if not self._picture.pixmap().isNull():
            self.fitInView(self._picture, Qt.AspectRatioMode.KeepAspectRatio)
        self._choose_sampling()

    def frame_point(self, point: QPointF) -> QPointF:
        """The place in the frame, in its pixels, under a place in the view."""
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(point)

    # -- correcting the face -------------------------------------------------------------------

    @property
    def drawing(self) -> bool:
        """Whether the pointer corrects the face instead of moving the frame."""
        return self.tool is not None

    def start_drawing(self) -> None:
        """The next drag draws a box: ``box_drawn`` tells it."""
        frame, ink = QRectF(self._picture.pixmap().rect()), self._theme.colour("selection")
        self._take(BoxTool(self.scene(), frame, ink, self.box_drawn.emit))

    def start_choosing(self, boxes: Sequence[Sequence[float]], chosen: int) -> None:
        """Shows boxes (x, y, w, h): the next click on one is told by ``face_picked``."""
        ink = self._theme.colour("selection")
        self._take(ChooseTool(self.scene(), boxes, chosen, ink, self.face_picked.emit))

    def start_moving(self, points: Points) -> None:
        """Landmarks can be dragged, until ``stop_drawing``: ``points_moved`` tells each drag."""
        ink = self._theme.colour("selection")
        self._take(PointsTool(self.scene(), points, ink, self.points_moved.emit))
        self._landmarks.setVisible(False)

    def stop_drawing(self) -> None:
        """The pointer moves the frame again; what was begun is gone."""
        if self.tool is not None:
            self.tool.remove()
            self.tool = None
            self._landmarks.setVisible(self._landmarks.points is not None)
            self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
            self.drawing_changed.emit()

    def _take(self, tool: Tool) -> None:
        self.stop_drawing()
        self.tool = tool
        self.setDragMode(QGraphicsView.DragMode.NoDrag)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.setFocus()
        self.drawing_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.tool is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.tool.press(self.frame_point(event.position()), 1 / self.zoom, _group(event))
        self._end_tool()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.tool is None:
            super().mouseMoveEvent(event)
        else:
            self.tool.move(self.frame_point(event.position()), 1 / self.zoom, _group(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.tool is None:
            super().mouseReleaseEvent(event)
        else:
            self.tool.release(self.frame_point(event.position()))
            self._end_tool()

    def _end_tool(self) -> None:
        if self.tool is not None and self.tool.over:
            self.stop_drawing()

    def sizeHint(self) -> QSize:
        return QSize(240, 135)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 80)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = 1.2 ** (event.angleDelta().y() / 120)
        least = self._fitting_zoom()
        goal = min(max(self.zoom * factor, least), MOST_ZOOM)
        if goal <= least * 1.001:
            self.fit()
        elif self.zoom > 0:
            self._fitted = False
            self.scale(goal / self.zoom, goal / self.zoom)
            self._choose_sampling()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.drawing and event.key() == Qt.Key.Key_Escape:
            self.stop_drawing()
            return
        event.ignore()  # arrows step through the frames instead of scrolling

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()

    def _fitting_zoom(self) -> float:
        size, room = self._picture.pixmap().size(), self.viewport().size()
        if size.isEmpty():
            return 1.0
        return min(room.width() / size.width(), room.height() / size.height())

    def _choose_sampling(self) -> None:
        smooth = self.zoom * self.devicePixelRatioF() < PIXELS_FROM
        mode = (
            Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
        )
        self._picture.setTransformationMode(mode)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)

    def _dress(self) -> None:
        self.setBackgroundBrush(self._theme.colour("stage"))


def _group(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
