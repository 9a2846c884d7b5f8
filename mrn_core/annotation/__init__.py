"""What people mark on clips, and where it is kept."""

from mrn_core.annotation.marks import MarkedFace, Marks, MarkStore, Recent, data_folder

__all__ = ["MarkStore", "MarkedFace", "Marks", "Recent", "data_folder"]
