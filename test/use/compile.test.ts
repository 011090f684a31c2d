import { execFileSync } from "node:child_process";
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Compiled } from "../../src/contract/image.ts";
import { answerItems } from "../../src/host/engines/onnx/answer-items.ts";
import { openOnnxModel } from "../../src/host/engines/onnx/model.ts";
import { makeExec } from "../../src/kernel/exec.ts";
import type { ScoreMethod } from "../../src/records/json-rows.ts";
import { inspectModelFile } from "../../src/register/pickle/inspect.ts";
import { fsBlobStore } from "../../src/stores/blobs/fs.ts";
import { type CompileRequest, compileModel } from "../../src/use/image/compile.ts";
import { converterBuilder } from "../../src/use/image/converters.ts";
import { cache } from "../built-once.ts";
import { boosterEnvironment, sharedEnvironment } from "../python-environment.ts";
import { toolEnvironment } from "./tool-environment.ts";

const repository = new URL("../..", import.meta.url).pathname;
const exec = makeExec();

let folder: string;
let python: string;
/** Of the Python of this machine, which all environments are made with. */
const pythonVersion = execFileSync("python3", ["-c", "import platform; print(platform.python_version())"], {
  encoding: "utf8",
}).trim();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "modelyard-compile-"));
  python = await sharedEnvironment();
  for (const name of ["models", "blobs", "images", "environments/shared"])
    mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(dirname(dirname(python)), join(folder, "environments/shared/venv"));
  execFileSync(python, [join(repository, "test/use/write_compile_models.py"), join(folder, "models")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const blobs = () => fsBlobStore(join(folder, "blobs"));

async function compile(name: string, more: Partial<CompileRequest> = {}, tools = toolEnvironment) {
  const path = join(folder, "models", name, "model.pkl");
  const { digest, size } = await blobs().put(createReadStream(path));
  const reading = await inspectModelFile(path);
  const files = [{ path: "model.pkl", digest, size }];
  const model = { name, version: 1, digest, framework: null, files, reading, mlflow: null };
  const converters = converterBuilder({
    exec,
    toolEnvironment: tools,
    folder: tools === toolEnvironment ? cache : folder,
    now: Date.now,
  });
  return compileModel(
    {
      ...{ exec, blobs: blobs(), converters },
      folders: { images: join(folder, "images"), environments: join(folder, "environments") },
      compiler: {
        worker: join(repository, "dist/worker.zip"),
        compare: [process.execPath, join(repository, "dist/onnx-worker.js"), "--compare"],
        environment: {},
      },
    },
    {
      ...{ model, rows: [], types: null, limitMs: 300_000, onLine: () => {} },
      environment: { digest: "shared", python: pythonVersion, lock: ["scikit-learn==1.7.2"] },
      ...more,
    },
  );
}
async function compiled(name: string, more: Partial<CompileRequest> = {}): Promise<Compiled> {
  const made = await compile(name, more);
  if ("reason" in made) throw new Error(`${name} is not compiled: ${made.reason}`);
  return made.compiled;
}
const reasonOf = async (name: string, ...more: [Partial<CompileRequest>?, Record<string, string>?]) => {
  const made = await compile(name, ...more);
  return "reason" in made ? made.reason : "it is compiled";
};

/** Estimators of XGBoost and LightGBM, trained on gaps too, with their own answers, also on both sides of each split. */
const boosters = `
import json, os, pickle, sys
import lightgbm, numpy, xgboost
from sklearn.datasets import load_digits
rows, labels = load_digits(return_X_y=True)
rows[::9, 3] = numpy.nan
for model in (xgboost.XGBClassifier(n_estimators=10), lightgbm.LGBMClassifier(n_estimators=10, verbose=-1)):
    folder = os.path.join(sys.argv[1], type(model).__name__)
    os.makedirs(folder)
    model.fit(rows, labels)
    asked = rows
    if hasattr(model, "booster_"):
        splits = model.booster_.trees_to_dataframe().dropna(subset=["threshold"])
        places = splits["split_feature"].str.slice(7).astype(int)
        asked = numpy.concatenate([rows] + [rows[:2] for _ in places for _ in range(2)])
        for at, (column, split) in enumerate(zip(places, splits["threshold"])):
            start = len(rows) + 4 * at
            asked[start:start + 2, column] = numpy.nextafter(split, -9)
            asked[start + 2:start + 4, column] = numpy.nextafter(split, 99)
    with open(os.path.join(folder, "model.pkl"), "wb") as file:
        pickle.dump(model, file)
    truth = {"labels": model.predict(asked).tolist(), "probabilities": model.predict_proba(asked).tolist()}
    truth["rows"] = [[None if value != value else value for value in row] for row in asked.tolist()]
    with open(os.path.join(folder, "truth.json"), "w") as file:
        json.dump(truth, file)
`;

/** What the compiled model answers to rows of JSON: the answer as text, or the refusal. */
async function ask({ file, input }: Compiled, rows: unknown[][], method: ScoreMethod = "predict"): Promise<string> {
  const body = Buffer.from(JSON.stringify(rows));
  const model = await openOnnxModel(readFileSync(blobs().pathOf(file.digest)), input);
  const [answer] = answerItems(
    model,
    [{ id: "a", kind: "json", method, rows: rows.length, size: body.length }],
    [body],
    () => {},
  );
  model.release();
  return answer?.head.status === "ok" ? answer.body.toString() : (answer?.head.reason ?? "");
}
interface Truth {
  rows: unknown[][];
  labels: unknown[];
  probabilities?: number[][];
}
const truthOf = (name: string) => JSON.parse(readFileSync(join(folder, "models", name, "truth.json"), "utf8")) as Truth;
const farthest = (some: number[], others: number[]) =>
  some.reduce((most, value, at) => {
    const difference = Math.abs(value - (others[at] ?? Number.NaN)) / Math.max(1, Math.abs(value));
    return difference <= most ? most : difference; // NaN stays
  }, 0);

describe("a model that converts", () => {
  it.each([
    "iris",
    "forest",
    "even",
    "gaps",
    "shop",
    "any-city",
    "email",
    "by-place",
  ])("%s answers scikit-learn's labels to all rows of its data", async (name) => {
    const made = await compiled(name);
    const { rows, labels, probabilities = [] } = truthOf(name);
    expect(made.rows).toBeGreaterThanOrEqual(1000);
    expect(made.largestDifference).toBeLessThan(1e-5);
    expect(JSON.parse(await ask(made, rows))).toEqual(labels);
    const chances = JSON.parse(await ask(made, rows, "predict_proba")) as number[][];
    expect(farthest(chances.flat(), probabilities.flat())).toBeLessThan(1e-5);
  });

  it("answers a regression as real numbers, and has no probabilities", async () => {
    const made = await compiled("regressor", { rows: truthOf("regressor").rows.slice(0, 3) });
    const { rows, labels } = truthOf("regressor");
    expect(made.rows).toBe(1027);
    expect(farthest(JSON.parse(await ask(made, rows)), labels as number[])).toBeLessThan(1e-10);
    expect(await ask(made, rows, "predict_proba")).toBe("this model has no predict_proba");
  });

  it("refuses what the model refuses, and takes what it takes", async () => {
    const iris = await compiled("iris");
    expect(await ask(iris, [[5.1, null, 1.4, 0.2]])).toContain("Value 2 of row 1 is missing");
    expect(await ask(iris, [[5.1, "3.5", 1.4, 0.2]])).toBe('["setosa"]');
    expect(await ask(iris, [[5.1, "wide", 1.4, 0.2]])).toContain("is not a number");
    const [shop, anyCity] = [await compiled("shop"), await compiled("any-city")];
    expect(await ask(shop, [[30, 40000, "Rome"]])).toContain('city of row 1 is "Rome", which the model does not know');
    expect(await ask(shop, [[null, 40000, "Oslo"]])).toMatch(/^\["(yes|no)"\]$/);
    expect(await ask(anyCity, [[30, 40000, "Rome"]])).toMatch(/^\["(yes|no)"\]$/);
    expect(await ask(anyCity, [[30, 40000, null]])).toBe("city of row 1 is missing, which the model does not take");
    expect(await ask(anyCity, [["old", 40000, "Oslo"]])).toContain("age of row 1 is not a number");
  });

  it("takes any value in a column that no transformer uses", async () => {
    const [email, byPlace] = [await compiled("email"), await compiled("by-place")];
    for (const value of ["e@x.org", "", 7, null, true]) {
      expect(await ask(email, [[30, 40000, "Oslo", value]])).toMatch(/^\["(yes|no)"\]$/);
      expect(await ask(byPlace, [[value, 30, 40000]])).toMatch(/^\["(yes|no)"\]$/);
    }
    expect(await ask(byPlace, [["e@x.org", "old", 40000]])).toContain("is not a number");
  });
});

describe("an estimator of XGBoost or LightGBM", { timeout: 600_000 }, () => {
  beforeAll(async () => {
    python = await boosterEnvironment();
    mkdirSync(join(folder, "environments/boosters"));
    symlinkSync(dirname(dirname(python)), join(folder, "environments/boosters/venv"));
    execFileSync(python, ["-W", "ignore", "-c", boosters, join(folder, "models")]);
  }, 600_000);

  it.each(["XGBClassifier", "LGBMClassifier"])("%s answers its own labels, gaps or not", async (name) => {
    const environment = { digest: "boosters", python: pythonVersion, lock: ["scikit-learn==1.7.2"] };
    const made = await compiled(name, { environment });
    const { rows, labels, probabilities = [] } = truthOf(name);
    expect(JSON.parse(await ask(made, rows))).toEqual(labels);
    const chances = JSON.parse(await ask(made, rows, "predict_proba")) as number[][];
    expect(farthest(chances.flat(), probabilities.flat())).toBeLessThan(1e-5);
  });
});

describe("a model stays with Python", () => {
  it("whose answers differ as ONNX: the reason says in how many rows, with an example", async () => {
    expect(await reasonOf("outliers")).toMatch(/float32: \d+ of \d+ rows differ: -?1 became -?1/);
  });

  it("of a class of scikit-learn that no converter knows, with its name", async () => {
    expect(await reasonOf("spread")).toBe("nothing converts a LabelPropagation");
  });

  it("of a class that no converter knows, before anything is installed for it", async () => {
    expect(await reasonOf("own", {}, {})).toBe("nothing converts a own_model.Own");
  });

  it.each([
    ["file", "of CatBoost", "CBM1", "nothing converts a model of CatBoost"],
    [
      "pickle",
      "of a bare booster",
      "\x80\x02cxgboost.core\nBooster\n)\x81.",
      "it is a xgboost.core.Booster; an estimator",
    ],
  ])("as a %s %s, with what can be compiled instead if anything can", async (kind, _, bytes, reason) => {
    mkdirSync(join(folder, "models", kind));
    writeFileSync(join(folder, "models", kind, "model.pkl"), bytes, "latin1");
    expect(await reasonOf(kind, {}, {})).toContain(reason);
  });

  it("when the converters cannot be installed: told at once, and not tried again", async () => {
    const offline = { ...toolEnvironment, PIP_INDEX_URL: "http://127.0.0.1:9/simple", PIP_NO_CACHE_DIR: "1" };
    expect(await reasonOf("iris", {}, { ...offline, PIP_FIND_LINKS: "" })).toContain(
      "the converters could not be installed",
    );
  });

  it("with a column that takes text, of which nothing is known but by a sample", async () => {
    expect(await reasonOf("hashed")).toBe("column city takes text, and nothing says which: a sample request would");
  });

  it("when it takes too long", async () => {
    expect(await reasonOf("forest", { limitMs: 1 })).toBe("it took over 0.001 seconds");
  });
});
