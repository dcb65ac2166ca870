"""What stands behind a figure: its rows, its other definitions, and the source's own word."""
