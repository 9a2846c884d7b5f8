"""*What if*: the settings that change the picture, and which of them differ from their defaults."""
