/** A version as it stands in addresses and fields: `name:version`. Undefined for what is none. */
export function readReference(reference: string | undefined): { name: string; version: number } | undefined {
  const [, name, version] = /^([^/:@]+):([1-9]\d{0,14})$/.exec(reference ?? "") ?? [];
  return name === undefined ? undefined : { name, version: Number(version) };
}
