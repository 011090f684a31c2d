import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployScript, score } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const stream = `
import time
def init():
    pass
def run(raw_data):
    for word in raw_data.split():
        yield word + " "
    if "bad" in raw_data:
        raise ValueError("bad")
`;

describe("a service of a script that streams", () => {
  it("is invoked with its joined answer, or 500 when it fails after its beginning", async () => {
    await deployScript(server, "streaming", stream, { sample: "a b" });
    const invoke = (body: string) => server.client.invokeService({ name: "streaming", body });
    expect(await invoke("one two")).toMatchObject({ status: 200, answer: "one two " });
    expect(await invoke("one bad")).toMatchObject({ status: 500, answer: "one bad " });
  });
});

describe("a script with run_batch alone", () => {
  it("is built and served", async () => {
    const service = await deployScript(server, "lists", "def init(): pass\ndef run_batch(texts): return texts\n");
    const { primary } = await server.client.getServiceKeys({ name: "lists" });
    expect(await score(service.scoringUri, primary, "x")).toMatchObject({ status: 200, text: '"x"' });
  });
});

describe("a contract that is broken", () => {
  it("is refused at the build when it can be read, else at the deployment with the traceback", async () => {
    const without = deployScript(server, "without", "def init(): pass\n");
    await expect(without).rejects.toMatchObject({ code: "script-invalid" });
    const raising = deployScript(server, "raising", "def init():\n    raise OSError('no disk')\ndef run(data): pass\n");
    await expect(raising).rejects.toMatchObject({
      code: "revision-failed",
      message: expect.stringMatching(/raised OSError: no disk[\s\S]*score\.py", line 2, in init/),
    });
    const starred = deployScript(server, "starred", "def init(): pass\ndef run(*data): pass\n");
    await expect(starred).rejects.toMatchObject({ message: expect.stringContaining("must not take *data") });
  });
});

describe("the origins of a service", () => {
  it("are a setting, beside the variable of Azure ML", async () => {
    const { scoringUri } = await deployScript(server, "pages", "def init(): pass\ndef run(data): return data\n", {
      auth: "none",
      corsOrigins: ["https://a.example"],
      env: { AML_CORS_ORIGINS: "https://b.example, https://c.example" },
    });
    const allowed = async (origin: string) =>
      (await fetch(scoringUri, { method: "POST", body: "1", headers: { origin } })).headers.get(
        "access-control-allow-origin",
      );
    for (const origin of ["https://a.example", "https://b.example", "https://c.example"])
      expect(await allowed(origin)).toBe(origin);
    expect(await allowed("https://d.example")).toBeNull();
    await server.client.updateService({ name: "pages", corsOrigins: [], env: {} });
    expect(await allowed("https://a.example")).toBeNull();
    const wrong = server.client.updateService({ name: "pages", corsOrigins: ["a.example/path"] });
    await expect(wrong).rejects.toMatchObject({ code: "invalid-input" });
  });
});
