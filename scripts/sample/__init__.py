"""Makes the invented data of data/sample: who the teams are, what happens to them, and how their systems print it."""
