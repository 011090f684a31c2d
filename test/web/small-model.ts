import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onnxFixtures } from "../host/engines-fixture.ts";
import { startServer, type TestServer } from "../server.ts";

/** A server with versions of a model that the host runs itself, so that services of it are there at once: `sums`. */
export async function startWithSums(versions: number): Promise<TestServer> {
  const server = await startServer();
  const body = readFileSync(join(onnxFixtures, "sums.onnx"));
  const file = { path: "model.onnx", ...(await server.client.uploadBlob({}, { body })) };
  for (let version = 1; version <= versions; version++)
    await server.client.registerModel({ name: "sums", files: [file] });
  return server;
}
