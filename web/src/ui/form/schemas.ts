import "./zod-without-eval.ts";
import type { z } from "zod";
import { fieldOf } from "../../../../src/contract/field.ts";
import type { OperationName } from "../../../../src/contract/operations.ts";
import { operations } from "../../../../src/contract/operations.ts";

// This module brings the contract's schemas with it: it is loaded when the first form is opened, not before.

export const fieldsOf = (name: OperationName) => {
  const shape = operations[name].input.shape as Record<string, z.ZodType>;
  return Object.fromEntries(Object.entries(shape).map(([member, schema]) => [member, fieldOf(schema)]));
};

/** What is wrong with an input, by member; what belongs to none stands under "". */
export function problemsOf(name: OperationName, input: unknown): Record<string, string> {
  const parsed = operations[name].input.safeParse(input);
  const problems: Record<string, string> = {};
  for (const { path, message } of parsed.error?.issues ?? []) {
    const member = String(path[0] ?? "");
    const place = path.slice(1).join(".");
    problems[member] ??= place === "" ? message : `${place}: ${message}`;
  }
  return problems;
}
