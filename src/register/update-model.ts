import type { Handler } from "../contract/operations.ts";
import { mustFindModel } from "./find-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { changeModel, removeModelTags, setModelTags } from "./rows/models.ts";
import { changedTags } from "./tag-model.ts";

export const updateModel =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"updateModel"> =>
  ({ name, description, tags, removeTags }, { actor }) =>
    db.transaction(async (tx) => {
      const before = await mustFindModel(tx, name);
      const change = { by: actor.name, at: clock.now() };
      if (description !== undefined) {
        const text = description || null;
        await changeModel(tx, name, { description: text, updated_at: change.at });
        const data = { description: text };
        await recordChange(tx, { type: "modelyard.model.updated", name, data }, change);
      }
      const removed = removeTags.filter((key) => Object.hasOwn(before.tags, key));
      await removeModelTags(tx, name, removed);
      for (const key of removed)
        await recordChange(tx, { type: "modelyard.model.tag.removed", name, data: { key } }, change);
      await setModelTags(tx, name, tags);
      for (const [key, value] of changedTags(before.tags, removed, tags))
        await recordChange(tx, { type: "modelyard.model.tag.set", name, data: { key, value } }, change);
      return mustFindModel(tx, name);
    });
