import { ModelyardError } from "../contract/errors.ts";
import type { ModelVersion } from "../contract/model.ts";
import { parseReference } from "../contract/reference.ts";
import { mustFindVersion } from "../register/get-model.ts";
import { mustFindImage } from "./get-image.ts";
import type { StoredImage } from "./image/rows.ts";
import type { UsePorts } from "./ports.ts";

/** What is archived is not deployed anew, and what is not here cannot be. */
export function refuseUndeployable({ reference, archivedAt, external, source }: ModelVersion): void {
  if (archivedAt !== null) throw new ModelyardError("version-archived", { model: reference });
  if (external) throw new ModelyardError("version-external", { model: reference, source: source ?? "its source" });
}

/** An image to deploy anew: none of its versions is archived. */
export async function mustFindDeployable(db: UsePorts["db"], digest: string): Promise<StoredImage> {
  const image = await mustFindImage(db, digest);
  for (const { name, version } of image.input.models.map(parseReference))
    refuseUndeployable(await mustFindVersion(db, { name, version }));
  return image;
}
