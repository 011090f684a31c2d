"""What an estimator learned of the columns it was fitted on: where they lie, where its trees split them, which words it met."""
import re
from collections import namedtuple

# points: numbers that were met or that decide; categories: all values an encoder knows, or None.
Fact = namedtuple("Fact", "points categories")

_MOST_POINTS = 200
# Matrices with one column for each of the estimator's: rows it remembers, or centres it found.
_REMEMBERED = ("support_vectors_", "_fit_X", "cluster_centers_", "theta_", "means_", "X_train_")


def facts_of(estimator, width):
    """One Fact for each of `width` columns."""
    points, categories = [set() for _ in range(width)], [None] * width
    for part, places in _parts(estimator, list(range(width))):
        for place, values in _categories(part, places):
            categories[place] = values
        for place, value in _points(part, places):
            points[place].add(float(value))
    return [Fact(_some(found), known) for found, known in zip(points, categories)]


def unused_columns(estimator, width):
    """The places that no part of it looks at: a ColumnTransformer leaves out what none of its transformers chose."""
    used = {place for _, places in _parts(estimator, list(range(width))) for place in places}
    return set(range(width)) - used


def chooses_columns(estimator):
    """Whether it treats columns differently by their names."""
    if hasattr(estimator, "transformers_"):
        return True
    return any(chooses_columns(part) for part in _first_steps(estimator))


def is_trees(estimator):
    """Whether it compares its columns in float32 and does nothing else to them."""
    return bool(trees_of(estimator)) or type(estimator).__module__.startswith("xgboost.")


def last_step(estimator):
    """The one that answers."""
    if hasattr(estimator, "best_estimator_"):
        return last_step(estimator.best_estimator_)
    return last_step(estimator.steps[-1][1]) if hasattr(estimator, "steps") else estimator


def _first_steps(estimator):
    best = getattr(estimator, "best_estimator_", None)
    if best is not None:
        return [best]
    return [step for _, step in getattr(estimator, "steps", [])[:1]]


def _parts(estimator, places):
    """(estimator, the places of its columns) of all that see the columns as they come."""
    if hasattr(estimator, "best_estimator_"):
        yield from _parts(estimator.best_estimator_, places)
    elif hasattr(estimator, "steps"):
        for _, step in estimator.steps:
            yield from _parts(step, places)
            if not hasattr(step, "statistics_"):  # behind all but an imputer the columns are others
                break
    elif hasattr(estimator, "transformers_"):
        chosen = getattr(estimator, "_transformer_to_input_indices", {})
        for name, part, _ in estimator.transformers_:
            yield from _parts(part, [places[at] for at in chosen.get(name, [])])
    elif hasattr(estimator, "transformer_list"):
        for _, part in estimator.transformer_list:
            yield from _parts(part, places)
    elif not (isinstance(estimator, str) and estimator == "drop") and places:
        yield estimator, places


def _categories(part, places):
    found = getattr(part, "categories_", None)
    if isinstance(found, list) and len(found) == len(places):
        for place, values in zip(places, found):
            values = [value for value in values.tolist() if value is not None and value == value]
            yield place, values if all(isinstance(value, str) for value in values) else _numbers(values)


def _numbers(values):
    plain = [value for value in values if isinstance(value, (int, float))]
    return plain if len(plain) == len(values) else values


def _points(part, places):
    for name in _REMEMBERED:
        matrix = getattr(part, name, None)
        if getattr(matrix, "ndim", 0) == 2 and matrix.shape[1] == len(places) and hasattr(matrix, "min"):
            for place, column in zip(places, matrix.T):
                if hasattr(column, "tolist"):
                    yield from ((place, value) for value in column.tolist()[:_MOST_POINTS])
    for lowest, highest in (("data_min_", "data_max_"),):
        if hasattr(part, lowest):
            for place, low, high in zip(places, getattr(part, lowest), getattr(part, highest)):
                yield from ((place, low), (place, high))
    middle = next((getattr(part, name) for name in ("mean_", "center_") if getattr(part, name, None) is not None), None)
    scale = getattr(part, "scale_", None)
    if middle is not None and scale is not None and getattr(middle, "shape", None) == (len(places),):
        for place, centre, width in zip(places, middle, scale):
            yield from ((place, centre - 3 * width), (place, centre + 3 * width))
    for at, threshold in _splits(part):
        if 0 <= at < len(places):
            yield places[at], threshold


def _splits(part):
    """(column, threshold) of the splits of trees."""
    for tree in trees_of(part):
        yield from ((at, value) for at, value in zip(tree.feature.tolist(), tree.threshold.tolist()) if at >= 0)
    for stage in getattr(part, "_predictors", []):
        for predictor in stage if isinstance(stage, list) else []:
            inner = predictor.nodes[predictor.nodes["is_leaf"] == 0]
            yield from zip(inner["feature_idx"].tolist(), inner["num_threshold"].tolist())
    if hasattr(part, "get_booster"):
        names = part.get_booster().feature_names or []
        for name, value in re.findall(r"\[([^<\]]+)<([^\]]+)\]", "\n".join(part.get_booster().get_dump())):
            yield names.index(name) if name in names else int(name.lstrip("f")), float(value)
    else:
        for tree in splits_of_lightgbm(part):
            yield from tree


def splits_of_lightgbm(part):
    """(column, threshold) of the splits of each tree of LightGBM; [] of anything else."""
    if not hasattr(part, "booster_"):
        return []
    return [list(_splits_below(tree["tree_structure"])) for tree in part.booster_.dump_model()["tree_info"]]


def _splits_below(node):
    nodes = [node]
    while nodes:
        node = nodes.pop()
        if isinstance(node.get("threshold"), float):
            yield node["split_feature"], node["threshold"]
        nodes.extend(node[side] for side in ("left_child", "right_child") if side in node)


def trees_of(part):
    """The trees of a tree or forest of scikit-learn; [] of anything else."""
    if hasattr(part, "tree_"):
        return [part.tree_]
    members = getattr(part, "estimators_", None)
    if members is None or not hasattr(part, "n_estimators"):
        return []
    members = members.ravel().tolist() if hasattr(members, "ravel") else members
    return [member.tree_ for member in members if hasattr(member, "tree_")]


def _some(found):
    """At most some hundred of them, the outermost among them."""
    values = sorted(value for value in found if abs(value) < 1e30)
    step = max(1, len(values) // _MOST_POINTS)
    return values[::step] + values[-1:]
