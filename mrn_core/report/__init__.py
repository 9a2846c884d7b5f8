"""A report of one analysis as a single HTML file, and everything else that leaves the program."""

from mrn_core.report.exporting import Plan, existing, export
from mrn_core.report.page import report_html

__all__ = ["Plan", "existing", "export", "report_html"]
