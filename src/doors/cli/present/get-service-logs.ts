import type { Presenter } from "./presenter.ts";

export const getServiceLogs: Presenter<"getServiceLogs"> = ({ revision, lines }) =>
  lines.length === 0 ? { talk: `The log of revision ${revision} is empty` } : { data: lines.join("\n") };
