"""Draws seeded samples, asks the real Evidently about them, and prints both, a JSON line each trial.

    python ask_evidently.py '{"task": "undrifted" | "shifted", "n": 500, "trials": 20, "asked": 5, "seed": 1}'
    python ask_evidently.py '{"task": "each", "kind": "number" | "category", "n": 500, "trials": 20, "seed": 1}'
"""
import json
import sys
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
from evidently import Report  # noqa: E402
from evidently.legacy.calculations import stattests  # noqa: E402, F401 - they register themselves
from evidently.legacy.calculations.stattests.registry import _registered_stat_tests  # noqa: E402
from evidently.legacy.core import ColumnType  # noqa: E402
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


def by_name(names, kind, reference, current):
    """Scores of its tests without a threshold of theirs: small p and great distances are far apart."""
    sides = (pd.Series(reference), pd.Series(current))
    found = {name: _registered_stat_tests[name][kind](*sides, kind, None).drift_score for name in names}
    return {name: float(1 - score if name in p_values else score) for name, score in found.items()}


p_values = {"ks", "chisquare"}
tests = {
    "number": (ColumnType.Numerical, ["ks", "wasserstein", "psi", "jensenshannon", "hellinger"]),
    "category": (ColumnType.Categorical, ["chisquare", "psi", "jensenshannon", "hellinger"]),
}


def plain(frame):
    return {name: [None if isinstance(x, float) and np.isnan(x) else x for x in values.tolist()] for name, values in frame.items()}


def samples(task, rng, n, shift):
    return ordinary(rng, n) if task["task"] == "undrifted" else shifted(rng, n, shift)


def policies(task, rng):
    """Pairs of tables; the first `asked` of them with what Evidently's defaults say."""
    for trial in range(task["trials"]):
        reference, current = samples(task, rng, task["n"], 0), samples(task, rng, task["n"], 0.2)
        asked = trial < task["asked"]
        found = evidently(pd.DataFrame(reference), pd.DataFrame(current)) if asked else None
        yield {"baseline": plain(reference), "current": plain(current), "evidently": found}


def each(task, rng):
    """A baseline, a window of the same and one that moved, with what each of Evidently's tests gives for both."""
    kind, names = tests[task["kind"]]
    column = "normal0" if task["kind"] == "number" else "category"
    for _ in range(task["trials"]):
        baseline, same, moved = (shifted(rng, task["n"], shift)[column] for shift in (0, 0, 0.2))
        found = [by_name(names, kind, baseline, now) for now in (same, moved)]
        sides = {"baseline": baseline, "same": same, "moved": moved}
        yield {**plain(sides), "evidently": {name: [of[name] for of in found] for name in names}}


task = json.loads(sys.argv[1])
for answer in (each if task["task"] == "each" else policies)(task, np.random.default_rng(task["seed"])):
    print(json.dumps(answer), flush=True)
