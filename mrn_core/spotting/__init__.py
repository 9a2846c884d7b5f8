"""Where the apex may be: curves of motion over a clip, and the frames they propose.

Every frame is cut by the transform of one reference frame and compared with it, region by region; what the
nose does is the head's motion and is taken off. One rise, hold and fall that brows and mouth share is then
looked for. The proposals are a help to a person, not a measurement.
"""

from mrn_core.spotting.result import CURVES, UNITS, Spotting
from mrn_core.spotting.spotter import Frames, spot
from mrn_core.spotting.writing import curves_csv, proposal_tiers, proposal_told

__all__ = ["CURVES", "UNITS", "Frames", "Spotting", "curves_csv", "proposal_tiers", "proposal_told", "spot"]
