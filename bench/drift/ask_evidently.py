"""Draws seeded samples, asks the real Evidently with its defaults whether they drift, and prints both, a JSON line each trial.

    python ask_evidently.py '{"task": "undrifted" | "shifted", "n": 500, "trials": 20, "seed": 1}'
"""
import json
import sys
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
from evidently import Report  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402


def ordinary(rng, n):
    """What tables hold: every kind of column, nothing depends on anything."""
    return {
        "normal": rng.normal(0, 1, n),
        "tiny": rng.normal(0, 1e-9, n),
        "lognormal": rng.lognormal(0, 1, n),
        "pareto": rng.pareto(1.2, n) + 1,
        "zeros": np.where(rng.random(n) < 0.8, 0, rng.random(n)),
        "count": rng.poisson(3, n).astype(float),
        "code": rng.integers(0, 4, n).astype(float),
        "category": np.array(["a", "b", "c", "d"])[rng.choice(4, n, p=[0.4, 0.3, 0.2, 0.1])],
        "rare": np.array([f"k{i}" for i in range(60)])[(60 * rng.random(n) ** 3).astype(int)],
        "gaps": np.where(rng.random(n) < 0.3, np.nan, rng.normal(0, 1, n)),
    }


def shifted(rng, n, shift):
    shares = np.array([0.4, 0.3, 0.2, 0.1]) + shift / 2 * np.array([-0.6, -0.1, 0.3, 0.4])
    category = np.array(["a", "b", "c", "d"])[rng.choice(4, n, p=shares)]
    return {**{f"normal{i}": rng.normal(shift, 1, n) for i in range(8)}, "category": category}


def evidently(reference, current):
    result = Report([DataDriftPreset()]).run(current, reference).dict()
    found = {}
    for metric in result["metrics"]:
        config = metric.get("config", {})
        if not config.get("type", "").endswith("ValueDrift"):
            continue
        value, threshold = float(metric["value"]), float(config["threshold"])
        is_p = "p_value" in config["method"]
        found[config["column"]] = {"drifts": bool(value < threshold if is_p else value >= threshold), "method": config["method"]}
    return found


def plain(frame):
    return {name: [None if isinstance(x, float) and np.isnan(x) else x for x in values.tolist()] for name, values in frame.items()}


task = json.loads(sys.argv[1])
rng = np.random.default_rng(task["seed"])
draw = (lambda shift: ordinary(rng, task["n"])) if task["task"] == "undrifted" else (lambda shift: shifted(rng, task["n"], shift))
for trial in range(task["trials"]):
    reference, current = draw(0), draw(0.2)
    found = evidently(pd.DataFrame(reference), pd.DataFrame(current))
    print(json.dumps({"baseline": plain(reference), "current": plain(current), "evidently": found}), flush=True)
