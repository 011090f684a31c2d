import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CompiledInput } from "../../../contract/compiled-input.ts";
import { type AnswerItemHead, cutBody, type Frame, makeFrameReader, type ScoreItemHead } from "../worker-frames.ts";
import { answerItems } from "./answer-items.ts";
import { distance, type Tokens, textOf, tokensOf } from "./answer-tokens.ts";
import { oneLine, openOnnxModel } from "./model.ts";
import { warmUp } from "./warm-up.ts";

/** What `--compile FOLDER` of the Python worker leaves beside the frames and the files. */
interface Result {
  input: CompiledInput;
  /** Rows that both were asked for, odd values left out. */
  rows: number;
  files: { path: string | null; reason: string | null }[];
}

/** What came of the comparison: the file that answers as the original does, or why none does. */
export type Compared =
  | { path: string; largestDifference: number; columns: number | null }
  | { path: null; reason: string };

/** Numbers may differ by this much, absolute below 1 and relative above. */
const tolerance = 1e-5;

/**
 * ONNX is not served where it takes so many times as long as the original, if that is to be noticed at all. Its own time is that of the processor: a
 * neighbour's work must not decide which file is served, as the next one may keep fewer digits.
 */
const slowTimes = 3;
const slowMs = 100;

interface Asked {
  items: ScoreItemHead[];
  bodies: Buffer[];
  heads: AnswerItemHead[];
  answers: Buffer[];
}

/**
 * Lets each file of a folder answer what the original was asked, by the code that serves it, and gives the first that agrees on all
 * of it: labels, types and shapes alike, numbers within the tolerance, and refusing what the original refuses.
 */
export async function compareInFolder(folder: string): Promise<Compared> {
  const { input, files } = JSON.parse(await readFile(join(folder, "result.json"), "utf8")) as Result;
  const asked = await readAsked(folder);
  const reasons: string[] = [];
  for (const { path, reason } of files) {
    const found = path === null ? { reason: reason ?? "" } : await compareFile(join(folder, path), input, asked);
    if (path !== null && "largestDifference" in found) return { path, ...found };
    if ("reason" in found) reasons.push(path === null ? found.reason : `${path.replace(".onnx", "")}: ${found.reason}`);
  }
  return { path: null, reason: reasons.join("; ") };
}

async function readAsked(folder: string): Promise<Asked> {
  const asked = await frameOf<{ items: ScoreItemHead[] }>(join(folder, "asks.frame"));
  const answered = await frameOf<{ items: AnswerItemHead[] }>(join(folder, "answers.frame"));
  return {
    items: asked.head.items,
    bodies: cutBody(asked.body, asked.head.items),
    heads: answered.head.items,
    answers: cutBody(answered.body, answered.head.items),
  };
}

async function frameOf<Head>(path: string): Promise<Frame<Head>> {
  const frames: Frame<Head>[] = [];
  makeFrameReader<Head>((frame) => frames.push(frame))(await readFile(path));
  const [frame] = frames;
  if (frame === undefined) throw new Error("the frame is cut off");
  return frame;
}

type Agreement = { largestDifference: number; columns: number | null } | { reason: string };

async function compareFile(path: string, input: CompiledInput, asked: Asked): Promise<Agreement> {
  try {
    const model = await openOnnxModel(await readFile(path), input);
    const agreement = await compareModel(asked, async (item, body) => {
      const begun = process.cpuUsage();
      const [answer] = answerItems(model, [item], [body], () => {});
      const { user, system } = process.cpuUsage(begun);
      const text = answer?.head.status === "ok" ? answer.body.toString() : null;
      return { text, ms: (user + system) / 1000 };
    });
    // as it will be when a worker starts
    warmUp(model);
    return "reason" in agreement ? agreement : { ...agreement, columns: model.columns };
  } catch (error) {
    return { reason: oneLine(error) };
  }
}

/** Compares item by item; null is a refusal, of whatever kind. Stops at the first item that differs in more than numbers. */
async function compareModel(
  { items, bodies, heads, answers }: Asked,
  ask: (item: ScoreItemHead, body: Buffer) => Promise<{ text: string | null; ms: number }>,
): Promise<{ largestDifference: number } | { reason: string }> {
  let largestDifference = 0;
  const spent = { original: 0, found: 0 };
  for (const [place, item] of items.entries()) {
    const wanted = heads[place]?.status === "ok" ? (answers[place] as Buffer).toString() : null;
    const { text: found, ms } = await ask(item, bodies[place] as Buffer);
    if (item.id.startsWith("rows-")) {
      spent.original += heads[place]?.runMs ?? 0;
      spent.found += ms;
    }
    if (item.id.startsWith("huge-") && wanted !== null) continue;
    if (wanted === null || found === null) {
      if (wanted === found) continue;
      return {
        reason: `it ${found === null ? "refuses" : "answers"} what the original ${found === null ? "answers" : "refuses"}: ${shown(item, bodies[place] as Buffer)}`,
      };
    }
    const reason = differenceOf(tokensOf(wanted), tokensOf(found));
    if (typeof reason === "string") return { reason: `${reason}${item.kind === "text" ? "" : ` (${item.method})`}` };
    largestDifference = Math.max(largestDifference, reason);
  }
  const { original, found } = spent;
  if (found > Math.max(slowMs, slowTimes * original))
    return {
      reason: `it is slower as ONNX: ${Math.round(found)} ms for the rows of the comparison, not ${Math.round(original)}`,
    };
  return { largestDifference };
}

/** The largest difference of two answers within the tolerance, or what differs in words. */
function differenceOf(wanted: Tokens, found: Tokens): number | string {
  const far = distance(wanted, found);
  if (far <= tolerance) return far;
  if (!Array.isArray(wanted) || !Array.isArray(found) || wanted.length !== found.length)
    return "another number of answers";
  const rows = wanted.map((token, row) => ({ row, far: distance(token, found[row]) }));
  const odd = rows.filter((entry) => entry.far > tolerance);
  const first = odd[0]?.row ?? 0;
  return `${odd.length} of ${rows.length} rows differ: ${brief(wanted[first])} became ${brief(found[first])}`;
}

const brief = (tokens: Tokens): string => {
  const text = textOf(tokens);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

function shown(item: ScoreItemHead, body: Buffer): string {
  const text =
    item.kind === "json"
      ? body.toString()
      : JSON.stringify(
          [...new Float64Array(body.buffer.slice(body.byteOffset, body.byteOffset + Math.min(body.length, 64)))].map(
            String,
          ),
        );
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
