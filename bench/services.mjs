// The services of Modelyard that are measured, in one home.
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache, digits, root } from "./home.mjs";
import { treeOf } from "./processes.mjs";
import { requestsOf } from "./throughput.mjs";

/** What is deployed: `accelerate` chooses the engine, `script` is the entry script of examples/digits-script. */
export const services = [
  { name: "modelyard", workload: "digits", settings: ["accelerate: off"] },
  { name: "modelyard-compiled", workload: "digits", settings: ["accelerate: require"] },
  { name: "modelyard-script", workload: "digits", settings: ["script: score.py"] },
  { name: "modelyard-unrecorded", workload: "digits", settings: ["accelerate: off", "record: off"], loaded: false },
  { name: "modelyard", workload: "forest", settings: ["accelerate: off"] },
  { name: "modelyard-compiled", workload: "forest", settings: ["accelerate: require"] },
];

/** The same in a home whose host has two fronts, as peers have two workers. */
export const servicesOfFronts = services
  .filter(({ loaded }) => loaded !== false)
  .map((service) => ({ ...service, name: `${service.name}-2` }));

/** Deploys one of `services` and gives it as a system; throws when it answers other labels than scikit-learn. */
export async function deploy(home, { name, workload, settings }, { model, requests }) {
  const service = `${workload}-${name}`;
  const folder = join(cache, "services", service);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(model, join(folder, "model.pkl"));
  await cp(join(digits, "requirements.txt"), join(folder, "requirements.txt"));
  await cp(join(root, "examples", "digits-script", "score.py"), join(folder, "score.py"));
  const [{ rows }] = requests(1);
  await writeFile(join(folder, "sample.json"), JSON.stringify({ data: rows }));
  const lines = [
    `name: ${service}`,
    "model: model.pkl",
    "requirements: requirements.txt",
    "sample: sample.json",
    ...settings,
  ];
  await writeFile(join(folder, "modelyard.yaml"), `${lines.join("\n")}\n`);
  const { done } = await home.up(folder);
  const { server, scoring } = await home.status();
  const url = new URL(done.scoringUri);
  const system = {
    name,
    workload,
    port: Number(url.port),
    path: url.pathname,
    key: done.key,
    hot: () => treeOf(scoring.pid),
    others: () => [server.pid],
    // asking for records takes in all that wait
    settle: () => home.modelyard("record", "list", "--since", "1m", "--page-size", "1", "--json"),
    requests: requestsOf(requests, ({ rows: some, labels }) => ({
      body: JSON.stringify({ data: some }),
      answer: JSON.stringify(labels),
    })),
  };
  await checkAnswers(system);
  return system;
}

/** Throws when one body gets another answer than expected. */
async function checkAnswers({ name, port, path, key, requests }) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  for (const { body, answer } of Object.values(requests).flat()) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body });
    const text = await response.text();
    if (response.status !== 200 || text !== answer) {
      throw new Error(`${name} answers ${response.status} ${text.slice(0, 100)}, not ${answer.slice(0, 100)}`);
    }
  }
}
