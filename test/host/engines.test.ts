import { engineSuite } from "../suites/engine.ts";
import { httpRevision, onnxRevision, pythonRevision } from "./engines-fixture.ts";

engineSuite("Python", { revision: pythonRevision, canBeSlow: true, hasProcess: true });

engineSuite("ONNX in a process", {
  limits: { inHostMs: 0 },
  revision: (folder, more) => onnxRevision(folder, "slow.onnx", more),
  canBeSlow: true,
  hasProcess: true,
});

engineSuite("ONNX in the host", {
  limits: { inHostMs: Number.POSITIVE_INFINITY },
  revision: (folder, more) => onnxRevision(folder, "sums.onnx", more),
  canBeSlow: false,
  hasProcess: false,
});

engineSuite("HTTP", { revision: httpRevision, canBeSlow: true, hasProcess: true, passesOn: true });
