import type { Presenter } from "./presenter.ts";
import { fields, table } from "./text.ts";

const written = {
  "as-sent": "as they were sent",
  "chosen-by-content": "as they were sent; which are kept depends on their answers",
  redacted: "redacted; a request or answer that cannot be read as columns is not kept",
};

export const getRecordRules: Presenter<"getRecordRules"> = ({ service, record, also, columns, written: how }) => {
  const head = fields([
    ["service", service],
    ["record", record],
    ["also", also.join(" ")],
    ["written", written[how]],
  ]);
  const rows = columns.map(({ column, rule, from }) => [
    column,
    rule,
    from === "service" ? "the service's rule" : "personal data, as the model's signature says",
  ]);
  const talk = `Next: modelyard service update ${service} --record-field <column>=<rule> changes it, for all columns at once`;
  return { data: rows.length === 0 ? head : `${head}\n\n${table(["COLUMN", "RULE", "BECAUSE OF"], rows)}`, talk };
};
