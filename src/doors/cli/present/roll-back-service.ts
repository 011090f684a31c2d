import { differenceText } from "./difference-text.ts";
import type { Presenter } from "./presenter.ts";

export const rollBackService: Presenter<"rollBackService"> = ({ differences, service }) => ({
  data: `${differences.length === 0 ? "" : `${differenceText(differences)}\n\n`}Service ${service.name} is ${service.state}, revision ${service.revision}`,
  talk: `Next: modelyard service history ${service.name}`,
});
