import { datasetReferenceSchema, parseDataset } from "../../../contract/datasets.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Given, Preparation } from "../preparation.ts";

/** Reads `NAME` or `NAME@DIGEST`. Throws invalid-input. */
export function readDataset(given: Given): { name: string; digest: string | undefined } {
  const parsed = datasetReferenceSchema.safeParse(given.dataset);
  if (parsed.success) return parseDataset(parsed.data);
  const problems = `${String(given.dataset)} ${parsed.error.issues[0]?.message ?? "is no data set"}`;
  throw new ModelyardError("invalid-input", { problems });
}

/** Commands that take a data set and nothing else of it. */
export const aboutDataset = {
  arguments: [{ name: "dataset", description: "name (its newest) or name@digest; the first 8 digits are enough" }],
  hidden: ["name", "digest"],
  check: (given: Given) => void readDataset(given),
  input: readDataset,
} satisfies Preparation<"getDataset">;
