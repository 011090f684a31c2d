import { z } from "zod";
import { integer, required, text } from "../fields.ts";
import { post, type Route } from "../route.ts";

/** Clients name the folder in the URL and the whole path of their own file in the body: its last part is the artifact's name. */
const ofFile = { "*": text, path: required };

function artifactPath({ "*": folder, path }: { "*": string; path: string }): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  return folder === "" ? name : `${folder.replace(/\/$/, "")}/${name}`;
}

const part = z.object({ part_number: integer, etag: required });

/** Uploads in parts, below `mlflow-artifacts/mpu`. The parts themselves are sent to the URLs that `create` answers. */
export const multipartRoutes: Route[] = [
  post("create/*", z.object({ ...ofFile, num_parts: integer }), async ({ tracking }, input, { origin }) => {
    const { id, secret } = await tracking.multipart.create(artifactPath(input), input.num_parts);
    const credentials = Array.from({ length: input.num_parts }, (_, index) => ({
      url: `${origin}/api/2.0/mlflow-artifacts/mpu/part/${id}/${index + 1}?secret=${secret}`,
      part_number: index + 1,
      headers: {},
    }));
    return { upload_id: id, credentials };
  }),
  post(
    "complete/*",
    z.object({ ...ofFile, upload_id: required, parts: z.array(part) }),
    async ({ tracking }, { parts, ...input }) => {
      const named = parts.map(({ part_number, etag }) => ({ number: part_number, digest: etag.replace(/^"|"$/g, "") }));
      await tracking.multipart.complete(input.upload_id, artifactPath(input), named);
      return undefined;
    },
  ),
  post("abort/*", z.object({ ...ofFile, upload_id: required }), async ({ tracking }, input) => {
    await tracking.multipart.abort(input.upload_id, artifactPath(input));
    return undefined;
  }),
];
