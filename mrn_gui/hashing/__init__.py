"""The hash: who is in which bucket, and whether it tells levels apart."""

from mrn_gui.hashing.buckets import BucketPanel
from mrn_gui.hashing.health import HealthPanel

__all__ = ["BucketPanel", "HealthPanel"]
