import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { WantedRevision } from "../../src/contract/host.ts";
import { sumsRevision } from "./host-fixture.ts";

/** Trains a model on named columns with text among them, and says what it answers to its first rows. */
const training = `
import json, pickle, sys
import pandas
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
frame = pandas.DataFrame({"colour": ["red", "blue", "red", "green"] * 10, "size": [1.5, 2, 3.25, 4] * 10, "sold": [True, False, False, True] * 10})
model = make_pipeline(make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["colour"]), remainder="passthrough"), LogisticRegression())
model.fit(frame, ["cheap", "dear", "cheap", "dear"] * 10)
with open(sys.argv[1], "wb") as file:
    pickle.dump(model, file)
print(json.dumps({"labels": model.predict(frame[:4]).tolist(), "probabilities": model.predict_proba(frame[:4]).tolist()}))
`;

/** scikit-learn's own answers to the first four rows of the model "shop": colour, size, sold. */
export interface ShopTruth {
  labels: string[];
  probabilities: number[][];
}

/** A revision with a model of named columns and text labels, trained with the Python of an environment. */
export function trainShop(python: string, folder: string): { revision: WantedRevision; truth: ShopTruth } {
  const path = mkdtempSync(join(folder, "shop-"));
  const told = execFileSync(python, ["-c", training, join(path, "model.pkl")], { encoding: "utf8" });
  const revision = sumsRevision({
    python,
    models: [{ name: "shop", version: 1, path, files: [], framework: "ScikitLearn" }],
    signature: { input: { kind: "rows", columns: 3, names: ["colour", "size", "sold"] } },
    sample: '{"data": [["red", 1.5, true]]}',
  });
  return { revision, truth: JSON.parse(told) as ShopTruth };
}
