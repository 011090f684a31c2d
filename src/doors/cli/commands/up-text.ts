import { relative } from "node:path";
import type { Done, Planned } from "../../../flow/events.ts";
import { fields } from "../present/text.ts";

/** A body longer than this is better named by its file. */
const longBody = 200;

export interface DoneContext {
  /** URL of the server. */
  url: string;
  seconds: number;
  sample: string | null;
  /** Whether a row of its model is one text. */
  takesTexts: boolean;
  /** The file the sample came from, absolute. */
  samplePath: string | undefined;
  cwd: string;
}

/** The end of `up` for people: where the service is and what to do next. */
export function doneText(done: Done, context: DoneContext): string {
  const { url, seconds } = context;
  const runs = `${done.service} runs ${done.model === "" ? "" : `${done.model}, `}revision ${done.revision}`;
  const head = done.changed ? "" : `Nothing to do: ${runs}\n\n`;
  const places = fields([
    ["Scoring URL", done.scoringUri],
    ["Key", done.key ?? "none is needed"],
    ["Web pages", `${url} (signed in: modelyard open)`],
    ["API page", `${url}/docs`],
  ]);
  const next = `Next: modelyard service show ${done.service}, modelyard record list --service ${done.service}`;
  return `${head}${places}\n\n${curlLine(done, context)}\n\n${next}\nFinished in ${seconds.toFixed(1)} s`;
}

/** A line that can be pasted into a shell. */
export function curlLine(done: Done, { sample, takesTexts, samplePath, cwd }: DoneContext): string {
  const key = done.key === null ? "" : ` -H ${quote(`Authorization: Bearer ${done.key}`)}`;
  const text = sample?.trim() ?? (takesTexts ? '{"data": ["…"]}' : '{"data": [[…]]}');
  const isLong = text.length > longBody || text.includes("\n");
  const body = isLong ? `@${samplePath === undefined ? "sample.json" : relative(cwd, samplePath)}` : text;
  return `curl -s ${done.scoringUri}${key} -H 'Content-Type: application/json' -d ${quote(body)}`;
}

/** The outcome of a dry run. */
export function plannedText({ service, would }: Planned): string {
  if (would.length === 0) return `Nothing to do: ${service} is as the files say`;
  return `Would\n${would.map((sentence) => `  ${sentence}`).join("\n")}\nNothing was changed. Do it: the same command without --dry-run`;
}

/** Quotes for a POSIX shell. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
