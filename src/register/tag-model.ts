import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindListed } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { removeTags, setPairs } from "./rows/pairs.ts";
import { changeVersion } from "./rows/versions.ts";

export const tagModel =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"tagModel"> =>
  ({ name, version, tags, removeTags: keys, properties, description }, { actor }) =>
    db.transaction(async (tx) => {
      const before = await mustFindListed(tx, { name, version });
      const taken = Object.keys(properties).filter((key) => Object.hasOwn(before.properties, key));
      if (taken.length > 0) throw new ModelyardError("property-exists", { keys: taken });
      const at = clock.now();
      const who = { by: actor.name, at };
      const removed = keys.filter((key) => Object.hasOwn(before.tags, key));
      await removeTags(tx, name, version, removed);
      for (const key of removed)
        await recordChange(tx, { type: "modelyard.version.tag.removed", name, version, data: { key } }, who);
      await setPairs(tx, "version_tags", before, tags);
      for (const [key, value] of changedTags(before.tags, removed, tags))
        await recordChange(tx, { type: "modelyard.version.tag.set", name, version, data: { key, value } }, who);
      await setPairs(tx, "version_properties", before, properties);
      const updated = {
        ...(Object.keys(properties).length === 0 ? {} : { properties }),
        ...(description === undefined ? {} : { description: description || null }),
      };
      if (description !== undefined)
        await changeVersion(tx, name, version, { description: description || null, updated_at: at });
      if (Object.keys(updated).length > 0)
        await recordChange(tx, { type: "modelyard.version.updated", name, version, data: updated }, who);
      return mustFindListed(tx, { name, version });
    });

/** The tags that get another value than they have: what stays as it is is no change. */
export const changedTags = (
  before: Readonly<Record<string, string>>,
  removed: readonly string[],
  tags: Readonly<Record<string, string>>,
): [string, string][] => Object.entries(tags).filter(([key, value]) => before[key] !== value || removed.includes(key));
