"""Magnifiers: onset and apex in, one frame for each amplification factor out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mrn_core.magnification.base import Magnifier
from mrn_core.magnification.lagrangian import Lagrangian
from mrn_core.magnification.levels import AmplificationLevels
from mrn_core.magnification.linear import Linear
from mrn_core.magnification.magnet import MagNet

DEFAULT = "lagrangian"
"""The best of those that need no weights."""

_ALL: tuple[Magnifier, ...] = (Linear(), Lagrangian(), MagNet())

magnifiers: Mapping[str, Magnifier] = MappingProxyType({magnifier.name: magnifier for magnifier in _ALL})
"""Every magnifier by name. None of them imports PyTorch before it is used."""

__all__ = ["DEFAULT", "AmplificationLevels", "Magnifier", "magnifiers"]
