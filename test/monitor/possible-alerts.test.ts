import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { errorOf } from "../refusals.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const pickle = await readFile(new URL("../register/fixtures/skl17-logistic-p5.pkl", import.meta.url));
  const { digest, size } = await server.client.uploadBlob({}, { body: pickle });
  await server.client.registerModel({ name: "flowers", files: [{ path: "model.pkl", digest, size }] });
}, 60_000);
afterAll(() => server.remove());

/** A service elsewhere that gave these predictions, as KServe's logger tells of it. */
async function tellOf(service: string, predictions: readonly unknown[], query = ""): Promise<void> {
  const { token } = await server.client.createToken({ role: "scorer" });
  const event = (kind: string, data: object) => ({
    ...{ specversion: "1.0", id: `${service}-1`, source: "/kserve", type: `org.kubeflow.serving.inference.${kind}` },
    ...{ inferenceservicename: service, datacontenttype: "application/json", time: new Date().toISOString(), data },
  });
  const answer = await fetch(`${server.url}/cloudevents${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify([
      event("request", { instances: predictions.map((_, i) => [i]) }),
      event("response", { predictions }),
    ]),
  });
  expect(await answer.json()).toMatchObject({ taken: 2 });
}

const create = async (service: string | undefined, when: string) => {
  const input = { when, ...(service === undefined ? {} : { service }) };
  const tested = await server.client.testAlert(input).then(() => "accepted", errorText);
  const created = await server.client.createAlert({ name: "an-alert", ...input }).then(() => "accepted", errorText);
  if (created === "accepted") await server.client.deleteAlert({ name: "an-alert" });
  expect(tested).toBe(created);
  return created;
};
const errorText = async (error: unknown) => {
  const { code, message } = await errorOf(Promise.reject(error));
  return `${code}: ${message}`;
};

it("an alert on a metric that a service cannot have is refused with those it can have", async () => {
  await tellOf("prices", [1.5, 2, 7.25]);
  await tellOf("animals", ["cat", "dog"]);
  const scored = (label: string, cat: number) => ({ label, "score.cat": cat, "score.dog": 1 - cat });
  await tellOf("scored", [scored("cat", 0.8), scored("dog", 0.1)].map(({ label, ...more }) => ({ prediction: label, ...more }))); // biome-ignore format: one line
  await tellOf("flowers", [0, 1, 2], "?model=flowers:1");

  expect(await create("prices", "requests > 1 and measured(accuracy) < 90%")).toMatch(
    /^condition-invalid: .*prices predicts numbers, not classes; there are measured\(mae\), measured\(rmse\), measured\(mape\), measured\(r2\)\n.*\n {28}\^/,
  );
  expect(await create("prices", "estimated(accuracy) < 90%")).toContain("prices predicts numbers");
  expect(await create("animals", "measured(mae) > 2")).toMatch(/animals answers classes without scores; .*measured\(accuracy\)/); // biome-ignore format: one line
  expect(await create("animals", "estimated(accuracy) < 1")).toContain("animals answers classes without scores");
  expect(await create("animals", "measured(log_loss) > 1")).toContain("animals answers classes without scores");
  expect(await create("scored", "measured(r2) < 1")).toMatch(/scored predicts classes, not numbers; .*estimated\(roc_auc\)/); // biome-ignore format: one line
  // whole numbers, of a model that names its classes
  expect(await create("flowers", "measured(rmse) > 1")).toContain("flowers answers classes without scores");

  for (const [service, when] of [
    ["prices", "measured(mae) > 2"],
    ["animals", "measured(f1_macro) < 90%"],
    ["scored", "measured(roc_auc) < 90% and estimated(accuracy) < 90%"],
    ["flowers", "measured(accuracy) < 90%"],
    // the next service may have it
    [undefined, "measured(mae) > 2"],
    [undefined, "estimated(roc_auc) < 90%"],
  ] as const)
    expect(await create(service, when)).toBe("accepted");
});

it("an alert on a metric of a service that may be either is accepted", async () => {
  await tellOf("counts", [3, 4, 5]);
  expect(await create("counts", "measured(mae) > 2")).toBe("accepted");
  expect(await create("counts", "measured(accuracy) < 90%")).toBe("accepted");
});
