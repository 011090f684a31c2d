import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf } from "../refusals.ts";
import { deployScript } from "../scripts.ts";
import { findOnDisk } from "../search-disk.ts";
import { startServer, type TestServer } from "../server.ts";
import { unpackParquet } from "../unpack-parquet.ts";

const erased = { name: "Eve Planted-Erased", salary: 91_234.567_8 };
const control = { name: "Carol Planted-Control", salary: 271_828.182_845 };
const code = `
import json
def init():
    pass
def run(raw_data):
    return [row["name"] for row in json.loads(raw_data)["data"]]
`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

test("what is erased is in no file of the home, decompressed Parquet included, though it comes again; what is not is", async () => {
  const name = "people";
  const { scoringUri } = await deployScript(server, name, code);
  const { primary } = await server.client.getServiceKeys({ name });
  const ask = async (person: object, id: string) => {
    const headers = { authorization: `Bearer ${primary}`, "x-ms-client-request-id": id };
    const answer = await fetch(scoringUri, {
      method: "POST",
      headers,
      body: JSON.stringify({ data: [person, person] }),
    });
    expect(answer.status).toBe(200);
  };
  const label = (id: string) => server.client.addLabels({ service: name, id, value: erased.name });
  const all = async () => (await server.client.listRecords({ service: name })).items;
  const search = (values: object) => findOnDisk([server.home], Object.values(values), unpackParquet);

  await ask(erased, "customer 7");
  await ask(control, "customer 8");
  expect(await all()).toMatchObject([
    { correlationId: "customer 8", caller: "key:primary" },
    { correlationId: "customer 7", caller: "key:primary" },
  ]);
  expect(await server.client.compactRecords({ before: "0s" })).toMatchObject({ records: 2, files: 1 });
  await ask(erased, "customer 7");
  await ask(control, "customer 8");
  expect(await all()).toHaveLength(4);
  await server.client.addLabels({ service: name, id: "customer 7", value: erased.name });
  await server.client.addLabels({ service: name, id: "customer 8", value: control.name });
  expect((await search(erased)).length).toBeGreaterThan(0);

  const requests = (await all()).filter(({ correlationId }) => correlationId === "customer 7").map(({ id }) => id);
  // of a service whose name is misspelt nothing would go, and nobody would know
  expect(await codeOf(server.client.eraseRecords({ correlationId: "customer 7", service: "peeple" }))).toBe(
    "service-not-found",
  );
  expect(await server.client.eraseRecords({ correlationId: "customer 7", service: name })).toEqual({
    records: 2,
    collected: 0,
    labels: 1,
    datasets: [],
    files: 1,
  });
  // one was in the database, one in a file: what belongs to them is taken under no name of theirs
  expect(requests).toHaveLength(2);
  for (const id of [...requests, "customer 7"]) expect(await label(id)).toMatchObject({ added: 0, erased: 1 });
  await ask(erased, "customer 7");
  await ask(control, "customer 8");
  expect((await all()).map(({ correlationId }) => correlationId)).toEqual(["customer 8", "customer 8", "customer 8"]);
  // the segment that had the last one is removed when it was passed over
  await all();
  expect(await search(erased)).toEqual([]);
  expect((await server.client.listLabels({})).items).toMatchObject([{ id: "customer 8" }]);
  const found = (await search(control)).map(({ path }) => path.slice(server.home.length + 1));
  expect(found.some((path) => path.endsWith(".parquet"))).toBe(true);
  expect(await server.client.getRecordStatus({})).toMatchObject({ taken: 5, fresh: 2, filed: 1, dropped: {} });
});
