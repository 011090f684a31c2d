import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take over ten seconds, and about how many; the rest is quick. */
const seconds: Record<string, number> = {
  "worker/pythons": 105,
  "stories/mlflow": 75,
  "worker/python-suite": 70,
  "web/accessibility": 70,
  "stories/digits": 65,
  "use/environment": 60,
  "use/compile": 45,
  "mlflow/import-server": 40,
  "web/hostile": 40,
  "faults/crash": 40,
  "faults/locks": 40,
  "cli/local-server": 35,
  "host/schemathesis": 33,
  "mlflow/log-model": 30,
  "stories/web": 25,
  "stories/retrain": 25,
  "host/engines": 25,
  "faults/disk-full": 20,
  "faults/server-down": 20,
  "stories/readme": 20,
  "web/snippets": 20,
  "cli/import-export": 20,
  "host/limits": 18,
  "faults/record-kill": 18,
  "host/http-engine": 17,
  "use/interpreters": 17,
  "host/faults": 17,
  "faults/host-kill": 15,
  "faults/update-under-load": 15,
};

const lengthOf = ({ moduleId }: TestSpecification): number =>
  seconds[/test\/(.*)\.test\.ts$/.exec(moduleId)?.[1] ?? ""] ?? 1;

/** The longest file starts first: started last, it would run alone while the other cores stand idle. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => lengthOf(b) - lengthOf(a) || a.moduleId.localeCompare(b.moduleId));
  }
}
