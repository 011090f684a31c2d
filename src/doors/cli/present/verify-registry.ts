import { exitCodes } from "../../../contract/errors.ts";
import type { Presenter } from "./presenter.ts";
import { shortDigest, sizeText, table } from "./text.ts";

export const verifyRegistry: Presenter<"verifyRegistry"> = ({ blobs, bytes, problems }) => {
  const read = `${blobs} file(s), ${sizeText(bytes)} read`;
  if (problems.length === 0) return { data: `${read}: every digest is right` };
  const rows = problems.map((one) => [
    shortDigest(one.digest),
    one.problem,
    one.versions.join(" "),
    one.images.map(shortDigest).join(" "),
    one.artifacts.join(" "),
    one.services.join(" "),
  ]);
  return {
    data: table(["DIGEST", "PROBLEM", "VERSIONS", "IMAGES", "FILES OF RUNS", "SERVICES"], rows),
    talk: `${read}: ${problems.length} problem(s). Uploading the same bytes again mends a file: POST /api/v1/blobs.`,
    exitCode: exitCodes.refused,
  };
};
