import type { Presenter } from "./presenter.ts";

export const setAlias: Presenter<"setAlias"> = ({ name, alias, version, before, protected: held }) => {
  const from = before === null || before === version ? "" : ` (was ${name}:${before})`;
  return {
    data: `${name}@${alias} is ${name}:${version}${from}${held ? ", protected" : ""}`,
    talk: `Services keep what they run. Next: modelyard service update NAME --model ${name}@${alias}`,
  };
};
