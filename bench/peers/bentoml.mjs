// BentoML's server in production mode; its batching learns how long to wait.
const service = (model, batching) => `
import pickle
import bentoml
import numpy as np

@bentoml.service(workers=1, traffic={"timeout": 60}, metrics={"enabled": True})
class Service:
    def __init__(self):
        with open(${JSON.stringify(model)}, "rb") as file:
            self.model = pickle.load(file)

    @bentoml.api${batching ? "(batchable=True, max_batch_size=128, max_latency_ms=1000)" : ""}
    def predict(self, data: np.ndarray) -> np.ndarray:
        return self.model.predict(data)
`;

export const bentoml = {
  requirements: ["bentoml==1.4.39"],
  files: ({ model, batching }) => ({ "service.py": service(model, batching) }),
  command: ({ bin, port }) => [
    `${bin}/bentoml`,
    "serve",
    "service:Service",
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
  ],
  env: ({ bin, folder }) => ({
    BENTOML_DO_NOT_TRACK: "True",
    BENTOML_HOME: `${folder}/home`,
    PATH: `${bin}:${process.env.PATH}`,
  }),
  path: "/predict",
  body: (rows) => JSON.stringify({ data: rows }),
  labels: (answer) => answer,
};
