import { stdlibModules } from "./stdlib-modules.ts";

/** Distributions on PyPI by the top-level module they install. */
const distributions: Readonly<Record<string, string>> = {
  Orange: "Orange3",
  PIL: "pillow",
  // scikit-learn's Cython losses name their module so (seen in 1.7.2)
  _loss: "scikit-learn",
  bs4: "beautifulsoup4",
  catboost: "catboost",
  category_encoders: "category-encoders",
  cloudpickle: "cloudpickle",
  cv2: "opencv-python-headless",
  dask: "dask",
  dask_ml: "dask-ml",
  dateutil: "python-dateutil",
  dill: "dill",
  econml: "econml",
  fastai: "fastai",
  fasttext: "fasttext",
  feature_engine: "feature-engine",
  flaml: "flaml",
  gensim: "gensim",
  gplearn: "gplearn",
  hdbscan: "hdbscan",
  imblearn: "imbalanced-learn",
  implicit: "implicit",
  interpret: "interpret",
  joblib: "joblib",
  keras: "keras",
  lifelines: "lifelines",
  lightgbm: "lightgbm",
  mapie: "mapie",
  mlxtend: "mlxtend",
  networkx: "networkx",
  ngboost: "ngboost",
  nltk: "nltk",
  numba: "numba",
  numpy: "numpy",
  onnxruntime: "onnxruntime",
  pandas: "pandas",
  patsy: "patsy",
  pmdarima: "pmdarima",
  polars: "polars",
  prophet: "prophet",
  pyarrow: "pyarrow",
  pygam: "pygam",
  pyod: "pyod",
  pytz: "pytz",
  river: "river",
  scikeras: "scikeras",
  scipy: "scipy",
  sentence_transformers: "sentence-transformers",
  shap: "shap",
  skimage: "scikit-image",
  sklearn: "scikit-learn",
  sklearn_pandas: "sklearn-pandas",
  skopt: "scikit-optimize",
  skorch: "skorch",
  sksurv: "scikit-survival",
  sktime: "sktime",
  spacy: "spacy",
  statsmodels: "statsmodels",
  surprise: "scikit-surprise",
  tensorflow: "tensorflow",
  torch: "torch",
  torchvision: "torchvision",
  tpot: "TPOT",
  transformers: "transformers",
  tslearn: "tslearn",
  umap: "umap-learn",
  xgboost: "xgboost",
  yaml: "PyYAML",
};

/** What the globals of a pickle need besides Python. */
interface Needs {
  /** Names on PyPI, sorted. */
  readonly distributions: string[];
  /** Modules of no known distribution, often the author's own. Their names are never guessed to be distributions: anybody can publish under a name found in a pickle. */
  readonly otherModules: string[];
  /** Names the pickle takes from the script that made it. */
  readonly mainGlobals: string[];
}

/** Sorts "module.name" globals into what must be there to load them. */
export function needsOf(globals: readonly string[]): Needs {
  const known = new Set<string>();
  const other = new Set<string>();
  const main = new Set<string>();
  for (const global of globals) {
    const top = global.split(".", 1)[0] ?? "";
    const distribution = Object.hasOwn(distributions, top) ? distributions[top] : undefined;
    if (top === "__main__") main.add(global.slice("__main__.".length));
    else if (distribution !== undefined) known.add(distribution);
    else if (!stdlibModules.has(top)) other.add(top);
  }
  return { distributions: [...known].sort(), otherModules: [...other].sort(), mainGlobals: [...main].sort() };
}

/** numpy 2 moved its functions to numpy._core; pickles of 1.x (1.26 too) name numpy.core. Null when none is named. */
export function numpyMajorOf(globals: readonly string[]): 1 | 2 | null {
  if (globals.some((global) => global.startsWith("numpy._core."))) return 2;
  return globals.some((global) => global.startsWith("numpy.core.")) ? 1 : null;
}
