import { connect as http2Connect } from "node:http2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inferRequest, modelRequest } from "../../src/host/grpc/messages.ts";
import { encode } from "../../src/host/grpc/protobuf.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { ask, key, service, startTestHost, sumsRevision, type TestHost } from "./host-fixture.ts";

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
  await host.serve(
    service([sumsRevision()], { name: "mine" }),
    service([sumsRevision()], { name: "theirs", keyDigests: [sha256("their-key")] }),
    service([sumsRevision()], { name: "open", auth: "none" }),
  );
});
afterAll(() => host.close());

/** The status of gRPC for one message. */
function call(method: string, message: Uint8Array, secret: string): Promise<number> {
  const session = http2Connect(`http://${host.grpc}`);
  const stream = session.request({
    ":method": "POST",
    ":path": `/inference.GRPCInferenceService/${method}`,
    "content-type": "application/grpc",
    ...(secret === "" ? {} : { authorization: `Bearer ${secret}` }),
  });
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  stream.end(Buffer.concat([prefix, message]));
  stream.resume();
  return new Promise((resolve, reject) => {
    const see = (headers: Record<string, unknown>) => {
      if (headers["grpc-status"] !== undefined) resolve(Number(headers["grpc-status"]));
    };
    stream.on("response", see).on("trailers", see).on("error", reject);
  }).finally(() => session.destroy()) as Promise<number>;
}

const http: [string, string][] = [
  ["POST", "/services/NAME/score"],
  ["GET", "/services/NAME/swagger.json"],
  ["POST", "/api/v1/service/NAME/score"],
  ["POST", "/services/NAME/invocations"],
  ["GET", "/services/NAME/metrics"],
  ["POST", "/v2/models/NAME/infer"],
  ["GET", "/v2/models/NAME"],
  ["GET", "/v2/models/NAME/stats"],
  ["GET", "/services/NAME/v2/models/NAME"],
  ["POST", "/services/NAME/v2/repository/index"],
];
const unary: [string, (name: string) => Uint8Array][] = [
  ["ModelInfer", (name) => encode(inferRequest, { model_name: name })],
  ["ModelMetadata", (name) => encode(modelRequest, { name })],
  ["ModelConfig", (name) => encode(modelRequest, { name })],
  ["ModelStatistics", (name) => encode(modelRequest, { name })],
];
/** What a name is answered at every place that needs a key. */
async function answers(name: string, secret: string) {
  const headers: Record<string, string> = secret === "" ? {} : { authorization: `Bearer ${secret}` };
  const statuses = http.map(async ([method, path]) => {
    const body = method === "POST" ? "{}" : undefined;
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    return (await ask(host.url + path.replaceAll("NAME", name), init)).status;
  });
  const codes = unary.map(([method, message]) => call(method, message(name), secret));
  return [new Set(await Promise.all(statuses)), new Set(await Promise.all(codes))];
}

describe("whether there is a service of a name", () => {
  it.each(["", "a-wrong-key"])("is not told to one whose key is %j, by any door", async (secret) => {
    const refused = [new Set([401]), new Set([16])];
    expect(await answers("nobody", secret)).toEqual(refused);
    expect(await answers("mine", secret)).toEqual(refused);
  });

  it("is told to one with a key of another service, so that a wrong name is found", async () => {
    expect(await answers("nobody", key)).toEqual([new Set([404]), new Set([5])]);
    expect(await answers("theirs", key)).toEqual([new Set([401]), new Set([16])]);
  });

  it("is told by health routes, which need no key", async () => {
    for (const path of ["/services/NAME/", "/v2/models/NAME/ready", "/services/NAME/ping", "/services/NAME/v2"]) {
      expect((await host.get(path.replace("NAME", "mine"))).status).toBe(200);
      expect((await host.get(path.replace("NAME", "nobody"))).status).toBe(404);
    }
  });
});
