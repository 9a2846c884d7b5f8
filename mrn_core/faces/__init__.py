"""Faces: detection, 68 landmarks, the aligned crop."""

from mrn_core.face_reading import FaceQuality
from mrn_core.faces.alignment import NEUTRAL, CropTransform, crop, face_transform, whole_transform
from mrn_core.faces.choosing import Sameness, fills_picture, proposed_face, sameness
from mrn_core.faces.detection import backends, detect_faces, face_backend
from mrn_core.faces.face import Face, FaceBackend
from mrn_core.faces.finding import FaceChoice, FoundFace, look_for_face
from mrn_core.faces.pair import CroppedPair, crop_pair
from mrn_core.faces.quality import face_quality, quality_warnings
from mrn_core.faces.rigid import motion_between, refined_transform, rigid_motion, rigid_motion_px
from mrn_core.faces.shift import head_shift
from mrn_core.head_motion import RigidMotion

__all__ = [
    "NEUTRAL",
    "CropTransform",
    "CroppedPair",
    "Face",
    "FaceBackend",
    "FaceChoice",
    "FaceQuality",
    "FoundFace",
    "RigidMotion",
    "Sameness",
    "backends",
    "crop",
    "crop_pair",
    "detect_faces",
    "face_backend",
    "face_quality",
    "face_transform",
    "fills_picture",
    "head_shift",
    "look_for_face",
    "motion_between",
    "proposed_face",
    "quality_warnings",
    "refined_transform",
    "rigid_motion",
    "rigid_motion_px",
    "sameness",
    "whole_transform",
]
