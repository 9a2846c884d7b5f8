"""Questions asked of many settings or many clips at once."""

from .sweep import Axes, Case, sweep

__all__ = ["Axes", "Case", "sweep"]
