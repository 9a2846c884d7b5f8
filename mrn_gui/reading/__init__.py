"""What the network reads in the clip."""

from mrn_gui.reading.panel import ReadingPanel

__all__ = ["ReadingPanel"]
