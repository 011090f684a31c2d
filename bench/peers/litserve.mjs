// Lightning's LitServe: one process for the API, one for the model.
const server = ({ model, port, batching }) => `
import pickle
import litserve as ls
import numpy as np

class Api(ls.LitAPI):
    def setup(self, device):
        with open(${JSON.stringify(model)}, "rb") as file:
            self.model = pickle.load(file)
    def decode_request(self, request):
        return np.array(request["data"])
    ${
      batching
        ? `def batch(self, inputs):
        self.sizes = [len(one) for one in inputs]
        return np.concatenate(inputs)
    def predict(self, x):
        return self.model.predict(x)
    def unbatch(self, output):
        return np.split(output, np.cumsum(self.sizes)[:-1])`
        : `def predict(self, x):
        return self.model.predict(x)`
    }
    def encode_response(self, output):
        return output.tolist()

if __name__ == "__main__":
    api = Api(${batching ? "max_batch_size=64, batch_timeout=0.002" : ""})
    ls.LitServer(api, accelerator="cpu", workers_per_device=1).run(host="127.0.0.1", port=${port}, num_api_servers=1, generate_client_file=False, log_level="warning", access_log=False)
`;

export const litserve = {
  requirements: ["litserve==0.2.19"],
  files: (options) => ({ "server.py": server(options) }),
  command: ({ bin }) => [`${bin}/python`, "server.py"],
  env: { LITSERVE_DISABLE_TELEMETRY: "1" },
  path: "/predict",
  body: (rows) => JSON.stringify({ data: rows }),
  labels: (answer) => answer,
};
