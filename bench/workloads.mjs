// The models that are served, with bodies' rows and the labels scikit-learn itself gives to them.
import { execFile } from "node:child_process";
import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cache, digits } from "./home.mjs";

/** Different bodies in rotation, as no client sends the same row for ever. */
const bodiesOf = { 1: 64, 64: 4 };

const script = `
import json, os, pickle, sys
import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
digits, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
data = load_digits()
# 8 x 8 pixels of 0 to 16 become 28 x 28 of 0 to 240
images = (np.pad(np.kron(data.images, np.ones((1, 3, 3))), ((0, 0), (2, 2), (2, 2))) * 15).reshape(len(data.images), 784)
forest = RandomForestClassifier(100, random_state=0).fit(images[:1400], data.target[:1400])
with open(os.path.join(folder, "model.pkl"), "wb") as file:
    pickle.dump(forest, file)
with open(os.path.join(digits, "model.pkl"), "rb") as file:
    logistic = pickle.load(file)
with open(os.path.join(digits, "holdout.json")) as file:
    rows = json.load(file)["data"]
held = images[1400:1400 + 256].astype(int).tolist()
for name, model, some in [("digits", logistic, rows[:256]), ("forest", forest, held)]:
    with open(os.path.join(folder, name + ".json"), "w") as file:
        json.dump({"rows": some, "labels": model.predict(np.array(some, dtype=float)).tolist()}, file)
`;

/** `{ digits, forest }`: each `{ model, requests(rows) }`, where requests are `{ rows, labels }`. */
export async function makeWorkloads(bin) {
  const folder = join(cache, "workloads");
  await mkdir(folder, { recursive: true });
  const made = await access(join(folder, "forest.json")).then(
    () => true,
    () => false,
  );
  if (!made) await promisify(execFile)(join(bin, "python"), ["-c", script, digits, folder]);
  return {
    digits: await workload(join(digits, "model.pkl"), join(folder, "digits.json")),
    forest: await workload(join(folder, "model.pkl"), join(folder, "forest.json")),
  };
}

async function workload(model, file) {
  const { rows, labels } = JSON.parse(await readFile(file, "utf8"));
  const requests = (count) =>
    Array.from({ length: bodiesOf[count] }, (_, index) => {
      const [from, to] = [index * count, (index + 1) * count];
      return { rows: rows.slice(from, to), labels: labels.slice(from, to) };
    });
  return { model, requests };
}
