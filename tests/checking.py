"""What the tests of the checks share: workspaces made of frames, clean tickets, and the notices of one check."""

from __future__ import annotations

import numpy as np
import pandas as pd

from auditkit.load import load
from auditkit.notices import Notice
from auditkit.store import Store
from auditkit.workspace import open_workspace

AS_OF = 'as_of = 2026-06-30T00:00:00Z\ntimezone = "UTC"'
TARGET = '[targets]\nfirst_response_within = { within = "4h" }\n'


def notices(found: Store, check: str) -> list[Notice]:
    """The notices of one check."""
    return [notice for notice in found.meta.notices if notice.check == check]


def load_frames(folder, toml: str = "", **frames: pd.DataFrame) -> Store:
    """The store of a workspace with one CSV file for each frame."""
    (folder / "data").mkdir(exist_ok=True)
    sources = ""
    for name, frame in frames.items():
        frame.to_csv(folder / "data" / f"{name}.csv", index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
        sources += f'[[source]]\ntable = "{name}"\npath = "data/{name}.csv"\n'
    (folder / "audit.toml").write_text(f'[audit]\nclient = "x"\n{AS_OF}\n{sources}{toml}', encoding="utf-8")
    return load(open_workspace(folder))


def clean_tickets(seed: int, rows: int = 4000) -> pd.DataFrame:
    """Half a year without a fault: smooth times, steady closing, customers who come back at random."""
    rng = np.random.default_rng(seed)
    created = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 150 * 86400, rows), unit="s")
    response = np.round(rng.lognormal(np.log(3 * 3600), 0.8, rows))
    resolution = response + np.round(rng.lognormal(np.log(10 * 3600), 1, rows))
    return pd.DataFrame(
        {
            "ticket_id": np.arange(rows),
            "team": rng.choice(["North", "South"], rows),
            "customer_id": rng.integers(0, rows, rows),
            "created_at": created,
            "first_response_at": created + pd.to_timedelta(response, unit="s"),
            "resolved_at": created + pd.to_timedelta(resolution, unit="s"),
        }
    )
