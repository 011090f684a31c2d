import { ModelyardError } from "../../../contract/errors.ts";
import type { LabelValue } from "../../../contract/labels.ts";
import type { InputOf } from "../../../contract/operations.ts";
import { textValue } from "../../../kernel/text-value.ts";
import type { Preparation } from "../preparation.ts";

export const addLabels: Preparation<"addLabels"> = {
  summary: "Tell what was true of a recorded request; before its record or long after it",
  arguments: [
    { name: "service", description: "Name of the service" },
    { name: "id", description: "Request id" },
    { name: "value", description: '7, cat, true; "7" is a text, and [7, 3] has one for each row of the request' },
  ],
  hidden: ["labels"],
  check: ({ value }) => void readValue(String(value)),
  input: ({ value, ...given }) => ({ ...given, value: readValue(String(value)) }) as InputOf<"addLabels">,
};

/** Quotes, brackets and braces are JSON, all else is read as a cell of a CSV file is. Throws invalid-input, of objects too: none is a label. */
function readValue(text: string): LabelValue | LabelValue[] {
  if (/^\s*\{/.test(text)) throw invalid(`value is an object, and no label; as a text it is ${JSON.stringify(text)}`);
  if (!/^\s*["[]/.test(text)) return textValue(text);
  try {
    return JSON.parse(text) as LabelValue | LabelValue[];
  } catch (error) {
    throw invalid(`value is not JSON: ${(error as Error).message}`);
  }
}

const invalid = (problems: string) => new ModelyardError("invalid-input", { problems });
