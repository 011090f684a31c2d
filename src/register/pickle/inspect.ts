import { fileSource, type Source, view } from "../../kernel/source.ts";
import type { Scalar } from "./arrays.ts";
import { classNameOf } from "./class-name.ts";
import { detectContainer, unpack, unreadable } from "./containers.ts";
import { estimatorFacts } from "./estimator.ts";
import { nativeModelOf } from "./native.ts";
import { isOnnx } from "./onnx.ts";
import { needsOf, numpyMajorOf } from "./packages.ts";
import { type PickleReading, readPickleFrom } from "./read-pickle.ts";
import { entryOf, type Value, walk } from "./values.ts";

/** What a model file shows without being executed. Plain JSON. */
export interface ModelInspection {
  /**
   * "native" is a file of XGBoost, LightGBM or CatBoost in a format of its own. "pytorch" is the zip archive of torch.save and
   * "compressed" what cannot be unpacked here: both are recognised only.
   */
  readonly kind: "pickle" | "onnx" | "native" | "pytorch" | "compressed" | "unknown";
  /** "sklearn.linear_model._logistic.LogisticRegression"; "builtins.dict" when the pickle holds no model itself. */
  readonly rootClass: string | null;
  readonly framework: string | null;
  /** scikit-learn writes its version into what it pickles; other frameworks do not. */
  readonly frameworkVersion: string | null;
  /** Distributions on PyPI the pickle needs, with the version where it is known. */
  readonly packages: { name: string; version: string | null }[];
  /** Modules it needs that belong to no known distribution. */
  readonly otherModules: string[];
  readonly numpyMajor: 1 | 2 | null;
  readonly columns: number | null;
  readonly columnNames: string[] | null;
  readonly classes: Scalar[] | null;
  readonly methods: { readonly predictProba: boolean | null };
  /** Names it takes from `__main__`, the script that made it. */
  readonly mainGlobals: string[];
  /** "module.name" of everything it would import, sorted. */
  readonly globals: string[];
  /** Why it is not, or cannot be read as, a whole pickle; offsets count unpacked bytes. */
  readonly error?: { readonly offset: number; readonly reason: string };
}

const nothingKnown = {
  rootClass: null,
  framework: null,
  frameworkVersion: null,
  packages: [],
  otherModules: [],
  numpyMajor: null,
  columns: null,
  columnNames: null,
  classes: null,
  methods: { predictProba: null },
  mainGlobals: [],
  globals: [],
} satisfies Omit<ModelInspection, "kind">;

/**
 * Reads what a model file shows without executing it: a pickle or joblib file, plain or in gzip or zlib, or ONNX, told
 * apart by content. Files of any size are read through a small window; of compressed ones the first 512 MiB unpacked.
 * Rejects only when the file cannot be read at all.
 */
export async function inspectModelFile(path: string): Promise<ModelInspection> {
  const file = fileSource(path);
  try {
    const container = detectContainer(file);
    const reason = unreadable(container);
    if (reason) return { ...nothingKnown, kind: "compressed", error: { offset: 0, reason } };
    if (container === "none") return await inspectSource(file);
    const { source, problem } = await unpack(file);
    const inspection = await inspectSource(source);
    if (!problem || !inspection.error) return inspection;
    return { ...inspection, error: { offset: inspection.error.offset, reason: problem } };
  } finally {
    file.close();
  }
}

async function inspectSource(source: Source): Promise<ModelInspection> {
  if (isOnnx(source)) return { ...nothingKnown, kind: "onnx", framework: "Onnx" };
  if (isTorchArchive(source)) return { ...nothingKnown, kind: "pytorch", framework: "PyTorch" };
  const native = nativeModelOf(source);
  if (native !== undefined) {
    const { framework, version, name } = native;
    return { ...nothingKnown, kind: "native", framework, frameworkVersion: version, packages: [{ name, version }] };
  }
  const reading = await readPickleFrom(source);
  const startsAsPickle = source.at(0, 2) >= 0 && source.window[source.at(0, 1)] === 0x80;
  if (reading.error && !startsAsPickle) return { ...nothingKnown, kind: "unknown", error: reading.error };
  return inspectReading(source, reading);
}

/** A zip archive whose first member is "<name>/data.pkl". */
function isTorchArchive(source: Source): boolean {
  const head = view(source, 0, Math.min(source.size, 300))?.toString("latin1") ?? "";
  return head.startsWith("PK\x03\x04") && head.indexOf("/data.pkl") > 30;
}

function inspectReading(source: Source, reading: PickleReading): ModelInspection {
  const { globals, root, error } = reading;
  const roots = error ? reading.unfinished : [root ?? null];
  const { distributions, otherModules, mainGlobals } = needsOf(globals);
  const sklearnVersion = nearestSklearnVersion(roots);
  const framework = nearestFramework(roots);
  const { predictProba, ...facts } = estimatorFacts(source, root);
  return {
    kind: "pickle",
    rootClass: classNameOf(root),
    framework,
    frameworkVersion: framework === "ScikitLearn" ? sklearnVersion : null,
    packages: distributions.map((name) => ({ name, version: name === "scikit-learn" ? sklearnVersion : null })),
    otherModules,
    numpyMajor: numpyMajorOf(globals),
    ...facts,
    methods: { predictProba },
    mainGlobals,
    globals,
    ...(error && { error }),
  };
}

/** scikit-learn's estimators write `_sklearn_version` into their state; the one nearest the root counts. */
function nearestSklearnVersion(roots: readonly Value[]): string | null {
  let version: string | null = null;
  walk(roots, (node) => {
    const entry = entryOf(node, "_sklearn_version");
    if (typeof entry === "string") version = entry;
    return version !== null;
  });
  return version;
}

/** Frameworks by top-level module; the names are those of the Azure ML model registry where it has one. */
const frameworks: Readonly<Record<string, string>> = {
  sklearn: "ScikitLearn",
  imblearn: "ScikitLearn",
  xgboost: "XGBoost",
  lightgbm: "LightGBM",
  catboost: "CatBoost",
  torch: "PyTorch",
  tensorflow: "TensorFlow",
  keras: "Keras",
  statsmodels: "Statsmodels",
};

/** The framework of the root, or of the object nearest to it that has one. */
function nearestFramework(roots: readonly Value[]): string | null {
  let framework: string | null = null;
  walk(roots, (node) => {
    const top = (node.kind === "object" && classNameOf(node)?.split(".", 1)[0]) || "";
    framework = Object.hasOwn(frameworks, top) ? (frameworks[top] ?? null) : null;
    return framework !== null;
  });
  return framework;
}
