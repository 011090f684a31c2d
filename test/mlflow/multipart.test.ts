import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowClient, mlflowClient } from "./mlflow-client.ts";

let mlflow: MlflowClient;
beforeAll(async () => {
  mlflow = await mlflowClient();
});
afterAll(() => mlflow.remove());

const base = "/api/2.0/mlflow-artifacts";
const etagOf = (bytes: string) => `"${createHash("sha256").update(bytes).digest("hex")}"`;
const partsFolder = () => join(mlflow.server.home, "blobs", "parts");
const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

interface Created {
  upload_id: string;
  credentials: { url: string; part_number: number }[];
}

async function create(folder: string, name: string, count: number): Promise<Created> {
  const { status, json } = await mlflow.raw("POST", `${base}/mpu/create/${folder}`, { path: name, num_parts: count });
  expect(status).toBe(200);
  return json as unknown as Created;
}

/** Sends a part as clients do: to the URL alone, without a token. */
async function put(url: string | undefined, bytes: string) {
  const answer = await fetch(url ?? "", { method: "PUT", body: bytes });
  return { status: answer.status, etag: answer.headers.get("etag") };
}
async function end(what: "complete" | "abort", folder: string, body: object) {
  const { status, json } = await mlflow.raw("POST", `${base}/mpu/${what}/${folder}`, body);
  return [status, json.error_code ?? "done", json.message ?? ""];
}
const named = (parts: Record<number, string>) =>
  Object.entries(parts).map(([number, bytes]) => ({ part_number: Number(number), etag: etagOf(bytes) }));
const read = async (path: string) => {
  const { status, text } = await mlflow.raw("GET", `${base}/artifacts/${path}`);
  return status === 200 ? text : status;
};

/** A client that takes files from 1 MB on as large, and sends them in parts of 1 MB. */
const inParts = { MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: "1048576", MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE: "1048576" };

test("the client sends a large file in parts, told by the environment or by the server, and it comes back whole", async () => {
  for (const env of [{ ...inParts, MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: "true" }, inParts]) {
    const result = await mlflow.python(
      `
import tempfile, os, requests
sent, put = [], requests.put
def counted(url, data=None, headers=None, **named):
    sent.append((len(data), "Authorization" in (headers or {})))
    return put(url, data=data, headers=headers, **named)
requests.put = counted
path = os.path.join(tempfile.mkdtemp(), "large model.bin")
open(path, "wb").write(os.urandom((11 << 20) // 2))
with mlflow.start_run() as run:
    mlflow.log_artifact(path, "deep/folder")
listed = [(f.path, f.file_size) for f in client.list_artifacts(run.info.run_id, "deep/folder")]
back = client.download_artifacts(run.info.run_id, "deep/folder/large model.bin")
result = dict(same=open(back, "rb").read() == open(path, "rb").read(), listed=listed, sent=sorted(sent))
`,
      env,
    );
    expect(result).toEqual({
      same: true,
      listed: [["deep/folder/large model.bin", (11 << 20) / 2]],
      sent: [[1 << 19, false], ...Array(5).fill([1 << 20, false])],
    });
    expect(namesIn(partsFolder())).toEqual([]);
  }
});

test("a model whose file is sent in parts is registered, and loads", async () => {
  const result = await mlflow.python(
    `
class Heavy(mlflow.pyfunc.PythonModel):
    weights = None
    def predict(self, context, model_input):
        return [len(self.weights)]
model = Heavy()
import os
model.weights = os.urandom(3 << 20)
info = mlflow.pyfunc.log_model(name="heavy", python_model=model, registered_model_name="heavy", pip_requirements=[])
result = mlflow.pyfunc.load_model("models:/heavy/1").predict([1])
`,
    inParts,
  );
  expect(result).toEqual([3 << 20]);
});

test("parts come in any order, at once, and again; the artifact appears in one step with them in order", async () => {
  const { upload_id, credentials } = await create("0/order", "file.txt", 3);
  expect(credentials.map(({ part_number }) => part_number)).toEqual([1, 2, 3]);
  const [first, second, third] = credentials.map(({ url }) => url);
  const answers = await Promise.all([
    put(third, "three"),
    put(first, "one "),
    put(second, "wrong"),
    put(first, "one "),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await put(second, "two ")).etag).toBe(etagOf("two "));
  expect(await read("0/order/file.txt")).toBe(404);
  const body = { path: "file.txt", upload_id, parts: named({ 3: "three", 1: "one ", 2: "two " }) };
  expect(await end("complete", "0/order", body)).toEqual([200, "done", ""]);
  expect(await read("0/order/file.txt")).toBe("one two three");
  // the answer may get lost: asked again it does nothing
  await mlflow.raw("PUT", `${base}/artifacts/0/order/file.txt`, "newer");
  expect(await end("complete", "0/order", body)).toEqual([200, "done", ""]);
  expect(await read("0/order/file.txt")).toBe("newer");
  expect((await put(first, "late")).status).toBe(404);
  expect((await end("abort", "0/order", { path: "file.txt", upload_id }))[0]).toBe(404);
  expect(namesIn(partsFolder())).toEqual([]);
});

test("completed by several at once, it is joined once", async () => {
  const { upload_id, credentials } = await create("0/twice", "file.txt", 2);
  for (const { url, part_number } of credentials) await put(url, `part ${part_number} `);
  const body = { path: "/home/me/file.txt", upload_id, parts: named({ 1: "part 1 ", 2: "part 2 " }) };
  const ends = await Promise.all([1, 2, 3].map(() => end("complete", "0/twice", body)));
  expect(ends).toEqual(Array(3).fill([200, "done", ""]));
  expect(await read("0/twice/file.txt")).toBe("part 1 part 2 ");
});

test("parts that are missing, unknown, repeated or too many are refused with 400, and the upload can still be completed", async () => {
  const { upload_id, credentials } = await create("0/bad", "file.txt", 2);
  await put(credentials[0]?.url, "one ");
  const complete = (parts: unknown) => end("complete", "0/bad", { path: "file.txt", upload_id, parts });
  const good = named({ 1: "one ", 2: "two" });
  for (const [parts, message] of [
    [good, "part 2 did not arrive with this etag"],
    [named({ 1: "one " }), "part 2 of 2 is missing"],
    [named({ 2: "two" }), "part 1 of 2 is missing"],
    [[], "part 1 of 2 is missing"],
    [[...good, ...good], "a part is named twice"],
    [[...good, ...named({ 3: "x" })], "there are more than 2 parts"],
    [[{ part_number: 1, etag: "../../../modelyard.db" }, ...good.slice(1)], "part 1 did not arrive with this etag"],
  ] as const)
    expect(await complete(parts)).toEqual([400, "INVALID_PARAMETER_VALUE", message]);
  for (const parts of [undefined, "x", [{ part_number: 1 }], [{ part_number: "x", etag: "y" }]])
    expect((await complete(parts)).slice(0, 2)).toEqual([400, "INVALID_PARAMETER_VALUE"]);
  await put(credentials[1]?.url, "two");
  expect((await complete(good))[0]).toBe(200);
  expect(await read("0/bad/file.txt")).toBe("one two");
});

test("a part goes to nobody without the secret of its URL, and its number is one of the upload", async () => {
  const { credentials } = await create("0/secret", "file.txt", 2);
  const url = credentials[0]?.url ?? "";
  const other = (await create("0/secret", "other.txt", 2)).credentials[0]?.url ?? "";
  const secret = new URL(other).searchParams.get("secret") ?? "";
  expect(secret.length).toBeGreaterThan(40);
  for (const wrong of [url.replace(/\?.*/, ""), `${url}x`, url.replace(/secret=.*/, `secret=${secret}`)])
    expect((await put(wrong, "x")).status, wrong).toBe(404);
  expect((await put(url.replace(/part\/[^/]+/, "part/..%2F..%2Fx"), "x")).status).toBe(404);
  for (const number of ["0", "3", "-1", "1.5", "x", "1e0x"])
    expect((await put(url.replace("/1?", `/${number}?`), "x")).status, number).toBe(400);
  expect((await fetch(url)).status).toBe(404); // it only takes
  const { execFileSync } = await import("node:child_process");
  const found = execFileSync("sh", ["-c", 'grep -rlF -- "$1" "$2" || true', "sh", secret, mlflow.server.home]);
  expect(String(found)).toBe("");
});

test("what is wrong about a new upload is told before its parts are sent", async () => {
  const answer = async (path: string, body: unknown) => {
    const { status, json } = await mlflow.raw("POST", `${base}/mpu/${path}`, body);
    return [status, json.error_code];
  };
  const invalid = [400, "INVALID_PARAMETER_VALUE"];
  for (const num_parts of [0, -1, 10_001, "x", 1.5, undefined])
    expect(await answer("create/0/new", { path: "file", num_parts }), String(num_parts)).toEqual(invalid);
  for (const path of ["", "..", "a/..", ".", undefined, 7])
    expect(await answer("create/0/new", { path, num_parts: 1 }), String(path)).toEqual(invalid);
  const fine = JSON.stringify({ path: "file", num_parts: 1 });
  for (const folder of ["..", "a/../b", "%2e%2e", "a/%2E%2E/b", "a%2F..%2Fb", "/etc", "a//b", "versions/x/1"])
    expect([folder, await mlflow.asWritten("POST", `${base}/mpu/create/${folder}`, fine)]).toEqual([folder, 400]);
  await mlflow.raw("PUT", `${base}/artifacts/0/new/folder/file`, "x");
  expect(await answer("create/0/new", { path: "folder", num_parts: 1 })).toEqual(invalid);
  expect(await answer("create/0/new/folder/file", { path: "below", num_parts: 1 })).toEqual(invalid);
  expect(await answer("complete/0/new", { path: "x", upload_id: "nobody", parts: named({ 1: "x" }) })).toEqual([
    ...[404, "RESOURCE_DOES_NOT_EXIST"],
  ]);
  expect(await answer("abort/0/new", { path: "x", upload_id: "nobody" })).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
  expect(await answer("abort/0/new", { path: "x" })).toEqual(invalid);
  const { upload_id } = await create("0/new", "mine", 1);
  expect((await answer("abort/0/new", { path: "another", upload_id }))[0]).toBe(404);
  const { token } = await mlflow.server.client.createToken({ role: "reader" });
  const reader = { authorization: `Bearer ${token}` };
  const refused = await mlflow.raw("POST", `${base}/mpu/create/0/new`, { path: "file", num_parts: 1 }, reader);
  expect(refused.status).toBe(403);
});

test("an abort removes the parts; the client aborts by itself when a part is refused", async () => {
  const { upload_id, credentials } = await create("0/abort", "file.txt", 2);
  await put(credentials[0]?.url, "one");
  expect(namesIn(partsFolder())).toContain(upload_id);
  expect((await end("abort", "0/abort", { path: "file.txt", upload_id }))[0]).toBe(200);
  expect(namesIn(partsFolder())).not.toContain(upload_id);
  expect((await put(credentials[0]?.url, "one")).status).toBe(404);
  const before = namesIn(partsFolder());
  const result = await mlflow.python(
    `
import tempfile, os, requests
put = requests.put
def broken(url, **named):
    return put(url.replace("/3?", "/99?"), **named)
requests.put = broken
path = os.path.join(tempfile.mkdtemp(), "broken.bin")
open(path, "wb").write(os.urandom(4 << 20))
try:
    with mlflow.start_run() as run:
        mlflow.log_artifact(path)
except Exception as error:
    message = str(error)
result = dict(message=message, listed=client.list_artifacts(run.info.run_id))
`,
    inParts,
  );
  expect(result).toMatchObject({ message: expect.stringContaining("400"), listed: [] });
  expect(namesIn(partsFolder())).toEqual(before);
});

test("behind a proxy the URLs of parts are those that the client can reach", async () => {
  const answer = await mlflow.raw(
    "POST",
    `${base}/mpu/create/0/proxy`,
    { path: "file", num_parts: 1 },
    { "x-forwarded-proto": "https", "x-forwarded-host": "models.example.org", "x-forwarded-prefix": "/yard/" },
  );
  const [credential] = (answer.json as unknown as Created).credentials;
  expect(credential?.url).toMatch(/^https:\/\/models\.example\.org\/yard\/api\/2\.0\/mlflow-artifacts\/mpu\/part\//);
});
