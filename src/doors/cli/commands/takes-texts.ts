import type { OutputOf } from "../../../contract/operations.ts";
import type { Done } from "../../../flow/events.ts";
import type { System } from "../tools.ts";

/** Whether a row of a service without an entry script is one text. Only its loaded model knows: the metadata of the service tells it. False where it is not reached. */
export async function takesTexts(
  { service, scoringUri, key }: Done,
  { signature }: OutputOf<"getImage">["manifest"],
  { fetch, signal }: Pick<System, "fetch" | "signal">,
): Promise<boolean> {
  const { input } = signature;
  if (input.kind !== "rows" || input.names !== null) return false;
  const url = scoringUri.replace(/services\/[^/]+\/score$/, `v2/models/${service}`);
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) });
    const { inputs } = (await answer.json()) as { inputs?: { datatype: string }[] };
    return inputs?.length === 1 && inputs[0]?.datatype === "BYTES";
  } catch {
    return false; // the line is an example, and stands without it
  }
}
