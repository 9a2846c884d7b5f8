"""The hash in words and numbers: why a pair meets, and who is in which bucket."""

from mrn_gui.hashing.buckets import BucketPanel
from mrn_gui.hashing.health import HealthPanel

__all__ = ["BucketPanel", "HealthPanel"]
