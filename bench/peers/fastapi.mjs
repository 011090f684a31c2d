// The server most people write themselves, in its quickest form: FastAPI on uvicorn with uvloop and httptools, no thread for each
// request, no checks of the body.
const app = (model) => `
import json, pickle
from fastapi import FastAPI, Request

with open(${JSON.stringify(model)}, "rb") as file:
    model = pickle.load(file)
app = FastAPI()

@app.post("/predict")
async def predict(request: Request):
    return model.predict(json.loads(await request.body())["data"]).tolist()
`;

const start = ({ bin, port, workers }) => [
  `${bin}/uvicorn`,
  "app:app",
  ...[
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--workers",
    String(workers),
    "--no-access-log",
    "--log-level",
    "warning",
  ],
];

export const fastapi = {
  requirements: ["fastapi==0.165.0", "uvicorn[standard]==0.54.0"],
  files: ({ model }) => ({ "app.py": app(model) }),
  command: start,
  env: {},
  path: "/predict",
  body: (rows) => JSON.stringify({ data: rows }),
  labels: (answer) => answer,
};
