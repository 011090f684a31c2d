import type { Handler } from "../contract/operations.ts";
import { describeNow } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";

export const getService =
  (ports: Pick<UsePorts, "db" | "targets" | "log">): Handler<"getService"> =>
  ({ name }) =>
    describeNow(ports, name);
