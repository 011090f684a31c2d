// Fills registries straight through their databases: 200,000 versions one by one would take minutes and measure something else.
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../home.mjs";

const require = createRequire(join(root, "package.json"));
const [major, minor] = process.versions.node.split(".").map(Number);
const { DatabaseSync } = require(major > 22 || (major === 22 && minor >= 5) ? "node:sqlite" : "@photostructure/sqlite");

/** The first model holds a tenth of all versions, and their times are one moment, as after a rename; the others hold 100 each. */
const bigShare = 10;
const start = 1_760_000_000_000;

/** Rows { name, version, at } of `count` versions; times go up and some are equal. */
function* versionsOf(count) {
  const big = Math.floor(count / bigShare);
  for (let index = 0; index < count; index += 1) {
    const isBig = index < big;
    const rest = index - big;
    yield {
      index,
      name: isBig ? "seeded-big" : `seeded-${String(Math.floor(rest / 100)).padStart(5, "0")}`,
      version: isBig ? index + 1 : (rest % 100) + 1,
      at: isBig ? start : start + Math.floor(index / 3) * 1000,
    };
  }
}

/** Fills a database within one transaction; `fill` is given a way to prepare statements. */
export function inOneTransaction(path, fill) {
  const database = new DatabaseSync(path);
  database.exec("pragma busy_timeout = 10000; begin immediate");
  fill((sql) => database.prepare(sql));
  database.exec("commit");
  database.close();
}

/** Modelyard's own tables, with tags, properties, metrics, aliases and what serves. */
export function seedModelyard(path, count) {
  inOneTransaction(path, (prepare) => {
    const model = prepare(
      "insert or ignore into models (name, id, last_version, created_at, created_by, updated_at) values (?, ?, ?, ?, 'seed', ?)",
    );
    const counted = prepare("update models set last_version = max(last_version, ?) where name = ?");
    const version =
      prepare(`insert into versions (name, version, description, framework, framework_version, digest, size, created_at,
      created_by, updated_at, stage, source, run_id, lineage) values (?, ?, ?, ?, '1.7.2', ?, 100, ?, ?, ?, ?, ?, ?, '{}')`);
    const tag = prepare("insert into version_tags values (?, ?, ?, ?, ?)");
    const property = prepare("insert into version_properties values (?, ?, ?, ?, ?)");
    const metric = prepare("insert into version_metrics values (?, ?, 'accuracy', ?)");
    const alias = prepare("insert into aliases values (?, 'champion', ?, 0, ?)");
    const served = prepare("insert into served values (?, ?, 1, ?, ?, ?, null)");
    for (const { index, name, version: number, at } of versionsOf(count)) {
      if (number === 1) model.run(name, name, 1, at, at);
      const digest = index.toString(16).padStart(64, "0");
      const framework = index % 4 === 0 ? "XGBoost" : "ScikitLearn";
      const stage = index % 50 === 0 ? "Production" : "None";
      const made = [
        at,
        `person-${index % 20}`,
        at,
        stage,
        `runs:/${index}/model`,
        index.toString(16).padStart(32, "0"),
      ];
      version.run(name, number, `version ${index}`, framework, digest, ...made);
      tag.run(name, number, "team", `team-${index % 10}`, at);
      tag.run(name, number, "ticket", `T-${index}`, at);
      // all of one value stand together at one end of the list
      tag.run(name, number, "phase", index < count / 20 ? "first" : "later", at);
      property.run(name, number, "seed", String(index % 1000), at);
      metric.run(name, number, ((index * 7919) % 10_007) / 10_007);
      if (number === 50) alias.run(name, number, at);
      if (index % 1000 === 0) served.run(`s${index}`, `service-${index % 40}`, name, number, at);
      counted.run(number, name);
    }
  });
}

/** The tables of MLflow 3.17, with the same names, tags and aliases. */
export function seedMlflow(path, count) {
  inOneTransaction(path, (prepare) => {
    const model = prepare(
      "insert or ignore into registered_models (name, creation_time, last_updated_time) values (?, ?, ?)",
    );
    const version =
      prepare(`insert into model_versions (name, version, creation_time, last_updated_time, current_stage, source, run_id, status)
      values (?, ?, ?, ?, 'None', ?, ?, 'READY')`);
    const tag = prepare("insert into model_version_tags (key, value, name, version) values (?, ?, ?, ?)");
    const alias = prepare("insert into registered_model_aliases (alias, version, name) values ('champion', ?, ?)");
    for (const { index, name, version: number, at } of versionsOf(count)) {
      if (number === 1) model.run(name, at, at);
      version.run(name, number, at, at, `runs:/${index}/model`, index.toString(16).padStart(32, "0"));
      tag.run("team", `team-${index % 10}`, name, number);
      tag.run("ticket", `T-${index}`, name, number);
      if (number === 50) alias.run(number, name);
    }
  });
}
