"""Clips drawn from a seed."""

from __future__ import annotations

import numpy as np

from mrn_core.datasets.synthetic.camera import Camera, Light, Pose
from mrn_core.datasets.synthetic.clip import SyntheticClip
from mrn_core.datasets.synthetic.course import MICRO, sample_course
from mrn_core.datasets.synthetic.expression import Expression, sample_expression
from mrn_core.datasets.synthetic.head import Head, head_of
from mrn_core.datasets.synthetic.motion import HeadMotion, sample_distractors, sample_head_motion
from mrn_core.datasets.synthetic.pack import head_pack
from mrn_core.datasets.synthetic.people import Identity
from mrn_core.datasets.synthetic.render import place
from mrn_core.datasets.synthetic.sensor import Sensor, sample_sensor
from mrn_core.errors import SettingsError

REFERENCE = 224
"""The side of the picture for which ``peak_px`` is meant."""
_SMALLEST, _LARGEST = 0.3, 2.0
_TRIAL = 0.01


def sample_clip(
    seed: int,
    identity: Identity,
    emotion: str,
    *,
    kind: str = MICRO,
    peak_px: float | None = None,
    duration: float | None = None,
    size: int | tuple[int, int] = REFERENCE,
    fps: float = 200.0,
    sway: float = 1.0,
    distractors: bool = True,
    noise: float | None = None,
    gray: bool = False,
    light: Light | None = None,
) -> SyntheticClip:
    """A clip of one person and one emotion, drawn from a seed.

    Args:
        seed: any whole number from 0 on.
        identity: who; see :func:`people.identity` and :func:`people.manifest`.
        emotion: one of EMOTIONS; "others" draws among sadness, fear, contempt and tense.
        kind: "micro" or "macro".
        peak_px: the largest motion in the face at the apex, in pixels of a 224 x 224 picture; drawn from
            0.3 to 2 where None (8 to 14 for a macro-expression).
        duration: from onset to offset in seconds; drawn where None.
        size: the picture's side, or (width, height); the face scales with the smaller one.
        fps: frames per second.
        sway: head motion, 1 as a person who sits still, 0 none (then the head looks straight ahead).
        distractors: whether blinks, glances and moving lips may occur.
        noise: of the camera at mid grey, in grey levels; drawn where None; 0 is a perfect camera:
            no noise, blur, flicker and drift.
        gray: a camera without colour.
        light: drawn where None.

    Raises:
        SettingsError: an unknown emotion or kind, or a value out of its range.
    """
    width, height = (size, size) if isinstance(size, int) else size
    if min(width, height) < 32:
        raise SettingsError("A picture is at least 32 pixels wide and high.", field="size")
    if peak_px is not None and not 0 < peak_px <= 30:
        raise SettingsError("The largest motion is above 0, at most 30 pixels.", field="peak_px")
    rng = np.random.default_rng([seed, 0xC11])
    if peak_px is None:
        drawn = float(np.exp(rng.uniform(np.log(_SMALLEST), np.log(_LARGEST))))
        peak_px = round(drawn if kind == MICRO else 8 + 6 * rng.random(), 3)
    camera = Camera(width=width, height=height, face=Camera().face * min(width, height) / REFERENCE)
    course = sample_course(seed, kind, duration)
    return SyntheticClip(
        person=identity,
        expression=to_peak(sample_expression(seed, emotion), head_of(identity), peak_px),
        course=course,
        camera=camera,
        light=sample_light(seed) if light is None else light,
        sensor=Sensor(gray=gray) if noise == 0 else sample_sensor(seed, noise, gray),
        head=sample_head_motion(seed, sway) if sway > 0 else HeadMotion(),
        distractors=sample_distractors(seed, course.count(fps) / fps) if distractors else (),
        fps=float(fps),
        seed=int(seed),
    )


def sample_light(seed: int) -> Light:
    """A key light from somewhere in front, drawn from a seed."""
    rng = np.random.default_rng([seed, 0x116])
    draws = rng.uniform(size=5)
    return Light(
        azimuth=round(float(-45 + 90 * draws[0]), 2),
        elevation=round(float(15 + 35 * draws[1]), 2),
        key=round(float(0.62 + 0.22 * draws[2]), 3),
        fill=round(float(0.06 + 0.16 * draws[3]), 3),
        ambient=round(float(0.27 + 0.14 * draws[4]), 3),
        warmth=round(float(rng.uniform(-0.5, 0.8)), 3),
    )


def to_peak(expression: Expression, head: Head, peak_px: float) -> Expression:
    """The expression scaled so that its largest motion in the face is ``peak_px`` at 224 x 224."""
    camera, still = Camera(), np.zeros(len(head_pack().units.names))
    rest = place(head, still, Pose(), camera)
    moved = place(head, _TRIAL * expression.weights(), Pose(), camera)
    face = (head_pack().masks["face"] > 0.5) & (rest.vertices[:, 2] > head.vertices[:, 2].max() - 1.2)
    largest = np.linalg.norm((moved.screen - rest.screen)[face, :2], axis=1).max() / _TRIAL
    scaled = expression.scaled(peak_px / float(largest))
    return Expression(
        scaled.emotion,
        scaled.mixture,
        tuple(type(unit)(unit.number, unit.side, round(unit.weight, 6)) for unit in scaled.units),
    )
