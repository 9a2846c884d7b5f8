"""Rendered clips as members of a data set, and their truth as ``truth.Truth`` has it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mrn_core.datasets.plan import PlannedClip
from mrn_core.datasets.synthetic import identity, manifest, read_truth, sample_clip, write_clip

SIZE = (280, 340)
"""Width and height, as the faces of CASME II have."""
_QUALITY = 90


def write_rendered_clip(plan: PlannedClip, folder: Path) -> dict[str, Any]:
    """Draws a clip, and writes its pictures and its truth into an empty folder.

    Returns:
        onset, apex and offset as the files number them, and action_units as a sheet has them.
    """
    number = int(plan.person)
    person = manifest()[number] if number < len(manifest()) else identity(number)
    options = dict(plan.options)
    size = options.pop("size", SIZE)
    size = size if isinstance(size, int) else (int(size[0]), int(size[1]))
    clip = sample_clip(plan.seed, person, plan.emotion, size=size, **options)
    write_clip(clip, folder, first=plan.first, quality=_QUALITY)
    return {
        "onset": plan.first + clip.onset,
        "apex": plan.first + clip.apex,
        "offset": plan.first + clip.offset,
        "action_units": clip.expression.label,
    }


class RenderedTruth:
    """The truth of a rendered clip; a ``Truth``. Fields are made when they are asked for.

    Raises:
        FileError: the file is no such truth.
    """

    def __init__(self, path: Path) -> None:
        written = read_truth(path)
        self._clip, self._start, self._count = written.clip, written.start, written.stop - written.start
        self.first = written.first
        self.onset, self.apex, self.offset = (
            index - written.start for index in (written.clip.onset, written.clip.apex, written.clip.offset)
        )
        self.fps, self.emotion = written.clip.fps, written.clip.emotion
        share = np.array(
            [self._clip.course.activation(self._start + i, self.fps) for i in range(self._count)], np.float64
        )
        self.units: Mapping[str, npt.NDArray[np.float64]] = {
            f"{'' if unit.side == 'B' else unit.side}{unit.number}": unit.weight * share
            for unit in self._clip.expression.units
        }

    def __len__(self) -> int:
        return self._count

    def landmarks(self, frame: int) -> npt.NDArray[np.float64]:
        """The 68 points in a frame, ``(68, 2)`` px."""
        return self._clip.landmarks(self._start + frame)

    def displacement(self, frame: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """From a pixel of the frame to where the onset shows it, ``(H, W, 2)`` px, and where it does."""
        told = self._clip.truth(self._start + frame)
        return told.displacement, told.mask

    def expression(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """The same at the apex for the expression alone, at the onset's pose."""
        exact = self._clip.magnified(0.0)
        return exact.displacement, exact.mask
