import { parseReference } from "../../contract/reference.ts";
import type { Db } from "../../kernel/db.ts";
import { mustFindVersion } from "../../register/get-model.ts";
import { findManifest } from "../../use/image/rows.ts";
import { findService } from "../../use/rows.ts";
import { findMonitored } from "../monitored-services.ts";
import { predictionReaders } from "./compared-rows.ts";
import { type Task, taskOfPrediction } from "./measure-group.ts";
import type { QualityPorts } from "./ports.ts";

/** What is certain of the predictions of a service; undefined is what is not. */
export interface Predicted {
  task: Task | undefined;
  /** Whether its answers have a score for each class. */
  hasScores: boolean | undefined;
}

const hour = 3_600_000;
const spans = [hour, 24 * hour, 30 * 24 * hour];
const enoughRecords = 100;
const mostRecords = 2000;

/** As some of its newest answers tell it, or else its models; whole numbers alone may be either, as `taskOf` finds out of them and their labels. */
export async function whatIsPredicted(
  ports: Pick<QualityPorts, "db" | "readRecords">,
  service: string,
  now: number,
): Promise<Predicted> {
  const monitored = await findMonitored(ports.db, service);
  if (monitored === undefined) return { task: undefined, hasScores: undefined };
  for (const span of spans) {
    const range = { service, from: now - span, to: now + 1 };
    const told = await inAnswers(ports, range, monitored.revision);
    if (told !== undefined)
      return { ...told, task: told.task ?? (await ofModels(ports.db, service, monitored.models)) };
  }
  return { task: await ofModels(ports.db, service, monitored.models), hasScores: undefined };
}

/** Undefined when there is no answer of the revision that can be read. */
async function inAnswers(
  { db, readRecords }: Pick<QualityPorts, "db" | "readRecords">,
  range: Parameters<QualityPorts["readRecords"]>[0],
  revision: number,
): Promise<Predicted | undefined> {
  const readerOf = predictionReaders(db, undefined);
  const tasks = new Set<Task | undefined>();
  let hasScores = false;
  let [looked, read] = [0, 0];
  for await (const record of readRecords(range)) {
    looked += 1;
    if (looked > mostRecords || read >= enoughRecords) break;
    if (record.revision !== revision || record.mirrored || record.status < 200 || record.status > 299) continue;
    const reader = await readerOf(record);
    if (typeof reader === "string") continue;
    for (const row of record.predictions?.rows ?? []) {
      const prediction = reader(row);
      if (prediction === null) continue;
      tasks.add(taskOfPrediction(prediction));
      hasScores ||= prediction.scores !== null;
    }
    read += 1;
  }
  if (tasks.size === 0) return undefined;
  // one class among numbers, or one row with scores, makes all of them a classification
  return { task: tasks.has("classification") ? "classification" : [...tasks].find(Boolean), hasScores };
}

/** A model that names its classes predicts them, and so does one whose signature says texts; a script may make anything of either. */
async function ofModels(db: Db, service: string, models: readonly string[]): Promise<Task | undefined> {
  const [model, ...others] = models;
  if (model === undefined || others.length > 0) return undefined;
  const deployed = await findService(db, service);
  const manifest = deployed && (await findManifest(db, deployed.image));
  if (manifest?.script) return undefined;
  const { name, version } = parseReference(model);
  const found = version === undefined ? undefined : await mustFindVersion(db, { name, version }).catch(() => undefined);
  const types = found?.signature?.outputs?.map(({ type }) => type) ?? [];
  const isNamed = types.length > 0 && types.every((type) => type === "string" || type === "boolean");
  return isNamed || (found?.reading?.classes?.length ?? 0) > 0 ? "classification" : undefined;
}
