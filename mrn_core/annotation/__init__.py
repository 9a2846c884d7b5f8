"""What people mark on clips, and where it is kept."""

from mrn_core.annotation.marks import Marks, MarkStore, Recent, data_folder

__all__ = ["MarkStore", "Marks", "Recent", "data_folder"]
