"""What stands in each place of the strip: the frame, its difference to the onset, or its flow."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPolygonF

from mrn_core.level_views import Differences, difference_pictures, motion_arrows
from mrn_core.result import Analysis
from mrn_gui.attention.values import rgb
from mrn_gui.painting import pixmap_of
from mrn_gui.strip.model import grey_over, greyed
from mrn_gui.theme import Theme

Mode = Literal["frames", "difference", "flow"]
MODES: tuple[Mode, ...] = ("frames", "difference", "flow")
FRAME_SIDE = 224  # px, as computed
_FAINT = 0.35  # of the frame under its arrows


class LevelPictures:
    """Pixmaps of all levels in one mode, scaled once and kept."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.frames: dict[int, npt.NDArray[np.uint8]] = {}
        self.mode: Mode = "frames"
        self._analysis: Analysis | None = None
        self._differences: Differences | None = None
        self._kept: dict[tuple[int, bool], QPixmap] = {}
        self._kept_for: tuple[int, float] = (0, 0.0)

    def take(self, analysis: Analysis | None) -> None:
        """All frames of an analysis, or none yet; another hash over the same frames keeps their pixmaps."""
        before, self._analysis = self._analysis, analysis
        if analysis is not None and before is not None and analysis.frames is before.frames:
            return
        self.frames = {} if analysis is None else dict(enumerate(analysis.frames))
        self._differences = None
        self.forget()

    def put(self, level: int, frame: npt.NDArray[np.uint8]) -> None:
        """One more frame is made: (H, W, 3) uint8."""
        self.frames[level] = frame
        for greyed_too in (False, True):
            self._kept.pop((level, greyed_too), None)

    def set_mode(self, mode: Mode) -> None:
        """Draws them another way."""
        self.mode = mode
        self.forget()

    def forget(self) -> None:
        """Draws them anew when they are next asked for."""
        self._kept.clear()

    @property
    def scale_of_difference(self) -> float | None:
        """Grey levels that black and white stand for in the mode "difference"."""
        if self._analysis is None:
            return None
        if self._differences is None:
            self._differences = difference_pictures(self._analysis.frames, self._analysis.onset)
        return self._differences.full

    def pixmap(self, level: int, side: int, scale: float, zeroed: bool) -> QPixmap:
        """One level, ``side`` logical pixels wide, greyed when it is zeroed."""
        if self._kept_for != (side, scale):
            self.forget()
            self._kept_for = (side, scale)
        if (level, zeroed) not in self._kept:
            picture = self._picture(level)
            made = pixmap_of(greyed(picture, self._theme.palette) if zeroed else picture)
            across = round(side * scale)
            made = made.scaled(
                across,
                across,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            made.setDevicePixelRatio(scale)
            if self.mode == "flow" and self._analysis is not None:
                self._draw_arrows(made, level, side / FRAME_SIDE)
            self._kept[level, zeroed] = made
        return self._kept[level, zeroed]

    def _picture(self, level: int) -> npt.NDArray[np.uint8]:
        frame = self.frames[level]
        if self._analysis is None or self.mode == "frames":
            return frame
        if self.mode == "difference":
            assert self.scale_of_difference is not None
            assert self._differences is not None
            return np.repeat(self._differences.pictures[level][..., None], 3, axis=-1)
        return grey_over(frame, _FAINT, rgb(self._theme.palette.panel))

    def _draw_arrows(self, pixmap: QPixmap, level: int, unit: float) -> None:
        assert self._analysis is not None
        shown = float(self._analysis.gains[level])
        arrows = motion_arrows(self._analysis.flow, shown, _squares(unit * FRAME_SIDE))
        p = QPainter(pixmap)
        try:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = self._theme.colour("primary")
            p.setBrush(colour)
            for x, y, dx, dy in (arrows * unit).tolist():
                p.setPen(QPen(colour, 1))
                p.drawLine(QLineF(x, y, x + dx, y + dy))
                _draw_head(p, x + dx, y + dy, dx, dy)
        finally:
            p.end()


def _squares(side: float) -> int:
    """How many arrows stand beside one another in a frame of this width: about one in 10 px, at most 14."""
    return max(6, min(14, int(side // 9)))


def _draw_head(p: QPainter, x: float, y: float, dx: float, dy: float) -> None:
    """The point of an arrow, at most 4 px long."""
    length = float(np.hypot(dx, dy))
    size = min(4.0, length / 2)
    if size < 1:
        return
    back_x, back_y = -dx / length * size, -dy / length * size
    p.setPen(Qt.PenStyle.NoPen)
    left = QPointF(x + back_x - back_y / 2, y + back_y + back_x / 2)
    right = QPointF(x + back_x + back_y / 2, y + back_y - back_x / 2)
    p.drawPolygon(QPolygonF([QPointF(x, y), left, right]))
