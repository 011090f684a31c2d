"""What the converters leave out, put right in their ONNX."""
from . import learned

_FLOAT, _BOOL, _DOUBLE = 1, 9, 11  # TensorProto.DataType
_SLACK = 1e-6  # far above the rounding of float32 sums, far below one vote of a forest
_VOTING = ("DecisionTreeClassifier", "ExtraTreeClassifier", "RandomForestClassifier", "ExtraTreesClassifier")


def all_of(onnx, estimator):
    """Change `onnx` so that it answers what the estimator does, as far as is known how."""
    _drop_unasked(onnx, estimator)
    last = learned.last_step(estimator)
    if type(last).__name__ in _VOTING and getattr(getattr(last, "classes_", None), "ndim", 0) == 1:
        _vote(onnx, last.classes_)
    else:
        _answer_truth_values(onnx, estimator)
    trees = learned.trees_of(last)
    nodes = [node for node in onnx.graph.node if node.op_type.startswith("TreeEnsemble")]
    if len(nodes) == 1 and any(one.type.tensor_type.elem_type == _DOUBLE for one in onnx.graph.input):
        _compare_in_float64(onnx, nodes[0], learned.splits_of_lightgbm(last))
    if trees and len(nodes) == 1:
        _send_missing_values(nodes[0], trees)
        if not learned.is_trees(estimator):  # which gets its columns in float32 anyway
            _compare_in_float32(onnx, nodes[0])


def _drop_unasked(onnx, estimator):
    """Scores of a classifier without probabilities look like probabilities."""
    del onnx.graph.output[2 if hasattr(estimator, "predict_proba") else 1:]


def _answer_truth_values(onnx, estimator):
    """skl2onnx writes labels True and False as 1 and 0."""
    from onnx import helper
    if getattr(getattr(estimator, "classes_", None), "dtype", None) != bool:
        return
    label = onnx.graph.output[0]
    plain, label.name = label.name, label.name + "_truth"
    label.type.tensor_type.elem_type = _BOOL
    onnx.graph.node.append(helper.make_node("Cast", [plain], [label.name], to=_BOOL))


def _vote(onnx, classes):
    """Of classes with as many votes scikit-learn takes the first, ONNX the one whose float32 sum was rounded up: here the
    first that is within rounding of the most votes wins."""
    from onnx import TensorProto, helper, numpy_helper
    label, votes = onnx.graph.output[0], onnx.graph.output[1].name
    known = numpy_helper.from_array(classes, "known_labels")
    slack = helper.make_tensor("vote_slack", TensorProto.FLOAT, [1], [_SLACK])
    onnx.graph.initializer.extend([known, slack])
    label.name, label.type.tensor_type.elem_type = "elected_label", known.data_type
    onnx.graph.node.extend([
        helper.make_node("ReduceMax", [votes], ["most_votes"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["most_votes", "vote_slack"], ["enough_votes"]),
        helper.make_node("GreaterOrEqual", [votes, "enough_votes"], ["is_elected"]),
        helper.make_node("Cast", ["is_elected"], ["elected_as_number"], to=TensorProto.INT32),
        helper.make_node("ArgMax", ["elected_as_number"], ["elected"], axis=1, keepdims=0),
        helper.make_node("Gather", ["known_labels", "elected"], [label.name], axis=0),
    ])


def _send_missing_values(node, trees):
    """Each split of a tree of scikit-learn knows where missing values go; skl2onnx sends them all to the right."""
    from onnx import helper
    if not hasattr(trees[0], "missing_go_to_left"):
        return
    values = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    left = [tree.missing_go_to_left.tolist() for tree in trees]
    places = zip(values["nodes_treeids"], values["nodes_nodeids"])
    tracks = [int(left[tree][place]) for tree, place in places]
    for attribute in [one for one in node.attribute if one.name == "nodes_missing_value_tracks_true"]:
        node.attribute.remove(attribute)
    node.attribute.append(helper.make_attribute("nodes_missing_value_tracks_true", tracks))


def _compare_in_float64(onnx, node, splits):
    """LightGBM compares its columns in float64. onnxmltools rounds its thresholds to float32, so a value next to one would
    go the other way. Left alone when a threshold of the ONNX is not known to be one of the model's."""
    import numpy
    from onnx import helper
    values = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    if not splits or "nodes_values" not in values:
        return
    known = [{} for _ in splits]
    for of_tree, found in zip(known, splits):
        for column, threshold in found:
            of_tree.setdefault((column, float(numpy.float32(threshold))), set()).add(threshold)
    exact = []
    names = ("nodes_treeids", "nodes_modes", "nodes_featureids", "nodes_values")
    for tree, mode, column, rounded in zip(*(values[name] for name in names)):
        meant = {0.0} if mode == b"LEAF" else known[tree].get((column, rounded), ())
        if len(meant) != 1:
            return
        exact.extend(meant)
    for attribute in [one for one in node.attribute if one.name == "nodes_values"]:
        node.attribute.remove(attribute)
    name = "nodes_values_as_tensor"
    node.attribute.append(helper.make_attribute(name, helper.make_tensor(name, _DOUBLE, [len(exact)], exact)))
    for output in onnx.graph.output:
        if output.type.tensor_type.elem_type == _DOUBLE:  # its scores are float32, whatever onnxmltools declares
            output.type.tensor_type.elem_type = _FLOAT


def _compare_in_float32(onnx, node):
    """Trees of scikit-learn round their columns to float32, and compare them with thresholds in float64; their scores are
    float32 in ONNX, whatever skl2onnx declares."""
    from onnx import helper
    plain, rounded, widened = node.input[0], "rounded_columns", "widened_columns"
    in_float64 = any(attribute.name == "nodes_values_as_tensor" for attribute in node.attribute)
    node.input[0] = widened if in_float64 else rounded
    place = list(onnx.graph.node).index(node)
    onnx.graph.node.insert(place, helper.make_node("Cast", [plain], [rounded], to=_FLOAT))
    if in_float64:
        onnx.graph.node.insert(place + 1, helper.make_node("Cast", [rounded], [widened], to=_DOUBLE))
    for output in onnx.graph.output:
        if output.name in node.output and output.type.tensor_type.elem_type == _DOUBLE:
            output.type.tensor_type.elem_type = _FLOAT
