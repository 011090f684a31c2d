import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import { resolveReference } from "../register/find-model.ts";
import { selectImages, summariseImage } from "./image/rows.ts";
import type { UsePorts } from "./ports.ts";

export const listImages =
  ({ db }: Pick<UsePorts, "db">): Handler<"listImages"> =>
  async ({ model, pageSize, pageToken }) => {
    const after = decodePageToken(pageToken, 2);
    const rows = await selectImages(db, {
      model: await resolveReference(db, model),
      limit: pageSize + 1,
      after,
    });
    return pageOf(rows, pageSize, (image) => [image.createdAt, image.digest], summariseImage);
  };
