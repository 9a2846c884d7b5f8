"""Makes the contact sheets of the synthetic faces: docs/images/synthetic-*.jpg.

    python scripts/make_contact_sheets.py [--out FOLDER]

Identities; each expression at gain 1, 7 and 14; a clip's course; noise levels. To be looked at:
no torn mesh, no floating eye, no seam where no tile is marked as beyond its range.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from mrn_core.datasets.synthetic import Light, identity, manifest, sample_clip
from mrn_core.datasets.synthetic.expression import OTHERS

OUT = Path(__file__).resolve().parents[1] / "docs" / "images"
LARGEST = 400_000
SIDE = 160
EMOTIONS = ("happiness", "disgust", "repression", "surprise", *OTHERS)
GAINS = (1, 7, 14)
PEAK = 1.0
LIGHT = Light()


def tile(picture: np.ndarray, text: str = "", side: int = SIDE) -> np.ndarray:
    """A picture at the sheet's size with a line of text on it."""
    small = cv2.resize(
        np.clip(np.rint(picture), 0, 255).astype(np.uint8), (side, side), interpolation=cv2.INTER_AREA
    )
    if text:
        small = np.concatenate([small, np.full((16, side, 3), 30, np.uint8)])
        cv2.putText(small, text, (4, side + 11), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (255,) * 3, 1, cv2.LINE_AA)
    return small


def sheet(tiles: list[np.ndarray], columns: int) -> np.ndarray:
    """Tiles in rows; the last row is filled with grey."""
    filled = tiles + [np.full_like(tiles[0], 128)] * (-len(tiles) % columns)
    rows = [np.concatenate(filled[k : k + columns], axis=1) for k in range(0, len(filled), columns)]
    return np.concatenate(rows)


def identities() -> np.ndarray:
    """The 40 frozen people, neutral."""
    clips = [
        sample_clip(k, who, "happiness", sway=0, distractors=False, noise=0, light=LIGHT)
        for k, who in enumerate(manifest())
    ]
    return sheet([tile(clip.clean_frame(0), f"{clip.person.seed}") for clip in clips], 8)


def expressions() -> np.ndarray:
    """Each expression on two faces: the onset, then gains 1, 7 and 14 of an apex of 1 px."""
    tiles = []
    for number, emotion in enumerate(EMOTIONS):
        for who in (2 * number, 2 * number + 1):
            clip = sample_clip(
                number, identity(who), emotion, peak_px=PEAK, sway=0, distractors=False, noise=0, light=LIGHT
            )
            tiles.append(tile(clip.clean_frame(clip.onset), f"{emotion} {clip.expression.label}"))
            for gain in GAINS:
                made = clip.magnified(gain - 1)
                worst = max(made.beyond.values(), default=0)
                tiles.append(
                    tile(made.frame, f"gain {gain}" + (f": beyond, w {worst:.1f}" if made.beyond else ""))
                )
    return sheet(tiles, 8)


def course() -> np.ndarray:
    """One clip from onset to offset, as recorded, and its motion seven times as large."""
    clip = sample_clip(11, identity(22), "surprise", peak_px=2.0, noise=1.0)
    frames = np.linspace(clip.onset, clip.offset, 8).round().astype(int)
    recorded = [
        tile(clip.render_frame(int(k)), f"frame {k}, a = {clip.truth(int(k)).activation:.2f}") for k in frames
    ]
    enlarged = [tile(clip.magnified(7 * clip.truth(int(k)).activation - 1).frame, "gain 7") for k in frames]
    return sheet(recorded + enlarged, 8)


def noise() -> np.ndarray:
    """One frame by four noise levels, in colour, gray, and with half the pixels."""
    tiles = []
    for gray in (False, True):
        for level in (0.0, 1.0, 2.5, 5.0):
            clip = sample_clip(
                5, identity(13), "happiness", sway=0, distractors=False, noise=level, gray=gray
            )
            tiles.append(tile(clip.render_frame(clip.apex), f"noise {level:g}", 224))
    return sheet(tiles, 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    cv2.setNumThreads(1)
    out.mkdir(parents=True, exist_ok=True)
    for make in (identities, expressions, course, noise):
        picture = np.ascontiguousarray(make()[..., ::-1])
        for quality in (92, 85, 78, 70):
            _, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))
            if data.nbytes < LARGEST:
                break
        path = out / f"synthetic-{make.__name__}.jpg"
        path.write_bytes(data.tobytes())
        print(f"{path}: {picture.shape[1]} x {picture.shape[0]}, {data.nbytes / 1000:.0f} kB")


if __name__ == "__main__":
    main()
