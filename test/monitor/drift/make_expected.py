"""Writes columns.jsonl: seeded pairs of samples and what scipy and Evidently say of them.

    python make_expected.py       (numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, evidently 0.7.23)

Tests read the file; nobody needs this script or Python to run them.
"""
import json
import math
import pathlib
import warnings

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import jensenshannon

warnings.filterwarnings("ignore")
from evidently.legacy.calculations.stattests.jensenshannon import _jensenshannon  # noqa: E402
from evidently.legacy.calculations.stattests.psi import _psi  # noqa: E402
from evidently.legacy.calculations.stattests.wasserstein_distance_norm import _wasserstein_distance_norm  # noqa: E402
from evidently.legacy.core import ColumnType  # noqa: E402

rng = np.random.default_rng(20260729)
columns = []


def number(name, baseline, current):
    columns.append((name, "number", list(map(float, baseline)), list(map(float, current))))


def category(name, baseline, current):
    columns.append((name, "category", list(baseline), list(current)))


def pick(names, shares, size):
    return [names[i] for i in rng.choice(len(names), size=size, p=shares)]


def fill_numbers():
    normal = rng.normal
    for n, m in [(30, 30), (100, 80), (250, 250), (120, 400)]:
        number(f"normal.same.{n}.{m}", normal(0, 1, n), normal(0, 1, m))
        number(f"normal.shift02.{n}.{m}", normal(0, 1, n), normal(0.2, 1, m))
        number(f"normal.shift1.{n}.{m}", normal(5, 2, n), normal(7, 2, m))
    number("normal.wider", normal(0, 1, 200), normal(0, 1.5, 200))
    number("normal.far", normal(0, 1, 150), normal(1000, 1, 150))
    number("uniform", rng.uniform(0, 1, 200), rng.uniform(0.05, 1.05, 180))
    number("exponential", rng.exponential(1, 200), rng.exponential(1.2, 150))
    number("lognormal", rng.lognormal(0, 1, 200), rng.lognormal(0.2, 1, 200))
    number("pareto.tail", rng.pareto(1.1, 250) + 1, rng.pareto(0.7, 250) + 1)
    number("cauchy", rng.standard_cauchy(200), rng.standard_cauchy(200))
    number("student", rng.standard_t(2, 200), rng.standard_t(2, 150) + 0.4)
    number("bimodal", np.r_[normal(-3, 1, 100), normal(3, 1, 100)], np.r_[normal(-3, 1, 50), normal(3, 1, 150)])
    number("tiny.scale", normal(0, 1e-9, 150), normal(5e-10, 1e-9, 150))
    number("huge.scale", normal(0, 1e12, 150), normal(3e11, 1e12, 120))
    number("offset", normal(1e6, 1, 150), normal(1e6 + 0.5, 1, 150))
    number("constant.same", [7.5] * 60, [7.5] * 40)
    number("constant.moved", [7.5] * 60, [8.0] * 40)
    number("becomes.constant", normal(0, 1, 80), [0.25] * 80)
    number("was.constant", [0.25] * 80, normal(0, 1, 80))
    number("one.value.each", [1.0], [2.0])
    number("one.against.many", normal(0, 1, 50), [0.5])
    number("two.values", [0.0, 1.0], [0.0, 1.0, 1.0])
    number("few.rows", normal(0, 1, 5), normal(1, 1, 4))
    number("integers.small", rng.integers(0, 4, 120), rng.integers(0, 4, 100))
    number("integers.wide", rng.integers(0, 1000, 150), rng.integers(100, 1100, 150))
    number("counts.poisson", rng.poisson(3, 200), rng.poisson(4, 200))
    number("zero.inflated", np.where(rng.random(200) < 0.8, 0, rng.exponential(1, 200)),
           np.where(rng.random(200) < 0.6, 0, rng.exponential(1, 200)))
    number("ties", np.round(normal(0, 1, 200), 1), np.round(normal(0.3, 1, 200), 1))
    number("negative", -rng.exponential(3, 100), -rng.exponential(2, 100))
    number("signed.zero", [0.0, -0.0, 1.0, -1.0] * 20, [-0.0, 0.0, 2.0, -1.0] * 20)
    number("subnormal", [5e-324 * k for k in range(1, 60)], [5e-324 * k for k in range(20, 90)])
    number("equal.in.other.order", range(50), reversed(range(50)))
    holes = normal(0, 1, 150)
    number("missing.more", np.where(rng.random(150) < 0.05, np.nan, holes), np.where(rng.random(150) < 0.34, np.nan, holes))
    number("all.missing", normal(0, 1, 50), [math.nan] * 50)
    number("never.there", [math.nan] * 50, [math.nan] * 50)
    number("infinite", np.r_[normal(0, 1, 60), math.inf], np.r_[normal(0, 1, 60), math.inf, -math.inf])


def fill_categories():
    abc = ["a", "b", "c", "d"]
    category("cat.same", pick(abc, [0.4, 0.3, 0.2, 0.1], 300), pick(abc, [0.4, 0.3, 0.2, 0.1], 300))
    category("cat.moved", pick(abc, [0.4, 0.3, 0.2, 0.1], 300), pick(abc, [0.25, 0.25, 0.25, 0.25], 250))
    category("cat.new", pick(abc[:3], [0.5, 0.3, 0.2], 200), pick(abc, [0.4, 0.3, 0.2, 0.1], 200))
    category("cat.gone", pick(abc, [0.4, 0.3, 0.2, 0.1], 200), pick(abc[:3], [0.5, 0.3, 0.2], 200))
    category("cat.disjoint", ["left"] * 40, ["right"] * 40)
    category("cat.constant", ["only"] * 40, ["only"] * 30)
    category("cat.binary.few", pick(["no", "yes"], [0.7, 0.3], 24), pick(["no", "yes"], [0.5, 0.5], 20))
    category("cat.binary.many", pick(["no", "yes"], [0.9, 0.1], 900), pick(["no", "yes"], [0.88, 0.12], 800))
    category("cat.unicode", pick(["Zürich", "東京", "🙂", "e\u0301", "é"], [0.2] * 5, 150),
             pick(["Zürich", "東京", "🙂", "e\u0301", "é"], [0.3, 0.1, 0.2, 0.2, 0.2], 150))
    many = [f"k{i}" for i in range(60)]
    zipf = np.array([1 / (i + 1) for i in range(60)])
    category("cat.rare.many", pick(many, zipf / zipf.sum(), 400), pick(many, zipf / zipf.sum(), 150))
    category("cat.all.unique", [f"id{i}" for i in range(80)], [f"id{i}" for i in range(80, 160)])
    category("cat.missing", [None if rng.random() < 0.1 else x for x in pick(abc, [0.25] * 4, 120)],
             [None if rng.random() < 0.6 else x for x in pick(abc, [0.25] * 4, 120)])
    category("cat.all.missing", pick(abc, [0.25] * 4, 40), [None] * 40)


def pool_rare(table):
    """Cochran's rule, written apart from the program that is tested."""
    table = [cell for cell in table if sum(cell) > 0]
    n, m = (sum(cell[side] for cell in table) for side in (0, 1))
    frequent, rare = [], []
    for cell in table:
        (frequent if sum(cell) * min(n, m) / (n + m) >= 5 else rare).append(cell)
    if rare:
        pool = [sum(cell[side] for cell in rare) for side in (0, 1)]
        # of equally frequent ones the first stays: sorted() is stable
        frequent.sort(key=lambda cell: -sum(cell))
        while sum(pool) * min(n, m) / (n + m) < 5 and len(frequent) > 1:
            last = frequent.pop()
            pool = [pool[side] + last[side] for side in (0, 1)]
        frequent.append(pool)
    return frequent


def of_numbers(a, b):
    n, m = len(a), len(b)
    exact = stats.ks_2samp(a, b, method="exact")
    edges = np.unique(np.quantile(a, np.arange(1, 10) / 10))
    shares = [np.bincount(np.searchsorted(edges, x, side="left"), minlength=len(edges) + 1) / len(x) for x in (a, b)]
    ps, pc = (pd.Series(x) for x in (a, b))
    low, high = min(a.min(), b.min()), max(a.max(), b.max())
    if low == high:
        azure = [np.array([n]), np.array([m])]
    else:
        grid = np.linspace(low, high, math.ceil(math.log2(min(n, m)) + 1) + 1)
        azure = [np.histogram(x, grid)[0] for x in (a, b)]
    distance = stats.wasserstein_distance(a, b)
    q1, q3 = np.quantile(a, [0.25, 0.75])
    spread = (q3 - q1) / 1.349 if q3 > q1 else a.std()
    with np.errstate(all="ignore"):
        over = lambda unit: 0.0 if distance == 0 else float(np.float64(distance) / unit)  # noqa: E731
        return {
            "ks:exact": [exact.statistic, exact.pvalue],
            "ks:limit": [exact.statistic, stats.kstwobign.sf(exact.statistic * math.sqrt(n * m / (n + m)))],
            **of_shares(*shares),
            **of_deciles(a, b, edges),
            "psi:evidently": [_psi(ps, pc, ColumnType.Numerical, 0.1)[0], None],
            "psi:azure": [of_azure(*azure, n, m), None],
            "js:evidently": [_jensenshannon(ps, pc, ColumnType.Numerical, 0.1)[0], None],
            "wasserstein:raw": [distance, None],
            "wasserstein:evidently": [_wasserstein_distance_norm(ps, pc, ColumnType.Numerical, 0.1)[0], None],
            "wasserstein:azure": [over(max(a.std(ddof=1) if n > 1 else 0, 0.001)), None],
            "wasserstein:spread": [over(spread), None],
        }


def of_shares(p, q):
    floored = [np.where(x == 0, 1e-4, x) for x in (p, q)]
    return {
        "psi:decile": [np.sum((floored[1] - floored[0]) * np.log(floored[1] / floored[0])), None],
        "js:base2": [jensenshannon(p, q, base=2), None],
        "hellinger:decile": [np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2) / 2), None],
    }


def of_deciles(a, b, edges):
    below = [np.array([np.mean(x <= edge) for edge in edges]) for x in (a, b)]
    cuts = [[np.array([p, 1 - p]) for p in side] for side in below]
    each = [of_shares(p, q) for p, q in zip(*cuts)]
    mean = lambda test, power: np.mean([found[test][0] ** power for found in each])  # noqa: E731
    return {
        "psi:cumulative": [mean("psi:decile", 1), None],
        "js:cumulative": [np.sqrt(mean("js:base2", 2)), None],
        "hellinger:cumulative": [np.sqrt(mean("hellinger:decile", 2)), None],
    }


def of_azure(a, b, n, m):
    p, q = (a + 1) / n, (b + 1) / m
    return np.sum((q - p) * np.log(q / p))


def of_categories(a, b):
    keys = list(dict.fromkeys(a + b))
    table = [[a.count(key), b.count(key)] for key in keys]
    pooled = np.array(pool_rare(table))
    counts = np.array(table)
    ps, pc = (pd.Series(x) for x in (a, b))
    statistic = p = None
    if len(pooled) > 1:
        chi = stats.chi2_contingency(pooled, correction=False)
        statistic, p = chi.statistic, chi.pvalue
        if len(pooled) == 2 and pooled.sum() <= 1000:
            p = stats.fisher_exact(pooled).pvalue
    return {
        "chi2:contingency": [statistic or 0.0, 1.0 if p is None else p],
        **of_shares(counts[:, 0] / len(a), counts[:, 1] / len(b)),
        "psi:evidently": [_psi(ps, pc, ColumnType.Categorical, 0.1)[0], None],
        "psi:azure": [of_azure(counts[:, 0], counts[:, 1], len(a), len(b)), None],
        "js:evidently": [_jensenshannon(ps, pc, ColumnType.Categorical, 0.1)[0], None],
    }


def expected(kind, baseline, current):
    if kind == "category":
        a, b = ([x for x in side if x is not None] for side in (baseline, current))
        return of_categories(a, b) if a and b else None
    a, b = (np.array([x for x in side if math.isfinite(x)]) for side in (baseline, current))
    return of_numbers(a, b) if len(a) and len(b) else None


def plain(x):
    """JSON: missing is null; infinities are 1e999, which every reader takes for what they are."""
    if x is None or isinstance(x, str):
        return json.dumps(x, ensure_ascii=False)
    if math.isnan(x):
        return "null"
    if math.isinf(x):
        return "1e999" if x > 0 else "-1e999"
    return repr(int(x)) if float(x).is_integer() and abs(x) < 1e15 and math.copysign(1, x) > 0 else repr(float(x))


def rounded(kind, values):
    return values if kind == "category" else [x if not math.isfinite(x) else float(f"{x:.5g}") for x in values]


def line(name, kind, baseline, current):
    baseline, current = rounded(kind, baseline), rounded(kind, current)
    if name == "offset":  # its digits are behind the fifth
        baseline, current = ([x + i / 128 for i, x in enumerate(side)] for side in (baseline, current))
    found = expected(kind, baseline, current)
    tests = "null" if found is None else "{" + ",".join(
        f'"{test}":[{",".join(map(plain, result))}]' for test, result in found.items()) + "}"
    sides = ",".join(f'"{key}":[{",".join(map(plain, side))}]' for key, side in (("baseline", baseline), ("current", current)))
    return f'{{"name":{json.dumps(name)},"kind":"{kind}",{sides},"expected":{tests}}}'


fill_numbers()
fill_categories()
text = "\n".join(line(*column) for column in columns) + "\n"
pathlib.Path(__file__).with_name("columns.jsonl").write_text(text)
print(len(columns), "columns,", len(text), "bytes")
