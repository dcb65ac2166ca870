"""Time: periods, zones, opening hours and durations, without a word of teams or tables."""
