"""Faces that never lived, whose motion is known exactly.

``sample_clip(seed, identity(7), "happiness")`` describes a clip; ``clip.render_frame(i)``,
``clip.truth(i)`` and ``clip.magnified(af)`` make frames and truth from the description;
``write_clip(clip, folder)`` makes files. Equal seeds give equal bits. The heads are MakeHuman's
(resources/heads/README.md).
"""

from mrn_core.datasets.synthetic.camera import Camera, Light, Pose
from mrn_core.datasets.synthetic.clip import FrameTruth, Magnified, SyntheticClip
from mrn_core.datasets.synthetic.course import Course, sample_course
from mrn_core.datasets.synthetic.expression import (
    EMOTIONS,
    ActionUnit,
    Expression,
    out_of_range,
    sample_expression,
)
from mrn_core.datasets.synthetic.motion import Distractor, HeadMotion
from mrn_core.datasets.synthetic.people import SPLITS, Identity, identity, manifest, split_of
from mrn_core.datasets.synthetic.sampling import sample_clip
from mrn_core.datasets.synthetic.sensor import Sensor, sample_sensor
from mrn_core.datasets.synthetic.writing import TRUTH_NAME, Written, read_truth, write_clip

__all__ = [
    "EMOTIONS",
    "SPLITS",
    "TRUTH_NAME",
    "ActionUnit",
    "Camera",
    "Course",
    "Distractor",
    "Expression",
    "FrameTruth",
    "HeadMotion",
    "Identity",
    "Light",
    "Magnified",
    "Pose",
    "Sensor",
    "SyntheticClip",
    "Written",
    "identity",
    "manifest",
    "out_of_range",
    "read_truth",
    "sample_clip",
    "sample_course",
    "sample_expression",
    "sample_sensor",
    "split_of",
    "write_clip",
]
