import fc from "fast-check";
import { expect, it } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { readCloudEvents } from "../../src/doors/cloudevents/cloud-event.ts";

const readAll = (...request: Parameters<typeof readCloudEvents>) =>
  readCloudEvents(...request).map(({ read }) => read());

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/).filter((one) => !["data", "id"].includes(one));
const attributes = fc.record({
  id: fc.string({ minLength: 1 }),
  source: fc.string({ minLength: 1 }),
  type: fc.string({ minLength: 1 }),
  extensions: fc.dictionary(
    name.map((one) => `x${one}`),
    fc.string({ minLength: 1 }),
  ),
});

it("an event is the same in binary and in structured mode", () => {
  fc.assert(
    fc.property(attributes, fc.json(), ({ id, source, type, extensions }, text) => {
      const data: unknown = JSON.parse(text);
      const all = { specversion: "1.0", id, source, type, ...extensions };
      const headers = Object.fromEntries(
        Object.entries(all).map(([key, value]) => [`ce-${key}`, encodeURIComponent(value)]),
      );
      const json = "application/json";
      const [binary] = readAll({ ...headers, "content-type": json }, Buffer.from(JSON.stringify(data)));
      const structured = JSON.stringify({ ...all, datacontenttype: json, data });
      const [other] = readAll({ "content-type": "application/cloudevents+json" }, Buffer.from(structured));
      expect(other).toEqual(binary);
    }),
  );
});

it("whatever comes is events or a refusal", () => {
  const types = ["application/cloudevents+json", "application/cloudevents-batch+json; charset=utf-8", "text/plain"];
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.oneof(fc.string(), fc.json()), (type, text) => {
      try {
        readAll({ "content-type": type, "ce-id": "%E0%A4%A" }, Buffer.from(text));
      } catch (error) {
        expect(error).toBeInstanceOf(ModelyardError);
      }
    }),
  );
});
