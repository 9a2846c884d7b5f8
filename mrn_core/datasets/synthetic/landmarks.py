"""The 68 facial points of the usual scheme as vertices of the head pack.

Each is the vertex nearest to the median place of dlib's point over 30 rendered heads, mirrored so
that both sides agree; they then move with the skin, exactly.
"""

from __future__ import annotations

import numpy as np

LANDMARKS = np.array(
    (
        *(2338, 2017, 1668, 1813, 1812, 737, 1866, 1864, 732, 4116, 4118, 3043, 4067, 4068, 3929, 4262, 4581),
        *(1553, 232, 222, 223, 228, 2587, 2583, 2582, 2591, 3818),
        *(132, 135, 164, 294, 344, 313, 317, 2662, 2691),
        *(24, 0, 2349, 66, 1583, 2362, 2436, 4592, 2370, 2394, 4605, 3847),
        *(1544, 1922, 460, 466, 2805, 4170, 3809, 2825, 2827, 492, 486, 484),
        *(438, 472, 474, 2814, 2784, 2850, 493, 517),
    ),
    np.int64,
)
"""(68,) jaw line, brows, nose, eyes, outer lips, inner lips."""

CHIN = int(LANDMARKS[8])
