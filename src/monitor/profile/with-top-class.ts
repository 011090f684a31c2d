import type { Db } from "../../kernel/db.ts";
import type { Value } from "../../records/table.ts";
import { classesOfModels } from "../quality/classes-of-models.ts";
import { isSaidByScores, predictionReader } from "../quality/read-prediction.ts";
import { blockOf, type RowBlock, rowAt } from "./row-block.ts";

/**
 * Answers that are scores of classes have the class of the greatest one, too, as the column `prediction`: the target of a training file is compared
 * with it, and quality takes the same. Other answers stay as they are.
 */
export async function withTopClass(
  db: Db,
  models: readonly string[],
  blocks: readonly RowBlock[],
): Promise<readonly RowBlock[]> {
  if (!blocks.some(isSaidByScores)) return blocks;
  const classes = await classesOfModels(db, models);
  return blocks.map((block) => {
    const read = isSaidByScores(block) ? predictionReader(block, undefined, classes) : "has its own";
    return typeof read === "string" ? block : before(block, (row) => read(row)?.value ?? null);
  });
}

/** First of the columns: of very many, the last ones are not profiled. */
function before(block: RowBlock, predictionOf: (row: readonly Value[]) => Value): RowBlock {
  const rows = Array.from({ length: block.rows }, (_, place) => {
    const row = rowAt(block, place);
    return [predictionOf(row), ...row];
  });
  return blockOf({ columns: ["prediction", ...block.columns], rows }, [...block.hashes.subarray(0, block.rows)]);
}
