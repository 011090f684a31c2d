// The peers in the settings that serve them best on two cores (see each file), as systems.
import { azureml } from "./peers/azureml.mjs";
import { bentoml } from "./peers/bentoml.mjs";
import { fastapi } from "./peers/fastapi.mjs";
import { litserve } from "./peers/litserve.mjs";
import { mlflow } from "./peers/mlflow.mjs";
import { mlserver } from "./peers/mlserver.mjs";
import { labelsOf, startPeer } from "./peers/start-peer.mjs";
import { memoryOf } from "./processes.mjs";
import { requestsOf } from "./throughput.mjs";

const kinds = { fastapi, azureml, mlserver, mlflow, bentoml, litserve };
const peers = [
  { name: "fastapi-1", kind: "fastapi", workload: "digits", workers: 1 },
  { name: "fastapi-2", kind: "fastapi", workload: "digits", workers: 2 },
  { name: "azureml-1", kind: "azureml", workload: "digits", workers: 1 },
  { name: "azureml-2", kind: "azureml", workload: "digits", workers: 2 },
  { name: "mlserver", kind: "mlserver", workload: "digits" },
  { name: "mlflow", kind: "mlflow", workload: "digits", workers: 1 },
  { name: "bentoml", kind: "bentoml", workload: "digits" },
  { name: "litserve", kind: "litserve", workload: "digits" },
  { name: "fastapi-2", kind: "fastapi", workload: "forest", workers: 2 },
  { name: "mlserver-batching", kind: "mlserver", workload: "forest", batching: true },
  { name: "bentoml-batching", kind: "bentoml", workload: "forest", batching: true },
  { name: "litserve-batching", kind: "litserve", workload: "forest", batching: true },
];

/** Starts every peer and checks its labels; `stop` ends those that started. */
export async function startPeers(workloads, say) {
  const started = [];
  const stop = () => {
    for (const { stop: end } of started) end();
  };
  try {
    for (const { kind, workload, name, ...options } of peers) {
      const { model, requests } = workloads[workload];
      const [sample] = requests(1);
      const running = await startPeer(kinds[kind], {
        name: `${name}-${workload}`,
        kind,
        model,
        sample,
        say,
        ...options,
      });
      say(`${name}, ${workload}: first answer after ${(running.coldStartMs / 1000).toFixed(2)} s`);
      started.push(running);
      // before another of its kind starts, which would share its pages and halve what they count
      running.pss = running.pids().reduce((sum, pid) => sum + memoryOf(pid).pss, 0);
      Object.assign(running, systemOf(kinds[kind], running, { name, workload, requests }));
      await checkLabels(kinds[kind], running, requests);
    }
  } catch (error) {
    stop();
    throw error;
  }
  return { systems: started, stop };
}

function systemOf(peer, { pids }, { name, workload, requests }) {
  const make = ({ rows }) => ({ body: peer.body(rows) });
  return { name, workload, hot: pids, others: () => [], requests: requestsOf(requests, make) };
}

/** All bodies of the run, in groups of eight at once; throws at a wrong label. */
async function checkLabels(peer, { name, port, path }, requests) {
  const all = [...requests(1), ...requests(64)];
  for (let at = 0; at < all.length; at += 8) {
    await Promise.all(
      all.slice(at, at + 8).map(async ({ rows, labels }) => {
        const found = await labelsOf(peer, `http://127.0.0.1:${port}${path}`, rows);
        if (JSON.stringify(found) !== JSON.stringify(labels))
          throw new Error(`${name} answers ${found}, not ${labels}`);
      }),
    );
  }
}
