"""Writes train.parquet (snappy, as pandas does by default), train.gzip.parquet, train.zstd.parquet, train.polars.parquet (zstd, as
Polars does by default) and lists.parquet.

    python make_parquet.py       (pandas 2.3.3, pyarrow 25.0.1, polars 2.1.0)
"""
import pathlib

import numpy as np
import pandas as pd
import polars as pl

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(7)
rows = 200
frame = pd.DataFrame({
    "age": rng.normal(40, 10, rows).round(3),
    "rooms": rng.integers(1, 6, rows),
    "city": rng.choice(["Bern", "Zürich", "東京"], rows),
    "member": rng.random(rows) < 0.5,
    "since": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), unit="D"),
    "income": np.where(rng.random(rows) < 0.1, np.nan, rng.lognormal(10, 1, rows).round(2)),
    "grade": rng.choice(["good", "bad"], rows),
})
frame.to_parquet(here / "train.parquet")
frame.to_parquet(here / "train.gzip.parquet", compression="gzip", row_group_size=64)
frame.to_parquet(here / "train.zstd.parquet", compression="zstd", row_group_size=64)
pl.from_pandas(frame).write_parquet(here / "train.polars.parquet")
pd.DataFrame({"x": [[1, 2], [3]]}).to_parquet(here / "lists.parquet")
