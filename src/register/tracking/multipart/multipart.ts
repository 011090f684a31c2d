import { ModelyardError } from "../../../contract/errors.ts";
import type { Tracking } from "../../../contract/tracking.ts";
import { sameDigest, sha256 } from "../../../kernel/hash.ts";
import { newSecret, uuid7 } from "../../../kernel/ids.ts";
import type { UploadPart } from "../../ports.ts";
import { checkPath } from "../artifacts/paths.ts";
import { placeArtifact, refuseConflict, writablePath } from "../artifacts/place.ts";
import type { TrackingPorts } from "../ports.ts";
import {
  completeUpload,
  deleteUpload,
  deleteUploadsOlderThan,
  findUpload,
  insertUpload,
  touchUpload,
  type Upload,
} from "./rows.ts";

/** As many as the protocol of S3 has, which MLflow clients were made for. */
const mostParts = 10_000;
/** How long an upload that nobody touches stands, and the secret of its URLs is good. */
const lifeMs = 24 * 3_600_000;

const invalid = (problems: string) => new ModelyardError("invalid-input", { problems });
const notFound = (upload: string) => new ModelyardError("upload-not-found", { upload });

/** Artifacts that are sent in parts. Nothing of them is visible until all parts are joined. */
export function makeMultipart({ db, blobs, clock }: TrackingPorts): Tracking["multipart"] {
  const completing = new Map<string, Promise<void>>();

  async function mustFind(id: string, path?: string): Promise<Upload> {
    const found = await findUpload(db, id, clock.now() - lifeMs);
    if (found === undefined || (path ?? found.path) !== found.path) throw notFound(id);
    return found;
  }

  async function join(id: string, given: string, parts: readonly UploadPart[]): Promise<void> {
    const upload = await mustFind(id, checkPath(given));
    if (upload.isCompleted) return; // the answer got lost, and the client asks again
    const ordered = inOrder(parts, upload.parts);
    for (const part of ordered)
      if (!(await blobs.parts.has(id, part))) throw invalid(`part ${part.number} did not arrive with this etag`);
    const { digest, size } = await blobs.put(blobs.parts.join(id, ordered));
    await db.transaction(async (tx) => {
      const at = clock.now();
      if (!(await completeUpload(tx, id, at))) throw notFound(id);
      await placeArtifact(tx, { path: upload.path, digest, size }, at);
    });
    await blobs.parts.remove(id);
  }

  return {
    async create(given, parts) {
      const path = writablePath(given);
      if (parts < 1 || parts > mostParts) throw invalid(`num_parts is not between 1 and ${mostParts}`);
      await refuseConflict(db, path);
      const at = clock.now();
      const id = uuid7(at);
      const secret = newSecret("mp");
      await insertUpload(db, { id, path, parts, secretHash: sha256(secret) }, at);
      return { id, secret };
    },
    async putPart(id, secret, number, body) {
      const upload = await mustFind(id);
      if (upload.isCompleted || !sameDigest(sha256(secret), upload.secretHash)) throw notFound(id);
      if (!Number.isInteger(number) || number < 1 || number > upload.parts)
        throw invalid(`the number of the part is not between 1 and ${upload.parts}`);
      const kept = await blobs.parts.put(id, number, body);
      if (await touchUpload(db, id, clock.now())) return kept;
      await blobs.parts.remove(id); // it ended while this part was on its way
      throw notFound(id);
    },
    complete(id, path, parts) {
      // joining takes long for large files, and clients that lose patience ask again
      const running = completing.get(id) ?? join(id, path, parts).finally(() => completing.delete(id));
      completing.set(id, running);
      return running;
    },
    async abort(id, path) {
      await completing.get(id)?.catch(() => {});
      const upload = await mustFind(id, checkPath(path));
      if (upload.isCompleted) throw notFound(id);
      await deleteUpload(db, id);
      await blobs.parts.remove(id);
    },
  };
}

/** The parts by number, each once and none missing. */
function inOrder(parts: readonly UploadPart[], count: number): UploadPart[] {
  const byNumber = new Map(parts.map((part) => [part.number, part]));
  if (byNumber.size < parts.length) throw invalid("a part is named twice");
  const ordered: UploadPart[] = [];
  for (let number = 1; number <= count; number += 1) {
    const part = byNumber.get(number);
    if (part === undefined) throw invalid(`part ${number} of ${count} is missing`);
    if (!/^[0-9a-f]{64}$/.test(part.digest)) throw invalid(`part ${number} did not arrive with this etag`);
    ordered.push(part);
  }
  if (ordered.length < parts.length) throw invalid(`there are more than ${count} parts`);
  return ordered;
}

/** Removes the uploads that nobody touched for a day, and parts that belong to none. */
export async function removeAbandonedUploads({ db, blobs, clock }: TrackingPorts): Promise<void> {
  const since = clock.now() - lifeMs;
  for (const id of await blobs.parts.uploads()) {
    const upload = await findUpload(db, id, since);
    if (upload === undefined || upload.isCompleted) await blobs.parts.remove(id);
  }
  await deleteUploadsOlderThan(db, since);
}
