"""Issue 13, point 1: 500 accesses to each clip in any order, none wrong; those of OpenCV beside them."""

import pytest
from clip_corpus import corpus, has_encoder
from clip_counting import count_wrong

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(7200)]
ACCESSES = 500


def test_every_access_gives_the_frame_that_was_asked_for(tmp_path, capsys):
    counts, missing = [], []
    for k, case in enumerate(corpus()):
        if not has_encoder(case.encoder):
            missing.append(f"{case.name} ({case.encoder})")
            continue
        folder = tmp_path / str(k)
        folder.mkdir()
        counts.append(count_wrong(case, folder, ACCESSES, seed=k))
    with capsys.disabled():
        print(f"\n{'clip':34} frames  wrong of {ACCESSES}  cv2: frames  wrong")
        for count in counts:
            theirs = (
                "cannot open it" if count.cv2_wrong is None else f"{count.cv2_frames:10}  {count.cv2_wrong:5}"
            )
            print(f"{count.name:34} {count.frames:6}  {count.wrong:12}  {theirs}  {'; '.join(count.faults)}")
        print(f"{len(counts)} clips; no encoder for: {', '.join(missing) or 'none'}")
        ours, opened = sum(c.wrong for c in counts), [c for c in counts if c.cv2_wrong is not None]
        print(
            f"ours {ours} wrong of {ACCESSES * len(counts)}; cv2 {sum(c.cv2_wrong for c in opened)} wrong of"
        )
        print(
            f"{ACCESSES * len(opened)} in {len(opened)} clips, {sum(c.cv2_wrong > 0 for c in opened)} of them"
        )
    assert len(counts) >= 24
    assert [(c.name, c.wrong, c.faults) for c in counts if c.wrong or c.faults] == []
