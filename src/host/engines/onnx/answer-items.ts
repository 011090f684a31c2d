import type { WorkerAnswer } from "../worker-connection.ts";
import type { AnswerItemHead, ScoreItemHead } from "../worker-frames.ts";
import { type OnnxModel, oneLine } from "./model.ts";
import { Invalid, Lacking, type Rows, rowsOf } from "./rows.ts";

const nothing = Buffer.alloc(0);

/**
 * Answers the items of a frame in their order: rows of the same method and width with one run. What failed together is tried one
 * by one, so that one bad item does not fail the others. `log` gets what must not be answered.
 */
export function answerItems(
  model: OnnxModel,
  items: readonly ScoreItemHead[],
  bodies: readonly Uint8Array[],
  log: (line: string) => void,
): WorkerAnswer[] {
  const answers = new Map<ScoreItemHead, WorkerAnswer>();
  const together = new Map<string, { item: ScoreItemHead; rows: Rows }[]>();
  items.forEach((item, index) => {
    try {
      const rows = rowsOf(item, bodies[index] ?? nothing, model.input);
      const key = `${rows.method} ${rows.columns}`;
      const group = together.get(key) ?? [];
      together.set(key, group);
      group.push({ item, rows });
    } catch (error) {
      answers.set(item, refusal(item, error, undefined, log));
    }
  });
  for (const group of together.values())
    for (const [item, answer] of answerGroup(model, group, log)) answers.set(item, answer);
  return items.map((item) => answers.get(item) as WorkerAnswer);
}

function answerGroup(
  model: OnnxModel,
  group: readonly { item: ScoreItemHead; rows: Rows }[],
  log: (line: string) => void,
): [ScoreItemHead, WorkerAnswer][] {
  const started = performance.now();
  const sinceStart = () => Math.round((performance.now() - started) * 1000) / 1000;
  try {
    const texts = model.run(group.map(({ rows }) => rows));
    const runMs = sinceStart();
    let from = 0;
    return group.map(({ item, rows }) => {
      const body = Buffer.from(`[${texts.slice(from, from + rows.count).join(",")}]`, "utf8");
      from += rows.count;
      const head: AnswerItemHead = {
        id: item.id,
        status: "ok",
        size: body.length,
        contentType: "application/json",
        runMs,
      };
      return [item, { head, body }];
    });
  } catch (error) {
    const [only, ...others] = group;
    if (only !== undefined && others.length === 0) return [[only.item, refusal(only.item, error, sinceStart(), log)]];
    return group.flatMap((entry) => answerGroup(model, [entry], log));
  }
}

/** The log of a model whose columns are redacted: ONNX Runtime's words may quote values. */
export const wordless =
  (log: (line: string) => void) =>
  (line: string): void =>
    log(line.replace(/\] .*/s, "] the model failed"));

/** What did not fit is told to the client; anything else only to the log. */
function refusal(
  { id }: ScoreItemHead,
  error: unknown,
  runMs: number | undefined,
  log: (line: string) => void,
): WorkerAnswer {
  const time = runMs === undefined ? {} : { runMs };
  if (error instanceof Invalid) {
    const lacks = error instanceof Lacking ? { lacks: error.method } : {};
    return { head: { id, status: "invalid", size: 0, ...time, reason: error.message, ...lacks }, body: nothing };
  }
  log(`[${id}] ${oneLine(error)}`);
  return { head: { id, status: "error", size: 0, ...time }, body: nothing };
}
