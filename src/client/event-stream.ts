import type { CloudEvent, FollowedEvent } from "../contract/events.ts";

/** The items of an answer of server-sent events, as `sendEvents` of the HTTP door writes them. What a cut leaves of a frame is dropped. */
export async function* followedEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<FollowedEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const item = itemOf(frame);
      if (item !== undefined) yield item;
    }
  }
}

/** One frame; undefined for a comment or a wish for later. */
function itemOf(frame: string): FollowedEvent | undefined {
  const fields = new Map(frame.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^\w*: ?/, "")]));
  const [id, type, data] = [fields.get("id"), fields.get("event"), fields.get("data")];
  if (id === undefined) return undefined;
  const event = type === undefined && data !== undefined ? (JSON.parse(data) as CloudEvent) : null;
  return { next: Number(id), event, reset: type === "reset" };
}
