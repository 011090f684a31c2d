import type { Handler } from "../contract/operations.ts";
import { mustFindService } from "./describe-service.ts";
import { mustFindImage } from "./get-image.ts";
import type { UsePorts } from "./ports.ts";
import { columnRules, recordingRule } from "./record-rules.ts";

export const getRecordRules =
  ({ db }: Pick<UsePorts, "db">): Handler<"getRecordRules"> =>
  async ({ name }) => {
    const { settings, image } = await mustFindService(db, name);
    const { manifest } = await mustFindImage(db, image);
    const { rate, also = [], fields } = recordingRule(settings, [manifest]);
    const isDecoded = fields !== undefined || (rate < 1 && also.some(({ kind }) => kind === "low-confidence"));
    return {
      service: name,
      record: settings.record,
      also: settings.recordAlso,
      columns: columnRules(settings, manifest.pii ?? []),
      written: fields !== undefined ? "redacted" : isDecoded ? "chosen-by-content" : "as-sent",
    };
  };
