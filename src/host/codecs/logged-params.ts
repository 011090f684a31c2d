import type { LoggedParam } from "../../contract/host.ts";
import { brief, kindOf, type Refuse } from "../../records/words.ts";

type Fits = (value: unknown) => boolean;

/** A number that JavaScript writes without a fraction: 2.0 is told from 2 in Python only. */
const isWhole: Fits = Number.isInteger;
const isNumber: Fits = (value) => typeof value === "number";

/** By the types of MLflow's signatures; a value of any other type is left to the model. Source: mlflow/models/utils.py, `_enforce_param_datatype`. */
const fits: ReadonlyMap<string, Fits> = new Map([
  ["boolean", (value) => typeof value === "boolean"],
  ["string", (value) => typeof value === "string"],
  ["integer", isWhole],
  ["long", isWhole],
  ["float", isNumber],
  ["double", isNumber],
  ["datetime", (value) => typeof value === "string"],
  ["object", (value) => kindOf(value) === "an object"],
]);

/**
 * Checks the parameters of a request against those of a signature, as MLflow does also where its flavour of the model then takes none.
 * Names that are not there are no mistake, and null is a value of every type. Calls `refuse` at the first that does not fit.
 */
export function checkParams(given: Record<string, unknown>, params: readonly LoggedParam[], refuse: Refuse): void {
  for (const { name, type, shape } of params) {
    const value = Object.hasOwn(given, name) ? given[name] : null;
    if (value === null) continue;
    const one: Fits = (item) => item === null || fits.get(type)?.(item) !== false;
    if (shape === null ? one(value) : Array.isArray(value) && value.every(one)) continue;
    const wanted = shape === null ? `of the type ${type}` : `a list of the type ${type}`;
    refuse(`The parameter ${brief(name)} is ${brief(value)}, not ${wanted}`);
  }
}
