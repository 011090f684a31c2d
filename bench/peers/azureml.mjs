// Azure Machine Learning's own scoring server, as its images start it, with the entry script of examples/digits-script.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../home.mjs";

export const azureml = {
  requirements: ["azureml-inference-server-http==1.5.1"],
  files: () => ({ "score.py": readFileSync(join(root, "examples", "digits-script", "score.py"), "utf8") }),
  command: ({ bin, port, workers }) => [
    `${bin}/gunicorn`,
    ...["-b", `127.0.0.1:${port}`, "-w", String(workers), "azureml_inference_server_http.server.entry:app"],
  ],
  env: ({ folder, model }) => ({
    AZUREML_ENTRY_SCRIPT: "score.py",
    AML_APP_ROOT: folder,
    AZUREML_MODEL_DIR: dirname(model),
    PYTHONPATH: folder,
  }),
  path: "/score",
  body: (rows) => JSON.stringify({ data: rows }),
  labels: (answer) => answer,
};
