import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowClient, mlflowClient } from "./mlflow-client.ts";

let mlflow: MlflowClient;
beforeAll(async () => {
  mlflow = await mlflowClient();
});
afterAll(() => mlflow.remove());

const base = "/api/2.0/mlflow-artifacts/artifacts";
const sha256 = (bytes: string) => createHash("sha256").update(bytes).digest("hex");

test("files of any name and depth go in and come back; listings show names, sizes and folders", async () => {
  const result = await mlflow.python(`
import tempfile, os
folder = tempfile.mkdtemp()
names = ["plain.txt", "with space.bin", "ünïcødé-日本.txt", "deep/er/est/file.json", "deep/empty.txt", "a+b&c=d.txt"]
for name in names:
    path = os.path.join(folder, name); os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "w").write("" if "empty" in name else "text of " + name)
with mlflow.start_run() as run:
    mlflow.log_artifacts(folder)
    mlflow.log_artifacts(folder, "below/this")
id = run.info.run_id
back = client.download_artifacts(id, "below")
texts = [open(os.path.join(back, "this", name)).read() for name in names]
listed = lambda path=None: [(f.path, f.is_dir, f.file_size) for f in client.list_artifacts(id, path)]
result = dict(same=texts == ["" if "empty" in name else "text of " + name for name in names], root=[path for path, _, _ in listed()],
  deep=listed("deep"), file=listed("plain.txt"), nothing=listed("nobody"))
`);
  expect(result).toEqual({
    same: true,
    root: ["a+b&c=d.txt", "below", "deep", "plain.txt", "with space.bin", "ünïcødé-日本.txt"],
    deep: [
      ["deep/empty.txt", false, null],
      ["deep/er", true, null],
    ],
    file: [],
    nothing: [],
  });
});

test("a range is answered with 206, the same digest with 304, and damage is never sent as a whole file", async () => {
  const path = `${base}/0/ranges/file.txt`;
  const text = "0123456789".repeat(100);
  expect((await mlflow.raw("PUT", path, text)).status).toBe(200);
  const whole = await mlflow.raw("GET", path);
  expect(whole.text).toBe(text);
  expect(whole.headers.get("etag")).toBe(`"${sha256(text)}"`);
  expect(whole.headers.get("accept-ranges")).toBe("bytes");
  expect(whole.headers.get("content-type")).toContain("text/plain");
  const part = async (range: string) => {
    const { status, headers, text } = await mlflow.raw("GET", path, undefined, { range });
    return [status, text, headers.get("content-range")];
  };
  expect(await part("bytes=2-5")).toEqual([206, "2345", "bytes 2-5/1000"]);
  expect(await part("bytes=995-")).toEqual([206, "56789", "bytes 995-999/1000"]);
  expect(await part("bytes=-3")).toEqual([206, "789", "bytes 997-999/1000"]);
  expect(await part("bytes=998-2000")).toEqual([206, "89", "bytes 998-999/1000"]);
  expect(await part("bytes=1000-")).toEqual([416, "", "bytes */1000"]);
  expect((await part("bytes=5-2"))[0]).toBe(200);
  expect((await part("lines=1-2"))[0]).toBe(200);
  const again = await mlflow.raw("GET", path, undefined, { "if-none-match": `"${sha256(text)}"` });
  expect(again.status).toBe(304);
  const digest = sha256(text);
  await writeFile(join(mlflow.server.home, "blobs", "sha256", digest.slice(0, 2), digest), text.replace("0", "1"));
  const damaged = await mlflow.raw("GET", path);
  expect([damaged.status, damaged.json.error_code]).toEqual([409, "RESOURCE_CONFLICT"]);
  expect(damaged.json.message).toContain(digest);
});

test("paths that leave their place are refused with 400, however they are written", async () => {
  for (const path of ["../x", "a/../../x", "%2e%2e/x", "a/%2E%2E/x", "a%2F..%2Fx", "/etc/passwd", "a//b", "a\\b", "."])
    for (const method of ["PUT", "GET", "DELETE"]) {
      const answer = await mlflow.asWritten(method, `${base}/${path}`);
      expect([path, method, answer]).toEqual([path, method, 400]);
    }
  for (const path of ["../..", "/etc", "%2e%2e"])
    expect((await mlflow.raw("GET", `${base}?path=${path}`)).json.error_code).toBe("INVALID_PARAMETER_VALUE");
});

test("a file is missing with 404, a folder is no file, a file is no folder, and deleting what is absent is fine", async () => {
  await mlflow.raw("PUT", `${base}/0/kinds/folder/file`, "x");
  const code = async (method: string, path: string, body?: string) => {
    const { status, json } = await mlflow.raw(method, `${base}/0/kinds/${path}`, body);
    return [status, json.error_code];
  };
  expect(await code("GET", "nobody")).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
  expect(await code("GET", "folder")).toEqual([400, "INVALID_PARAMETER_VALUE"]);
  expect(await code("PUT", "folder", "x")).toEqual([400, "INVALID_PARAMETER_VALUE"]);
  expect(await code("PUT", "folder/file/below", "x")).toEqual([400, "INVALID_PARAMETER_VALUE"]);
  expect(await code("DELETE", "nobody")).toEqual([200, undefined]);
  expect(await code("DELETE", "folder/")).toEqual([200, undefined]);
  expect(await code("GET", "folder/file")).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
});

test("the same bytes of two runs are stored once", async () => {
  const text = "the same bytes, twice";
  for (const run of ["one", "two"]) await mlflow.raw("PUT", `${base}/0/${run}/file`, text);
  const digest = sha256(text);
  const folder = join(mlflow.server.home, "blobs", "sha256", digest.slice(0, 2));
  expect(readdirSync(folder).filter((name) => name === digest)).toHaveLength(1);
});

test("a client that is told to fetch in parts is sent back to whole files", async () => {
  const result = await mlflow.python(
    `
import tempfile, os
path = os.path.join(tempfile.mkdtemp(), "large.bin")
open(path, "wb").write(os.urandom(3 << 20))
with mlflow.start_run() as run:
    mlflow.log_artifact(path)
back = client.download_artifacts(run.info.run_id, "large.bin")
result = open(back, "rb").read() == open(path, "rb").read()
`,
    {
      MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: "true",
      MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE: "1048576",
    },
  );
  expect(result).toBe(true);
});

test("an upload that breaks leaves nothing", async () => {
  const { request } = await import("node:http");
  const { hostname, port } = new URL(mlflow.server.url);
  const path = `${base}/0/broken/file`;
  const headers = { authorization: `Bearer ${mlflow.server.token}`, "content-length": "1000000" };
  await new Promise<void>((resolve) => {
    const sent = request({ hostname, port, path, method: "PUT", headers });
    sent.once("error", () => resolve());
    sent.write(Buffer.alloc(1000), () => setTimeout(() => sent.destroy(), 50));
  });
  expect((await mlflow.raw("GET", path)).status).toBe(404);
  await expect.poll(() => readdirSync(join(mlflow.server.home, "blobs", "uploads"))).toEqual([]);
});
