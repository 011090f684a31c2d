import { setTimeout as sleep } from "node:timers/promises";
import { type ErrorCode, ModelyardError } from "../../../contract/errors.ts";
import type { CloudEvent } from "../../../contract/events.ts";
import type { Preparation } from "../preparation.ts";
import { timeText } from "../present/text.ts";
import { print, printJson, type Tools, talk } from "../tools.ts";

const retryMs = 2000;

/** Failures that time heals. */
const passing: readonly ErrorCode[] = ["server-unreachable", "too-many-streams"];

/** Prints events as they come until it is interrupted; when the connection breaks it goes on after the last one it printed. */
export const followEvents: Preparation<"followEvents"> = {
  run: async (given, { client, tools }) => {
    const { signal } = tools.system;
    let after = given.after as number | undefined;
    let told = false;
    while (!signal.aborted) {
      try {
        for await (const { next, event, reset } of await client.followEvents({ ...given, after }, { signal })) {
          after = next;
          if (told) talk(tools, "The server is back", true);
          told = false;
          if (reset) talk(tools, "Some events are not kept any more; going on with those that are");
          if (event !== null) printEvent(event, tools);
        }
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof ModelyardError && passing.includes(error.code))) throw error;
        const reason = error.code === "server-unreachable" ? "The server does not answer" : error.message;
        if (!told) talk(tools, `${reason}; trying again`, true);
        told = true;
      }
      await sleep(retryMs, undefined, { signal }).catch(() => {});
    }
    return 0;
  },
};

function printEvent(event: CloudEvent, tools: Tools): void {
  if (tools.json) printJson(tools, event);
  else {
    const { sequence, time, type, subject, actor } = event;
    print(
      tools,
      [Number(sequence), timeText(Date.parse(time), tools.system.clock.now()), type, subject, actor].join("  "),
    );
  }
}
