import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import type { ModelDetail, ModelVersion } from "../contract/register.ts";
import type { ModelInspection } from "./pickle/inspect.ts";
import type { RegisterPorts } from "./ports.ts";
import { filesOf, findVersion } from "./rows.ts";

type Ports = Pick<RegisterPorts, "db" | "uses">;

export const getModel =
  (ports: Ports): Handler<"getModel"> =>
  ({ name, version }) =>
    describeVersion(ports, name, version);

/** A version, or the highest; an unknown one is model-not-found. */
export async function mustFindVersion(
  db: RegisterPorts["db"],
  name: string,
  version?: number,
): Promise<ModelVersion & { reading: ModelInspection | null }> {
  const found = await findVersion(db, name, version);
  if (found === undefined)
    throw new ModelyardError("model-not-found", { model: version === undefined ? name : `${name}:${version}` });
  return { ...found, reading: found.reading === null ? null : (JSON.parse(found.reading) as ModelInspection) };
}

export async function describeVersion({ db, uses }: Ports, name: string, version?: number): Promise<ModelDetail> {
  const { reading, ...found } = await mustFindVersion(db, name, version);
  return {
    ...found,
    files: await filesOf(db, name, found.version),
    services: await uses.servicesOf(name, found.version),
    reading:
      reading === null ? null : { rootClass: reading.rootClass, columns: reading.columns, globals: reading.globals },
  };
}
