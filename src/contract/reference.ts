/** A version as people write it: `name` (its highest version), `name:version` or `name@alias`. */
export interface ModelReference {
  name: string;
  version?: number | undefined;
  alias?: string | undefined;
}

/** The parts of a reference that modelReferenceSchema accepts. */
export function parseReference(reference: string): ModelReference {
  const cut = reference.search(/[:@]/);
  if (cut < 0) return { name: reference };
  const name = reference.slice(0, cut);
  const rest = reference.slice(cut + 1);
  return reference[cut] === "@" ? { name, alias: rest } : { name, version: Number(rest) };
}
