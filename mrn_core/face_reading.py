"""Where the face of an analysis is, and how well the picture shows it: plain data, and as JSON holds it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FaceQuality:
    """How well a picture shows a face. What cannot be told is NaN.

    Attributes:
        size: the longer side of the box around the landmarks, px of the picture; of a whole picture its
            shorter side.
        eyes: between the outer corners of the eyes, px of the picture.
        sharpness: 0 (blurred) to 1, in the crop that is analysed.
        contrast: standard deviation of the grey levels over the face.
        brightness: mean grey level over the face, 0..255.
        parts: contrast of the eyes and the mouth over the face's, the lowest of the three: near 0 where one
            is covered.
        inside: share of the box that lies in the picture, 0..1.
        score: the detector's own; each backend has its scale. NaN for a box or landmarks that were given.
        landmarks: how far the landmarks can be believed, 0..1 (``Face.quality``).
        overall: 0..1, see ``mrn_core.faces.quality``.
    """

    size: float = math.nan
    eyes: float = math.nan
    sharpness: float = math.nan
    contrast: float = math.nan
    brightness: float = math.nan
    parts: float = math.nan
    inside: float = math.nan
    score: float = math.nan
    landmarks: float = math.nan
    overall: float = math.nan

    def as_told(self) -> dict[str, float | None]:
        """By name, None where it cannot be told."""
        told = {each.name: float(getattr(self, each.name)) for each in fields(self)}
        return {name: value if math.isfinite(value) else None for name, value in told.items()}

    def in_words(self) -> list[str]:
        """One phrase for each figure that can be told, the one for all of them first."""
        phrases = {
            "overall": f"quality {self.overall:.2f} of 1",
            "landmarks": f"landmarks {self.landmarks:.2f} of 1",
            "size": f"{self.size:.0f} px large",
            "eyes": f"outer eye corners {self.eyes:.0f} px apart",
            "sharpness": f"sharpness {self.sharpness:.2f} of 1",
            "contrast": f"contrast {self.contrast:.0f} grey levels",
            "parts": f"eyes and mouth at least {self.parts:.2f} of it",
            "brightness": f"mean grey level {self.brightness:.0f} of 255",
            "inside": f"{100 * self.inside:.0f} % of its box in the picture",
            "score": f"detector's score {self.score:.2f}",
        }
        return [words for name, words in phrases.items() if math.isfinite(getattr(self, name))]

    @classmethod
    def from_told(cls, told: Mapping[str, Any]) -> FaceQuality:
        """What ``as_told`` gave; names that are not known are left out.

        Raises:
            TypeError, ValueError: a value is no number.
        """
        known = {each.name: told.get(each.name) for each in fields(cls)}
        return cls(**{name: math.nan if v is None else float(v) for name, v in known.items()})


@dataclass(frozen=True)
class FaceReading:
    """Where the face is in the onset frame.

    Attributes:
        box: (x, y, w, h) px in the frame, or None when the clip is a crop already.
        landmarks: (68, 2) float64 px in the frame, or None.
        crop_landmarks: (68, 2) float64 px in the 224 x 224 crop, or None.
        quality: how far the landmarks can be believed, 0..1, or None when nothing was detected.
        source: "dlib", "fan", "box", "landmarks" or "whole".
        measured: how well the onset frame shows the face; None in what an older program wrote.
        chosen: why this face, in words, such as "the only face"; "" in what an older program wrote.
    """

    box: tuple[float, float, float, float] | None = None
    landmarks: Points | None = None
    crop_landmarks: Points | None = None
    quality: float | None = None
    source: str = "whole"
    measured: FaceQuality | None = None
    chosen: str = ""

    def as_told(self) -> dict[str, Any]:
        """Without the landmarks, as JSON can hold it."""
        return {
            "box": self.box,
            "quality": self.quality,
            "source": self.source,
            "chosen": self.chosen,
            "measured": None if self.measured is None else self.measured.as_told(),
        }

    def in_words(self) -> str:
        """Who found it, why this one, and its figures, on one line."""
        chosen = "" if not self.chosen or self.source == "whole" else f" ({self.chosen})"
        who = "the whole picture" if self.source == "whole" else f"{self.source}{chosen}"
        return ", ".join([who, *([] if self.measured is None else self.measured.in_words())])

    @classmethod
    def from_told(
        cls, told: Mapping[str, Any], landmarks: Points | None, crop_landmarks: Points | None
    ) -> FaceReading:
        """What ``as_told`` gave, with its landmarks.

        Raises:
            KeyError, TypeError, ValueError, IndexError: it is something else.
        """
        box, measured = told["box"], told.get("measured")
        return cls(
            box=None if box is None else (box[0], box[1], box[2], box[3]),
            landmarks=landmarks,
            crop_landmarks=crop_landmarks,
            quality=told["quality"],
            source=told["source"],
            measured=None if measured is None else FaceQuality.from_told(measured),
            chosen=str(told.get("chosen", "")),
        )
