"""Faces: detection, 68 landmarks, the aligned crop."""

from mrn_core.face_reading import FaceQuality
from mrn_core.faces.alignment import CropTransform, crop, face_transform, whole_transform
from mrn_core.faces.detection import backends, detect_faces, face_backend
from mrn_core.faces.face import Face, FaceBackend
from mrn_core.faces.pair import CroppedPair, FaceChoice, crop_pair, find_face
from mrn_core.faces.quality import face_quality
from mrn_core.faces.rigid import motion_between, refined_transform, rigid_motion, rigid_motion_px
from mrn_core.faces.shift import head_shift
from mrn_core.head_motion import RigidMotion

__all__ = [
    "CropTransform",
    "CroppedPair",
    "Face",
    "FaceBackend",
    "FaceChoice",
    "FaceQuality",
    "RigidMotion",
    "backends",
    "crop",
    "crop_pair",
    "detect_faces",
    "face_backend",
    "face_quality",
    "face_transform",
    "find_face",
    "head_shift",
    "motion_between",
    "refined_transform",
    "rigid_motion",
    "rigid_motion_px",
    "whole_transform",
]
