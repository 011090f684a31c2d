import type { ImagePaths } from "../client/files/image-source.ts";
import type { ImageInput } from "../contract/image.ts";
import type { InputOf } from "../contract/operations.ts";
import type { Upstream } from "../contract/upstream.ts";

/** A model of the wanted service: files on this machine (an absolute path), or one that is registered. */
export type WantedModel =
  | ({ path: string } & Omit<InputOf<"registerModel">, "files">)
  | { path?: undefined; reference: string };

/** Settings that were said; what was not said is left to the server. */
export type GivenSettings = Partial<
  Pick<
    InputOf<"updateService">,
    | "target"
    | "env"
    | "timeoutMs"
    | "replicas"
    | "memoryMb"
    | "auth"
    | "maxBodyBytes"
    | "record"
    | "recordAlso"
    | "recordFields"
    | "corsOrigins"
    | "reason"
  >
>;

/** What `up` makes true. */
export interface Wanted {
  service: string;
  models: WantedModel[];
  /** Digest of an image that stands, in place of models and parts. */
  image?: string | undefined;
  parts: ImagePaths;
  python?: string | undefined;
  accelerate?: ImageInput["accelerate"];
  /** A server that answers in place of a worker. */
  upstream?: Upstream | undefined;
  settings: GivenSettings;
}
