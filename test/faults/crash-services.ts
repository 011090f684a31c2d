import { expect } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { eventually } from "./eventually.ts";
import type { Random } from "./random.ts";
import { codeOf, post, script } from "./scoring.ts";

/**
 * A service that one client changes. Forms are what it answers, null for no service. After a crash it must be as it was
 * acknowledged last, or as the change that was under way would have made it.
 */
export interface Tracked {
  name: string;
  standing: string | null;
  /** The form of the change under way; undefined when nothing is. */
  pending: string | null | undefined;
  scoringUri: string;
  acknowledged: number;
}

export const tracked = (name: string): Tracked => ({
  name,
  standing: null,
  pending: undefined,
  scoringUri: "",
  acknowledged: 0,
});

const source = (constant: number) =>
  `import os\ndef init():\n    pass\ndef run(raw):\n    return "${constant}/" + os.environ["VALUE"]\n`;

/** Deploys, updates and deletes a service until the server is gone. */
export async function changeUntilGone(client: Client, service: Tracked, random: Random): Promise<void> {
  for (;;) {
    const form = await change(client, service, random);
    service.standing = form;
    service.pending = undefined;
    service.acknowledged += 1;
  }
}

async function change(client: Client, service: Tracked, random: Random): Promise<string | null> {
  const { name, standing } = service;
  const value = String(random.int(1, 1_000_000));
  if (standing !== null && random.next() < 0.25) {
    service.pending = null;
    await client.deleteService({ name });
    return null;
  }
  if (standing !== null && random.next() < 0.5) {
    service.pending = `${standing.split("/")[0]}/${value}`;
    await client.updateService({ name, env: { VALUE: value } });
    return service.pending;
  }
  const constant = random.int(1, 1_000_000);
  const parts = { script: await script(client, source(constant)), env: { VALUE: value } };
  service.pending = `${constant}/${value}`;
  if (standing !== null) await client.updateService({ name, ...parts });
  else {
    const deployed = await client.deployService({ name, ...parts, models: ["base"], requirements: "", auth: "none" });
    service.scoringUri = deployed.scoringUri;
  }
  return service.pending;
}

const answerOf = (text: string) => text.replaceAll('"', "");

/** With the server dead, a service that nobody was changing answers as before. */
export async function checkWithoutServer(service: Tracked): Promise<void> {
  if (service.standing === null || service.pending !== undefined) return;
  const { status, text } = await post(service.scoringUri, "{}");
  expect([service.name, status, answerOf(text)]).toEqual([service.name, 200, service.standing]);
}

/** Waits until a service is in a state that somebody asked for, in the server's words and in its answers; takes that as standing. */
export async function settle(client: Client, service: Tracked, limitMs: number): Promise<void> {
  const { name, standing, pending } = service;
  const allowed = pending === undefined ? [standing] : [standing, pending];
  service.standing = await eventually(limitMs, async () => {
    if ((await codeOf(client.getService({ name }))) === "service-not-found") {
      expect(allowed, `${name} is gone`).toContain(null);
      if (service.scoringUri !== "") expect([401, 404], name).toContain((await post(service.scoringUri, "{}")).status);
      return null;
    }
    const { state, scoringUri, settings } = await client.getService({ name });
    expect([name, state]).toEqual([name, "ready"]);
    const { status, text } = await post(scoringUri, "{}");
    expect([name, status]).toEqual([name, 200]);
    const form = answerOf(text);
    expect(form.split("/")[1], `${name} answers with the settings the server shows`).toBe(settings.env.VALUE);
    expect(allowed, name).toContain(form);
    service.scoringUri = scoringUri;
    return form;
  });
  service.pending = undefined;
}
