"""A clip of a made-up face, described by numbers alone: frames and truth are made when asked for."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.camera import Camera, Light, Pose
from mrn_core.datasets.synthetic.course import Course
from mrn_core.datasets.synthetic.displacement import displacement
from mrn_core.datasets.synthetic.expression import ActionUnit, Expression, out_of_range
from mrn_core.datasets.synthetic.head import Head, head_of
from mrn_core.datasets.synthetic.motion import Distractor, HeadMotion, distracted
from mrn_core.datasets.synthetic.pack import head_pack
from mrn_core.datasets.synthetic.people import Identity
from mrn_core.datasets.synthetic.raster import CENTRE, rasterise
from mrn_core.datasets.synthetic.render import Placed, light_of, place
from mrn_core.datasets.synthetic.sensor import Sensor
from mrn_core.errors import SettingsError

_MOVES = 0.5  # pixels; less than this a unit beyond its range does no harm


@dataclass(frozen=True, eq=False)
class FrameTruth:
    """What is true of one frame.

    Attributes:
        frame: its index.
        time: in seconds.
        activation: the share of the apex's expression, 0 to 1.
        action_units: the expression's units at this frame.
        units: face unit -> weight, of expression and distractors together, where not 0.
        pose: where the head is.
        landmarks: ``(68, 2)`` float64, x and y in pixels.
        displacement: ``(H, W, 2)`` float32 in pixels: frame(x) = onset(x + displacement(x)).
        mask: ``(H, W)`` bool, False where the onset shows no such point: see
            :func:`displacement.displacement`.
    """

    frame: int
    time: float
    activation: float
    action_units: tuple[ActionUnit, ...]
    units: dict[str, float]
    pose: Pose
    landmarks: NDArray[np.float64]
    displacement: NDArray[np.float32]
    mask: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Magnified:
    """The exact magnified frame.

    Attributes:
        af: the amplification factor; the activation grows from onset to apex times 1 + af.
        frame: ``(H, W, 3)`` uint8, without noise.
        displacement, mask: as in :class:`FrameTruth`, from the onset to this frame.
        beyond: face unit -> weight, for those that leave their authors' range; empty is best.
        doubtful: ``(H, W)`` bool, pixels that such a unit moves.
        folds: number of triangles towards the camera that it turns over.
    """

    af: float
    frame: NDArray[np.uint8]
    displacement: NDArray[np.float32]
    mask: NDArray[np.bool_]
    beyond: dict[str, float]
    doubtful: NDArray[np.bool_]
    folds: int


@dataclass(frozen=True)
class SyntheticClip:
    """All that makes a clip; equal numbers make equal frames, bit for bit.

    Attributes:
        person: who.
        expression: what the face shows at the apex.
        course: when.
        camera, light, sensor: how it is seen.
        head: how the head sways.
        distractors: blinks, glances, moving lips.
        fps: frames per second.
        seed: of the noise.
    """

    person: Identity
    expression: Expression
    course: Course
    camera: Camera = field(default_factory=Camera)
    light: Light = field(default_factory=Light)
    sensor: Sensor = field(default_factory=Sensor)
    head: HeadMotion = field(default_factory=HeadMotion)
    distractors: tuple[Distractor, ...] = ()
    fps: float = 200.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.fps <= 10_000:
            raise SettingsError("The frame rate is above 0, at most 10000.", field="fps")

    def __len__(self) -> int:
        return self.course.count(self.fps)

    @property
    def onset(self) -> int:
        """Index of the last frame at rest."""
        return self.course.onset(self.fps)

    @property
    def apex(self) -> int:
        """Index of the frame at the peak."""
        return self.course.apex(self.fps)

    @property
    def offset(self) -> int:
        """Index of the first frame at rest again."""
        return self.course.offset(self.fps)

    @property
    def emotion(self) -> str:
        """The class of the expression."""
        return self.expression.emotion

    def render_frame(self, frame: int) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB: a frame as the camera records it.

        Raises:
            IndexError: there is no such frame.
        """
        light = light_of(self._head(), self._placed(frame), self.camera, self.light)
        return self.sensor.record(light, frame / self.fps, (self.seed, frame))

    def clean_frame(self, frame: int) -> NDArray[np.float32]:
        """(H, W, 3) float32 RGB, 0 to 255: a frame without noise, flicker, drift and rounding."""
        return self.sensor.levels(light_of(self._head(), self._placed(frame), self.camera, self.light))

    def truth(self, frame: int) -> FrameTruth:
        """What is true of a frame; the field is made now (some 10 ms).

        Raises:
            IndexError: there is no such frame.
        """
        placed = self._placed(frame)
        shift, mask = displacement(self._placed(self.onset), placed, self.camera)
        names, weights, activation = head_pack().units.names, self._weights(frame), self._activation(frame)
        return FrameTruth(
            frame=frame,
            time=frame / self.fps,
            activation=activation,
            action_units=self.expression.scaled(activation).units,
            units={names[k]: float(weights[k]) for k in np.flatnonzero(weights)},
            pose=self.head.pose(frame / self.fps),
            landmarks=self._landmarks(placed),
            displacement=shift,
            mask=mask,
        )

    def landmarks(self, frame: int) -> NDArray[np.float64]:
        """(68, 2) float64 x and y in pixels; much faster than the whole truth."""
        return self._landmarks(self._placed(frame))

    def magnified(self, af: float, onset: int | None = None, apex: int | None = None) -> Magnified:
        """The face at the onset's pose with the expression's change to the apex times 1 + ``af``, no noise.

        The head's own motion and the distractors stay as they are at the onset: a magnifier works on
        aligned crops, and is not asked to enlarge them.

        Args:
            af: the amplification factor.
            onset, apex: the frames magnified; the clip's own where None.

        Raises:
            IndexError: there is no such frame.
        """
        start, end = self.onset if onset is None else onset, self.apex if apex is None else apex
        head, rest = self._head(), self._placed(start)
        change = self._activation(end) - self._activation(start)
        weights = self._weights(start) + (1 + af) * change * self.expression.weights()
        placed = place(head, weights, self.head.pose(start / self.fps), self.camera)
        shift, mask = displacement(rest, placed, self.camera)
        beyond = out_of_range(weights)
        light = light_of(head, placed, self.camera, self.light)
        return Magnified(
            af=af,
            frame=np.rint(self.sensor.levels(light)).astype(np.uint8),
            displacement=shift,
            mask=mask,
            beyond=beyond,
            doubtful=self._doubtful(placed, beyond),
            folds=_folds(rest, placed) if beyond else 0,
        )

    def to_dict(self) -> dict[str, Any]:
        """The numbers as JSON can hold them."""
        return asdict(self)

    @staticmethod
    def from_dict(stored: dict[str, Any]) -> SyntheticClip:
        """The clip that :meth:`to_dict` described.

        Raises:
            SettingsError: something is missing, unknown, or of the wrong kind.
        """
        try:
            expression = stored["expression"]
            return SyntheticClip(
                person=Identity.from_dict(stored["person"]),
                expression=Expression(
                    str(expression["emotion"]),
                    str(expression["mixture"]),
                    tuple(ActionUnit(**unit) for unit in expression["units"]),
                ),
                course=Course(**stored["course"]),
                camera=Camera(**stored["camera"]),
                light=Light(**stored["light"]),
                sensor=Sensor(**stored["sensor"]),
                head=HeadMotion(
                    rest=Pose(**stored["head"]["rest"]),
                    **{k: tuple(stored["head"][k]) for k in ("sizes", "rates", "phases")},
                ),
                distractors=tuple(Distractor(**one) for one in stored["distractors"]),
                fps=float(stored["fps"]),
                seed=int(stored["seed"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise SettingsError(
                f"This does not describe a synthetic clip ({error}).", field="clip"
            ) from error

    def _head(self) -> Head:
        return head_of(self.person)

    def _activation(self, frame: int) -> float:
        if not 0 <= frame < len(self):
            raise IndexError(f"frame {frame} of {len(self)}")
        return self.course.activation(frame, self.fps)

    def _weights(self, frame: int) -> NDArray[np.float64]:
        expressed = self._activation(frame) * self.expression.weights()
        return expressed + distracted(self.distractors, frame / self.fps)

    def _placed(self, frame: int) -> Placed:
        return place(self._head(), self._weights(frame), self.head.pose(frame / self.fps), self.camera)

    def _landmarks(self, placed: Placed) -> NDArray[np.float64]:
        return self._head().landmarks(placed.screen)[:, :2].copy()

    def _doubtful(self, placed: Placed, beyond: dict[str, float]) -> NDArray[np.bool_]:
        """(H, W) where a unit beyond its range moves what is seen."""
        pack = head_pack()
        if not beyond:
            return np.zeros((self.camera.height, self.camera.width), bool)
        focal = self.camera.face / self._head().length
        moved = np.zeros(len(pack.vertices), bool)
        for name, weight in beyond.items():
            offsets = pack.dense_units[pack.units.names.index(name)]
            moved |= np.linalg.norm(offsets, axis=1) * abs(weight) * focal > _MOVES
        (seen,), _, _ = rasterise(
            placed.screen, pack.triangles, self.camera.height, self.camera.width, CENTRE
        )
        touched: NDArray[np.bool_] = np.any(moved[pack.triangles], axis=1)
        return (seen >= 0) & touched[seen]


def _folds(rest: Placed, moved: Placed) -> int:
    """Triangles that faced the camera at rest and are turned over now."""
    pack = head_pack()

    def area(placed: Placed) -> NDArray[np.float64]:
        a, b, c = (placed.screen[pack.triangles[:, k], :2] for k in range(3))
        return (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])

    return int(((area(rest) < 0) & (area(moved) > 0)).sum())
