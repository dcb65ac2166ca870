"""The engine: measures in, one long table of figures with intervals, reasons and verdicts out."""
