"""Video files as clips: every fault of real files that was met elsewhere, on clips made here."""

import hashlib
from fractions import Fraction

import av
import numpy as np
import pytest
from made_video import grey, level, moving, picture, write

from mrn_core.clip import check_frame, frame_index, open_clip
from mrn_core.errors import Cancelled, ClipError, SettingsError


def test_attributes_of_a_plain_clip(tmp_path):
    path = write(tmp_path / "plain.mp4", map(picture, range(12)))
    with open_clip(str(path)) as clip:
        assert (len(clip), clip.size, clip.name, clip.source) == (12, (64, 48), "plain.mp4", path)
        assert clip.times.dtype == np.float64
        assert clip.times == pytest.approx(np.arange(12) / 25)
        assert clip.numbers.tolist() == list(range(12))
        assert (clip.fps, clip.fps_given, clip.variable_rate, clip.indexed) == (25.0, True, False, (12, True))
        assert clip.notices == []
        assert clip.sha256() == hashlib.sha256(path.read_bytes()).hexdigest()
        for k, frame in enumerate(clip):
            assert frame.shape == (48, 64, 3)
            assert frame.dtype == np.uint8
            assert level(frame) == pytest.approx(grey(k), abs=2)


def test_a_frame_is_a_copy(tmp_path):
    clip = open_clip(write(tmp_path / "a.mp4", map(picture, range(3))))
    clip[1][:] = 0
    assert level(clip[1]) == pytest.approx(grey(1), abs=2)


@pytest.mark.parametrize("index", [-1, 3, 10**9])
def test_index_out_of_range(tmp_path, index):
    clip = open_clip(write(tmp_path / "a.mp4", map(picture, range(3))))
    with pytest.raises(IndexError, match="0 to 2"):
        clip[index]


def test_closed(tmp_path):
    clip = open_clip(write(tmp_path / "a.mp4", map(picture, range(3))))
    clip.close()
    with pytest.raises(ClipError, match="closed"):
        clip[0]
    assert len(clip) == 3


def test_given_rate_replaces_the_files(tmp_path):
    clip = open_clip(write(tmp_path / "slow.mp4", map(picture, range(5))), fps=200)
    assert clip.times == pytest.approx(np.arange(5) / 200)
    assert clip.fps == 200
    assert clip.fps_given
    assert "25" in clip.notices[0]
    assert "200" in clip.notices[0]


@pytest.mark.parametrize("fps", [0, -5, float("nan"), float("inf")])
def test_impossible_rate(tmp_path, fps):
    with pytest.raises(SettingsError) as caught:
        open_clip(tmp_path, fps=fps)
    assert caught.value.field == "fps"


def test_variable_rate(tmp_path):  # B01
    gaps = [33] * 20 + [100] * 20 + [20] * 20
    stamps = np.concatenate([[0], np.cumsum(gaps)[:59]])
    path = write(tmp_path / "vfr.mp4", map(picture, range(60)), stamps_ms=stamps)
    for memory in (10**9, 20_000):
        clip = open_clip(path, memory=memory)
        assert len(clip) == 60
        assert [level(clip[k]) for k in (59, 0, 37, 21, 37)] == pytest.approx([40, 16, 88, 184, 88], abs=2)
        assert clip.times[[0, 20, 40, 59]] == pytest.approx([0, 0.660, 2.660, 3.040], abs=1e-3)
        assert clip.variable_rate
        assert clip.fps == pytest.approx(19.4, abs=0.05)
        assert any("varies" in notice for notice in clip.notices)


def turn_header(path, matrix):
    """Overwrites the matrix of the track header (ISO/IEC 14496-12, 8.3.2)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 4 + 20 + 8 + 8
    assert data[at : at + 4] == (1 << 16).to_bytes(4, "big")
    data[at : at + 36] = b"".join(int(v).to_bytes(4, "big", signed=True) for v in matrix)
    path.write_bytes(data)
    return path


ONE, W = 1 << 16, 1 << 30


@pytest.mark.parametrize(
    ("matrix", "shape", "corner", "words"),
    [
        ((0, ONE, 0, -ONE, 0, 0, 48 * ONE, 0, W), (64, 48), (0, -1), "turned by 90 degrees clockwise"),  # B02
        ((-ONE, 0, 0, 0, -ONE, 0, 64 * ONE, 48 * ONE, W), (48, 64), (-1, -1), "turned by 180 degrees"),
        ((0, -ONE, 0, ONE, 0, 0, 0, 64 * ONE, W), (64, 48), (-1, 0), "turned by 270 degrees clockwise"),
        ((-ONE, 0, 0, 0, ONE, 0, 64 * ONE, 0, W), (48, 64), (0, -1), "mirrored"),
    ],
)
def test_rotated(tmp_path, matrix, shape, corner, words):
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:16, :16] = 255
    path = turn_header(write(tmp_path / "phone.mp4", [pixels] * 3, crf=5), matrix)
    for memory in (10**9, 1):
        clip = open_clip(path, memory=memory)
        frame = clip[1]
        assert frame.shape == (*shape, 3)
        assert clip.size == shape[::-1]
        y = slice(2, 14) if corner[0] == 0 else slice(-14, -2)
        x = slice(2, 14) if corner[1] == 0 else slice(-14, -2)
        assert frame[y, x].mean() > 240
        assert frame.mean() < 40
        assert any(words in notice for notice in clip.notices)


@pytest.mark.parametrize(("name", "codec"), [("a.ts", "libx264"), ("a.webm", "libvpx")])
def test_no_frame_count_in_the_header(tmp_path, name, codec):  # B05
    clip = open_clip(write(tmp_path / name, map(picture, range(50)), codec=codec))
    assert len(clip) == 50
    assert clip.times == pytest.approx(0.04 * np.arange(50), abs=1e-3)
    assert clip.times[0] == 0
    assert clip.fps == 25
    assert level(clip[49]) == pytest.approx(grey(49), abs=2)
    assert check_frame(clip, 49) == 49
    with pytest.raises(ClipError, match="0 to 49"):
        check_frame(clip, 50, "Apex")


def test_sound_longer_than_the_picture(tmp_path):  # B07
    clip = open_clip(write(tmp_path / "loud.mp4", map(picture, range(50)), silence=4.0))
    assert len(clip) == 50
    assert clip.duration == pytest.approx(2.0, abs=1e-6)
    assert clip.notices == []


def test_frames_that_the_decoder_holds_back(tmp_path):  # B08
    clip = open_clip(write(tmp_path / "b.mp4", map(picture, range(25)), bf=3))
    assert len(clip) == 25
    assert level(clip[24]) == pytest.approx(208, abs=2)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("cut.mp4", None, "no video"),
        ("empty.mp4", b"", "empty"),
        ("text.mp4", b"This is not a film.\nNor is this.\n" * 50, "no video"),
        ("text.txt", b"\x1b[31mThis is not a film.\r\n" * 50, "no video"),
        ("list.mp4", b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\na.mp4\n", "no video"),
        ("noise.avi", bytes(range(256)) * 20, "no video"),
    ],
)
def test_broken_files(tmp_path, name, content, words):  # B09
    good = write(tmp_path / "good.mp4", map(picture, range(3)))
    path = tmp_path / name
    path.write_bytes(good.read_bytes()[:1200] if content is None else content)
    with pytest.raises(ClipError) as caught:
        open_clip(path)
    assert words in caught.value.what
    assert name in caught.value.what
    assert caught.value.advice
    assert len(open_clip(good)) == 3


def test_missing_and_unreadable(tmp_path, monkeypatch):
    with pytest.raises(ClipError, match=r"no file or folder .*nowhere\.mp4"):
        open_clip(tmp_path / "nowhere.mp4")
    with pytest.raises(ClipError):
        open_clip(tmp_path / ("x" * 5000))
    path = write(tmp_path / "locked.mp4", map(picture, range(3)))

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(av, "open", refuse)
    with pytest.raises(ClipError, match=r"locked\.mp4"):
        open_clip(path)


def test_sound_alone(tmp_path):
    path = tmp_path / "sound.m4a"
    with av.open(str(path), "w", format="mp4") as out:
        sound = out.add_stream("aac", rate=8000)
        chunk = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        chunk.sample_rate = 8000
        out.mux(sound.encode(chunk))
        out.mux(sound.encode())
    with pytest.raises(ClipError, match="sound and no picture"):
        open_clip(path)


@pytest.mark.parametrize("keep", [0.55, 0.8])
def test_cut_off_tail(tmp_path, keep):
    whole = write(tmp_path / "whole.mp4", moving(40), front=True, bf=0)
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * keep)])
    good, cut = open_clip(whole), open_clip(path)
    assert 10 < len(cut) < 40
    for k in range(len(cut)):
        assert np.array_equal(cut[k], good[k])
    assert any("damaged" in notice and f"{len(cut)} of 40" in notice for notice in cut.notices)


def test_cut_off_tail_without_a_frame_count(tmp_path):
    whole = write(tmp_path / "whole.mkv", moving(40), bf=0)
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    assert open_clip(whole).notices == []
    cut = open_clip(path)
    assert 10 < len(cut) < 40
    lost = 0.04 * (40 - len(cut))
    assert any(f"announces {lost:.2f} s more" in notice for notice in cut.notices)


def test_damage_in_the_middle_is_said(tmp_path):
    path = write(tmp_path / "a.mp4", moving(40), front=True, g=10, bf=0)
    data = bytearray(path.read_bytes())
    middle = len(data) * 6 // 10
    data[middle : middle + 900] = bytes(900)
    path.write_bytes(data)
    clip = open_clip(path, memory=1)
    assert 20 < len(clip) <= 40
    assert any("damaged" in notice for notice in clip.notices)
    assert clip[len(clip) - 1].shape == (48, 64, 3)


def test_frames_that_decode_differently_each_time_are_given_and_said(tmp_path):
    clip = open_clip(write(tmp_path / "a.mp4", moving(30), g=10), memory=1)
    clip._index.checksums[25] ^= 1  # as if damaged data had been filled in otherwise the first time
    assert clip[25].shape == (48, 64, 3)
    assert any("do not look the same" in notice for notice in clip.notices)


def test_one_frame(tmp_path):
    clip = open_clip(write(tmp_path / "one.mp4", [picture(5)]))
    assert (len(clip), clip.fps, clip.times.tolist()) == (1, 25.0, [0.0])


def test_ten_bits(tmp_path):  # B10
    eight = open_clip(write(tmp_path / "8.mp4", map(picture, range(10))))
    ten = open_clip(write(tmp_path / "10.mp4", map(picture, range(10)), pix_fmt="yuv420p10le"))
    for a, b in zip(eight, ten, strict=True):
        assert b.dtype == np.uint8
        assert abs(level(a) - level(b)) <= 2


def test_grey_video(tmp_path):
    clip = open_clip(write(tmp_path / "g.mkv", map(picture, range(4)), codec="ffv1", pix_fmt="gray"))
    assert clip[3].shape == (48, 64, 3)
    assert level(clip[3]) == pytest.approx(grey(3), abs=2)


def test_colours(tmp_path):
    """Against the standard's own equations (ITU-R BT.601, limited range), in floating point."""
    colours = np.random.default_rng(3).integers(0, 256, (4, 4, 3)).astype(np.uint8)
    pixels = colours.repeat(12, axis=0).repeat(16, axis=1)
    path = write(tmp_path / "c.mp4", [pixels], pix_fmt="yuv444p", crf=4)
    with av.open(str(path)) as container:
        y, u, v = next(container.decode(video=0)).to_ndarray().astype(float)
    y, u, v = (y - 16) * 255 / 219, (u - 128) * 255 / 224, (v - 128) * 255 / 224
    red, blue = y + 1.402 * v, y + 1.772 * u
    expected = np.stack([red, (y - 0.299 * red - 0.114 * blue) / 0.587, blue], axis=-1).clip(0, 255)
    assert np.abs(open_clip(path)[0] - expected).max() <= 1.5


def test_interlaced(tmp_path):  # B11
    clip = open_clip(write(tmp_path / "i.mp4", map(picture, range(25)), flags="+ilme+ildct"))
    assert len(clip) == 25
    assert [level(frame) for frame in clip] == pytest.approx([grey(k) for k in range(25)], abs=2)
    assert any("interlaced" in notice for notice in clip.notices)


def test_pixels_that_are_not_square(tmp_path):  # B12
    y, x = np.mgrid[:48, :64]
    ellipse = ((x - 31.5) / 8) ** 2 + ((y - 23.5) / 16) ** 2 <= 1
    pixels = np.where(ellipse[..., None], 255, 0).astype(np.uint8).repeat(3, axis=2)
    clip = open_clip(write(tmp_path / "wide.mp4", [pixels] * 2, aspect=Fraction(2, 1), crf=5))
    assert clip.size == (128, 48)
    shown = clip[0][..., 0] > 127
    drawn_width = np.flatnonzero(shown.any(axis=0)).size
    drawn_height = np.flatnonzero(shown.any(axis=1)).size
    assert drawn_width / drawn_height == pytest.approx(1, abs=0.03)
    assert any("aspect 2:1" in notice for notice in clip.notices)


def test_progress_and_cancel(tmp_path):
    path = write(tmp_path / "a.mp4", map(picture, range(20)))
    calls = []
    open_clip(path, progress=lambda *call: calls.append(call))
    assert calls == [("index", k, 20) for k in range(1, 21)]
    with pytest.raises(Cancelled):
        open_clip(path, cancel=lambda: True)


NAMES = ["50% smile #1 [a].mp4", "%d_%03d.mp4", "O'Brien é.mp4", "-lead.mp4", "微 表情.mp4", "file:x,y.mp4"]


@pytest.mark.parametrize("name", NAMES)
def test_file_names(tmp_path, monkeypatch, name):  # B17
    write(tmp_path / "plain.mp4", map(picture, range(3))).rename(tmp_path / name)
    assert open_clip(tmp_path / name).name == name
    monkeypatch.chdir(tmp_path)
    assert len(open_clip(name)) == 3


def test_frame_numbers_in_words(tmp_path):
    clip = open_clip(write(tmp_path / "a.mp4", map(picture, range(12))))
    assert frame_index(clip, "7") == frame_index(clip, "#7") == frame_index(clip, " 07 ") == 7
    for text in ("12", "-1", "4.5", "#12", "#", "", "x", "1e1", "٣"):
        with pytest.raises(ClipError) as caught:
            frame_index(clip, text)
        assert "0 to 11" in str(caught.value)
        assert "#0 to #11" in str(caught.value)
