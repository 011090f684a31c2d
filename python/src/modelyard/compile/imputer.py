"""Missing values of float64 columns: the operator that skl2onnx writes for an imputer exists for float32 only."""

_NAME = "SklearnSimpleImputer"


def register():
    """From now on skl2onnx converts imputers of float64 columns too."""
    from skl2onnx.common._registration import get_converter, register_converter
    from skl2onnx.common.data_types import DoubleTensorType
    others = get_converter(_NAME)
    if getattr(others, "fills_in_float64", False):
        return

    def convert(scope, operator, container):
        imputer = operator.raw_operator
        floats = all(isinstance(value.type, DoubleTensorType) for value in operator.inputs)
        if floats and imputer.missing_values != imputer.missing_values and imputer.indicator_ is None:
            _fill_in(scope, operator, container, imputer.statistics_)
        else:
            others(scope, operator, container)

    convert.fills_in_float64 = True
    register_converter(_NAME, convert, overwrite=True)


def _fill_in(scope, operator, container, statistics):
    """rows -> Where(IsNaN(rows), statistics, rows)"""
    from onnx import TensorProto
    from skl2onnx.operator_converters.common import concatenate_variables
    rows = concatenate_variables(scope, operator.inputs, container)
    missing, filling = scope.get_unique_variable_name("missing"), scope.get_unique_variable_name("filling")
    values = [float(value) for value in statistics]
    container.add_initializer(filling, TensorProto.DOUBLE, [1, len(values)], values)
    container.add_node("IsNaN", [rows], [missing], name=scope.get_unique_operator_name("IsNaN"))
    outputs = [operator.outputs[0].full_name]
    container.add_node("Where", [missing, filling, rows], outputs, name=scope.get_unique_operator_name("Where"))
