import type { FastifyInstance } from "fastify";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import { reportPath } from "./page-headers.ts";

const bodyLimit = 16 << 10;
/** Lines a minute, and characters of a value: anybody may send reports. */
const mostLines = 20;
const longest = 300;

/** `POST /csp-reports`: what the policy of a page kept a browser from doing, as a line of the log (https://www.w3.org/TR/CSP3/#deprecated-serialize-violation). */
export function addCspReports(app: FastifyInstance, { log, clock }: { log: Log; clock: Clock }): void {
  let [minute, lines] = [0, 0];
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
    scope.post(reportPath, { bodyLimit }, async (request, reply) => {
      const now = Math.floor(clock.now() / 60_000);
      if (now !== minute) [minute, lines] = [now, 0];
      lines += 1;
      if (lines <= mostLines) log.warn(readReport(request.body), "a page was kept from something by its policy");
      return reply.code(204).send();
    });
  });
}

function readReport(body: unknown): Record<string, string> {
  const fields = ["document-uri", "violated-directive", "blocked-uri", "source-file", "line-number"];
  try {
    const report = (JSON.parse(String(body)) as { "csp-report": Record<string, unknown> })["csp-report"];
    const told = fields.filter((name) => report[name] !== undefined);
    return Object.fromEntries(told.map((name) => [name, String(report[name]).slice(0, longest)]));
  } catch {
    return { report: "unreadable" };
  }
}
