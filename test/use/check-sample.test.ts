import { expect, test } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { checkSample } from "../../src/use/image/check-sample.ts";

type Model = Parameters<typeof checkSample>[1][number];

const model = (columns: number | null, path = "model.pkl"): Model =>
  ({ files: [{ path }], reading: { columns }, mlflow: null }) as unknown as Model;

function refusal(sample: unknown, columns: number | null = 3): ModelyardError {
  try {
    checkSample({ sample: typeof sample === "string" ? sample : JSON.stringify(sample) }, [model(columns)]);
  } catch (error) {
    if (error instanceof ModelyardError) return error;
  }
  throw new Error("it was accepted");
}

test.each([
  ["of MLflow", { dataframe_split: { columns: ["a"], data: [[1]] } }, "MLflow's scoring protocol"],
  ["of MLflow's inputs", { inputs: [[1, 2, 3]] }, "MLflow's scoring protocol"],
  ["of V2", { inputs: [{ name: "input", datatype: "FP64", shape: [1], data: [1] }] }, "the Open Inference Protocol"],
  ["without rows", { other: 1 }, 'The body has no "data"'],
  ["of another width", { data: [[1, 2]] }, "Row 1 has 2 values; the model takes 3"],
  ["that is no JSON", "1,2,3", "is not JSON"],
])("a sample %s is refused before the build, with the form that fits", (_, sample, reason) => {
  const { code, message, fix } = refusal(sample);
  expect(code).toBe("sample-invalid");
  expect(message).toContain(reason);
  expect(fix).toContain('Write it as `/score` takes it: {"data": [[…, …, …], …]}.');
});

test("where the columns are many or not known, the form tells rows alone; not known, they may be texts", () => {
  expect(refusal({ other: 1 }, 64).fix).toContain('{"data": [[…], …]}.');
  expect(refusal({ other: 1 }, null).fix).toContain('{"data": [[…], …]}, or {"data": ["a text"]} where');
});

test("a sample that fits, is empty of rows, or is for a script or another server to judge, passes", () => {
  const fits = (sample: unknown, columns: number | null) =>
    checkSample({ sample: JSON.stringify(sample) }, [model(columns)]);
  fits({ data: [[1, 2, 3]], method: "predict_proba" }, 3);
  fits({ data: [] }, 3);
  fits({ data: ["a text", "another"] }, null);
  const odd = '{"prompt": "hello"}';
  checkSample({ sample: odd, script: { entry: "score.py", files: [] } }, [model(3)]);
  checkSample({ sample: odd, upstream: {} as never }, [model(3)]);
  checkSample({}, [model(3)]);
});
