import { differenceText } from "./difference-text.ts";
import type { Presenter } from "./presenter.ts";

export const rollBackService: Presenter<"rollBackService"> = ({ changed, differences, service }) => {
  if (!changed)
    return {
      data:
        differences.length === 0 ? "Nothing would change but the number of the revision" : differenceText(differences),
      talk: "Nothing was changed. Do it: the same command without --dry-run",
    };
  return {
    data: `${differences.length === 0 ? "" : `${differenceText(differences)}\n\n`}Service ${service.name} is ${service.state}, revision ${service.revision}`,
    talk: `Next: modelyard service history ${service.name}`,
  };
};
