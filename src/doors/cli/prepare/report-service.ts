import { resolve } from "node:path";
import { Option } from "commander";
import { reportPage } from "../../../client/report/report-page.ts";
import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { reportService as present } from "../present/report-service.ts";
import { print, printJson, talk } from "../tools.ts";
import { checkFile } from "./check-file.ts";
import { checkStdout, isStdout, writeStdout } from "./stdout.ts";
import { writeVerified } from "./write-verified.ts";

/** The page is made here of what the server answers: a report looks alike from every server, and can be made of one kept as JSON. */
export const reportService: Preparation<"reportService"> = {
  flags: [
    {
      member: "html",
      option: new Option("--html <file>", "Also write it as one HTML file with plots; - writes that alone, to stdout"),
      read: (value) => value,
    },
  ],
  check: async ({ html }, tools) => {
    if (isStdout(html)) checkStdout("--html -", tools);
    await checkFile("--html", html, tools);
  },
  run: async ({ html, ...input }, { client, tools }) => {
    const { signal, cwd, clock } = tools.system;
    const report = await client.reportService(input as InputOf<"reportService">, { signal });
    const page = () => [Buffer.from(reportPage(report))];
    if (isStdout(html)) {
      await writeStdout(page(), tools);
      return 0;
    }
    if (tools.json) printJson(tools, report);
    else print(tools, present(report, { now: clock.now(), input }).data ?? "");
    if (html === undefined) {
      if (!tools.json)
        talk(tools, `As a page with plots: modelyard monitor report ${report.service} --html report.html`);
      return 0;
    }
    const path = resolve(cwd, String(html));
    await writeVerified(path, page());
    talk(tools, `Report written to ${path}`);
    return 0;
  },
};
