import { expect, test } from "vitest";
import { makeExec } from "../../src/kernel/exec.ts";
import { checkOnnx } from "../../src/use/image/check-onnx.ts";
import { errorOf } from "../refusals.ts";

test("a file that crashes the runtime is refused; what ran it is gone and nothing else", async () => {
  const onnxCheck = ["/bin/sh", "-c", "kill -SEGV $$"] as const;
  const error = await errorOf(checkOnnx({ exec: makeExec(), onnxCheck }, { path: "model.onnx", model: "odd:1" }));
  expect([error.code, error.message]).toEqual(["onnx-invalid", "odd:1 does not run: it crashes the runtime"]);
});

test("a file that never ends its run is ended, and the limit is named", async () => {
  const onnxCheck = ["/bin/sh", "-c", "sleep 60"] as const;
  const named = { path: "model.onnx", model: "odd:1" };
  const error = await errorOf(checkOnnx({ exec: makeExec(), onnxCheck, limitMs: 1000 }, named));
  expect([error.code, error.message]).toEqual(["onnx-invalid", "odd:1 does not run: one run took over 1 seconds"]);
});
