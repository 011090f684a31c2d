import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { builtOnce } from "./built-once.ts";

const run = promisify(execFile);

/** For environments that are more than run: converters are installed with a model's own pip, MLflow logs its version. */
const pip = "pip==25.3";

/** What the examples are trained with, and pandas for the worker's own tests. */
const requirements = ["numpy==2.4.6", "scikit-learn==1.7.2", "pandas==2.3.3", pip];

/** The real client of the MLflow door. 3.18.0 cannot be installed: its mlflow-skinny is missing from the package index. */
const mlflowRequirements = ["mlflow==3.17.2", "numpy==2.4.6", "scikit-learn==1.7.2", pip];

/** XGBoost, LightGBM and CatBoost with what they import; their drawing and GPU packages would be half a gigabyte more. */
const boosterRequirements = [
  "--no-deps",
  ...["numpy==2.4.6", "scipy==1.17.1", "scikit-learn==1.7.2", "joblib==1.6.0", "threadpoolctl==3.8.0"],
  ...["cloudpickle==3.1.3", "narwhals==2.29.0", "pandas==2.3.3", "python-dateutil==2.9.0.post0", "pytz==2025.2"],
  ...["six==1.17.0", "xgboost-cpu==3.2.0", "lightgbm==4.7.0", "catboost==1.2.10", pip],
];

/** The reference client of the Open Inference Protocol. */
const tritonRequirements = ["tritonclient[http,grpc]==2.73.0", "numpy==2.4.6"];

/** The decorators of Azure ML's entry scripts. */
const schemaRequirements = ["inference-schema[numpy-support,pandas-support]==1.8", "numpy==2.4.6", "pandas==2.3.3"];

/** What entry scripts of Azure ML's later services collect with. */
const collectorRequirements = ["azureml-ai-monitoring==1.0.0", "numpy==2.4.6", "pandas==2.3.3"];

/** Says which Python a source needs at least. */
const verminRequirements = ["vermin==1.9.2"];

/** Asks what an OpenAPI document allows and forbids. */
const schemathesisRequirements = ["schemathesis==4.32.5"];

/** The Python of an environment with numpy, scikit-learn and pandas. */
export const sharedEnvironment = () => environmentWith(requirements);

/** The Python of an environment with mlflow and scikit-learn. Only the tests of the MLflow door ask for it. */
export const mlflowEnvironment = () => environmentWith(mlflowRequirements);

/** The Python of an environment with XGBoost, LightGBM and CatBoost. */
export const boosterEnvironment = () => environmentWith(boosterRequirements);

/** The Python of an environment with tritonclient. Only the tests of the Open Inference Protocol ask for it. */
export const tritonEnvironment = () => environmentWith(tritonRequirements);

/** The Python of an environment with inference-schema, numpy and pandas. */
export const schemaEnvironment = () => environmentWith(schemaRequirements);

/** The Python of an environment with azureml-ai-monitoring, numpy and pandas. */
export const collectorEnvironment = () => environmentWith(collectorRequirements);

/** The Python of an environment with vermin. */
export const verminEnvironment = () => environmentWith(verminRequirements);

/** The Python of an environment with schemathesis. */
export const schemathesisEnvironment = () => environmentWith(schemathesisRequirements);

/** One pip for all of them: to put it into each takes seconds. */
const pipEnvironment = () =>
  builtOnce("pip", async (folder) => {
    await makeEnvironment(folder);
  });

/** An environment is named by its requirements. */
async function environmentWith(requirements: string[]): Promise<string> {
  const key = createHash("sha256").update(requirements.join("\n")).digest("hex").slice(0, 16);
  const folder = await builtOnce(`python-${key}`, async (folder) => {
    const installer = pythonOf(await pipEnvironment());
    await makeEnvironment(folder, "--without-pip");
    const options = ["--quiet", "--disable-pip-version-check", "--no-compile"];
    await run(installer, ["-m", "pip", "--python", pythonOf(folder), "install", ...options, ...requirements], {
      timeout: 600_000,
    });
    // the tests of packages are more than half of what there would be to compile; what does not compile is left to who imports it
    await run(pythonOf(folder), ["-m", "compileall", "-qq", "-x", "/tests?/", join(folder, "lib")]).catch(() => {});
  });
  return pythonOf(folder);
}

const makeEnvironment = (folder: string, ...options: string[]) => run("python3", ["-m", "venv", ...options, folder]);
const pythonOf = (folder: string) => join(folder, "bin", "python");
