"""Estimators as ONNX, by skl2onnx and, for XGBoost and LightGBM, by onnxmltools."""
import os
import re
import sys

from modelyard.worker.failure import describe

from . import adjust, imputer, learned
from .reasons import NotCompiled

# Operators of the sets that skl2onnx writes by default at its oldest supported release; every later runtime has them.
_OPSET = {"": 17, "ai.onnx.ml": 3}
_FAMILIES = ("sklearn", "xgboost", "lightgbm")


def refuse_strangers(estimator):
    """NotCompiled for what no converter can know."""
    family = type(estimator).__module__.split(".")[0]
    if family not in _FAMILIES or not hasattr(estimator, "get_params"):
        raise NotCompiled("nothing converts a %s" % _name(estimator))


def write_all(estimator, known, folder):
    """(file name, None) for each way to convert it, best first; (None, why not) for one that does not work. float64 keeps
    more digits, float32 is what trees compare their columns in."""
    from skl2onnx.common import data_types
    imputer.register()
    _register_boosters()
    kinds = [("float64", data_types.DoubleTensorType), ("float32", data_types.FloatTensorType)]
    for precision, kind in kinds[1:] if learned.is_trees(estimator) else kinds:
        path = precision + ".onnx"
        try:
            onnx = _convert(estimator, _inputs(known, kind, data_types.StringTensorType))
        except (Exception, SystemExit) as error:
            yield None, _reason(error)
            continue
        adjust.all_of(onnx, estimator)
        with open(os.path.join(folder, path), "wb") as file:
            file.write(onnx.SerializeToString())
        yield path, None


def _inputs(known, number, text):
    if not known.is_table:
        return [("rows", number([None, known.width]))]
    return [(column.name, (text if column.kind == "text" else number)([None, 1])) for column in known.columns]


def _convert(estimator, inputs):
    from skl2onnx import to_onnx
    if not hasattr(estimator, "predict_proba"):
        return to_onnx(estimator, initial_types=inputs, target_opset=_OPSET)
    options = {id(estimator): {"zipmap": False}}
    return to_onnx(estimator, initial_types=inputs, target_opset=_OPSET, options=options)


def _reason(error):
    name = type(error).__name__
    if name in ("MissingShapeCalculator", "MissingConverter"):
        found = re.search(r"'(?:<class ')?([\w.]+)", str(error))
        return "nothing converts a %s" % (found.group(1).rpartition(".")[2] if found else "part of it")
    return "the conversion failed: %s" % describe(error)


def _name(estimator):
    return "%s.%s" % (type(estimator).__module__, type(estimator).__name__)


def _register_boosters():
    """skl2onnx knows them when it is told; only what the model itself has imported."""
    from skl2onnx import update_registered_converter
    from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes as classifies
    from skl2onnx.common.shape_calculator import calculate_linear_regressor_output_shapes as regresses
    choices = {"zipmap": [True, False, "columns"], "nocl": [True, False]}
    if "xgboost" in sys.modules:
        import xgboost
        from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
        for kind in (xgboost.XGBClassifier, xgboost.XGBRFClassifier):
            update_registered_converter(kind, "XGBoost" + kind.__name__, classifies, convert_xgboost, options=choices)
        for kind in (xgboost.XGBRegressor, xgboost.XGBRFRegressor):
            update_registered_converter(kind, "XGBoost" + kind.__name__, regresses, convert_xgboost)
    if "lightgbm" in sys.modules:
        import lightgbm
        from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
        update_registered_converter(
            lightgbm.LGBMClassifier, "LightGbmLGBMClassifier", classifies, convert_lightgbm, options=choices)
        update_registered_converter(
            lightgbm.LGBMRegressor, "LightGbmLGBMRegressor", regresses, convert_lightgbm, options={"split": None})
