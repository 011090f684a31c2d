import type { Signature } from "../../contract/host.ts";
import type { Manifest } from "../../contract/image.ts";
import type { Db } from "../../kernel/db.ts";
import { findManifest } from "../../use/image/rows.ts";

/** Begins the image of records of services that run elsewhere: nothing is known of their images. */
export const externalImage = "external/";

/** What an image takes, by its manifest; undefined when nothing is known of it. Rows of services elsewhere are named as their requests name them. */
export const signatureIn = (image: string, manifest: Manifest | undefined): Signature | undefined =>
  image.startsWith(externalImage) ? { input: { kind: "text" } } : manifest?.signature;

export const signatureOf = async (db: Db, image: string): Promise<Signature | undefined> =>
  signatureIn(image, await findManifest(db, image));
