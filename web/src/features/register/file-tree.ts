interface File {
  /** Relative, `/` between folders. */
  path: string;
  digest: string;
  /** Bytes. */
  size: number;
}
export type TreeRow =
  | { kind: "file"; name: string; depth: number; file: File }
  | { kind: "folder"; name: string; path: string; depth: number; files: number; size: number; isOpen: boolean };

interface Folder {
  folders: Map<string, Folder>;
  files: { name: string; file: File }[];
  count: number;
  size: number;
}
const emptyFolder = (): Folder => ({ folders: new Map(), files: [], count: 0, size: 0 });

/** Files by folder, those that are open with what is in them: folders first, each by name. `open` holds the paths of open folders. */
export function treeRows(files: readonly File[], open: ReadonlySet<string>): TreeRow[] {
  const root = emptyFolder();
  for (const file of files) put(root, file);
  const rows: TreeRow[] = [];
  list(root, "", 0, open, rows);
  return rows;
}

/** All folders that files are in. */
export function foldersOf(files: readonly { path: string }[]): string[] {
  const found = new Set<string>();
  for (const { path } of files)
    for (let cut = path.indexOf("/"); cut !== -1; cut = path.indexOf("/", cut + 1)) found.add(path.slice(0, cut));
  return [...found];
}

function put(root: Folder, file: File): void {
  const parts = file.path.split("/");
  const name = parts.pop() ?? "";
  let folder = root;
  for (const part of parts) {
    const inner = folder.folders.get(part) ?? emptyFolder();
    folder.folders.set(part, inner);
    inner.count += 1;
    inner.size += file.size;
    folder = inner;
  }
  folder.files.push({ name, file });
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function list(folder: Folder, at: string, depth: number, open: ReadonlySet<string>, rows: TreeRow[]): void {
  for (const [name, inner] of [...folder.folders].sort(([a], [b]) => byText(a, b))) {
    const path = at === "" ? name : `${at}/${name}`;
    const isOpen = open.has(path);
    rows.push({ kind: "folder", name, path, depth, files: inner.count, size: inner.size, isOpen });
    if (isOpen) list(inner, path, depth + 1, open, rows);
  }
  for (const { name, file } of folder.files.toSorted((a, b) => byText(a.name, b.name)))
    rows.push({ kind: "file", name, depth, file });
}
