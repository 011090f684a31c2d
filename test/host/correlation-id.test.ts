import { expect, test } from "vitest";
import { correlationIdOf, sampleIdOf } from "../../src/host/correlation-id.ts";
import { requestIdOf } from "../../src/host/request-id.ts";

test.each([
  [{ "x-request-id": "r", "x-ms-client-request-id": "c" }, ["c", "r"]],
  [{ "x-ms-request-id": "m", "x-request-id": "r" }, ["m", "r"]],
  [{ "x-ms-request-id": "m", "x-ms-client-request-id": "c" }, ["m", "c"]],
  [{ "x-request-id": "r", "ce-id": "e" }, ["r", "e"]],
  [{ "x-ms-client-request-id": "c", "ce-id": "e" }, ["c", "e"]],
  [{ "x-request-id": "r", "x-ms-client-request-id": "r" }, ["r", undefined]],
  [{ "x-ms-client-request-id": "c" }, ["c", undefined]],
])("a request that comes with two ids is kept under both: %j", (headers, ids) => {
  const id = requestIdOf(headers, 0);
  expect([id, correlationIdOf(headers, id)]).toEqual(ids);
});

test("the sample goes by what the client says, whatever a proxy adds, and by the request's id where it says nothing", () => {
  const client = { "x-ms-client-request-id": "c" };
  const proxied = { ...client, "x-request-id": "of the proxy" };
  expect([client, proxied, {}].map((headers) => sampleIdOf(headers, "r"))).toEqual(["c", "c", "r"]);
});
