"""The player: a clip's frames, the transport below them, and the timeline with its marks."""
