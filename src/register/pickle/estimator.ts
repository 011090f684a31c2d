import type { Source } from "../../kernel/source.ts";
import { arrayItems, type Scalar, scalar } from "./arrays.ts";
import { classNameOf } from "./class-name.ts";
import { attributeOf, isNode, itemsOf, type Value } from "./values.ts";

/** What a trained estimator says of itself, in the words of scikit-learn. */
interface EstimatorFacts {
  /** How many columns it takes; null when it does not say. */
  readonly columns: number | null;
  readonly columnNames: string[] | null;
  readonly classes: Scalar[] | null;
  /** Whether it has `predict_proba`; null when that cannot be told. */
  readonly predictProba: boolean | null;
}

const MAX_CLASSES = 1000;
const MAX_NESTING = 20;

/** Reads the facts from the state of the estimator, or of the one it hands its input or output to. */
export function estimatorFacts(source: Source, root: Value | undefined): EstimatorFacts {
  const inputs = chain(root, takesInput);
  const outputs = chain(root, givesOutput);
  const columnNames = firstOf(inputs, (estimator) => namesOf(source, attributeOf(estimator, "feature_names_in_")));
  const columns = firstOf(inputs, (estimator) => columnsOf(source, estimator)) ?? columnNames?.length ?? null;
  return {
    columns,
    columnNames: columnNames !== null && columnNames.length === columns ? columnNames : null,
    classes: firstOf(outputs, (estimator) => classesOf(source, estimator)),
    predictProba: predictProba(outputs.at(-1)),
  };
}

function firstOf<T>(values: readonly Value[], read: (value: Value) => T | undefined): T | null {
  for (const value of values) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return null;
}

/** The estimator, the one it delegates to, and so on. */
function chain(root: Value | undefined, next: (value: Value) => Value | undefined): Value[] {
  const estimators: Value[] = [];
  for (let value = root; value !== undefined && estimators.length < MAX_NESTING; value = next(value))
    estimators.push(value);
  return estimators;
}

/** The steps of a Pipeline: a list of (name, estimator). */
function stepsOf(value: Value): Value[] | undefined {
  const steps = itemsOf(attributeOf(value, "steps"))?.map((step) => itemsOf(step)?.[1]);
  return steps?.filter((step): step is Value => isNode(step));
}

/** The steps of a Pipeline that do nothing are left out above, so the first one that is left sees the same columns. */
function takesInput(value: Value): Value | undefined {
  const fitted = stepsOf(value)?.[0] ?? attributeOf(value, "best_estimator_") ?? attributeOf(value, "regressor_");
  return fitted ?? itemsOf(attributeOf(value, "estimators_"))?.[0];
}

function givesOutput(value: Value): Value | undefined {
  return stepsOf(value)?.at(-1) ?? attributeOf(value, "best_estimator_");
}

/** LightGBM keeps it under names of its own; scikit-learn before 0.24 had it on trees only. */
const columnAttributes = ["n_features_in_", "_n_features_in", "n_features_", "_n_features"];

function columnsOf(source: Source, estimator: Value): number | undefined {
  return columnAttributes
    .map((name) => scalar(source, attributeOf(estimator, name)))
    .find((value): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0);
}

function namesOf(source: Source, value: Value | undefined): string[] | undefined {
  const items = arrayItems(source, value);
  return items?.every((item): item is string => typeof item === "string") ? items : undefined;
}

function classesOf(source: Source, estimator: Value): Scalar[] | undefined {
  const holders = [estimator, attributeOf(estimator, "label_binarizer_"), attributeOf(estimator, "_label_binarizer")];
  const held = [...holders.map((holder) => attributeOf(holder, "classes_")), attributeOf(estimator, "_classes")];
  const items = held.map((value) => arrayItems(source, value)).find((found) => found !== undefined);
  return items && items.length <= MAX_CLASSES ? items : undefined;
}

const always =
  /^(LogisticRegression(CV)?|\w+NB|(Linear|Quadratic)DiscriminantAnalysis|Label(Propagation|Spreading)|(Bayesian)?GaussianMixture)$/;
const never =
  /^(RidgeClassifier(CV)?|LinearSVC|LinearSVR|Perceptron|PassiveAggressiveClassifier|OutputCodeClassifier)$|Regress(or|ion)(CV)?$|^(Ridge|Lasso|ElasticNet|Lars|LassoLars|SVR|NuSVR|KMeans|MiniBatchKMeans|DBSCAN|IsolationForest|OneClassSVM|PCA|StandardScaler)(CV)?$/;
const probabilityLosses = new Set<unknown>(["log_loss", "log", "modified_huber"]);
const libraries = new Set(["sklearn", "xgboost", "lightgbm", "catboost", "imblearn"]);

/** Judged by class name and settings; of classes outside the known libraries nothing is claimed. */
function predictProba(estimator: Value | undefined): boolean | null {
  const name = classNameOf(estimator) ?? "";
  const short = name.slice(name.lastIndexOf(".") + 1);
  if (!libraries.has(name.split(".", 1)[0] ?? "")) return null;
  if (short === "SVC" || short === "NuSVC") return attributeOf(estimator, "probability") === true;
  if (short === "SGDClassifier") return probabilityLosses.has(attributeOf(estimator, "loss"));
  if (short === "VotingClassifier") return attributeOf(estimator, "voting") === "soft";
  if (always.test(short)) return true;
  if (never.test(short)) return false;
  return short.endsWith("Classifier") ? true : null;
}
