"""The report of one team in one period, as its notebook calls it: ``report.open`` and the sections of what it gives.

``asked`` settles what the notebook's parameters mean, ``history`` which periods a report tells of, ``evaluated`` makes
the figures once, ``sections`` names the sections, and ``audit`` has a method for each.
"""

from auditkit.report.audit import REPORT_NAME, REVIEW_NAME, Audit, open
from auditkit.report.sections import SECTIONS, Section

__all__ = ["REPORT_NAME", "REVIEW_NAME", "SECTIONS", "Audit", "Section", "open"]
