"""The words that the panels use for the paper's terms, each explained in a sentence (no Qt)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One term.

    Attributes:
        name: by which it is asked for.
        found_by: what of it stands in a panel's words, as a regular expression.
        told: what it is, with the paper's own term and place.
        also: other words that ask for it, in the list of words.
    """

    name: str
    found_by: str
    told: str
    also: tuple[str, ...] = ()


TERMS: tuple[Term, ...] = (
    Term(
        "pinned",
        r"^(The )?pinned",
        "Pinned: the state kept with the pin of What if, beside the present one. Opened: masked then and "
        "allowed now; closed: the reverse.",
        ("pinned state", "opened", "closed"),
    ),
    Term(
        "outside",
        r"nine of ten|outside",
        "Nine of ten redraws: the range of one level that chance seldom leaves (5th to 95th percentile over "
        "other hyper-planes). Of many levels some lie outside by chance alone, and together, because they "
        "are alike: more than chance is only what at most 5 % of the redraws reach, the uncertainty of "
        "that share counted in.",
        ("redraws", "range"),
    ),
    Term(
        "zeroed",
        r"zeroe|zeroed",
        "Zeroed out (the paper, II-C): no other level may attend to this one; in this head nothing of it "
        "reaches the others.",
        ("zeroed",),
    ),
    Term("silent", r"silent", "Silent: as a query it may attend to no other level; no term of the paper."),
    Term(
        "reach",
        r"reach",
        "Reach: the share of the other levels that may attend to this one, as queries to a key; 0 is zeroed.",
    ),
    Term(
        "chance",
        r"chance|redraw",
        "By chance: what other hyper-planes give for the same queries and keys, drawn again and again "
        "(the paper draws them at random, Algorithm 1).",
        ("chance", "redraw"),
    ),
    Term(
        "theory",
        r"theory",
        "Theory: 1 − (1 − (1 − angle / 180°)^planes)^tables, the chance that random planes put two such "
        "vectors into one bucket of any table.",
    ),
    Term(
        "angle",
        r"apart",
        "Apart: the angle between the query and the key as they are hashed; the smaller, the more likely "
        "is a bucket in common.",
        ("angle",),
    ),
    Term(
        "turn",
        r"turn",
        "Turn: how near the answer is to the other one. The angle by which a hyper-plane would have to turn "
        "for the nearer of the two vectors to change its side.",
    ),
    Term(
        "allowed",
        r"allowed|masked|may attend",
        "Allowed: a pair that shares a bucket in at least one table (the index set Ω, Eq. 4 and 5). "
        "Masked: any other pair; its weight is 0 and its product is never formed.",
        ("mask", "masked", "index set"),
    ),
    Term(
        "weight",
        r"weight",
        "Weight: the entry of the attention matrix, softmax of query times key over √d (Eq. 6).",
        ("attention",),
    ),
    Term(
        "received",
        r"receive",
        "Received: the mean weight that the other queries give to a level; 1 / L is an equal share.",
    ),
    Term(
        "bucket",
        r"bucket|code|table",
        "Bucket: the region between the hyper-planes in which a vector lies, named by its code h(x): one "
        "digit a plane, 0 or 1 for its side. A table is one set of planes (n_t tables of n_p planes).",
        ("code", "hash code"),
    ),
    Term(
        "beta",
        r"beta",
        "Beta (Eq. 7 and 8): how much a level counts where the levels' features are averaged for the "
        "reading; 0 to 1.",
    ),
    Term(
        "af",
        r"\bAF\b",
        "AF: the amplification factor α (Eq. 1 and 2); the motion is multiplied by 1 + AF.",
        ("amplification factor",),
    ),
    Term(
        "query",
        r"quer|key",
        "Query and key (Eq. 3): each level looks at others as a query and is looked at as a key; rows of "
        "the matrix are queries, columns are keys.",
        ("key",),
    ),
    Term(
        "motion",
        r"motion",
        "Motion: how far the face moves from onset to apex before it is magnified, in pixels of its crop of "
        "224 (the 99th percentile of the flow over the face).",
    ),
    Term(
        "density",
        r"densit",
        "Density: the share of all pairs that may attend (the index set Ω of Eq. 5, of L × L).",
    ),
    Term(
        "head",
        r"\bheads?\b",
        "Head: one of the attentions side by side in a block of sparse self-attention (SSA); each hashes "
        "with planes of its own.",
    ),
    Term(
        "level",
        r"level",
        "Level: one magnified frame of the sequence, from 0, the least AF first.",
        ("magnified frame",),
    ),
    Term(
        "gain",
        r"\bgain",
        "Gain: what the motion from onset to apex is multiplied by: 1 + AF (Eq. 1 and 2), or AF itself where "
        "the settings say so.",
    ),
    Term(
        "plane",
        r"hyper-plane",
        "Hyper-plane (Algorithm 1): a cut through the space of queries and keys, drawn at random; the side "
        "on which a vector lies is one digit of its code.",
        ("plane",),
    ),
    Term(
        "uniform",
        r"uniform",
        "Uniform: weight × allowed = 1, the weight that a query gives to each key where it gives all that "
        "are allowed the same.",
    ),
    Term(
        "exact",
        r"exact view",
        "Exact view: Hash space seen along two hyper-planes that part the pinned pair; both are full lines "
        "there. The bar with degrees measures the angle from a point to a full line, and the percentage of "
        "spread how much of the levels' differences the view shows.",
        ("exact", "angle bar", "bar"),
    ),
)
MOST = 3  # explanations in one tip
_BY_NAME = {term.name: term for term in TERMS}


def told(*names: str) -> str:
    """What some terms are, a line each.

    Raises:
        KeyError: there is no such term.
    """
    return "\n".join(_BY_NAME[name].told for name in names)


def explained(words: str) -> str:
    """What the terms in some words are: the first few, as they come in ``TERMS``, a line each."""
    found = [term.told for term in TERMS if re.search(term.found_by, words, re.IGNORECASE)]
    return "\n".join(found[:MOST])
