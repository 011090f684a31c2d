import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own with little room. */
export interface SmallDisk {
  path: string;
  /** Takes all the room that is left. */
  fill(): void;
  free(): void;
  remove(): Promise<void>;
}

/** Mounts a tmpfs of `megabytes`, or says why that cannot be done here. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | string> {
  const path = await mkdtemp(join(tmpdir(), "small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path], { stdio: "pipe" });
  } catch (error) {
    await rm(path, { recursive: true });
    return `a small file system cannot be mounted here: ${(error as Error).message.trim()}`;
  }
  const filler = join(path, "filler");
  return {
    path,
    fill: () => {
      const file = openSync(filler, "a");
      const { bavail, bsize } = statfsSync(path);
      // and the rest of the file's last page; what the server frees meanwhile is not taken
      let room = (bavail + 1) * bsize;
      // large pieces first, single bytes last: tmpfs gives whole pages
      for (const size of [1 << 20, 1 << 12, 1]) for (; room >= size && written(file, Buffer.alloc(size)); room -= size);
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
    remove: async () => {
      execFileSync("umount", ["--lazy", path]);
      await rm(path, { recursive: true, force: true });
    },
  };
}

function written(file: number, bytes: Buffer): boolean {
  try {
    return writeSync(file, bytes) > 0;
  } catch {
    return false;
  }
}
