"""Onset and apex whose motion, and whose exact magnified frames, are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mrn_core.errors import SettingsError

if TYPE_CHECKING:
    from mrn_core.datasets.synthetic import SyntheticClip

SIZE = 224
MOTIONS = (0.3, 0.6, 1.0, 2.0)
"""px, the largest motion in the rendered faces."""
NOISES = (0.0, 1.5, 4.0)
"""Standard deviation of the noise in the rendered frames, in grey levels."""
SHOWN = ("happiness", "disgust", "surprise", "repression", "sadness", "fear", "contempt", "tense")
"""The emotions of the rendered pairs, in turn."""
MOST = 4096
_FACE_MARGIN = 12  # px around the landmarks: the brows' skin belongs to the face


class Exact(NamedTuple):
    """What a perfect magnifier would give: ``frame`` (H, W, 3) without noise, values 0 to 255.

    ``field`` (H, W, 2) px with frame(x) = onset(x + field(x)); ``beyond``: the face is driven beyond
    its model's range there.
    """

    frame: NDArray[np.float32]
    field: NDArray[np.float32]
    beyond: bool


@dataclass(frozen=True, eq=False)
class KnownPair:
    """Two frames of a face, at 224 x 224, as a camera saw them, and what is true of them.

    Attributes:
        source: "demo" or "synthetic".
        number: of the pair in its source; the same face and motion with other noise has the same one.
        shows: what moves, in a word.
        motion: the largest motion, px, as asked; 0 for a face at rest twice.
        noise: standard deviation of the noise, grey levels.
        onset, apex: uint8 RGB.
        clean: the onset without noise, float32.
        field: (H, W, 2) float32 px, the true motion with apex(x) = onset(x + field(x)).
        mask: (H, W) bool, False where the onset does not show what the apex shows.
        face: (H, W) bool, the face.
        exact: gain -> the exact magnified frame.
    """

    source: str
    number: int
    shows: str
    motion: float
    noise: float
    onset: NDArray[np.uint8]
    apex: NDArray[np.uint8]
    clean: NDArray[np.float32]
    field: NDArray[np.float32]
    mask: NDArray[np.bool_]
    face: NDArray[np.bool_]
    exact: Callable[[float], Exact]

    @property
    def counted(self) -> NDArray[np.float32]:
        """``field`` with zeros where the mask is False: what a gain is measured with."""
        return np.where(self.mask[..., None], self.field, np.float32(0))


def demo_pairs() -> Iterator[KnownPair]:
    """The demo clip's onset and apex as the program crops them, and two of its frames at rest.

    The clean onset is the mean of the frames at rest; an exact frame is that, moved by the clip's own
    field times the gain (the paper's Eq. 1, read at the destination), which is how the clip was made.
    """
    import cv2

    from mrn_core.clip import open_clip
    from mrn_core.clip.demo import demo_clip_path, demo_truth
    from mrn_core.faces import crop, face_transform
    from mrn_core.magnification.warping import Continuous

    truth = demo_truth()
    transform = face_transform(truth.landmarks, SIZE)
    still = np.flatnonzero(truth.activation[: truth.onset + 1] == 0)
    with open_clip(demo_clip_path()) as clip:
        onset, apex = (crop(clip[frame], transform) for frame in (truth.onset, truth.apex))
        # The frames at rest differ in noise alone.
        resting = np.stack([crop(clip[int(frame)], transform) for frame in still])
    clean = resting.mean(axis=0).astype(np.float32)
    read = cv2.warpAffine(truth.field, transform.matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
    field = np.ascontiguousarray(read @ np.asarray(transform.matrix, np.float32)[:, :2].T, np.float32)
    moving = Continuous(clean)
    everything = np.ones((SIZE, SIZE), bool)
    pair = KnownPair(
        source="demo",
        number=0,
        shows="smile and brows",
        motion=round(float(np.hypot(field[..., 0], field[..., 1]).max()), 2),
        noise=round(float(resting.astype(np.float32).std(axis=0, ddof=1).mean()), 2),
        onset=onset,
        apex=apex,
        clean=clean,
        field=field,
        mask=everything,
        face=face_area(transform.to_crop(truth.landmarks)),
        exact=lambda gain: Exact(moving.moved(field, gain), np.float32(gain) * field, False),
    )
    yield pair
    # Far from the onset in time: neighbours share what the codec copied.
    yield at_rest(pair, resting[0])


def synthetic_pairs(
    count: int = 8,
    seed: int = 0,
    motions: tuple[float, ...] = MOTIONS,
    noises: tuple[float, ...] = NOISES,
) -> Iterator[KnownPair]:
    """Rendered pairs of seeded people who never lived: each with every noise, and each at rest twice.

    Person, emotion, light, pose and expression follow from the seed and the pair's number; the motions
    are taken in turn. The head keeps still between the two frames. An exact frame is the head rendered
    with the apex's expression times the gain, without noise.

    Raises:
        SettingsError: the count or the seed is out of its range.
    """
    from mrn_core.datasets.synthetic import HeadMotion, identity, sample_clip

    if not 1 <= count <= MOST:
        raise SettingsError(f"{count} pairs cannot be measured.", f"Ask for 1 to {MOST}.", "pairs")
    if seed < 0:
        raise SettingsError(f"A seed of {seed} is negative.", "Give a whole number from 0 on.", "seed")
    for number in range(count):
        own = seed * MOST + number
        clip = sample_clip(
            own,
            identity(own),
            # The motions' turn is 4: shifted every other time, so that no emotion keeps one motion.
            SHOWN[(number + number // len(SHOWN)) % len(SHOWN)],
            peak_px=motions[number % len(motions)],
            distractors=False,
            noise=0,
        )
        clip = replace(clip, head=HeadMotion(rest=clip.head.rest))
        yield from _rendered(clip, number, motions[number % len(motions)], noises)


def _rendered(
    clip: SyntheticClip, number: int, motion: float, noises: tuple[float, ...]
) -> Iterator[KnownPair]:
    from mrn_core.datasets.synthetic import Sensor

    known: dict[float, Exact] = {}

    def exact(gain: float) -> Exact:
        if gain not in known:
            made = clip.magnified(gain - 1.0)
            known[gain] = Exact(made.frame.astype(np.float32), made.displacement, bool(made.beyond))
        return known[gain]

    truth, clean = clip.truth(clip.apex), clip.clean_frame(clip.onset)
    face = face_area(clip.landmarks(clip.onset))
    for noise in noises:
        noisy = replace(clip, sensor=Sensor(read_noise=noise))
        pair = KnownPair(
            source="synthetic",
            number=number,
            shows=clip.emotion,
            motion=motion,
            noise=noise,
            onset=noisy.render_frame(clip.onset),
            apex=noisy.render_frame(clip.apex),
            clean=clean,
            field=truth.displacement,
            mask=truth.mask,
            face=face,
            exact=exact,
        )
        yield pair
        yield at_rest(pair, noisy.render_frame(clip.onset - 1))


def at_rest(pair: KnownPair, again: NDArray[np.uint8]) -> KnownPair:
    """The pair's onset, and the face ``again`` with nothing moved but the noise."""
    nothing = np.zeros_like(pair.field)
    clean = pair.clean
    return replace(
        pair,
        shows="rest",
        motion=0.0,
        apex=again,
        field=nothing,
        mask=np.ones_like(pair.mask),
        exact=lambda gain: Exact(clean, nothing, False),
    )


def face_area(landmarks: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(224, 224) bool: what 68 points enclose, and 12 px around it."""
    import cv2

    hull = cv2.convexHull(np.rint(landmarks).astype(np.int32))
    area = np.zeros((SIZE, SIZE), np.uint8)
    cv2.fillConvexPoly(area, hull, 1)
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _FACE_MARGIN + 1,) * 2)
    return np.asarray(cv2.dilate(area, reach)) > 0
