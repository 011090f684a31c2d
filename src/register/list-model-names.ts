import type { Handler } from "../contract/operations.ts";
import type { RegisterPorts } from "./ports.ts";
import { searchModels } from "./search-models.ts";

export const listModelNames =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"listModelNames"> =>
  ({ filter, orderBy, total, pageSize, pageToken }) =>
    searchModels(db, {
      dialect: "own",
      filter,
      orderBy: orderBy?.split(","),
      limit: pageSize,
      pageToken,
      total,
      now: clock.now(),
    });
