import { ModelyardError } from "../../../contract/errors.ts";

/** Below this stand the frozen files of registered versions: `versions/<name>/<number>/…`. They can only be read. */
const versionsFolder = "versions";
const scheme = "mlflow-artifacts:";

/**
 * A path of the artifact area without slashes at its ends; "" is the whole area.
 * Refuses what would leave the area, as the place it names later on a user's disk.
 */
export function checkPath(given: string): string {
  const path = given.replace(/\/$/, "");
  const parts = path.split("/");
  const unsafe = parts.some((part) => part === "" || part === "." || part === "..") || /[\\\0]/.test(path);
  if (path !== "" && (unsafe || path.length > 2000))
    throw new ModelyardError("invalid-input", { problems: `Invalid path: ${given.slice(0, 200)}` });
  return path;
}

/** The path of an `mlflow-artifacts:` address, also of one that names a host; undefined for any other address. */
export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith(scheme)) return undefined;
  const path = uri.slice(scheme.length).replace(/^\/\/[^/]*/, "");
  return checkPath(path.replace(/^\/+/, ""));
}

/** Names with other characters travel as base64url: MLflow clients encode neither `%` nor `#` in a path. */
const segmentOf = (name: string): string =>
  /^[\w.-]+$/.test(name) ? name : `~${Buffer.from(name).toString("base64url")}`;
const nameOf = (segment: string): string =>
  segment.startsWith("~") ? Buffer.from(segment.slice(1), "base64url").toString("utf8") : segment;

/** Where the frozen files of a version are read. */
export const uriOfVersion = (name: string, version: number): string =>
  `${scheme}/${versionsFolder}/${segmentOf(name)}/${version}`;

/** The version a path lies in and the rest of the path; undefined outside the versions. */
export function versionOfPath(path: string): { name: string; version: number; rest: string } | undefined {
  const [folder, segment, number, ...rest] = path.split("/");
  if (folder !== versionsFolder || segment === undefined || !/^[1-9]\d{0,8}$/.test(number ?? "")) return undefined;
  return { name: nameOf(segment), version: Number(number), rest: rest.join("/") };
}

/** Whether nobody may write at a path. */
export const isFrozen = (path: string): boolean => path.split("/")[0] === versionsFolder;
