import { ModelyardError } from "../contract/errors.ts";
import type { ModelVersion } from "../contract/model.ts";
import type { Handler } from "../contract/operations.ts";
import { type Examined, examineFiles } from "./examine-files.ts";
import { detailOf, type FoundVersion, mustFindVersion } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { fillVersion } from "./rows/versions.ts";

/** Only a version that never had bytes gets some, so that a digest, once there, never changes. */
export const attachFiles =
  ({ db, clock, blobs }: Pick<RegisterPorts, "db" | "clock" | "blobs">): Handler<"attachFiles"> =>
  async ({ name, version, ...input }, { actor }) => {
    const external = await mustFindVersion(db, { name, version });
    refuseFilled(external);
    const examined = await examineFiles(blobs, { ...input, framework: external.framework }, actor);
    const at = clock.now();
    await db.transaction(async (tx) => {
      const found = await mustFindVersion(tx, { name, version });
      refuseFilled(found); // somebody else was quicker
      const filled = { ...examined, ...saidBefore(found), at };
      await fillVersion(tx, name, version, filled);
      const { digest, files, framework } = filled;
      const data = { digest, framework, files: files.length, ...examined.warnings };
      const change = { type: "modelyard.version.files.attached", name, version, data } as const;
      await recordChange(tx, change, { by: actor.name, at });
    });
    // no service can run what had no bytes until now
    return detailOf({ db, blobs }, await mustFindVersion(db, { name, version }), []);
  };

function refuseFilled({ reference, external }: ModelVersion): void {
  if (!external) throw new ModelyardError("version-has-files", { model: reference });
}

/** What was said when the version was registered wins over what its files show. */
function saidBefore({ framework, frameworkVersion, signature, sample }: FoundVersion): Partial<Examined> {
  const said = Object.entries({ framework, frameworkVersion, signature, sample });
  return Object.fromEntries(said.filter(([, value]) => value !== null));
}
