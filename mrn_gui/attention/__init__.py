"""The attention matrix of one block and head, and small multiples of all."""

from mrn_gui.attention.heads import HeadsGrid
from mrn_gui.attention.view import AttentionView

__all__ = ["AttentionView", "HeadsGrid"]
