"""Makes the second demo clip, resources/demo2: a rendered face whose truth is exact.

python scripts/make_rendered_demo.py
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from mrn_core.datasets.synthetic import Camera, Course, Light, Sensor, SyntheticClip, identity, write_clip
from mrn_core.datasets.synthetic.expression import ActionUnit, Expression
from mrn_core.datasets.synthetic.head import head_of
from mrn_core.datasets.synthetic.sampling import to_peak

OUT = Path(__file__).resolve().parents[1] / "resources" / "demo2"
SEED, WHO, SIDE, PEAK = 20260202, 26, 320, 1.0


def clip() -> SyntheticClip:
    """A smile of one pixel at 224, 85 ms up; the head is still, the eyes stay open."""
    person = identity(WHO)
    shown = Expression(
        "happiness",
        "happiness",
        (ActionUnit(12, "L", 1.0), ActionUnit(12, "R", 0.85), ActionUnit(6, "B", 0.7)),
    )
    camera = Camera(width=SIDE, height=SIDE, face=Camera().face * SIDE / 224)
    return SyntheticClip(
        person=person,
        expression=to_peak(shown, head_of(person), PEAK),
        course=Course(
            before=0.15, rise=0.085, hold=0.02, fall=0.115, after=0.12, rise_power=0.9, fall_power=1.2
        ),
        camera=camera,
        light=Light(azimuth=-32, elevation=28, key=0.85, fill=0.12, ambient=0.26, warmth=0.15),
        sensor=Sensor(read_noise=0.8, shot_noise=0.008, blur=0.4),
        fps=200.0,
        seed=SEED,
    )


def main() -> None:
    cv2.setNumThreads(1)
    OUT.mkdir(parents=True, exist_ok=True)
    made = clip()
    with TemporaryDirectory() as folder:
        truth = write_clip(made, Path(folder), "mp4")
        for source, name in ((truth, "rendered.json"), (truth.parent / "clip.mp4", "rendered.mp4")):
            (OUT / name).write_bytes(source.read_bytes())
    print(f"{len(made)} frames, onset {made.onset}, apex {made.apex}, offset {made.offset}")


if __name__ == "__main__":
    main()
