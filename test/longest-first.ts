import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take ten seconds and more, and about how many with empty caches; the rest is quick. */
const seconds: Record<string, number> = {
  "worker/pythons": 165,
  "worker/python-suite": 130,
  "source/pull": 110,
  "web/accessibility": 93,
  "stories/mlflow": 80,
  "mlflow/import-server": 66,
  "stories/digits": 65,
  "host/schemathesis": 50,
  "use/environment": 46,
  "faults/locks": 44,
  "web/hostile": 43,
  "use/compile": 43,
  "host/engines": 40,
  "cli/local-server": 39,
  "faults/crash": 33,
  "host/grpc": 30,
  "host/limits": 28,
  "cli/import-export": 28,
  "web/gone": 27,
  "stories/web": 24,
  "mlflow/log-model": 24,
  "host/http-engine": 24,
  "host/faults": 24,
  "stories/retrain": 23,
  "stories/readme": 22,
  "host/collected": 22,
  "web/records-page": 21,
  "faults/disk-full": 21,
  "web/snippets": 20,
  "use/interpreters": 20,
  "faults/upload-cuts": 17,
  "mlflow/tracking": 15,
  "faults/server-down": 15,
  "host/mlflow-scoring": 14,
  "web/keyboard": 13,
  "faults/host-kill": 13,
  "cli/model-commands": 13,
  "mlflow/concurrency": 12,
  "host/streams": 12,
  "faults/multipart-kill": 12,
  "mlflow/multipart": 10,
  "faults/crash-aliases": 10,
};

const lengthOf = ({ moduleId }: TestSpecification): number =>
  seconds[/test\/(.*)\.test\.ts$/.exec(moduleId)?.[1] ?? ""] ?? 1;

/** The longest file starts first: started last, it would run alone while the other cores stand idle. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => lengthOf(b) - lengthOf(a) || a.moduleId.localeCompare(b.moduleId));
  }
}
