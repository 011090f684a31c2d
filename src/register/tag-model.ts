import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindVersion } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { removeTags, setDescription, setPairs } from "./rows.ts";

export const tagModel =
  ({ db }: Pick<RegisterPorts, "db">): Handler<"tagModel"> =>
  ({ name, version, tags, removeTags: keys, properties, description }) =>
    db.transaction(async (tx) => {
      const before = await mustFindVersion(tx, name, version);
      const taken = Object.keys(properties).filter((key) => Object.hasOwn(before.properties, key));
      if (taken.length > 0) throw new ModelyardError("property-exists", { keys: taken });
      await removeTags(tx, name, version, keys);
      await setPairs(tx, "version_tags", name, version, tags);
      await setPairs(tx, "version_properties", name, version, properties);
      if (description !== undefined) await setDescription(tx, name, version, description);
      const { reading: _, ...after } = await mustFindVersion(tx, name, version);
      return after;
    });
