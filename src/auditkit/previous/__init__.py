"""The last audit's edition: where it is, what its manifest says, and what figures rest on, so that two can be compared.

``edition`` finds and reads a manifest, which may be damaged or a stranger's; ``basis`` says by which rules, hours,
targets and rows the figures of today are counted, which is also what every manifest keeps for the next audit.
"""
