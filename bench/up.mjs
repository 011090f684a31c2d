// `up` with a changed model whose environment stands: from the start of the command to its exit, which comes after the
// first answered sample request.
import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { digits } from "./home.mjs";
import { busyCores } from "./processes.mjs";
import { summary } from "./statistics.mjs";

/** Fits the model again on a part of the data that the seed chooses. */
const trainScript = `
import pickle, sys
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
rows, _, labels, _ = train_test_split(*load_digits(return_X_y=True), train_size=0.5, random_state=int(sys.argv[2]))
with open(sys.argv[1], "wb") as file:
    pickle.dump(LogisticRegression(C=0.01, max_iter=1000).fit(rows, labels), file)
`;

/** Milliseconds of every phase of `up`, of a home that serves digits already; one entry a run. */
export async function measureUp(home, python, { runs, say }) {
  const folder = join(home.folder, "retrained");
  await cp(digits, folder, { recursive: true });
  const samples = [];
  for (let seed = 1; seed <= runs; seed += 1) {
    await train(python, join(folder, "model.pkl"), seed);
    const otherCores = await busyCores(1000);
    const { wallMs, events, done } = await home.up(folder);
    if (!done.changed) throw new Error("the retrained model is the one that stands");
    samples.push({ wallMs, otherCores, phases: phasesOf(events, wallMs) });
    say(`up ${seed}: ${(wallMs / 1000).toFixed(2)} s`);
  }
  const names = samples[0].phases.map(({ name }) => name);
  const phases = names.map((name, index) => ({ name, ms: summary(samples.map((sample) => sample.phases[index].ms)) }));
  const [wallMs, otherCores] = ["wallMs", "otherCores"].map((member) =>
    summary(samples.map((sample) => sample[member])),
  );
  return { wallMs, otherCores, phases };
}

async function train(python, path, seed) {
  // several threads of OpenBLAS wait for each other by spinning
  const env = { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
  await promisify(execFile)(python, ["-c", trainScript, path, String(seed)], { env });
}

const lastOf = (events, step) => events.findLast((event) => event.event === "step" && event.step === step)?.atMs;

/** The time each step took: from the end of the one before it. */
function phasesOf(events, wallMs) {
  const first = events.find(({ event }) => event === "step").atMs;
  const ends = [
    ["start of the command, connection", first],
    ["register", lastOf(events, "register")],
    ["image", lastOf(events, "image")],
    ["new revision ready, switched", lastOf(events, "deploy")],
    ["sample request answered", lastOf(events, "sample")],
    ["exit", wallMs],
  ];
  return ends.map(([name, end], index) => ({ name, ms: end - (index === 0 ? 0 : ends[index - 1][1]) }));
}
