// The pages in a real Chromium: what they weigh, when they show something, and whether long lists stay smooth. Writes WEB.md.
// Usage: npm run bench:web [-- --quick] [--no-write]
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openHome, root } from "../home.mjs";
import { seedModelyard } from "../registry/seed.mjs";
import { launch, serverOf, signIn } from "./browser.mjs";
import { measureFirstLoad } from "./first-load.mjs";
import { reportWeb } from "./report.mjs";
import { measureScroll, measureSearch } from "./scroll.mjs";
import { seedRecords } from "./seed-records.mjs";

const thorough = { rounds: 10, records: 100_000, versions: 200_000, words: ["seeded-0", "big"] };
const quick = { ...thorough, rounds: 3, records: 10_000, versions: 20_000 };

const { values } = parseArgs({ options: { quick: { type: "boolean" }, "no-write": { type: "boolean" } } });
const say = (line) => process.stderr.write(`${line}\n`);
const options = { ...(values.quick ? quick : thorough), say };

const begun = performance.now();
execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
const home = await openHome(root, "web");
const browser = await launch();
try {
  await home.modelyard("server", "start"); // makes the tables
  await home.down();
  seedModelyard(join(home.folder, "modelyard.db"), options.versions);
  seedRecords(home.folder, options.records);
  await home.modelyard("server", "start");
  const server = await serverOf(home);
  const session = await signIn(browser, server);
  const load = await measureFirstLoad(browser, server, session, options);
  const records = await measureScroll(browser, server, session, options);
  const models = await measureSearch(browser, server, session, options);
  const seconds = (performance.now() - begun) / 1000;
  const text = reportWeb({ load, records, models, options, seconds, quick: values.quick });
  process.stdout.write(text);
  if (!values["no-write"]) await writeFile(join(root, "bench", "WEB.md"), text);
} finally {
  await browser.close();
  await home.down();
}
