import { expect, test } from "vitest";
import { eventText } from "../../src/contract/event-text.ts";

const say = (type: string, data: object) => eventText({ type: `modelyard.${type}`, subject: "", data: { ...data } });

test("what has no models is not said to be of some", () => {
  const image = { digest: "a".repeat(64) };
  expect(say("image.created", { ...image, models: ["digits:1"] })).toBe("Image aaaaaaaaaaaa of digits:1 built");
  expect(say("image.created", { ...image, models: [] })).toBe("Image aaaaaaaaaaaa built");
  const service = { service: "chat", revision: 2, models: [] };
  expect(say("service.deployed", service)).toBe("Service chat deployed");
  expect(say("service.updated", service)).toBe("Service chat updated to revision 2");
  expect(say("service.rolled-back", service)).toBe("Service chat rolled back as revision 2");
});
