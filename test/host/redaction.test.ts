import { appendFileSync, writeFileSync } from "node:fs";
import { connect } from "node:http2";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RecordingRule, SpooledHead, WantedRevision } from "../../src/contract/host.ts";
import type { FieldRule } from "../../src/contract/record-rules.ts";
import { frameOf } from "../../src/host/grpc/frames.ts";
import { inferRequest } from "../../src/host/grpc/messages.ts";
import { encode } from "../../src/host/grpc/protobuf.ts";
import { makeJsonLog } from "../../src/host/json-log.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { decodeRecord } from "../../src/records/decode-record.ts";
import { findOnDisk } from "../search-disk.ts";
import {
  ask,
  collectedOf,
  control,
  key,
  makeFolder,
  pickledModel,
  recordsOf,
  revisionIn,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";

/** Values of columns with rules; nothing of them may be on the disk. */
const planted = {
  age: 37.424242,
  card: 4_539_578_763_621_486,
  visits: 862_345_171.25,
  email: "planted.eve@example.org",
  ssn: 'ß-Δ "078-05-1120" \\ eve',
  iban: "DE89-3704-0044-0532-0130-77",
};
const everyPlanted = Object.values(planted);
const controls = { number: 271_828.182_845, text: "Controlville" };

const fields: Record<string, FieldRule> = {
  age: { kind: "bucket", width: 10 },
  card: { kind: "hmac" },
  visits: { kind: "drop" },
  email: { kind: "hmac" },
  ssn: { kind: "drop" },
  iban: { kind: "mask", last: 2 },
};
const record = (more: Partial<RecordingRule> = {}): RecordingRule => ({
  rate: 1,
  maxBytes: 64 * 1024,
  fields,
  ...more,
});

const script = `
import json
def init():
    pass
def run(raw_data):
    rows = json.loads(raw_data)["data"]
    if rows[0].get("how") == "fail":
        raise ValueError("what to do with " + rows[0]["email"])
    if rows[0].get("how") == "say":
        return iter(["dear ", rows[0]["email"]])
    if rows[0].get("how") == "nest":
        return {"deep": {"er": [rows[0]["email"]]}}
    return [{"label": "ok", "email": row["email"], "city": row["city"]} for row in rows]
`;

/** Collects what it is sent: as a table with names, and, which cannot be redacted, as one without. */
const collects = `
import json
from azureml.monitoring import ModelDataCollector
def init():
    pass
def run(raw_data):
    rows = json.loads(raw_data)["data"]
    names = sorted(rows[0])
    ModelDataCollector("m", designation="named", feature_names=names).collect([[row[name] for name in names] for row in rows])
    ModelDataCollector("m", designation="nameless").collect([[row[name] for name in names] for row in rows])
    return [1 for row in rows]
`;

const names = ["age", "card", "visits", "free"];
const row = [planted.age, planted.card, planted.visits, controls.number];
const named = Object.fromEntries(names.map((name, place) => [name, row[place]]));
const person = { email: planted.email, ssn: planted.ssn, iban: planted.iban, city: controls.text };

let host: TestHost;
let keyFolder: ReturnType<typeof makeFolder>;
beforeAll(async () => {
  keyFolder = makeFolder();
  writeFileSync(join(keyFolder.path, "record-key"), `${"5e".repeat(32)}\n`);
  const program = join(import.meta.dirname, "fixtures/upstream.mjs");
  const lines = join(keyFolder.path, "host.log");
  host = await startTestHost({}, undefined, {
    log: makeJsonLog("host", systemClock, (line) => appendFileSync(lines, line)),
  });
  const code = "class Model:\n    def predict(self, rows):\n        return [len(row) for row in rows]";
  const models = [pickledModel(keyFolder.path, code)];
  const model = (more: Partial<WantedRevision> = {}) =>
    sumsRevision({ models, signature: { input: { kind: "rows", columns: 4, names } }, quiet: true, ...more });
  const upstream = { health: "/health", score: "/sum", command: [process.execPath, program, "{port}"] };
  const services = [
    service([model(), model({ number: 2, share: 0, image: "other" })], {
      name: "model",
      record: record(),
      traffic: { mirror: { revision: 2, rate: 1 } },
      maxBodyBytes: 4000,
    }),
    service([scriptRevision(host.folder, script, { quiet: true })], { name: "script", record: record() }),
    service([model({ python: null, models: [], upstream, signature: { input: { kind: "text" } } })], {
      name: "upstream",
      record: record(),
    }),
    service([model({ signature: { input: { kind: "rows", columns: 4, names: null } } })], {
      name: "places",
      record: record({
        fields: {
          x0: { kind: "bucket", width: 10 },
          x1: { kind: "hmac" },
          x2: { kind: "drop" },
          prediction: { kind: "drop" },
        },
      }),
    }),
    service([scriptRevision(host.folder, collects, { quiet: true })], { name: "collects", record: record() }),
    service([model()], { name: "plain", record: { rate: 1, maxBytes: 64 * 1024 } }),
  ];
  const wanted = { services, recordKeyFile: join(keyFolder.path, "record-key") };
  const reply = await control(host.folder, "PUT", "/wanted", JSON.stringify(wanted));
  expect(reply.status).toBe(200);
  await host.seen((seen) =>
    services.every((one) => one.revisions.every(({ number }) => revisionIn(seen, number, one.name)?.state === "ready")),
  );
}, 60_000);
afterAll(async () => {
  await host?.close();
  keyFolder.remove();
});

const authorization = `Bearer ${key}`;
async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const reply = await ask(host.url + path, {
    method: "POST",
    body: text,
    headers: { authorization, "content-type": "application/json", ...headers },
  });
  return reply.status;
}

const tensor = { name: "rows", datatype: "FP64", shape: [1, 4] };
const binaryHead = JSON.stringify({ inputs: [{ ...tensor, parameters: { binary_data_size: 32 } }] });
const binary = Buffer.concat([Buffer.from(binaryHead), Buffer.from(Float64Array.from(row).buffer)]);

/** Requests that are answered, by the way they came: path, body and headers. */
const understood: [string, string, unknown, Record<string, string>?][] = [
  ["rows", "/services/model/score", { data: [row, row], more: planted.email }],
  ["compressed", "/services/model/score", gzipSync(JSON.stringify({ data: [row] })), { "content-encoding": "gzip" }],
  ["a query", `/services/model/score?email=${planted.email}`, { data: [row] }],
  [
    "a content type with words",
    "/services/model/score",
    { data: [row] },
    { "content-type": `application/json; a="${planted.email}"` },
  ],
  [
    "split",
    "/services/model/invocations",
    { dataframe_split: { columns: names, index: [planted.email], data: [row] } },
  ],
  ["records", "/services/model/invocations", { dataframe_records: [named, named], params: { note: planted.email } }],
  [
    "columns",
    "/services/model/invocations",
    { inputs: Object.fromEntries(Object.entries(named).map(([name, one]) => [name, [one]])) },
  ],
  ["CSV", "/services/model/invocations", `${names.join(",")}\n${row.join(",")}\n`, { "content-type": "text/csv" }],
  ["tensors", "/v2/models/model/infer", { id: planted.email, inputs: [{ ...tensor, data: row }] }],
  [
    "binary tensors",
    "/v2/models/model/infer",
    binary,
    { "inference-header-content-length": String(binaryHead.length) },
  ],
  ["tensors without names", "/v2/models/places/infer", { inputs: [{ ...tensor, data: row }] }],
  ["rows without names", "/services/places/score", { data: [row] }],
  ["a script", "/services/script/score", { data: [person, person] }],
  ["a script that collects", "/services/collects/score", { data: [person, person] }],
  ["an upstream", "/services/upstream/score", { columns: names, data: [row] }],
];

/** Requests of which nothing can be kept. */
const lost: [string, string, unknown, number, Record<string, string>?][] = [
  ["a text where a number belongs", "/services/model/score", { data: [[planted.email, 1, 2]] }, 400],
  ["what is no JSON", "/services/model/score", `{"data": [[${planted.card}, "${planted.email}`, 400],
  ["too many bytes", "/services/model/score", { data: [row], more: planted.email.repeat(400) }, 413],
  ["bytes that are not UTF-8", "/services/model/score", Buffer.from([0xff, ...Buffer.from(planted.email)]), 400],
  ["bytes that do not inflate", "/services/model/score", planted.email, 400, { "content-encoding": "gzip" }],
  ["an unknown column", "/services/model/invocations", { dataframe_records: [{ [planted.email]: planted.card }] }, 400],
  ["a wrong CSV", "/services/model/invocations", `age,card\n"${planted.email}`, 400, { "content-type": "text/csv" }],
  ["a wrong tensor", "/v2/models/model/infer", { inputs: [{ ...tensor, data: [planted.email, 1, 2, 3] }] }, 400],
  [
    "a type nobody knows",
    "/services/model/invocations",
    planted.email,
    400,
    { "content-type": `text/${planted.email}` },
  ],
  ["a language the script has not", "/services/script/invocations", { dataframe_records: [person] }, 400],
  ["a script's stream", "/services/script/score", { data: [{ ...person, how: "say" }] }, 200],
  ["a nested answer", "/services/script/score", { data: [{ ...person, how: "nest" }] }, 200],
  ["rows without names for rules by name", "/services/script/score", [[planted.email, 1]], 500],
  ["an upstream's echo", `/services/upstream/echo?email=${planted.email}`, planted.email, 201],
  ["an upstream's failure", "/services/upstream/nothing", planted.email, 404],
];

/** One call of ModelInfer; its grpc-status. */
async function infer(value: object): Promise<unknown> {
  const session = connect(`http://${host.grpc}`);
  try {
    const call = session.request({
      ":method": "POST",
      ":path": "/inference.GRPCInferenceService/ModelInfer",
      "content-type": "application/grpc",
      authorization,
    });
    const told = new Promise<Record<string, unknown>>((resolve) => {
      call.once("trailers", resolve);
      call.once("response", (headers) => headers["grpc-status"] !== undefined && resolve(headers));
    });
    call.end(Buffer.concat(frameOf(encode(inferRequest, { model_name: "model", ...value }), false)));
    call.resume();
    return (await told)["grpc-status"];
  } finally {
    session.close();
  }
}

describe("values of columns with rules are nowhere on the disk", () => {
  test.each(understood)("of %s, which is kept redacted", async (_, path, body, headers = {}) => {
    expect(await post(path, body, headers)).toBe(200);
  });
  test("of calls over gRPC, answered and refused", async () => {
    const inputs = [tensor];
    const raw = Buffer.from(Float64Array.from(row).buffer);
    expect(await infer({ id: planted.email, inputs, raw_input_contents: [raw] })).toBe("0");
    const typed = { ...tensor, contents: { fp64_contents: row } };
    expect(await infer({ inputs: [typed] })).toBe("0");
    expect(await infer({ inputs, raw_input_contents: [Buffer.from(planted.email)] })).toBe("3");
  });
  test.each(lost)("of %s, which is not kept", async (_, path, body, status, headers = {}) => {
    expect(await post(path, body, headers)).toBe(status);
  });
  test("of a script that fails: its request is kept, without the words of the error", async () => {
    expect(await post("/services/script/score", { data: [{ ...person, how: "fail" }] })).toBe(500);
    const log = (await control(host.folder, "GET", "/services/script/revisions/1/logs?tail=100")).text;
    expect(log).toContain("ValueError");
    expect(log).not.toContain(planted.email);
  });
  test("of a path that leads nowhere", async () => {
    expect(await post(`/services/model/${planted.email}`, {})).toBe(404);
  });
  test("of anything, in any form; what has no rule is found by the same search", async () => {
    await recordsOf(host);
    const folders = [host.folder, keyFolder.path];
    expect(await findOnDisk(folders, everyPlanted)).toEqual([]);
    const found = await findOnDisk(folders, [controls.number, controls.text]);
    expect(found.map(({ path }) => path).join()).toContain(".seg");
    expect(new Set(found.flatMap((one) => one.found))).toEqual(new Set([controls.number, controls.text]));
  });
  test("of a service without rules they are: the search finds each form it is made for", async () => {
    expect(await post("/services/plain/score", { data: [row] })).toBe(200);
    expect(
      await post("/v2/models/plain/infer", binary, { "inference-header-content-length": String(binaryHead.length) }),
    ).toBe(200);
    expect(await post("/services/plain/score", Buffer.from(planted.email).toString("base64"))).toBe(400);
    expect(await post("/services/plain/score", { more: planted.ssn })).toBe(400);
    await recordsOf(host);
    const [{ found } = { found: [] }] = await findOnDisk([join(host.folder, "spool")], everyPlanted);
    expect(found).toEqual([planted.age, planted.card, planted.visits, planted.email, planted.ssn]);
  });
});

describe("what is kept", () => {
  const signature = { input: { kind: "rows" as const, columns: 4, names } };
  const ofService = async (name: string) =>
    (await recordsOf(host)).filter(({ head }) => head.service === name && head.status === 200 && head.kept);

  test("is read as rows in every language, with what the rules make of their values", async () => {
    const kept = await ofService("model");
    const languages = new Set(kept.map(({ head }) => `${head.language}${head.mirrored === true ? " mirrored" : ""}`));
    expect(languages).toEqual(
      new Set(["azure", "mlflow", "inference", "azure mirrored", "mlflow mirrored", "inference mirrored"]),
    );
    for (const { head, body, answer } of kept) {
      const { inputs, predictions } = decodeRecord({ ...head, body, answer }, signature);
      const redacted = [30, expect.stringMatching(/^[0-9a-f]{32}$/), null, controls.number];
      expect(inputs?.columns).toEqual(names);
      expect(inputs?.rows[0]).toEqual(redacted);
      expect(predictions?.columns).toEqual(["prediction"]);
      expect(head).toMatchObject({ contentType: "application/json", bodySize: body.length, answerSize: answer.length });
    }
    const cards = kept.map(
      ({ head, body, answer }) => decodeRecord({ ...head, body, answer }, signature).inputs?.rows[0]?.[1],
    );
    expect(new Set(cards).size).toBe(1);
  });

  test("of a script has the columns of its answer redacted by the same rules", async () => {
    const [one] = await ofService("script");
    const { email, ...rest } = JSON.parse(String(one?.answer))[0];
    expect(rest).toEqual({ label: "ok", city: controls.text });
    const { columns, data } = JSON.parse(String(one?.body));
    expect(columns).toEqual(["email", "ssn", "iban", "city"]);
    expect(data[0]).toEqual([email, null, "****77", controls.text]);
  });

  test("of what a script collects are the columns by the same rules", async () => {
    const tables = (await collectedOf(host)).filter(({ head }) => head.service === "collects");
    expect(tables.map(({ head }) => head.collection)).toEqual(["named"]);
    const { columns, rows } = JSON.parse(String(tables[0]?.body));
    expect(columns.slice(0, 4)).toEqual(["city", "email", "iban", "ssn"]);
    expect(rows[0].slice(0, 4)).toEqual([controls.text, expect.stringMatching(/^[0-9a-f]{32}$/), "****77", null]);
  });

  test("of a request that failed is its redacted body and the code of the error", async () => {
    const failed = (await recordsOf(host)).find(
      ({ head }) => head.service === "script" && head.status === 500 && head.kept,
    );
    expect(JSON.parse(String(failed?.answer))).toEqual({ error: { code: "scoring-failed" } });
    expect(JSON.parse(String(failed?.body)).columns).toContain("how");
  });

  test("is counted with its reason where it could not be redacted, and still counts as usage", async () => {
    const heads = (await recordsOf(host)).map(({ head }) => head);
    const notKept = heads.filter((head: SpooledHead) => !head.kept);
    const { dropped } = await host.seen(() => true);
    // and a table that a script collected
    expect(dropped).toEqual({ "not-redactable": notKept.length + 1 });
    expect(notKept.length).toBeGreaterThanOrEqual(lost.length);
    expect(notKept.every((head) => head.bodyBytes === 0 && head.contentType === null)).toBe(true);
  });
});

test("without its key nothing of a service with hmac rules is kept", async () => {
  const other = await startTestHost();
  try {
    await other.serve(service([sumsRevision()], { record: record({ fields: { x0: { kind: "hmac" } } }) }));
    expect((await other.score(JSON.stringify({ data: [[1, 2, 3]] }))).status).toBe(200);
    const [entry] = await recordsOf(other);
    expect([entry?.head.kept, entry?.body.length]).toEqual([false, 0]);
    expect((await other.seen(() => true)).dropped).toEqual({ "no-record-key": 1 });
  } finally {
    await other.close();
  }
});

describe("what is kept besides the sample", () => {
  test("are errors, and answers that are not sure; the rest counts only", async () => {
    const other = await startTestHost();
    try {
      const code = `
import json
def init():
    pass
def run(raw_data):
    if raw_data == "bad":
        raise ValueError("bad")
    return [{"label": "a", "sure": one} for one in json.loads(raw_data)["data"]]
`;
      const rule: RecordingRule = { rate: 0, maxBytes: 1000 };
      const also: RecordingRule["also"] = [{ kind: "errors" }, { kind: "low-confidence", below: 0.6, column: "sure" }];
      await other.serve(service([scriptRevision(other.folder, code)], { record: { ...rule, also } }));
      for (const body of ['{"data": [0.9]}', '{"data": [0.9, 0.59]}', "bad", '{"data": [0.6]}'])
        await other.score(body);
      const kept = (await recordsOf(other)).map(({ head, body }) => [head.kept, String(body)]);
      expect(kept).toEqual([
        [false, ""],
        [true, '{"data": [0.9, 0.59]}'],
        [true, "bad"],
        [false, ""],
      ]);
    } finally {
      await other.close();
    }
  });
});
