import { ModelyardError } from "../../contract/errors.ts";
import type { ImageInput, Manifest } from "../../contract/image.ts";
import type { ModelInspection } from "../../register/pickle/inspect.ts";
import type { EnvironmentSource } from "./environment-spec.ts";
import { type MlflowModel, withoutMlflow } from "./mlflow-model.ts";
import { onnxFileOf } from "./onnx-file.ts";

export interface ResolvedModel {
  name: string;
  version: number;
  digest: string;
  framework: string | null;
  files: Manifest["models"][number]["files"];
  reading: ModelInspection | null;
  /** What MLflow wrote beside it. */
  mlflow: MlflowModel | null;
}

/** Where the packages of an image come from: the file that is given, else the one MLflow wrote beside the model, else what its pickle shows. */
export function sourceOfEnvironment(input: ImageInput, models: readonly ResolvedModel[]): EnvironmentSource {
  if (input.requirements !== undefined && input.conda !== undefined)
    throw new ModelyardError("invalid-input", { problems: "give requirements or conda, not both" });
  if (input.requirements !== undefined) return { kind: "requirements", text: input.requirements };
  if (input.conda !== undefined) return { kind: "conda", text: input.conda };
  const readings = models.flatMap(({ reading }) => (reading === null ? [] : [reading]));
  if (input.script === undefined) for (const model of models) refuseUnservable(model);
  const [only, ...others] = models;
  const logged = others.length === 0 ? only?.mlflow?.requirements : undefined;
  if (only !== undefined && typeof logged === "string") {
    // A script may load the model with MLflow, and so does the worker, but for scikit-learn.
    const text = input.script === undefined && only.mlflow?.sklearn !== null ? withoutMlflow(logged) : logged;
    return { kind: "requirements", text, file: `requirements.txt of ${only.name}:${only.version}` };
  }
  if (readings.length === 0) return { kind: "nothing" };
  refuseUnread(readings);
  refuseUnknownModules(readings);
  return {
    kind: "pickle",
    packages: readings.flatMap((reading) => reading.packages),
    numpyMajor: readings.map((reading) => reading.numpyMajor).find((major) => major !== null) ?? null,
  };
}

function refuseUnread(readings: readonly ModelInspection[]): void {
  for (const { kind, error } of readings)
    if (kind === "compressed")
      throw new ModelyardError("packages-unknown", {
        problem: `the packages of the pickle cannot be told: ${error?.reason}`,
        file: "requirements.txt",
      });
}

/** A module of no known package is not guessed at: a package of that name on the index may be somebody else's. */
function refuseUnknownModules(readings: readonly ModelInspection[]): void {
  const modules = [...new Set(readings.flatMap((reading) => reading.otherModules))];
  if (modules.length > 0)
    throw new ModelyardError("packages-unknown", {
      problem: `the pickle needs ${modules.join(", ")}, and which package that is cannot be told`,
      file: "requirements.txt",
    });
}

/** Without a script a model must be one that the worker can load by itself. */
export function refuseUnservable(model: ResolvedModel): void {
  if (onnxFileOf(model) !== undefined) return;
  const { name, version, reading, mlflow } = model;
  const reference = `${name}:${version}`;
  if (mlflow !== null && mlflow.sklearn === null) {
    if (mlflow.flavors.includes("python_function")) return;
    throw new ModelyardError("not-supported", {
      what: `${reference} was logged by MLflow as ${mlflow.flavors.join(", ") || "nothing known"}, and only models of scikit-learn and ONNX, and those with python_function, are served as they are`,
      instead: "Give an entry script that loads it: --script score.py.",
    });
  }
  if (reading === null && mlflow?.sklearn?.file.toLowerCase().endsWith(".skops")) return;
  if (reading === null || !["pickle", "compressed", "native"].includes(reading.kind))
    throw new ModelyardError("not-supported", {
      what: `${reference} is neither a pickle, nor a file of XGBoost, LightGBM or CatBoost, nor one ONNX file that can be served as it is`,
      instead: "Give an entry script that loads it: --script score.py --requirements requirements.txt.",
    });
  if (reading.mainGlobals.length > 0)
    throw new ModelyardError("not-supported", {
      what: `${reference} was pickled in a program that defined ${reading.mainGlobals.join(", ")} itself, and a pickle does not hold code`,
      instead:
        "Give an entry script that defines them before it loads the model, or train with them in a module that --source-dir brings along.",
    });
}
