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
    ["python", image.python],
    ["environment", shortDigest(image.environment)],
    ["sample", sample],
    ["created", `${timeText(image.createdAt, now)} by ${image.createdBy}`],
  ]);
  return {
    data: `${head}\n\nPackages\n${environment.lock.map((line) => `  ${line}`).join("\n")}\n\nBuild log\n${image.log.map((line) => `  ${line}`).join("\n")}`,
  };
};
