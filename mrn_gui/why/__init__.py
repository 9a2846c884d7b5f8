"""Why a cell is full or empty, and where a level is zeroed or silent."""

from mrn_gui.why.panel import WhyPanel

__all__ = ["WhyPanel"]
