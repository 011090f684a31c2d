import { upstreamText } from "../../../contract/upstream.ts";
import type { Presenter } from "./presenter.ts";
import { fields, shortDigest, timeText } from "./text.ts";

export const getImage: Presenter<"getImage"> = (image, { now }) => {
  const { signature, environment, sample } = image.manifest;
  const input = signature.input.kind === "text" ? "text" : `rows of ${signature.input.columns ?? "?"} values`;
  const head = fields([
    ["image", image.digest],
    ["models", image.models.join(" ")],
    ["script", image.script],
    ["input", input],
    ["engine", `${image.engine}: ${image.engineReason}`],
    ["server", image.manifest.upstream === undefined ? null : upstreamText(image.manifest.upstream)],
    ["python", image.python],
    ["environment", image.environment === null ? null : shortDigest(image.environment)],
    ["sample", sample],
    ["created", `${timeText(image.createdAt, now)} by ${image.createdBy}`],
  ]);
  const packages = environment === null ? [] : [listed("Packages", environment.lock)];
  return { data: [head, ...packages, listed("Build log", image.log)].join("\n\n") };
};

const listed = (title: string, lines: readonly string[]): string =>
  [title, ...lines.map((line) => `  ${line}`)].join("\n");
