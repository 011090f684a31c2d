// Versions made by 16 writers and aliases resolved over 8 connections: the same requests of MLflow's API to both servers, in turns.
import { runLoad } from "../run-load.mjs";
import { median, summary } from "../statistics.mjs";

const models = 16;
const api = "/api/2.0/mlflow";

const loads = [
  {
    name: "create a version, 16 writers",
    connections: 16,
    requests: Array.from({ length: 64 }, (_, index) => ({
      target: `${api}/model-versions/create`,
      body: JSON.stringify({
        name: `writes-${index % models}`,
        source: `s3://models/${index}`,
        tags: [{ key: "team", value: "vision" }],
      }),
    })),
  },
  {
    name: "resolve an alias, 8 connections",
    connections: 8,
    requests: Array.from({ length: models }, (_, index) => ({
      target: `${api}/registered-models/alias?name=writes-${index}&alias=champion`,
    })),
  },
];

/** Medians over the rounds for every load and system. Systems are { name, port, key, pids() }. */
export async function measureWritesAndAliases(systems, { rounds, warmUpMs, measureMs, say }) {
  for (const system of systems) await prepare(system);
  const samples = [];
  for (let round = 1; round <= rounds; round += 1)
    for (const load of loads)
      for (const { name, port, key, pids } of systems) {
        const { connections, requests } = load;
        const sample = await runLoad({
          port,
          key,
          path: "/",
          requests,
          connections,
          warmUpMs,
          measureMs,
          pids: pids(),
        });
        if (sample.wrong > 0) throw new Error(`${name}: ${sample.wrong} answers of "${load.name}" are not 200`);
        samples.push({ system: name, load: load.name, ...sample });
        say(`round ${round}: ${name}, ${load.name}: ${sample.perSecond.toFixed(0)}/s, p99 ${sample.p99.toFixed(1)} ms`);
      }
  return {
    entries: loads.flatMap((load) => systems.map(({ name }) => summarise(samples, name, load.name))),
    otherCores: summary(samples.map((sample) => sample.otherCores)),
  };
}

/** Sixteen models with a version each and the alias champion on it. */
async function prepare({ port, key }) {
  const send = async (path, body) => {
    const headers = { "content-type": "application/json", ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
    const answer = await fetch(`http://127.0.0.1:${port}${api}/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  for (let index = 0; index < models; index += 1) {
    const name = `writes-${index}`;
    await send("registered-models/create", { name });
    await send("model-versions/create", { name, source: "s3://models/first" });
    await send("registered-models/alias", { name, alias: "champion", version: "1" });
  }
}

function summarise(samples, system, load) {
  const own = samples.filter((sample) => sample.system === system && sample.load === load);
  return {
    system,
    load,
    perSecond: summary(own.map((sample) => sample.perSecond)),
    p50: median(own.map((sample) => sample.p50)),
    p99: median(own.map((sample) => sample.p99)),
    cpuMs: median(own.map(({ cpuMs }) => cpuMs.reduce((sum, ms) => sum + ms, 0))),
  };
}
