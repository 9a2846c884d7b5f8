"""Folders of pictures as clips: order, numbers, colour kinds, turned and broken pictures."""

import hashlib
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mrn_core.clip import folder as folder_module
from mrn_core.clip import frame_index, open_clip
from mrn_core.errors import Cancelled, ClipError


def flat(value, size=(12, 8), mode="RGB"):
    return Image.new(mode, size, value)


def fill(folder, names, value=None):
    folder.mkdir(exist_ok=True)
    for k, name in enumerate(names):
        level = k if value is None else value
        flat((level, level, level)).save(folder / name)
    return folder


def levels(clip):
    return [int(clip[k][0, 0, 0]) for k in range(len(clip))]


@pytest.fixture
def casme(tmp_path):
    """img46.png to img126.png, each as grey as its number (B16)."""
    path = tmp_path / "EP02_01f"
    path.mkdir()
    for n in range(46, 127):
        flat((n, n, n)).save(path / f"img{n}.png")
    return path


def test_order_and_numbers(casme):
    clip = open_clip(casme)
    assert levels(clip) == clip.numbers.tolist() == list(range(46, 127))
    assert clip.numbers.dtype == np.int64
    assert (len(clip), clip.size, clip.name, clip.indexed) == (81, (12, 8), "EP02_01f", (81, True))
    assert clip[0].shape == (8, 12, 3)
    assert clip[frame_index(clip, "#46")][0, 0, 0] == 46
    assert clip[frame_index(clip, "#100")][0, 0, 0] == 100
    assert clip[frame_index(clip, "54")][0, 0, 0] == 100
    with pytest.raises(ClipError) as caught:
        frame_index(clip, "100")
    assert "0 to 80" in str(caught.value)
    assert "#46 to #126" in str(caught.value)
    with pytest.raises(ClipError, match="#45"):
        frame_index(clip, "#45")


@pytest.mark.parametrize("index", [-1, 81])
def test_index_out_of_range(casme, index):
    with pytest.raises(IndexError, match="0 to 80"):
        open_clip(casme)[index]


def test_the_rate_is_assumed_and_said_or_given(casme):
    assumed = open_clip(casme)
    assert (assumed.fps, assumed.fps_given, assumed.variable_rate) == (200, False, False)
    assert any("200 frames per second are assumed" in notice for notice in assumed.notices)
    given = open_clip(casme, fps=100)
    assert (given.fps, given.fps_given, given.notices) == (100, True, [])
    assert given.times == pytest.approx(np.arange(81) / 100)
    assert given.times[0] == 0
    assert given.duration == pytest.approx(0.81)


def test_gaps_in_the_numbering(tmp_path):
    names = [f"f{n:03}.png" for n in (1, 2, 3, 5, 6, 10)]
    clip = open_clip(fill(tmp_path / "gaps", names), fps=100)
    assert clip.times == pytest.approx([0, 0.01, 0.02, 0.04, 0.05, 0.09])
    assert clip.variable_rate
    assert clip.notices == ["Numbers are missing, times keep their gaps: 4, 7 to 9."]
    with pytest.raises(ClipError, match="#7"):
        frame_index(clip, "#7")


def test_steps_in_the_numbering(tmp_path):
    clip = open_clip(fill(tmp_path / "steps", ["a0.png", "a10.png", "a20.png"]), fps=1000)
    assert clip.times == pytest.approx([0, 0.01, 0.02])
    assert not clip.variable_rate
    assert "steps of 10" in clip.notices[0]


def test_numbers_that_occur_twice(tmp_path):
    clip = open_clip(fill(tmp_path / "twice", ["a1.png", "a2.png", "b1.bmp", "b2.png"]), fps=10)
    assert clip.numbers.tolist() == [1, 1, 2, 2]
    assert clip.times == pytest.approx([0, 0.1, 0.2, 0.3])
    assert "1 (a1.png, b1.bmp)" in clip.notices[0]
    with pytest.raises(ClipError, match="Give one of 2, 3"):
        frame_index(clip, "#2")


def test_names_without_numbers(tmp_path):
    clip = open_clip(fill(tmp_path / "a", ["apex.png", "onset.png"]), fps=10)
    assert clip.numbers.tolist() == [0, 1]
    assert clip.notices == []
    mixed = open_clip(fill(tmp_path / "b", ["5.png", "7.png", "cover.png"]), fps=10)
    assert mixed.numbers.tolist() == [0, 1, 2]
    assert "cover.png" in mixed.notices[0]


def test_suffixes_in_any_case_and_litter(tmp_path):
    names = ["3.JPG", "1.jpeg", "2.PNG", "6.Tif", "5.tiff", "4.bmp"]
    folder = fill(tmp_path / "mixed", names, value=100)
    for litter in ("Thumbs.db", ".DS_Store", "._1.jpeg", "notes.txt", "desktop.ini"):
        (folder / litter).write_bytes(b"not a picture")
    (folder / "7.png").mkdir()
    clip = open_clip(folder, fps=10)
    assert clip.numbers.tolist() == [1, 2, 3, 4, 5, 6]
    assert levels(clip) == pytest.approx([100] * 6, abs=1)
    assert clip.notices == []


def test_copies_and_sleeves_do_not_spoil_the_numbering(tmp_path):
    names = ["img46.png", "img47.png", "img48.png"]
    copies = ["img46 (1).png", "img47 - Copy.png", "img47 - Copy (2).png", "img48 copy 2.png"]
    folder = fill(tmp_path / "copies", [*names, *copies, "Copy of img46.png"])
    for sleeve in ("Folder.jpg", "AlbumArtSmall.jpg", "AlbumArt_{4F-2}_Large.jpg"):
        flat((9, 9, 9), size=(5, 5)).save(folder / sleeve)
    clip = open_clip(folder, fps=10)
    assert (clip.numbers.tolist(), levels(clip)) == ([46, 47, 48], [0, 1, 2])
    assert "5 pictures are copies by their names and are left out" in clip.notices[0]


def test_numbers_in_brackets_are_no_copies(tmp_path):
    clip = open_clip(fill(tmp_path / "brackets", [f"img ({n}).png" for n in (1, 2, 10)]), fps=10)
    assert (clip.numbers.tolist(), clip.times.tolist()) == ([1, 2, 10], pytest.approx([0, 0.1, 0.9]))


@pytest.mark.parametrize(
    ("folders", "rate", "name"),
    [
        (("CASME2_RAW_selected", "sub01", "EP02_01f"), 200, "CASME II"),
        (("CASME2-RAW", "sub01"), 200, "CASME II"),
        (("CASME II", "sub01"), 200, "CASME II"),
        (("CASME_raw_selected", "sub01", "EP01_5"), 60, "CASME,"),
        (("CAS(ME)^2", "s15"), 30, "CAS(ME)^2"),
        (("CASME3", "a"), 30, "CAS(ME)^2"),
        (("SAMM", "006", "006_1_2"), 200, "SAMM"),
        (("SMIC_all_raw", "HS", "s1"), 100, "SMIC-HS"),
        (("SMIC-VIS", "s1"), 25, "SMIC-VIS"),
        (("SMIC", "SMIC_NIR_E", "s1"), 25, "SMIC-VIS"),
    ],
)
def test_the_rate_of_a_known_set_is_taken_and_said(tmp_path, folders, rate, name):
    folder = tmp_path.joinpath(*folders)
    folder.mkdir(parents=True)
    clip = open_clip(fill(folder, ["img1.png", "img2.png"]))
    assert (clip.fps, clip.fps_given) == (rate, False)
    assert any(f"{rate} frames per second are assumed, the rate of {name}" in said for said in clip.notices)
    assert open_clip(folder, fps=50).fps == 50


@pytest.mark.parametrize("number", [46, 47, 126])
def test_index_and_own_number_lead_to_each_other(casme, number):
    clip = open_clip(casme)
    assert clip.frame_number(clip.index_of(number)) == number
    assert clip.index_of(number) == number - 46
    with pytest.raises(IndexError, match="0 to 80"):
        clip.frame_number(81)
    with pytest.raises(ClipError, match="#45"):
        clip.index_of(45)


def test_turned_by_exif(tmp_path):  # B03
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:10, :10] = 255
    exif = Image.Exif()
    exif[0x0112] = 6
    for n in range(3):
        Image.fromarray(pixels).save(tmp_path / f"{n}.jpg", exif=exif, quality=95)
    clip = open_clip(tmp_path, fps=10)
    assert clip[0].shape == (60, 40, 3)
    assert clip.size == (40, 60)
    assert clip[0][2:8, -8:-2].mean() > 240
    assert clip[0][15:].mean() < 10
    assert "3 of 3 pictures are turned" in clip.notices[0]


def test_colour_kinds(tmp_path):  # B15
    palette = Image.new("P", (12, 8), 1)
    palette.putpalette([0, 0, 0, 200, 120, 90])
    deep = np.full((8, 12), 40000, np.uint16)
    kinds = {
        "cmyk.jpg": (flat((55, 135, 165, 0), mode="CMYK"), {"quality": 95}, (200, 120, 90)),
        "la.png": (flat((120, 130), mode="LA"), {}, (120, 120, 120)),
        "rgba.png": (flat((200, 120, 90, 10), mode="RGBA"), {}, (200, 120, 90)),
        "p.png": (palette, {}, (200, 120, 90)),
        "clear.png": (palette, {"transparency": 1}, (200, 120, 90)),
        "clears.png": (palette, {"transparency": b"\xff\x20"}, (200, 120, 90)),
        "l.jpg": (flat(77, mode="L"), {}, (77, 77, 77)),
        "one.png": (flat(1, mode="1"), {}, (255, 255, 255)),
        "deep.png": (Image.fromarray(deep), {}, (156, 156, 156)),
        "deep.tif": (Image.fromarray(deep), {}, (156, 156, 156)),
    }
    for name, (image, options, expected) in kinds.items():
        folder = tmp_path / name.replace(".", "_")
        folder.mkdir()
        image.save(folder / name, **options)
        frame = open_clip(folder)[0]
        assert frame.shape == (8, 12, 3), name
        assert frame.dtype == np.uint8, name
        assert np.abs(frame.astype(int) - expected).max() <= 3, name
        said = any("transparency" in notice for notice in open_clip(folder).notices)
        assert said == (name in ("la.png", "rgba.png", "clear.png", "clears.png")), name


def test_sixteen_bits_use_the_whole_range(tmp_path):
    ramp = np.linspace(0, 65535, 96).astype(np.uint16).reshape(8, 12)
    Image.fromarray(ramp).save(tmp_path / "1.png")
    clip = open_clip(tmp_path)
    assert clip[0][..., 1] == pytest.approx(ramp / 257, abs=0.5)
    assert any("16 bits" in notice for notice in clip.notices)


def test_samples_without_an_agreed_white(tmp_path):
    Image.fromarray(np.ones((8, 12), np.float32)).save(tmp_path / "1.tif")
    clip = open_clip(tmp_path)
    with pytest.raises(ClipError, match=r"1\.tif"):
        clip[0]


def test_a_picture_of_another_size(tmp_path):
    fill(tmp_path, [f"{n}.png" for n in range(5)])
    flat((0, 0, 0), size=(13, 8)).save(tmp_path / "2.png")
    with pytest.raises(ClipError, match=r"2\.png is 13 x 8") as caught:
        open_clip(tmp_path)
    assert caught.value.advice


def test_broken_pictures_are_left_out_and_named(tmp_path):
    fill(tmp_path, [f"{n}.png" for n in range(5)])
    (tmp_path / "3.png").write_bytes(b"")
    (tmp_path / "4.png").write_text("no picture")
    clip = open_clip(tmp_path, fps=10)
    assert clip.numbers.tolist() == [0, 1, 2]
    assert "3.png, 4.png" in clip.notices[0]
    for n in range(3):
        (tmp_path / f"{n}.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(ClipError, match="None of the 5"):
        open_clip(tmp_path)


def test_a_picture_cut_short_is_not_half_shown(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (80, 120, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "1.jpg")
    data = (tmp_path / "1.jpg").read_bytes()
    (tmp_path / "1.jpg").write_bytes(data[: len(data) // 2])
    clip = open_clip(tmp_path)
    with pytest.raises(ClipError, match=r"1\.jpg cannot be read") as caught:
        clip[0]
    assert caught.value.advice


def test_folders_that_are_no_clip(tmp_path, monkeypatch):
    with pytest.raises(ClipError, match="no picture") as caught:
        open_clip(tmp_path)
    assert "JPEG" in caught.value.advice
    fill(tmp_path / "inner", ["1.png"])
    with pytest.raises(ClipError, match="no picture") as caught:
        open_clip(tmp_path)
    assert "folders in it" in caught.value.advice
    with pytest.raises(ClipError, match="single picture"):
        open_clip(tmp_path / "inner" / "1.png")

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folder_module.Path, "iterdir", refuse)
    with pytest.raises(ClipError, match="Permission denied"):
        open_clip(tmp_path / "inner")


def test_hash(casme, tmp_path):
    clip = open_clip(casme)
    digest = hashlib.sha256()
    for path in sorted(casme.iterdir(), key=lambda path: path.name):
        digest.update(
            path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).hexdigest().encode() + b"\n"
        )
    assert clip.sha256() == digest.hexdigest()
    (casme / ".DS_Store").write_bytes(b"x")
    assert open_clip(casme).sha256() == clip.sha256()
    (casme / "img50.png").rename(casme / "img500.png")
    assert open_clip(casme).sha256() != clip.sha256()
    gone = open_clip(fill(tmp_path / "gone", ["1.png"]))
    (tmp_path / "gone" / "1.png").unlink()
    with pytest.raises(ClipError, match="cannot be read any more"):
        gone.sha256()


def test_memory_and_reading_again(casme, monkeypatch):
    reads = []
    read = folder_module.read_picture
    monkeypatch.setattr(folder_module, "read_picture", lambda path: reads.append(path.name) or read(path))
    clip = open_clip(casme, memory=3 * 12 * 8 * 3)
    assert reads == []
    for k in (0, 1, 2, 0, 1, 2, 0, 3, 0, 1):
        assert clip[k][0, 0, 0] == 46 + k
    assert reads == ["img46.png", "img47.png", "img48.png", "img49.png", "img47.png"]


def test_a_frame_is_a_copy_and_a_closed_clip_says_so(casme):
    with open_clip(casme) as clip:
        clip[3][:] = 0
        assert clip[3][0, 0, 0] == 49
    with pytest.raises(ClipError, match="closed"):
        clip[3]


def test_threads(casme):
    clip = open_clip(casme, memory=5 * 12 * 8 * 3)
    wrong = []

    def look(seed):
        for k in np.random.default_rng(seed).integers(0, 81, 60):
            if clip[int(k)][0, 0, 0] != 46 + k:
                wrong.append(int(k))

    threads = [threading.Thread(target=look, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_progress_and_cancel(casme):
    calls = []
    open_clip(casme, progress=lambda *call: calls.append(call))
    assert calls == [("index", k, 81) for k in range(1, 82)]
    with pytest.raises(Cancelled):
        open_clip(casme, cancel=lambda: len(calls) > 0)


@pytest.mark.parametrize("name", ["50% smile #1 [a]", "%d_%03d", "O'Brien é", "-lead", "微 表情", "clip.mp4"])
def test_folder_names(tmp_path, monkeypatch, name):  # B17
    fill(tmp_path / name, ["1.png", "2.png", "3.png"])
    clip = open_clip(tmp_path / name)
    assert (clip.name, levels(clip)) == (name, [0, 1, 2])
    monkeypatch.chdir(tmp_path)
    assert open_clip(Path(name)).source == tmp_path / name
