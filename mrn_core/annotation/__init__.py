"""What people mark on clips, and where it is kept."""

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
    "data_folder",
    "face_choice",
    "marked_box",
    "marked_landmarks",
]
