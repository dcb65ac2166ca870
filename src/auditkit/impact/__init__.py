"""What a dated change did: the series around it, the effect with its interval, and what may be concluded from it."""
