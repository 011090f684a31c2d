import type { Tracking } from "../../contract/tracking.ts";
import { makeArtifacts } from "./artifacts/artifacts.ts";
import { makeExperiments } from "./experiments/experiments.ts";
import { makeLoggedModels } from "./logged-models/logged-models.ts";
import { makeMultipart } from "./multipart/multipart.ts";
import type { TrackingPorts } from "./ports.ts";
import { makeRuns } from "./runs/runs.ts";

/** Experiments, runs, logged models and their files. */
export const makeTracking = (ports: TrackingPorts): Tracking => ({
  experiments: makeExperiments(ports),
  runs: makeRuns(ports),
  loggedModels: makeLoggedModels(ports),
  artifacts: makeArtifacts(ports),
  multipart: makeMultipart(ports),
});
