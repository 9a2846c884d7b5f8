"""Opens MRN Studio: ``python main.py [CLIP]``."""

import sys

from mrn_gui.launch import main

if __name__ == "__main__":
    sys.exit(main())
