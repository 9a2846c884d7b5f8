"""Tables of an Analysis as plain data and as CSV."""

from mrn_core.tables.level_table import LevelTable, as_csv, chance_of, level_table
from mrn_core.tables.level_words import head_sentences

__all__ = ["LevelTable", "as_csv", "chance_of", "head_sentences", "level_table"]
