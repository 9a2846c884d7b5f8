"""Faces: detection, 68 landmarks, the aligned crop."""

from mrn_core.face_reading import FaceQuality
from mrn_core.faces.alignment import CropTransform, crop, face_transform, whole_transform
from mrn_core.faces.detection import backends, detect_faces, face_backend
from mrn_core.faces.face import Face, FaceBackend
from mrn_core.faces.pair import CroppedPair, FaceChoice, crop_pair, find_face
from mrn_core.faces.quality import face_quality
from mrn_core.faces.rigid import head_shift, refined_transform, rigid_motion_px

__all__ = [
    "CropTransform",
    "CroppedPair",
    "Face",
    "FaceBackend",
    "FaceChoice",
    "FaceQuality",
    "backends",
    "crop",
    "crop_pair",
    "detect_faces",
    "face_backend",
    "face_quality",
    "face_transform",
    "find_face",
    "head_shift",
    "refined_transform",
    "rigid_motion_px",
    "whole_transform",
]
