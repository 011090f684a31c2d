import type { Signature } from "../../contract/host.ts";
import type { Manifest } from "../../contract/image.ts";

/** Begins the image of records of services that run elsewhere: nothing is known of their images. */
export const externalImage = "external/";

const external: Signature = { input: { kind: "text" } };

/** What an image takes; undefined when nothing is known of it. Rows of services elsewhere are named as their requests name them. */
export const signatureOf = (image: string, manifest: Pick<Manifest, "signature"> | undefined): Signature | undefined =>
  image.startsWith(externalImage) ? external : manifest?.signature;
