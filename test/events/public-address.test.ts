import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ModelyardError } from "../../src/contract/errors.ts";
import { createWebhook } from "../../src/contract/webhooks.ts";
import { checkReceiver } from "../../src/events/check-receiver.ts";
import { isPublicAddress } from "../../src/events/public-address.ts";
import { lookupAddresses } from "../../src/main/webhook-sender.ts";
import { openOutbox } from "./outbox-fixture.ts";
import { startReceiver } from "./receiver.ts";

const guard = { lookup: lookupAddresses, allowPrivate: false };
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "accepted",
    (error: ModelyardError) => error.code,
  );

describe("a URL that leads inside the network is refused", () => {
  test.each([
    "http://127.0.0.1/",
    "http://127.1:8080/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://10.1.2.3/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://100.64.0.1/",
    "http://255.255.255.255/",
    "http://224.0.0.1/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[ff02::1]/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://１２７.０.０.１/",
  ])("%s", async (url) => {
    expect(await codeOf(checkReceiver(guard, url))).toBe("webhook-address-refused");
  });
});

test("a name is refused when one of its addresses leads inside", async () => {
  const both = async () => [
    { address: "93.184.216.34", family: 4 as const },
    { address: "::ffff:10.0.0.1", family: 6 as const },
  ];
  expect(await codeOf(checkReceiver({ lookup: both, allowPrivate: false }, "https://hooks.example.org/"))).toBe(
    "webhook-address-refused",
  );
  const none = async () => Promise.reject(new Error("ENOTFOUND"));
  expect(await codeOf(checkReceiver({ lookup: none, allowPrivate: true }, "https://none.example/"))).toBe(
    "webhook-address-refused",
  );
});

test.each([
  "http://93.184.216.34/",
  "https://[2606:4700::1111]/",
  "http://[::ffff:93.184.216.34]/",
  "http://[64:ff9b::5db8:d822]/",
])("%s is public", async (url) => {
  expect(await codeOf(checkReceiver(guard, url))).toBe("accepted");
});

test("an IPv4 address is judged alike in its mapped IPv6 forms", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
      const mapped = `::ffff:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      expect(isPublicAddress(mapped)).toBe(isPublicAddress(address));
      expect(isPublicAddress(`::ffff:${address}`)).toBe(isPublicAddress(address));
    }),
  );
});

test("no IPv6 address outside 2000::/3 is public, but for those that carry a public IPv4 address", () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const first = Number.parseInt(new URL(`http://[${address}]`).hostname.slice(1).split(":")[0] || "0", 16);
      if (isPublicAddress(address) && first !== 0 && first !== 0x64) expect(first >> 13).toBe(1);
    }),
  );
});

test.each([
  "ftp://example.org/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "https://user:secret@example.org/",
  "https://user@example.org/",
  "example.org/hook",
])("%s is no URL of a webhook", (url) => {
  expect(createWebhook.input.safeParse({ url }).success).toBe(false);
});

test("a name that leads inside only later is refused at delivery, and is asked for once for each attempt", async () => {
  const receiver = await startReceiver();
  const asked: string[] = [];
  let address = "93.184.216.34";
  const outbox = await openOutbox({
    allowPrivate: false,
    lookup: async (host) => {
      asked.push(host);
      return [{ address, family: 4 }];
    },
  });
  const { id } = await outbox.webhook({ url: receiver.url.replace("127.0.0.1", "hooks.example.org") });
  address = "127.0.0.1";
  await outbox.tell("models/a");
  await outbox.delivery.round();
  expect(receiver.taken).toEqual([]);
  expect(asked.length).toBe(2);
  expect((await outbox.deliveries(id))[0]?.error).toContain("127.0.0.1 is not a public address");
  await outbox.close();
  await receiver.close();
});

test("a request goes to the address that was checked, whatever its name leads to", async () => {
  const receiver = await startReceiver();
  let asked = 0;
  const outbox = await openOutbox({
    lookup: async () => {
      asked += 1;
      return [{ address: "127.0.0.1", family: 4 }];
    },
  });
  const url = receiver.url.replace("127.0.0.1", "hooks.invalid"); // no resolver knows this name
  await outbox.webhook({ url });
  await outbox.tell("models/a");
  await outbox.delivery.round();
  expect(receiver.taken.length).toBe(1);
  expect(receiver.taken[0]?.headers.host).toBe(new URL(url).host);
  expect(asked).toBe(2);
  await outbox.close();
  await receiver.close();
});
