import { resolve } from "node:path";
import { Option } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import type { ModelDetail } from "../../../contract/model.ts";
import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { talk } from "../tools.ts";
import { aboutVersion, readReference } from "./model-reference.ts";
import { transferOptions } from "./transfer-line.ts";

/** `model pull` reads the source of an external version with the caller's own credentials; the server reads nothing by itself. */
export const attachFiles: Preparation<"attachFiles"> = {
  summary: "Fetch the files of an external version from its source, so that it can be deployed",
  ...aboutVersion,
  hidden: ["name", "version", "files"],
  flags: [
    {
      member: "from",
      option: new Option("--from <place>", "File, folder or address to take them from, in place of its source"),
      read: (value) => value,
    },
  ],
  input: async (given, { client, tools }) => {
    const { signal, env, fetch, cwd } = tools.system;
    const found = await client.getModel(readReference(given), { signal });
    if (!found.external) throw new ModelyardError("version-has-files", { model: found.reference });
    const { fetchSource, isLocal } = await import("../../../flow/source/fetch-source.ts");
    const place = placeOf(found, given.from as string | undefined, isLocal);
    if (!tools.json) talk(tools, `Fetching ${found.reference} from ${place}`);
    const path = isLocal(place) && !/^file:/i.test(place) ? resolve(cwd, place) : place;
    const uploads = transferOptions(tools, "Uploading");
    const files = await fetchSource(path, { client, web: { fetch, signal }, env, uploads });
    const { name, version } = found;
    return { name, version, files, allowUnsafe: given.allowUnsafe } as InputOf<"attachFiles">;
  },
};

/**
 * A source is what somebody else wrote into the registry. A path of this machine is read only when the caller names it: else a
 * version could be made to carry any file of whoever pulls it to the server.
 */
function placeOf(
  { reference, source }: ModelDetail,
  from: string | undefined,
  isLocal: (place: string) => boolean,
): string {
  if (from !== undefined) return from;
  const place = source ?? "";
  if (!isLocal(place)) return place;
  throw new ModelyardError("not-supported", {
    what: `The source of ${reference} is a path of the machine that registered it: ${place}`,
    instead: `If the files are here, name them: \`modelyard model pull ${reference} --from '${place}'\`.`,
  });
}
