"""Comments and complaints: what customers wrote, which of it to read, and by which words it complains or praises.

In come a loaded store and the keyword lists of each language; out come texts with their hits, samples to read, and how
often a keyword is right, once somebody has checked. Whatever is shown of a text goes through masking.
"""
