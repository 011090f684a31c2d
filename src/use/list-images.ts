import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import { selectImages, summariseImage } from "./image/rows.ts";
import type { UsePorts } from "./ports.ts";
import { parseReference } from "./reference.ts";

export const listImages =
  ({ db }: Pick<UsePorts, "db">): Handler<"listImages"> =>
  async ({ model, pageSize, pageToken }) => {
    const after = decodePageToken(pageToken, 2);
    const rows = await selectImages(db, {
      model: model === undefined ? undefined : parseReference(model),
      limit: pageSize + 1,
      after,
    });
    return pageOf(rows, pageSize, (image) => [image.createdAt, image.digest], summariseImage);
  };
