"""What stands under a figure of the report: what one sees, and how it is to be read."""

from __future__ import annotations

CAPTIONS = {
    "strip": "All magnified frames, from the least amplification factor (AF) to the largest. ○ n/N: in n of "
    "N heads no other level may attend to this one; a grey frame is left out by all.",
    "fig1": "The two frames that the levels are made from, and some of the levels: the motion from onset to "
    "apex is multiplied by 1 + AF.",
    "matrix": "A row asks (query), a column is asked (key). Colour: the weight times the number of keys that "
    "the query may attend to, so that 1 is uniform attention; no fill: no hash table puts the two into one "
    "bucket, and the weight is 0. The strips along the edges are the buckets. Below, reach: the share of the "
    "other queries that may attend to a key, beside what redrawn planes give.",
    "strip-difference": "Each level less the onset: mid-grey is no change.",
    "strip-flow": "The measured motion times 1 + AF, as arrows over the faint frame.",
    "by-bucket": "As the matrix, but levels of one code stand together: the squares along the diagonal are "
    "the pairs of this table, all others come from other tables.",
    "fig4": "The weights of Eq. 6, dark is large.",
    "mean": "As the matrix, the mean over heads: a masked weight counts 0.",
    "union": "As the matrix, the largest value that any head gives the pair; no fill: no head joins it.",
    "difference": "What changed since the pinned state, of weight times allowed keys (1 is uniform): green "
    "is more, violet less. A plus: the pair opened, it may attend now and could not. A frame: it closed, "
    "with what it had inside. A dot: masked in both.",
    "weight-difference": "The same of the weights: what closed pairs lose, the others gain.",
    "difference-mean": "What changed since the pinned state, the mean over heads.",
    "difference-heads": "What changed since the pinned state in every head.",
    "changes": "Above, how many other queries may attend to each level, now and in the pinned state; below, "
    "to how many of them it opened and closed, over all heads.",
    "angle": "Degrees between what is hashed of query and key; a small square: they share no bucket.",
    "tables": "In how many hash tables query and key share a bucket; one is enough (Eq. 5).",
    "chance": "In which share of redrawn planes the two would meet: this is what the angle alone gives.",
    "heads": "Every head of every block on one scale. A head with no pattern that others share may owe it to "
    "the draw of its planes.",
    "reach": "The share of the other queries that may attend to a level. A level with reach 0 is zeroed: no "
    "other level sees it. Some levels lie off their ticks by chance alone: whether as many do is said in the "
    "section on the hash.",
    "zeroed": "The same in every head of every block, a level a row. ○ zeroed, × silent: it may attend to no "
    "other; ▽ △: less or more than nine of ten redraws give, as one level in ten is by chance alone.",
    "health": "The share of pairs that may attend in each block, near and far from the diagonal, beside what "
    "vectors that have nothing to do with each other would give.",
    "level": "The frame of one level between onset and apex, with its reach, received weight and beta.",
    "why": "The codes of query and key in every hash table. They meet where one table gives both the same "
    "code. Underlined digits are the planes that part them; of a table with several, the largest turn that "
    "one of them would need is told.",
    "buckets": "The bucket of every level in every table, by its code: equal codes, equal colours.",
    "hash": "Queries and keys, flattened to a plane; each line is a hyper-plane, and its two sides are the 0 "
    "and 1 of the code: of every point where it is full, of the percentage of them where it is dashed.",
    "reading": "What the network says, and beta: how much each level counts in the fusion (Eq. 7).",
    "motion": "How much moves in each frame against a frame at rest, with the two marks.",
}
"""A caption for every view, by its name."""
