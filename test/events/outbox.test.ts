import { afterEach, beforeEach, expect, test } from "vitest";
import { operations } from "../../src/contract/operations.ts";
import { listEvents } from "../../src/events/list-events.ts";
import { retainEvents } from "../../src/events/retain-events.ts";
import { trimDeliveries } from "../../src/events/rows/deliveries.ts";
import { updateWebhook } from "../../src/events/update-webhook.ts";
import { context, type Outbox, openOutbox } from "./outbox-fixture.ts";
import { type Received, startReceiver } from "./receiver.ts";

const day = 24 * 3_600_000;

let outbox: Outbox;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  outbox = await openOutbox();
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
  await outbox.close();
});

const subjectsOf = (taken: Received[]) => taken.map(({ json }) => json.subject as string);

test("events are kept 90 days, and a delivery whose event is gone holds up nothing", async () => {
  const { id } = await outbox.webhook({ url: receiver.url });
  receiver.reply = () => 500;
  await outbox.tell("models/a/versions/1");
  await outbox.delivery.round();
  await updateWebhook(outbox.ports)({ id, status: "disabled" }, context);
  outbox.advance(45 * day);
  await updateWebhook(outbox.ports)({ id, status: "active" }, context);
  await outbox.tell("models/a/versions/2");
  await outbox.delivery.round();
  await updateWebhook(outbox.ports)({ id, status: "disabled" }, context);
  outbox.advance(46 * day);
  await retainEvents(outbox.ports);
  expect((await outbox.deliveries(id)).map(({ subject }) => subject)).toEqual(["models/a/versions/2"]);
  receiver.reply = () => 200;
  await updateWebhook(outbox.ports)({ id, status: "active" }, context);
  await outbox.delivery.round();
  expect(subjectsOf(receiver.taken).at(-1)).toBe("models/a/versions/2");
});

test("the log of ended deliveries is bounded by age and by number, and pending ones stay", async () => {
  const { id } = await outbox.webhook({ url: receiver.url });
  const numbersKept = async () => (await outbox.deliveries(id)).map(({ subject }) => Number(subject.split("/")[1]));
  const deliver = async (number: number) => {
    await outbox.tell(`models/${number}`);
    await outbox.delivery.round();
  };
  await deliver(1);
  outbox.advance(31 * day);
  for (const number of [2, 3, 4]) await deliver(number);
  receiver.reply = () => 500;
  await deliver(5);
  await retainEvents(outbox.ports);
  expect(await numbersKept()).toEqual([2, 3, 4, 5]);
  await trimDeliveries(outbox.ports.db, id, 2, 0);
  expect(await numbersKept()).toEqual([3, 4, 5]);
  outbox.advance(31 * day);
  await retainEvents(outbox.ports);
  expect(await numbersKept()).toEqual([5]);
});

test("reading on from `next` gives every event once, whatever is filtered", async () => {
  const list = (input: object) => listEvents(outbox.ports)(operations.listEvents.input.parse(input), context);
  for (let number = 1; number <= 7; number += 1)
    await outbox.tell(`models/a/versions/${number}`, `modelyard.version.${number % 2 ? "created" : "deleted"}`);
  const seen: string[] = [];
  let after = 0;
  for (let more = true; more; ) {
    const page = await list({ after, pageSize: 3 });
    seen.push(...page.items.map(({ subject }) => subject));
    ({ next: after, more } = page);
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `models/a/versions/${number}`));
  const deleted = await list({ after: 0, type: "version.deleted" });
  expect(deleted.items.map(({ sequence }) => Number(sequence))).toEqual([2, 4, 6]);
  expect(deleted).toMatchObject({ next: 7, more: false, oldest: 1 });
  expect((await list({ pageSize: 2 })).items.map(({ sequence }) => Number(sequence))).toEqual([6, 7]);
  expect((await list({ subject: "models/a" })).items.length).toBe(7);
  expect((await list({ subject: "models" })).items.length).toBe(7);
  expect((await list({ subject: "model" })).items.length).toBe(0);
  await outbox.tell("models/b");
  expect((await list({ after: 7 })).items.map(({ subject }) => subject)).toEqual(["models/b"]);
  expect(operations.listEvents.input.safeParse({ type: "versions" }).success).toBe(false);
});
