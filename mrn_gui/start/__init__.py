"""What stands in the window while no clip is open."""
