import { afterAll, beforeAll, expect, test } from "vitest";
import { deployScript, echoScript, script } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const told = async (subject: string) =>
  (await server.client.listEvents({ after: 0, subject })).items.map(({ type, data }) => ({ type, ...data }));

test("every change of a service is told once, with what serves after it; what fails or changes nothing is not told", async () => {
  const name = "told";
  await deployScript(server, name, echoScript);
  const settings = { name, env: { SECRET: "not for events" } };
  await server.client.updateService({ ...settings, reason: "a try" });
  await server.client.updateService(settings);
  const broken = await script(server, "def init():\n    raise ValueError('no')\ndef run(raw_data):\n    return 1\n");
  await expect(server.client.updateService({ name, script: broken })).rejects.toThrow();
  await server.client.rollBackService({ name });
  await server.client.regenerateServiceKey({ name, key: "primary" });
  await server.client.stopService({ name });
  await server.client.stopService({ name });
  await server.client.startService({ name });
  await server.client.startService({ name });
  await server.client.deleteService({ name });

  const events = await told(`services/${name}`);
  const models = [`${name}-model:1`];
  expect(events).toMatchObject([
    { type: "modelyard.service.deployed", service: name, revision: 1, previous: null, models },
    { type: "modelyard.service.updated", revision: 2, previous: 1, models, reason: "a try" },
    { type: "modelyard.service.rolled-back", revision: 4, previous: 2, models },
    { type: "modelyard.service.key-regenerated", key: "primary" },
    { type: "modelyard.service.stopped" },
    { type: "modelyard.service.started" },
    { type: "modelyard.service.deleted" },
  ]);
  expect(JSON.stringify(events)).not.toMatch(/not for events|mk_/);
  // the script that fails in init is an image of its own: it was built, and never served
  const images = (await server.client.listEvents({ after: 0, type: "image" })).items;
  expect(images.map(({ data }) => data.models)).toEqual([models, models]);
  expect(images[0]?.subject).toMatch(/^images\/[0-9a-f]{64}$/);
});
