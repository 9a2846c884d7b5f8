"""What is hashed, seen on a plane: points, cuts, origin and centre (the paper's Fig. 3, live)."""

from mrn_gui.hashspace.panel import HashSpacePanel

__all__ = ["HashSpacePanel"]
