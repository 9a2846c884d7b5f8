"""A clip: the frames of a video file or of a folder of pictures, by number."""

from mrn_core.clip.base import Clip
from mrn_core.clip.numbering import check_frame, frame_index
from mrn_core.clip.opening import PICTURE_SUFFIXES, VIDEO_SUFFIXES, open_clip

__all__ = ["PICTURE_SUFFIXES", "VIDEO_SUFFIXES", "Clip", "check_frame", "frame_index", "open_clip"]
