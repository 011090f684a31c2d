import { exitCodes } from "../../../contract/exit-codes.ts";
import type { Damage, DamagedCopy } from "../../../contract/models.ts";
import type { Presenter } from "./presenter.ts";
import { shortDigest, sizeText, table } from "./text.ts";

export const verifyRegistry: Presenter<"verifyRegistry"> = ({ blobs, bytes, problems, copies }) => {
  const read = `${blobs} file(s), ${sizeText(bytes)} read`;
  const found = problems.length + copies.length;
  if (found === 0) return { data: `${read}: every digest is right` };
  const parts = [
    ...(problems.length === 0 ? [] : [{ rows: blobRows(problems), mend: "Registering the same file again mends it." }]),
    ...(copies.length === 0
      ? []
      : [{ rows: copyRows(copies), mend: "`modelyard service start NAME` writes damaged copies anew." }]),
  ];
  return {
    data: parts.map(({ rows }) => rows).join("\n\n"),
    talk: [`${read}: ${found} problem(s).`, ...parts.map(({ mend }) => mend)].join(" "),
    exitCode: exitCodes.refused,
  };
};

const blobRows = (problems: readonly Damage[]): string =>
  table(
    ["DIGEST", "PROBLEM", "VERSIONS", "IMAGES", "FILES OF RUNS", "SERVICES"],
    problems.map((one) => [
      shortDigest(one.digest),
      one.problem,
      one.versions.join(" "),
      one.images.map(shortDigest).join(" "),
      one.artifacts.join(" "),
      one.services.join(" "),
    ]),
  );

const copyRows = (copies: readonly DamagedCopy[]): string =>
  table(
    ["IMAGE", "PROBLEM", "COPY", "SERVICES"],
    copies.map(({ image, path, problem, services }) => [shortDigest(image), problem, path, services.join(" ")]),
  );
