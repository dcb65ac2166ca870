"""Exhibits: the tables, charts and texts of a report, frozen, each able to show itself."""
