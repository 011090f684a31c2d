// `mlflow models serve` of the model logged as scikit-learn's flavour.
const save = (model) => `
import pickle, shutil, mlflow.sklearn
shutil.rmtree("model", ignore_errors=True)
with open(${JSON.stringify(model)}, "rb") as file:
    mlflow.sklearn.save_model(pickle.load(file), "model", serialization_format="cloudpickle")
`;

export const mlflow = {
  requirements: ["mlflow==3.17.2"],
  files: ({ model }) => ({ "save.py": save(model) }),
  prepare: ({ bin }) => [`${bin}/python`, "save.py"],
  command: ({ bin, port, workers }) => [
    `${bin}/mlflow`,
    ...[
      "models",
      "serve",
      "-m",
      "model",
      "-h",
      "127.0.0.1",
      "-p",
      String(port),
      "-w",
      String(workers),
      "--env-manager",
      "local",
    ],
  ],
  env: ({ bin }) => ({ MLFLOW_DISABLE_TELEMETRY: "true", PATH: `${bin}:${process.env.PATH}` }),
  path: "/invocations",
  body: (rows) => JSON.stringify({ inputs: rows }),
  labels: ({ predictions }) => predictions,
};
