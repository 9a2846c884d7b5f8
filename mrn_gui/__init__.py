"""The window of MRN Studio: it shows what mrn_core computes, and computes nothing itself."""
