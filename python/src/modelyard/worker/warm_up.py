"""The first calls of a model, made before anybody waits, tell how many rows its frames should have."""
import array
import random
import time

from . import batching, loaders

_STEPS = (1, 8, 64, 256, 1024)
_FEW = 64  # keep nobody waiting long
_BUDGET = 1.0  # seconds
_SHORT = 0.02
_WORTH = 1.1  # a larger frame makes the others wait longer: it has to save a tenth of the time for each row
_MOST_NUMBERS = 1 << 20
_DISTINCT = 64


def frame_rows(model):
    """How many one-row requests one call should answer: more where rows are cheaper together, as in a forest; few where
    most of the time is spent on each request. None: the model does not say how wide its rows are, or takes no numbers."""
    try:
        width = getattr(loaders.bare(model), "n_features_in_", None)
    except Exception:  # a property that needs more than is there
        width = None
    if not isinstance(width, int) or not 0 < width <= _MOST_NUMBERS // _STEPS[-1]:
        return None
    draw = random.Random(0)
    made = [array.array("d", [draw.gauss(0, 1) for _ in range(width)]).tobytes() for _ in range(_DISTINCT)]
    begun, before, found = time.perf_counter(), None, {}
    for size in _STEPS:
        # rows that cost the more the more there are: it can only be less
        expected = before[1] * size / before[0] if before else 0
        if time.perf_counter() - begun + expected > _BUDGET:
            break
        seconds = _seconds(model, made, width, size)
        if seconds is None:
            return None
        if seconds < _SHORT:  # the first turn finds cold caches
            seconds = min(seconds, _seconds(model, made, width, size) or seconds)
        before = (size, seconds)
        if size >= _FEW:
            found[size] = seconds
    best = min([seconds / rows for rows, seconds in found.items()] or [0])
    return min([rows for rows, seconds in found.items() if seconds / rows <= best * _WORTH] or [_FEW])


def _seconds(model, made, width, count):
    """Processor time, which neighbours do not lengthen; None when the model refuses such rows."""
    head = {"method": "predict", "columns": width, "ids": ["warm-up"] * count, "rows": [1] * count}
    body = bytearray().join(made[place % len(made)] for place in range(count))
    begun = time.process_time()
    answered, _ = batching.answer_table(model, head, body)
    return time.process_time() - begun if answered["type"] == "predictions" else None
