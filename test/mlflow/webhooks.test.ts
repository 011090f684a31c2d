import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowClient, mlflowClient } from "./mlflow-client.ts";

interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

let mlflow: MlflowClient;
let receiver: Server;
let url: string;
const received: Received[] = [];
beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.end("thanks");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  mlflow = await mlflowClient({ MODELYARD_ALLOW_PRIVATE_WEBHOOKS: "1" });
});
afterAll(async () => {
  await mlflow.remove();
  await new Promise((resolve) => receiver.close(resolve));
});

test("the client makes a webhook, changes it, tries it, gets signed events as MLflow sends them, and deletes it", async () => {
  const { id, ...made } = await mlflow.python<{ id: string }>(`
made = client.create_webhook("hook", ${JSON.stringify(url)}, ["registered_model.created", "model_version_alias.created"], description="d", secret="a secret")
listed = [(w.webhook_id == made.webhook_id, w.name, str(w.status)) for w in client.list_webhooks()]
tried = client.test_webhook(made.webhook_id)
client.create_registered_model("told", tags={"a": "b"})
client.create_model_version("told", "s3://b/1")
client.set_registered_model_alias("told", "champion", "1")
result = dict(id=made.webhook_id, secret=getattr(made, "secret", None), listed=listed, tried=[tried.success, tried.response_status, tried.response_body])
`);
  expect(made).toEqual({ secret: null, listed: [[true, "hook", "ACTIVE"]], tried: [true, 200, "thanks"] });
  await expect.poll(() => received.length).toBe(3);
  const changed = await mlflow.python(`
changed = client.update_webhook("${id}", name="other", status="DISABLED")
shown = client.get_webhook("${id}")
client.delete_webhook("${id}")
result = [changed.name, str(changed.status), shown.description, len(shown.events), refused(client.get_webhook, "${id}")]
`);
  expect(changed).toEqual(["other", "DISABLED", "d", 2, "RESOURCE_DOES_NOT_EXIST"]);
  const told = received.slice(1).map(({ body }) => JSON.parse(body));
  expect(told).toMatchObject([
    { entity: "registered_model", action: "created", data: { name: "told", tags: { a: "b" } } },
    { entity: "model_version_alias", action: "created", data: { name: "told", alias: "champion", version: "1" } },
  ]);
  for (const { headers, body } of received) {
    const signed = `${headers["x-mlflow-delivery-id"]}.${headers["x-mlflow-timestamp"]}.${body}`;
    const signature = createHmac("sha256", "a secret").update(signed).digest("base64");
    expect(headers["x-mlflow-signature"]).toBe(`v1,${signature}`);
  }
});

test("webhooks without events, with events nobody knows, bad names and bad addresses are refused", async () => {
  const good = { name: "x", url, events: [{ entity: "MODEL_VERSION", action: "CREATED" }] };
  const code = async (body: object) => {
    const { status, json } = await mlflow.raw("POST", "/api/2.0/mlflow/webhooks", body);
    return [status, json.error_code];
  };
  for (const bad of [
    { events: [] },
    { events: undefined },
    { events: [{ entity: "MODEL_VERSION", action: "SET" }] },
    { name: "" },
    { name: "-x" },
    { name: "x".repeat(64) },
    { url: "ftp://host/x" },
    { url: "nonsense" },
    { url: "https://user:password@host.example/x" },
    { status: "SLEEPING" },
  ])
    expect([bad, await code({ ...good, ...bad })]).toEqual([bad, [400, "INVALID_PARAMETER_VALUE"]]);
  expect((await mlflow.raw("GET", "/api/2.0/mlflow/webhooks/unknown")).status).toBe(404);
});
