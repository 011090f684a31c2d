import type { Damage, DamagedCopy } from "../contract/models.ts";
import type { Context, Handler } from "../contract/operations.ts";
import type { RegisterPorts } from "./ports.ts";
import { blobsNamed, usersOfBlob } from "./rows/blobs.ts";
import { verifyBlob } from "./verify-blob.ts";

/** Digests asked of the database at once; what is registered meanwhile is met when its digest comes later. */
const chunk = 500;
const progressEvery = 2000;

export const verifyRegistry =
  (ports: Pick<RegisterPorts, "db" | "blobs" | "clock" | "uses">): Handler<"verifyRegistry"> =>
  async (_input, { progress }) => {
    const answer: Verified = { blobs: 0, bytes: 0, problems: [], copies: [] };
    const tell = teller(ports.clock, progress);
    await verifyBlobs(ports, answer, tell);
    await verifyCopies(ports, answer, tell);
    return answer;
  };

interface Verified {
  blobs: number;
  bytes: number;
  problems: Damage[];
  copies: DamagedCopy[];
}
type Tell = (answer: Verified) => void;

async function verifyBlobs(ports: Pick<RegisterPorts, "db" | "blobs" | "uses">, answer: Verified, tell: Tell) {
  for (let after = ""; ; ) {
    const digests = await blobsNamed(ports.db, after, chunk);
    for (const digest of digests) {
      const { size, problem } = await verifyBlob(ports.blobs, digest);
      answer.blobs += 1;
      answer.bytes += size;
      tell(answer);
      if (problem === null) continue;
      const damage = await describeDamage(ports, digest, problem);
      // deleted since it was named
      if (isNamed(damage)) answer.problems.push(damage);
    }
    after = digests.at(-1) ?? "";
    if (digests.length < chunk) return;
  }
}

const isNamed = ({ versions, images, artifacts, datasets }: Damage): boolean =>
  versions.length + images.length + artifacts.length + datasets.length > 0;

/** What workers load are copies: each is read too. */
async function verifyCopies({ uses }: Pick<RegisterPorts, "uses">, answer: Verified, tell: Tell) {
  for await (const { image, path, size, problem } of uses.readCopies()) {
    answer.bytes += size;
    tell(answer);
    if (problem !== null) answer.copies.push({ image, path, problem, services: await uses.servicesOfImages([image]) });
  }
}

/** Tells how far it is, every two seconds. */
function teller(clock: RegisterPorts["clock"], progress: Context["progress"]): Tell {
  let told = clock.now();
  return ({ blobs, bytes, problems, copies }) => {
    if (clock.now() - told < progressEvery) return;
    told = clock.now();
    const message = `${blobs} file(s), ${(bytes / 1e6).toFixed(0)} MB read, ${problems.length + copies.length} problem(s)`;
    progress({ event: "step", step: "verify", message });
  };
}

async function describeDamage(
  { db, uses }: Pick<RegisterPorts, "db" | "uses">,
  digest: string,
  problem: Damage["problem"],
): Promise<Damage> {
  const { versions, images, artifacts, datasets } = await usersOfBlob(db, digest);
  const services = new Set(await uses.servicesOfImages(images));
  for (const { name, version } of versions)
    for (const service of await uses.servicesOf(db, name, version)) services.add(service);
  return {
    digest,
    problem,
    versions: versions.map(({ name, version }) => `${name}:${version}`),
    images,
    artifacts,
    datasets,
    services: [...services].sort(),
  };
}
