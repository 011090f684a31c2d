// The figures of the pages as Markdown.
import { heading, number } from "../report.mjs";

const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
const ms = (value) => value.toFixed(value < 100 ? 1 : 0);

export function reportWeb(results) {
  return `${[heading("The pages", "npm run bench:web", results), goals(results), firstLoad(results), scroll(results), search(results)].join("\n\n")}\n`;
}

function goals({ load, records, models }) {
  const rows = [
    ["JavaScript at first load, kB gzip", 250, load.gzip / 1000],
    ["first content, ms", 1000, load.content.median],
    ["scroll of records: p95 frame, ms", 34, Math.max(records.down.p95, records.loaded.p95)],
    ["scroll of records: longest task, ms", 50, Math.max(records.down.longestTask, records.loaded.longestTask)],
    ["search of versions: longest task, ms", 50, models.longestTask],
  ];
  const lines = rows.map(
    ([name, limit, found]) => `| ${name} | ${limit} | ${ms(found)} | ${found <= limit ? "yes" : "**no**"} |`,
  );
  return `## Goals\n\n| figure | goal | here | reached |\n|---|--:|--:|---|\n${lines.join("\n")}\n\nA task is counted as long from 50 ms on (Long Tasks API); 0: there was none.`;
}

function firstLoad({ load, options }) {
  return `## First load

Home, signed in, with nothing cached, ${options.rounds} visits in a Chromium without a graphics card; medians, in ms since the address was asked for.
${load.scripts} scripts: ${kilobytes(load.gzip)} kB as gzip, ${kilobytes(load.transferred)} kB as this browser took them. All pages together are ${kilobytes(load.all)} kB as gzip.

| | median | range |
|---|--:|--:|
${[
  ["first contentful paint", load.content],
  ["heading of the page", load.heading],
  ["page with its data", load.complete],
]
  .map(([name, { median, least, most }]) => `| ${name} | ${ms(median)} | ${ms(least)}–${ms(most)} |`)
  .join("\n")}`;
}

const framesRow = (name, found) =>
  `| ${[name, number(found.frames), ms(found.p50), ms(found.p95), ms(found.longest), found.longTasks, ms(found.longestTask)].join(" | ")} |`;
const framesHead =
  "| | frames | p50 ms | p95 ms | longest ms | long tasks | longest task ms |\n|---|--:|--:|--:|--:|--:|--:|";

function scroll({ records, options }) {
  return `## ${number(options.records)} records scrolled

The wheel is turned by 3,000 px at a time down the whole table, which fetches its pages on the way (${number(records.down.reached)} rows in ${records.down.seconds.toFixed(0)} s), then up and down at its end.

${framesHead}
${framesRow("down, with fetching", records.down)}
${framesRow("up and down", records.loaded)}`;
}

function search({ models, options }) {
  return `## ${number(options.versions)} versions searched

${options.words.map((word) => `\`${word}\``).join(", ")}, typed letter by letter, each after the result of the one before: ${models.letters} letters,
${ms(models.toResult.median)} ms from a letter to its result drawn, the pause after which it is asked included (median; longest ${ms(models.toResult.most)}).

${framesHead}
${framesRow("typing", models)}`;
}
