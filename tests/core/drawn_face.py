"""A drawn face whose brows rise and fall along a known course, with its landmarks: no detector finds it."""

import cv2
import numpy as np

SIDE = 200
ONSET, APEX, OFFSET = 30, 48, 76


def landmarks():
    """68 points of a plain face in a 200 x 200 picture."""
    points = np.zeros((68, 2))
    t = np.linspace(0, np.pi, 17)
    points[:17] = np.stack([100 - 62 * np.cos(t), 90 + 75 * np.sin(t)], axis=1)
    for first, centre in ((17, 70), (22, 130)):
        points[first : first + 5, 0] = centre + np.linspace(-16, 16, 5)
        points[first : first + 5, 1] = 68 - 4 * np.cos(np.linspace(-1, 1, 5))
    points[27:31] = [(100, y) for y in (85, 94, 103, 112)]
    points[31:36] = [(x, 120) for x in (90, 95, 100, 105, 110)]
    t = np.linspace(np.pi, -np.pi, 6, endpoint=False)
    for first, centre in ((36, 70), (42, 130)):
        points[first : first + 6] = np.stack([centre + 10 * np.cos(t), 86 - 4 * np.sin(t)], axis=1)
    t = np.linspace(np.pi, -np.pi, 12, endpoint=False)
    points[48:60] = np.stack([100 + 24 * np.cos(t), 142 - 8 * np.sin(t)], axis=1)
    t = np.linspace(np.pi, -np.pi, 8, endpoint=False)
    points[60:68] = np.stack([100 + 18 * np.cos(t), 142 - 3 * np.sin(t)], axis=1)
    return points


class MadeClip:
    """A textured face whose brows rise by ``height`` px and fall again, on a head that may drift."""

    def __init__(self, count=90, fps=200.0, height=1.5, drift=0.0, noise=1.0, empty=(), blinks=()):
        rng = np.random.default_rng(0)
        texture = cv2.GaussianBlur(rng.uniform(0, 255, (SIDE, SIDE)), (0, 0), 2.0)
        texture = 128 + (texture - texture.mean()) * 35 / texture.std()
        self.y, self.x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
        self.brows = np.exp(-(((self.y - 66) / 10) ** 2)) * np.exp(-(((self.x - 100) / 60) ** 4))
        # landmarks as dark strokes on skin, so that the coarse picture is that of a face
        for point in landmarks():
            texture -= 40 * np.exp(-((self.x - point[0]) ** 2 + (self.y - point[1]) ** 2) / 18)
        self.texture = texture.astype(np.float32)
        self.count, self.fps, self.height, self.drift, self.noise = count, fps, height, drift, noise
        self.empty = set(empty)
        self.blinks = list(blinks)  # (frame of the height, frames of half its length)
        self.asked = []

    def __len__(self):
        return self.count

    @staticmethod
    def course(index):
        """0 up to the onset, 1 at the apex, 0 from the offset on."""
        since_apex = index - APEX
        share = since_apex / (OFFSET - APEX if since_apex > 0 else APEX - ONSET)
        return 0.5 + 0.5 * np.cos(np.pi * np.clip(share, -1, 1))

    def __getitem__(self, index):
        self.asked.append(index)
        if index in self.empty:
            return np.full((SIDE, SIDE, 3), 100, dtype=np.uint8)
        up = self.height * self.course(index) * self.brows
        head = self.drift * index / self.count
        frame = cv2.remap(
            self.texture,
            self.x - head,
            self.y + up.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        shut = max((1 - abs(index - at) / half for at, half in self.blinks), default=0.0)
        if shut > 0:  # a lid of plain skin comes down over each eye
            for x in (70, 130):
                lid = ((self.x - x) / 14) ** 2 + ((self.y - 86) / 9) ** 2 < 1
                frame = np.where(lid & (self.y < 77 + 18 * min(1.0, 1.5 * shut)), 128, frame)
        noise = np.random.default_rng(index).normal(0, self.noise, frame.shape)
        return np.repeat(np.clip(np.rint(frame + noise), 0, 255).astype(np.uint8)[..., None], 3, axis=2)
