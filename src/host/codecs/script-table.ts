import { ModelyardError } from "../../contract/errors.ts";
import type { NamedRows } from "../../records/named-rows.ts";
import { brief, type Refuse } from "../../records/words.ts";
import type { Ask, ScoreRequest } from "./codec.ts";
import { askOfParameters, frameText, rowsParameter, valueText } from "./script-body.ts";
import type { Parameter } from "./script-parameters.ts";

/** A parameter that a table can go to. */
export type TableParameter = Exclude<Parameter, { kind: "object" }>;

/** The parameter of an entry script that a table goes to. Error: not-supported, with the body that the script takes. */
export function tableParameter(
  { service }: Pick<ScoreRequest, "service">,
  parameters: readonly Parameter[],
): TableParameter {
  const body = `{${parameters.map(({ name }) => `${JSON.stringify(name)}: …`).join(", ")}}`;
  const refuse = (what: string): never => {
    throw new ModelyardError("not-supported", { what, instead: `Send ${body} to /services/${service}/score.` });
  };
  const parameter = rowsParameter(parameters, refuse);
  if (parameter.kind === "object" || (parameter.kind === "array" && parameter.shape.length === 0))
    return refuse(`The parameter ${brief(parameter.name)} of the entry script is no table`);
  return parameter;
}

/** A table of MLflow's scoring protocol as the body of an entry script. Errors: those of `refuse`, body-too-large. */
export function askOfScriptTable({ columns, rows }: NamedRows, parameter: TableParameter, refuse: Refuse): Ask {
  const missing = parameter.kind === "frame" ? "null" : "NaN";
  const text = (value: unknown) =>
    value === null || Number.isNaN(value)
      ? missing
      : Array.isArray(value)
        ? JSON.stringify(value)
        : valueText(value, false);
  const texts = rows.map((row) => row.map(text));
  switch (parameter.kind) {
    case "array":
    case "any":
      return askOfParameters(new Map([[parameter.name, `[${texts.map((row) => `[${row.join(", ")}]`).join(", ")}]`]]));
    case "frame": {
      const known = parameter.columns.map(({ name }) => name);
      const names = columns ?? known;
      const odd = texts.findIndex((row) => row.length !== names.length);
      if (odd !== -1) refuse(`Row ${odd + 1} has ${texts[odd]?.length} values; the entry script takes ${brief(known)}`);
      return askOfParameters(new Map([[parameter.name, frameText(parameter.orient, names, texts, refuse)]]));
    }
  }
}
