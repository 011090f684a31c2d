// Seldon's MLServer with its scikit-learn runtime. Without parallel workers it is quicker; its batching needs one.
const tensor = (rows) => ({ name: "x", shape: [rows.length, rows[0].length], datatype: "FP64", data: rows.flat() });

export const mlserver = {
  // uvloop 0.22 and later leave its worker without an event loop
  requirements: ["mlserver==1.7.1", "mlserver-sklearn==1.7.1", "uvloop==0.21.0"],
  files: ({ model, port, batching }) => ({
    "settings.json": JSON.stringify({
      host: "127.0.0.1",
      http_port: port,
      grpc_port: port + 1,
      metrics_port: port + 2,
      parallel_workers: batching ? 1 : 0,
      debug: false,
    }),
    "model-settings.json": JSON.stringify({
      name: "m",
      implementation: "mlserver_sklearn.SKLearnModel",
      parameters: { uri: model },
      ...(batching ? { max_batch_size: 64, max_batch_time: 0.002 } : {}),
    }),
  }),
  command: ({ bin, folder }) => [`${bin}/mlserver`, "start", folder],
  env: {},
  path: "/v2/models/m/infer",
  body: (rows) => JSON.stringify({ inputs: [tensor(rows)] }),
  labels: ({ outputs }) => outputs[0].data,
};
