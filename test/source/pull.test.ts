import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli } from "../cli/run-cli.ts";
import { startServer, type TestServer } from "../server.ts";
import { type S3Server, startS3Server } from "./s3-server.ts";

let server: TestServer;
let s3: S3Server | string;
let folder: string;
beforeAll(async () => {
  [server, s3, folder] = await Promise.all([
    startServer(),
    startS3Server(),
    mkdtemp(join(tmpdir(), "modelyard-pull-")),
  ]);
});
afterAll(async () => {
  await server.remove();
  if (typeof s3 !== "string") await s3.remove();
  await rm(folder, { recursive: true });
});

const external = (name: string, source: string) => server.client.registerModel({ name, files: [], source });
const pull = (args: string[], env: Record<string, string> = {}) =>
  cli(["model", "pull", ...args], { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token, ...env }, "", folder);
const filesOf = async (name: string) => (await server.client.getModel({ name })).files.map(({ path }) => path);

test("the files of a version at S3 are fetched with the caller's keys, under their paths below the source", async (context) => {
  if (typeof s3 === "string") return context.skip(s3);
  const pickle = await readFile("examples/digits/model.pkl");
  const large = Buffer.alloc(6 << 20, "large ");
  await s3.put("runs/7/model/MLmodel", "flavors:\n  sklearn: {pickled_model: model.pkl, sklearn_version: 1.7.2}\n");
  await s3.put("runs/7/model/model.pkl", pickle);
  await s3.put("runs/7/model/data/ünï (1)+&%20.bin", large);
  await s3.put("runs/7/model2/other.bin", "not of this version");
  for (let index = 0; index < 30; index += 1) await s3.put(`runs/7/model/many/${index}`, `file ${index}`);
  await external("s3", `s3://${s3.bucket}/runs/7/model`);
  const { exitCode, stdout, stderr } = await pull(["s3"], s3.env);
  expect([exitCode, stderr]).toEqual([
    0,
    expect.stringContaining(`Fetching s3:1 from s3://${s3.bucket}/runs/7/model\n`),
  ]);
  expect(stdout).toMatch(/^Pulled s3:1 \(33 file\(s\), 6.3 MB, ScikitLearn 1.7.2\)\n$/);
  const paths = await filesOf("s3");
  expect(paths).toHaveLength(33);
  expect(paths).toEqual(expect.arrayContaining(["MLmodel", "model.pkl", "data/ünï (1)+&%20.bin", "many/29"]));
  const same = (await server.client.getModel({ name: "s3" })).files.find(({ path }) => path.startsWith("data/"));
  expect(same?.digest).toBe((await server.client.uploadBlob({}, { body: large })).digest);
  expect((await pull(["s3"], s3.env)).exitCode).toBe(4);
});

test("one object is one file; what is not there, wrong keys and no keys are told as such", async (context) => {
  if (typeof s3 === "string") return context.skip(s3);
  await s3.put("single/model.bin", "weights");
  await external("one", `s3://${s3.bucket}/single/model.bin`);
  const wrong = await pull(["one"], { ...s3.env, AWS_SECRET_ACCESS_KEY: "another" });
  expect([wrong.exitCode, wrong.stderr]).toEqual([5, expect.stringContaining("it answers 403 SignatureDoesNotMatch")]);
  expect(wrong.stderr).not.toContain("another");
  const none = await pull(["one"], { AWS_ENDPOINT_URL_S3: s3.env.AWS_ENDPOINT_URL_S3 ?? "" });
  expect(none).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("AWS_ACCESS_KEY_ID is not set") });
  const temporary = await pull(["one"], { ...s3.env, AWS_SESSION_TOKEN: "temporary/+=" });
  expect(temporary).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("it answers 400 InvalidToken") });
  expect((await pull(["one"], s3.env)).stdout).toMatch(/^Pulled one:1 \(1 file\(s\), 7 B\)/);
  expect(await filesOf("one")).toEqual(["model.bin"]);
  await external("gone", `s3://${s3.bucket}/nothing/here`);
  expect(await pull(["gone"], s3.env)).toMatchObject({
    exitCode: 5,
    stderr: expect.stringContaining("there is nothing"),
  });
});

test("files that were fetched otherwise are named by --from, which is also how a path of this machine is read", async () => {
  await mkdir(join(folder, "fetched", "deep"), { recursive: true });
  await writeFile(join(folder, "fetched", "MLmodel"), "flavors:\n  prophet: {}\n");
  await writeFile(join(folder, "fetched", "deep", "model.pr"), "weights");
  await external("cloud", "gs://bucket/model");
  expect(await pull(["cloud"])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("gs: is no place that Modelyard reads by itself"),
  });
  expect((await pull(["cloud:1", "--from", "fetched"])).stdout).toMatch(/^Pulled cloud:1 \(2 file\(s\), .*prophet\)/);
  expect(await filesOf("cloud")).toEqual(["MLmodel", "deep/model.pr"]);

  const url = pathToFileURL(join(folder, "fetched")).href;
  await external("secret", url);
  const refused = await pull(["secret"]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain(`modelyard model pull secret:1 --from '${url}'`);
  expect((await pull(["secret", "--from", url])).exitCode).toBe(0);
  await external("missing", "s3://x/y");
  expect((await pull(["missing", "--from", "nowhere"])).exitCode).toBe(2);
  expect((await pull(["missing", "--from", "file://elsewhere/x"])).exitCode).toBe(2);
  expect((await pull(["nobody"])).exitCode).toBe(3);
});

test("one file of the web is fetched, also through a redirect that stays with http", async () => {
  const web: Server = createServer((request, response) => {
    if (request.url === "/model%20one.bin") response.end("weights");
    else if (request.url === "/moved") response.writeHead(302, { location: "/model%20one.bin" }).end();
    else if (request.url === "/local") response.writeHead(302, { location: "file:///etc/passwd" }).end();
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(web.address() as { port: number }).port}`;
  try {
    await external("web", `${url}/model%20one.bin?token=secret`);
    const { stdout } = await pull(["web", "--from", `${url}/model%20one.bin`]);
    expect(stdout).toMatch(/^Pulled web:1/);
    expect(await filesOf("web")).toEqual(["model one.bin"]);
    await external("moved", `${url}/moved`);
    expect((await pull(["moved"])).stdout).toMatch(/^Pulled moved:1/);
    await external("local", `${url}/local`);
    expect(await pull(["local"])).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("is not followed") });
    await external("lost", `${url}/lost`);
    expect(await pull(["lost"])).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("it answers 404") });
  } finally {
    web.close();
  }
});
