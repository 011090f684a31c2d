import { differenceText } from "./difference-text.ts";
import type { Presenter } from "./presenter.ts";

export const updateService: Presenter<"updateService"> = ({ changed, differences, service }, { input }) => {
  if (differences.length === 0) return { data: `Nothing to do: service ${service.name} is as asked` };
  const text = differenceText(differences);
  if (!changed) {
    const dry = input.dryRun === true ? { talk: "Nothing was changed. Do it: the same command without --dry-run" } : {};
    return { data: text, ...dry };
  }
  return {
    data: `${text}\n\nService ${service.name} is ${service.state}, revision ${service.revision}`,
    talk: `Next: modelyard service history ${service.name}, modelyard service rollback ${service.name}`,
  };
};
