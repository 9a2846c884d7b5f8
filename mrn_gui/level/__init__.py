"""One level large, beside the onset or the apex."""

from mrn_gui.level.panel import LevelPanel

__all__ = ["LevelPanel"]
