/** The parts of `name` or `name:version`. */
export function parseReference(reference: string): { name: string; version: number | undefined } {
  const cut = reference.lastIndexOf(":");
  return cut < 0
    ? { name: reference, version: undefined }
    : { name: reference.slice(0, cut), version: Number(reference.slice(cut + 1)) };
}
