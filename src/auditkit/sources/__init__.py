"""Reading exports: from a file of any supported kind to raw text columns, and from those to typed tables."""
