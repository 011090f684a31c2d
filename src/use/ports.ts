import type { Clock } from "../kernel/clock.ts";
import type { Db } from "../kernel/db.ts";
import type { Exec } from "../kernel/exec.ts";
import type { Log } from "../kernel/log.ts";
import type { BlobStore } from "../register/ports.ts";
import type { OnnxCheckPorts } from "./image/check-onnx.ts";
import type { CompilePorts } from "./image/compile.ts";
import type { ImageFolders } from "./image/layout.ts";
import type { EnvironmentBuilder } from "./image/prepare-environment.ts";
import type { ServiceLocks } from "./service-locks.ts";
import type { Target } from "./target.ts";

export interface UsePorts {
  db: Db;
  clock: Clock;
  log: Log;
  blobs: BlobStore;
  folders: ImageFolders;
  environments: EnvironmentBuilder;
  exec: Exec;
  onnxCheck: OnnxCheckPorts["onnxCheck"];
  converters: CompilePorts["converters"];
  compiler: CompilePorts["compiler"];
  locks: ServiceLocks;
  targets: Record<string, Target>;
}
