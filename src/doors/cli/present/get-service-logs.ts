import type { Presenter } from "./presenter.ts";

export const getServiceLogs: Presenter<"getServiceLogs"> = ({ revision, lines }, { input: { name, requestId } }) => {
  if (lines.length > 0) return { data: lines.join("\n") };
  if (requestId === undefined) return { talk: `The log of revision ${revision} is empty` };
  const talk = [
    `The log of revision ${revision} has no line of the request ${requestId}`,
    `Next: modelyard record list --correlation-id ${requestId} tells which revision answered it, modelyard service logs ${name} --revision N --request-id ${requestId}`,
  ];
  return { talk: talk.join("\n") };
};
