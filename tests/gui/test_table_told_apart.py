"""Analyses side by side are told apart by what they were made from."""

from dataclasses import replace

from gui.sample import sample_analysis

from mrn_core.tables import level_table
from mrn_gui.table.columns import columns
from mrn_gui.table.told_apart import told_apart


def table(name, **facts):
    made = level_table(sample_analysis(levels=2, heads=1, blocks=1, size=8), name=name)
    return replace(made, facts=made.facts | facts)


def test_one_alone_needs_no_name():
    assert told_apart([table("a")])[0].title == ()
    assert [c.title for c in columns([table("a")], "all", "reach", 0, 0)][:2] == ["Level", "AF"]


def test_the_same_clip_twice_differs_in_its_marks_and_its_hash():
    first = table("demo.mkv", onset=10, apex=33)
    second = table("mine.npz", onset=12, apex=33, planes=5, tables=2, hash_seed=7)
    made = told_apart([first, second])
    assert [told.title for told in made] == [
        ("demo.mkv", "10 → 33, 3 × 4, seed saved"),
        ("mine.npz", "12 → 33, 5 × 2, seed 7"),
    ]
    assert all("planes" in told.tip[0] for told in made)
    found = columns([first, second], "all", "reach", 0, 0)
    assert found[2].title == "mine.npz\n12 → 33, 5 × 2, seed 7\nAF"
    assert "mine.npz" in found[2].tip
    assert "hash seed 7" in found[2].tip


def test_what_is_the_same_in_all_is_not_said():
    made = told_apart([table("a", magnifier="linear"), table("b")])
    assert [told.title for told in made] == [("a", "linear"), ("b", "lagrangian")]
    assert [told.title for told in told_apart([table("a"), table("b")])] == [("a",), ("b",)]


def test_what_has_no_room_is_told_by_a_sign_and_by_the_tip():
    first = table("a", onset=10, apex=33, hash_seed=123456, magnifier="linear", softmax="full")
    made = told_apart([first, table("b", onset=12, apex=33)])
    assert made[0].title == ("a", "10 → 33, seed 123456 …")
    assert "linear" in made[0].tip[0]


def test_long_names_keep_both_ends():
    made = told_apart([table("sub01_EP02_01f_longest_name.npz"), table("b")])
    assert made[0].title == ("sub01_EP…_name.npz",)
    assert "sub01_EP02_01f_longest_name.npz" in made[0].tip[0]
