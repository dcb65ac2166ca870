"""For every test: a property may take its time, so that a busy machine does not fail a sound one."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")
