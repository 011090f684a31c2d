import { Option } from "commander";
import type { Preparation } from "../preparation.ts";
import { archiveVersion } from "../present/archive-version.ts";
import { deleteModel as presentDeletion } from "../present/delete-model.ts";
import { print, printJson, talk } from "../tools.ts";
import { aboutWrittenVersion, resolveReference } from "./model-reference.ts";

export const deleteModel: Preparation<"deleteModel"> = {
  ...aboutWrittenVersion,
  flags: [
    {
      member: "archive",
      option: new Option("--archive", "Only hide it from lists and new deployments; `model restore` brings it back"),
      read: (value) => value,
    },
  ],
  run: async ({ model, archive }, { client, tools }) => {
    const place = await resolveReference(client, { model });
    const shown = { now: tools.system.clock.now(), input: place };
    const [output, presentation] = await (archive === true
      ? client.archiveVersion(place).then((version) => [version, archiveVersion(version, shown)] as const)
      : client.deleteModel(place).then((deleted) => [deleted, presentDeletion(deleted, shown)] as const));
    if (tools.json) printJson(tools, output);
    else {
      if (presentation.data !== undefined) print(tools, presentation.data);
      if (presentation.talk !== undefined) talk(tools, presentation.talk);
    }
    return 0;
  },
};
