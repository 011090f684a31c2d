import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outbox, openOutbox } from "./outbox-fixture.ts";
import { startReceiver } from "./receiver.ts";

let outbox: Outbox;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  outbox = await openOutbox();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await outbox.close();
});

const firing = {
  ...{ alert: "slow", service: "digits", state: "firing", when: "p95 > 200ms", text: "p95 251 ms" },
  description: "<!channel> [x](http://evil) & *all*",
};

test("Slack gets plain text that mentions nobody, signed like every delivery", async () => {
  await outbox.webhook({ url: receiver.url, format: "slack", events: ["alert"] });
  await outbox.tell("alerts/slow", "modelyard.alert.firing", firing);
  await outbox.delivery.round();
  const [received] = receiver.taken.splice(0);
  expect(received?.json).toEqual({
    text: "🔴 Firing: slow on digits – p95 251 ms",
    blocks: [
      { type: "header", text: { type: "plain_text", text: "🔴 Firing: slow on digits", emoji: false } },
      {
        type: "section",
        text: { type: "plain_text", text: `p95 251 ms\np95 > 200ms\n${firing.description}`, emoji: false },
      },
    ],
  });
  expect(received?.headers["x-modelyard-signature"]).toMatch(/^v1,/);
  expect(received?.headers["content-type"]).toBe("application/json");
});

test("what Slack reads as markup is escaped in the text for notifications", async () => {
  await outbox.tell("alerts/slow", "modelyard.alert.resolved", { ...firing, text: "<!channel> & <http://evil|x>" });
  await outbox.delivery.round();
  const [received] = receiver.taken.splice(0);
  expect(received?.json.text).toBe("🟢 Resolved: slow on digits – &lt;!channel&gt; &amp; &lt;http://evil|x&gt;");
});

test("Teams gets one Adaptive Card whose runs are no Markdown, and any other event is told by what happened", async () => {
  await outbox.webhook({ url: receiver.url, format: "teams" });
  await outbox.tell("models/digits/versions/2", "modelyard.version.created", {
    version: 2,
    tags: { a: "b" },
    name: "x\u202ey",
  });
  await outbox.delivery.round();
  const [received] = receiver.taken.splice(0);
  const run = (text: string, more: object = {}) => ({
    type: "RichTextBlock",
    inlines: [{ type: "TextRun", text, ...more }],
  });
  expect(received?.json).toMatchObject({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          type: "AdaptiveCard",
          body: [
            run("x y:2 registered", { color: "default" }),
            ...[run("by tester"), run("version: 2"), run("name: x y")],
          ],
        },
      },
    ],
  });
});

test("the end of a silence is told as such, and a silence with its end", async () => {
  await outbox.webhook({ url: receiver.url, format: "slack", events: ["alert.silenced"] });
  const titleOf = async (until: number | null) => {
    await outbox.tell("alerts/slow", "modelyard.alert.silenced", { alert: "slow", until, reason: null });
    await outbox.delivery.round();
    return receiver.taken.splice(0).map(({ json }) => JSON.stringify(json));
  };
  expect((await titleOf(Date.UTC(2026, 10, 26, 9, 5)))[0]).toContain("Alert slow silenced until 2026-11-26 09:05 UTC");
  expect((await titleOf(null)).join()).toMatch(/^(?!.*silenced).*Alert slow tells again/);
});
