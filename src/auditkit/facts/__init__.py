"""What a row alone cannot know: folded, joined and enriched once, at load, and stored as columns."""
