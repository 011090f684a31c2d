import { describe, expect, test } from "vitest";
import { toWireRequest } from "../../src/client/request.ts";
import { operationEntries, operations } from "../../src/contract/operations.ts";

describe("the request of an operation", () => {
  test("members named in the path leave query and body, escaped", () => {
    const input = { name: "my model/1", version: 2, tags: { a: "b" } };
    expect(toWireRequest(operations.tagModel, "http://x/", input)).toEqual({
      method: "PATCH",
      url: "http://x/api/v1/models/my%20model%2F1/versions/2",
      json: '{"tags":{"a":"b"}}',
    });
  });

  test("lists become repeated keys of the query and undefined members are left out", () => {
    const request = toWireRequest(operations.listModels, "http://x", { tag: ["a", "b=c"], name: undefined });
    expect(request.url).toBe("http://x/api/v1/models?tag=a&tag=b%3Dc");
    expect(request.json).toBeUndefined();
  });

  test("bytes are the body and the rest goes into the query", () => {
    const request = toWireRequest(operations.uploadBlob, "http://x", { digest: "d" });
    expect(request).toEqual({ method: "POST", url: "http://x/api/v1/blobs?digest=d", json: undefined });
  });

  test.each(operationEntries)("the example of %s fills its whole path", (_, operation) => {
    expect(toWireRequest(operation, "http://x", operation.example.input).url).not.toMatch(/[{}]|undefined/);
  });
});
