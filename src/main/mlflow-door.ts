import type { MlflowPorts, MlflowRegistry } from "../doors/mlflow/ports.ts";
import { mustFindModel } from "../register/find-model.ts";
import { mustFindListed } from "../register/get-model.ts";
import type { RegisterPorts } from "../register/ports.ts";
import { latestByStageOf } from "../register/rows/versions.ts";
import { searchModels } from "../register/search-models.ts";
import { searchVersions } from "../register/search-versions.ts";
import { downloadUri } from "../register/tracking/source/download-uri.ts";
import { registerSource } from "../register/tracking/source/register-source.ts";
import { makeTracking } from "../register/tracking/tracking.ts";

/** What the MLflow door is handed, but for the operations. */
export function mlflowPorts(ports: RegisterPorts): Pick<MlflowPorts, "tracking" | "registry"> {
  const { db, clock } = ports;
  const registry: MlflowRegistry = {
    getModel: (name) => mustFindModel(db, name),
    getVersion: (reference) => mustFindListed(db, reference),
    latestByStage: (names) => latestByStageOf(db, names),
    searchModels: (search) => searchModels(db, { dialect: "mlflow", now: clock.now(), ...search }),
    searchVersions: (search) => searchVersions(db, { dialect: "mlflow", now: clock.now(), ...search }),
    registerSource: registerSource(ports),
    downloadUri: (version) => downloadUri(db, version),
  };
  return { tracking: makeTracking(ports), registry };
}
