import { parseReference } from "../../contract/reference.ts";
import type { Db } from "../../kernel/db.ts";
import type { Side } from "../profile/rows.ts";
import { findLayoutDigest, type Owner } from "./rows.ts";

/** Whose baseline holds for a service that runs these models (`name:version`): its own, else that of the first model that has one. */
export async function baselineOwner(
  db: Db,
  service: string,
  models: readonly string[],
  side: Side,
): Promise<{ owner: Owner; digest: string } | undefined> {
  const owners: Owner[] = [
    { service },
    ...models.flatMap((model) => {
      const { name, version } = parseReference(model);
      return version === undefined ? [] : [{ name, version }];
    }),
  ];
  for (const owner of owners) {
    const digest = await findLayoutDigest(db, owner, side);
    if (digest !== undefined) return { owner, digest };
  }
  return undefined;
}
