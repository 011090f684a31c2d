import { ModelyardError } from "../contract/errors.ts";
import type { Damage } from "../contract/models.ts";
import type { Context, Handler } from "../contract/operations.ts";
import type { RegisterPorts } from "./ports.ts";
import { blobsNamed, usersOfBlob } from "./rows/blobs.ts";

/** Digests asked of the database at once; what is registered meanwhile is met when its digest comes later. */
const chunk = 500;
const progressEvery = 2000;

export const verifyRegistry =
  (ports: Pick<RegisterPorts, "db" | "blobs" | "clock" | "uses">): Handler<"verifyRegistry"> =>
  async (_input, { progress }) => {
    const answer = { blobs: 0, bytes: 0, problems: [] as Damage[] };
    const tell = teller(ports.clock, progress);
    for (let after = ""; ; ) {
      const digests = await blobsNamed(ports.db, after, chunk);
      for (const digest of digests) {
        const { size, problem } = await verifyBlob(ports.blobs, digest);
        answer.blobs += 1;
        answer.bytes += size;
        tell(answer);
        if (problem === undefined) continue;
        const damage = await describeDamage(ports, digest, problem);
        // deleted since it was named
        if (damage.versions.length + damage.images.length + damage.artifacts.length > 0) answer.problems.push(damage);
      }
      after = digests.at(-1) ?? "";
      if (digests.length < chunk) return answer;
    }
  };

/** Tells how far it is, every two seconds. */
function teller(clock: RegisterPorts["clock"], progress: Context["progress"]) {
  let told = clock.now();
  return ({ blobs, bytes, problems }: { blobs: number; bytes: number; problems: readonly unknown[] }) => {
    if (clock.now() - told < progressEvery) return;
    told = clock.now();
    const message = `${blobs} file(s), ${(bytes / 1e6).toFixed(0)} MB read, ${problems.length} problem(s)`;
    progress({ event: "step", step: "verify", message });
  };
}

async function verifyBlob(
  blobs: RegisterPorts["blobs"],
  digest: string,
): Promise<{ size: number; problem?: Damage["problem"] }> {
  const found = await blobs.find(digest);
  if (found === undefined) return { size: 0, problem: "missing" };
  try {
    for await (const _ of blobs.read(digest)) {
      // reading compares the digest at the end
    }
    return { size: found.size };
  } catch (error) {
    if (error instanceof ModelyardError && error.code === "digest-mismatch")
      return { size: found.size, problem: "damaged" };
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { size: 0, problem: "missing" };
    // the disk itself cannot read it
    if ((error as NodeJS.ErrnoException).code === "EIO") return { size: found.size, problem: "damaged" };
    throw error;
  }
}

async function describeDamage(
  { db, uses }: Pick<RegisterPorts, "db" | "uses">,
  digest: string,
  problem: Damage["problem"],
): Promise<Damage> {
  const { versions, images, artifacts } = await usersOfBlob(db, digest);
  const services = new Set(await uses.servicesOfImages(images));
  for (const { name, version } of versions)
    for (const service of await uses.servicesOf(name, version)) services.add(service);
  return {
    digest,
    problem,
    versions: versions.map(({ name, version }) => `${name}:${version}`),
    images,
    artifacts,
    services: [...services].sort(),
  };
}
