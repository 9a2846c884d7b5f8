"""The table of levels by heads: which are zeroed, beside what chance gives."""

from mrn_gui.table.panel import LevelTablePanel

__all__ = ["LevelTablePanel"]
