"""The magnified frames of all levels, side by side."""

from mrn_gui.strip.view import LevelStrip

__all__ = ["LevelStrip"]
