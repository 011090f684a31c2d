// What the figures are held against: ratios to peers and to the bare server of the same run.

/** One line for each goal: `{ goal, limit, found, reached }`; `found` is undefined when something of it was not measured. */
export function goalsOf({ throughput, recording, coldStart, memory }) {
  const entries = throughput?.entries ?? [];
  const at = (workload, rows, connections) => {
    const here = entries.filter(
      (entry) => entry.workload === workload && entry.rows === rows && entry.connections === connections,
    );
    const peers = here.filter(({ system }) => !system.startsWith("modelyard") && system !== "node:http");
    const fastapi = peers.filter(({ system }) => system.startsWith("fastapi"));
    const least = (some, member) => (some.length === 0 ? undefined : Math.min(...some.map((entry) => entry[member])));
    const rate = (some) => (some.length === 0 ? undefined : Math.max(...some.map(({ perSecond }) => perSecond.median)));
    return {
      /** With one front or two, whichever serves more: the best of a peer's settings counts too. */
      rate: (system) => rate(settingsOf(here, system)),
      p99: (system) => least(settingsOf(here, system), "p99"),
      p50: (system) => least(settingsOf(here, system), "p50"),
      bestPeer: () => rate(peers),
      bestFastapi: () => rate(fastapi),
      bestMlops: () => rate(peers.filter(({ system }) => !system.startsWith("fastapi"))),
      bestAzureml: () => rate(peers.filter(({ system }) => system.startsWith("azureml"))),
      leastP99: () => least(peers, "p99"),
      fastapiP50: () => least(fastapi, "p50"),
    };
  };
  const settingsOf = (here, system) => here.filter((entry) => [system, `${system}-2`].includes(entry.system));
  const busy = at("digits", 1, 64);
  const sixteen = at("digits", 1, 16);
  const one = at("digits", 1, 1);
  const many = at("digits", 64, 16);
  const [forestRow, forestRows] = [at("forest", 1, 16), at("forest", 64, 16)];
  const engines = { python: "modelyard", compiled: "modelyard-compiled" };
  const goals = [];
  const atLeast = (goal, limit, found) => goals.push({ goal, limit: `≥ ${limit}`, found, reached: found >= limit });
  const atMost = (goal, limit, found) => goals.push({ goal, limit: `≤ ${limit}`, found, reached: found <= limit });
  const floors = { compiled: [1.0, 4.5, 12], python: [0.8, 4, 10] };
  for (const [engine, [bare, fastapi, mlops]] of Object.entries(floors)) {
    const rate = busy.rate(engines[engine]);
    atLeast(`${engine}, 64 connections, of node:http`, bare, rate / busy.rate("node:http"));
    atLeast(`${engine}, 64 connections, of the best FastAPI`, fastapi, rate / busy.bestFastapi());
    atLeast(`${engine}, 64 connections, of the best MLOps server`, mlops, rate / busy.bestMlops());
  }
  atLeast(
    "entry script, 16 connections, of Azure's server",
    3,
    sixteen.rate("modelyard-script") / sixteen.bestAzureml(),
  );
  atLeast("64 rows, 16 connections, python, of the best peer", 2, many.rate(engines.python) / many.bestPeer());
  atLeast("64 rows, 16 connections, compiled, of the best peer", 2, many.rate(engines.compiled) / many.bestPeer());
  atMost("p50 at one connection, python, of the best FastAPI's", 1, one.p50(engines.python) / one.fastapiP50());
  atMost("p50 at one connection, compiled, of the best FastAPI's", 0.5, one.p50(engines.compiled) / one.fastapiP50());
  atMost("p99 at 64 connections, python, of the best peer's", 0.33, busy.p99(engines.python) / busy.leastP99());
  atMost("p99 at 64 connections, compiled, of the best peer's", 0.33, busy.p99(engines.compiled) / busy.leastP99());
  atMost("recording on, CPU a request, per cent more", 10, recording?.mean);
  atMost("cold start, python, seconds beyond FastAPI's", 0.3, (coldStart?.python - coldStart?.fastapi) / 1000);
  atMost("cold start, compiled, seconds", 0.5, coldStart?.compiled / 1000);
  atMost("memory at rest, host + worker, of Azure's server", 1, memory?.idle / memory?.azuremlIdle);
  atMost("memory after load, host + worker, of Azure's server", 1.4, memory?.loaded / memory?.azuremlLoaded);
  atLeast("forest, 1 row, compiled, of the best peer", 8, forestRow.rate(engines.compiled) / forestRow.bestPeer());
  atLeast("forest, 1 row, compiled, of node:http", 0.8, forestRow.rate(engines.compiled) / forestRow.rate("node:http"));
  atLeast("forest, 64 rows, python, of the best peer", 2, forestRows.rate(engines.python) / forestRows.bestPeer());
  return goals;
}
