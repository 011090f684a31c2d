import { config } from "zod";
import type { $ZodRawIssue } from "zod/v4/core";

/**
 * What a schema says of a value that it refuses, where it has no words of its own: to be read behind the name of the field, by somebody who has not
 * read the schema. Undefined leaves the validator's text.
 */
function wordsOf(issue: $ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type")
    return issue.input === undefined ? "is missing" : `is not ${kinds[issue.expected] ?? `of type ${issue.expected}`}`;
  if (issue.code === "invalid_value")
    return `is ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
  // what may be of several kinds is refused by each in its own words
  if (issue.code === "invalid_union" && issue.errors.length > 0)
    return [...new Set(issue.errors.map(([first]) => first?.message))].join(", or ");
  if (issue.code === "too_small") {
    if (issue.minimum === 1 && issue.origin !== "number") return "is empty";
    return boundText(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
  }
  if (issue.code === "too_big")
    return boundText(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
  return undefined;
}

const kinds: Record<string, string> = {
  ...{ string: "a text", number: "a number", int: "a whole number", boolean: "true or false", null: "null" },
  ...{ array: "a list", object: "an object", record: "an object" },
};
const units: Record<string, string> = { string: "character", array: "item", set: "item", map: "entry" };

function boundText(origin: string, word: string, bound: number | bigint): string {
  const unit = units[origin];
  if (unit === undefined) return `is ${word} ${bound}`;
  const many = unit === "entry" ? "entries" : `${unit}s`;
  return `has ${word} ${bound} ${Number(bound) === 1 ? unit : many}`;
}

config({ customError: wordsOf });
