"""Findings of an audit: what is wrong, how grave that is, what it rests on, who does what about it by when.

``rules`` turn figures, signals, faults of the data and gaps of checklists into findings, ``register`` keeps them from
month to month beside what people wrote, ``verify`` asks whether an action had its effect, and ``action_plan`` with its
files carries the actions to those who do them.
"""
