import { connect as http2Connect } from "node:http2";
import { expect, it } from "vitest";
import { key, service, startTestHost, sumsRevision } from "./host-fixture.ts";

it("messages that are on their way have a place in the host, and are refused where there is none", async () => {
  const other = await startTestHost({ bodyBytes: 1_000_000 });
  await other.serve(service([sumsRevision()], { name: "sums", maxBodyBytes: 10_000_000 }));
  const session = http2Connect(`http://${other.grpc}`);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(600_000, 1);
  const begin = () =>
    session.request({
      ":method": "POST",
      ":path": "/inference.GRPCInferenceService/ModelInfer",
      "content-type": "application/grpc",
      authorization: `Bearer ${key}`,
    });
  const waiting = begin();
  waiting.on("error", () => {});
  waiting.write(prefix);
  /** A second one, until it is refused: the first may come behind it. */
  const status = () =>
    new Promise<unknown>((resolve) => {
      const call = begin();
      const timer = setTimeout(() => call.close(), 1000);
      call.on("error", () => {});
      call.once("response", (headers) => resolve(headers["grpc-status"]));
      call.once("close", () => {
        clearTimeout(timer);
        resolve("it waits");
      });
      call.write(prefix);
    });
  await expect.poll(status, { timeout: 30_000 }).toBe("14");
  waiting.close();
  await expect.poll(status, { timeout: 30_000 }).toBe("it waits");
  session.destroy();
  await other.close();
});

it("a client that stays connected does not hold up the end of its host", async () => {
  const other = await startTestHost({ drainMs: 600_000 });
  const session = http2Connect(`http://${other.grpc}`);
  const call = session.request({
    ":method": "POST",
    ":path": "/inference.GRPCInferenceService/ServerLive",
    "content-type": "application/grpc",
  });
  const trailers = new Promise<Record<string, unknown>>((resolve) => call.once("trailers", resolve));
  call.end(Buffer.alloc(5));
  call.resume();
  expect(await trailers).toMatchObject({ "grpc-status": "0" });
  const gone = new Promise<void>((resolve) => session.once("close", resolve));
  await other.close();
  await gone;
});
