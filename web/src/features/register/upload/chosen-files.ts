/** A file that was chosen or dropped: `path` is relative to what was chosen, with `/` between folders. */
export interface ChosenFile {
  path: string;
  file: Blob;
}

/**
 * The files at the places that `model register` gives them: a folder keeps its name as the first part of each path, but what MLflow
 * saved stands at the root, where its clients and workers look for it.
 */
export function placedFiles(files: readonly ChosenFile[]): ChosenFile[] {
  const folder = commonFolder(files);
  const isMlflow = folder !== undefined && files.some(({ path }) => path === `${folder}/MLmodel`);
  const placed = isMlflow ? files.map(({ path, file }) => ({ path: path.slice(folder.length + 1), file })) : [...files];
  return placed.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The name of a model that was chosen as a file or a folder: that of the folder, or of the file without its ending. */
export function nameOfFiles(files: readonly { path: string }[]): string {
  const folder = commonFolder(files);
  if (folder !== undefined) return folder;
  const [first] = files;
  return first === undefined ? "" : (first.path.split("/").at(-1) ?? "").replace(/(.)\.[^.]*$/, "$1");
}

/** What was chosen as a person calls it, for a command: the folder, or the file. */
export const pathOfFiles = (files: readonly { path: string }[]): string =>
  commonFolder(files) ?? files[0]?.path ?? "model.pkl";

/** The folder that all files are in, when there is one. */
function commonFolder(files: readonly { path: string }[]): string | undefined {
  const [folder, ...others] = new Set(
    files.map(({ path }) => (path.includes("/") ? path.slice(0, path.indexOf("/")) : "")),
  );
  return folder === "" || others.length > 0 ? undefined : folder;
}
