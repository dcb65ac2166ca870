"""From notebooks to editions: what is due is planned, run, checked and put in its place."""
