"""What people mark on clips, where it is kept, and how it leaves for ELAN."""

from mrn_core.annotation.eaf import Span, Tier, eaf_bytes, read_eaf
from mrn_core.annotation.marks import (
    Landmarks,
    MarkedFace,
    Marks,
    MarkStore,
    Recent,
    data_folder,
    face_choice,
    marked_box,
    marked_landmarks,
)

__all__ = [
    "Landmarks",
    "MarkStore",
    "MarkedFace",
    "Marks",
    "Recent",
    "Span",
    "Tier",
    "data_folder",
    "eaf_bytes",
    "face_choice",
    "marked_box",
    "marked_landmarks",
    "read_eaf",
]
