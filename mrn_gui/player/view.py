"""A frame on the stage: fitted, zoomed with the wheel, dragged; the face's box drawn on it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsPolygonItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from mrn_gui.theme import Theme

MOST_ZOOM = 40.0
LEAST_BOX = 8  # px of the frame: a smaller box is a click that slipped
PIXELS_FROM = 4.0  # from this many screen pixels for one of the frame's, they are shown as squares


class FrameView(QGraphicsView):
    """Shows one picture at a time and changes nothing of it.

    ``box_drawn`` tells x, y, width and height of a box that was drawn, in px of the frame.
    """

    box_drawn = Signal(float, float, float, float)
    drawing_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fitted = True
        scene = QGraphicsScene(self)
        self._picture = QGraphicsPixmapItem()
        self._boxes = [QGraphicsPolygonItem(), QGraphicsPolygonItem()]
        for item, (colour, width) in zip(self._boxes, (("#0F1216", 3), ("#FFFFFF", 1)), strict=True):
            pen = QPen(QColor(colour), width)
            pen.setCosmetic(True)
            item.setPen(pen)
            item.setOpacity(0.45 if width == 3 else 0.9)
            item.setVisible(False)
        scene.addItem(self._picture)
        for box in self._boxes:
            scene.addItem(box)
        self._drawn = QGraphicsRectItem()
        self._drawn.setVisible(False)
        scene.addItem(self._drawn)
        self._drawing = False
        self._corner: QPointF | None = None  # where a box was begun, px of the frame
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
        self.setToolTip("Wheel: zoom. Drag: move. Double click: fit.")
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
        for item in self._boxes:
            item.setVisible(corners is not None)
            if corners is not None:
                item.setPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in corners]))

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

    # -- the face's box ------------------------------------------------------------------------

    @property
    def drawing(self) -> bool:
        """Whether the next drag draws a box."""
        return self._drawing

    def start_drawing(self) -> None:
        """The next drag draws a box: ``box_drawn`` tells it."""
        self._drawing, self._corner = True, None
        self.setDragMode(QGraphicsView.DragMode.NoDrag)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.setFocus()
        self.drawing_changed.emit()

    def stop_drawing(self) -> None:
        """Draws no box; one that was begun is gone."""
        if self._drawing:
            self._drawing, self._corner = False, None
            self._drawn.setVisible(False)
            self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
            self.drawing_changed.emit()

    def _box_to(self, point: QPointF) -> QRectF:
        """The box from where the drag began to here, inside the frame, in whole pixels of it."""
        assert self._corner is not None
        drawn = QRectF(self._corner, self.frame_point(point)).normalized()
        inside = drawn.intersected(QRectF(self._picture.pixmap().rect()))
        return QRectF(inside.toAlignedRect().intersected(self._picture.pixmap().rect()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._drawing and event.button() == Qt.MouseButton.LeftButton:
            self._corner = self.frame_point(event.position())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._corner is not None:
            self._drawn.setRect(self._box_to(event.position()))
            self._drawn.setVisible(True)
        elif not self._drawing:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._corner is None:
            super().mouseReleaseEvent(event)
            return
        box = self._box_to(event.position())
        self._corner = None
        self._drawn.setVisible(False)
        if min(box.width(), box.height()) >= LEAST_BOX:
            self.stop_drawing()
            self.box_drawn.emit(box.x(), box.y(), box.width(), box.height())

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
        if self._drawing and event.key() == Qt.Key.Key_Escape:
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
        pen = QPen(self._theme.colour("selection"), 2)
        pen.setCosmetic(True)
        self._drawn.setPen(pen)
