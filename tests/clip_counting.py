"""How many of many accesses to a clip of the corpus give another frame than was asked for: ours and cv2's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from clip_corpus import SIZE, TAIL, Case, number_in

from mrn_core.clip import PICTURE_SUFFIXES, open_clip


@dataclass(frozen=True)
class Count:
    """What came of many accesses: ours, and those of ``cv2.VideoCapture``.

    Those are None where it cannot open the clip. ``faults`` says in words what else is not as it should be.
    """

    name: str
    frames: int
    wrong: int
    cv2_frames: int | None
    cv2_wrong: int | None
    faults: tuple[str, ...]


def count_wrong(case: Case, folder: Path, accesses: int = 500, seed: int = 0, others: bool = True) -> Count:
    """Makes a clip and asks for frames in any order, with memory for ten of them only."""
    path = case.make(folder)
    faults = []
    with open_clip(path, memory=10 * 3 * SIZE[0] * SIZE[1]) as clip:
        seen = [number_in(frame) for frame in clip]
        if case.numbers is None:
            numbers, alone = seen, decoded_from_the_start(path)
            sure = len(alone) - TAIL
            if -1 in seen or sorted(set(seen)) != seen or len(seen) < sure or seen[:sure] != alone[:sure]:
                faults.append(f"ends in {seen[-6:]}, PyAV alone in {alone[-6:]}")
            if not clip.notices:
                faults.append("the cut is not said")
        else:
            numbers = list(case.numbers)
            if seen != numbers:
                faults.append("wrong in sequence")
        own = case.own or range(len(clip))
        if [clip.frame_number(k) for k in range(len(clip))] != list(own)[: len(clip)]:
            faults.append(f"numbers {clip.numbers[:4]} ...")
        if any(clip.index_of(number) != k for k, number in enumerate(clip.numbers.tolist())):
            faults.append("numbers do not lead back")
        if not any(case.said in notice for notice in ["", *clip.notices]):
            faults.append(f"{case.said!r} is not said: {clip.notices}")
        order = order_of_access(len(clip), accesses, seed)
        wrong = sum(number_in(clip[k]) != numbers[k] for k in order)
        frames = len(clip)
    source = path if path.is_file() else path / _pattern(path)
    cv2_frames, cv2_wrong = through_cv2(source, numbers, order) if others else (None, None)
    return Count(case.name, frames, wrong, cv2_frames, cv2_wrong, tuple(faults))


def _pattern(folder: Path) -> str:
    """How OpenCV is told of numbered pictures: the first name with its last number as a printf field."""
    names = [p.name for p in folder.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES and p.name[0] != "."]
    parts = re.fullmatch(r"(.*?)([0-9]+)([^0-9]*)", min(names))
    assert parts is not None
    head, digits, tail = parts.groups()
    width = f"0{len(digits)}" if digits[0] == "0" and len(digits) > 1 else ""
    return f"{head.replace('%', '%%')}%{width}d{tail}"


def order_of_access(frames: int, accesses: int, seed: int) -> list[int]:
    """Half of them anywhere, the others one frame on or back from the one before."""
    rng = np.random.default_rng(seed)
    order = [frames - 1]
    while len(order) < accesses:
        near = order[-1] + int(rng.choice([-1, 1]))
        order.append(near if rng.random() < 0.5 and 0 <= near < frames else int(rng.integers(frames)))
    return order


def decoded_from_the_start(path: Path) -> list[int]:
    """The numbers that PyAV alone gives, decoding once from the start; for files that are not turned."""
    numbers: list[int] = []
    with av.open(str(path)) as container:
        try:
            for packet in container.demux(container.streams.video[0]):
                try:
                    numbers += [number_in(f.to_ndarray(format="rgb24")) for f in packet.decode()]
                except av.FFmpegError:
                    continue
        except av.FFmpegError:
            numbers += [
                number_in(f.to_ndarray(format="rgb24")) for f in container.streams.video[0].decode(None)
            ]
    return numbers


def through_cv2(path: Path, numbers: list[int], order: list[int]) -> tuple[int | None, int | None]:
    """How many frames OpenCV counts, and how many of the same accesses give another frame or none."""
    import cv2

    capture = cv2.VideoCapture(str(path))
    try:
        if not capture.isOpened():
            return None, None
        wrong = 0
        for k in order:
            capture.set(cv2.CAP_PROP_POS_FRAMES, k)
            there, picture = capture.read()
            wrong += not there or number_in(picture) != numbers[k]
        return int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), wrong
    finally:
        capture.release()
