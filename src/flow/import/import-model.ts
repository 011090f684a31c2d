import { type ErrorCode, ModelyardError } from "../../contract/errors.ts";
import type { Lineage, Model, ModelVersion } from "../../contract/model.ts";
import { modelNameSchema } from "../../contract/operation.ts";
import { findModelByName, versionsOf } from "../models.ts";
import type { ImportOptions, ImportPorts, ImportResult, Incoming, IncomingModel } from "./incoming.ts";

/** One model on its way: what it becomes here, and what is known of that. */
interface Work extends ImportPorts {
  name: string;
  /** The model of that name, when the work began. */
  model: Model | undefined;
  versions: ModelVersion[];
  /** Versions its aliases mean. */
  aliases: Map<string, number>;
  options: ImportOptions;
  result: ImportResult;
}

/**
 * Registers what is not here yet, in order, and completes what is: an alias, a stage, a tag or a description that is lacking is set,
 * one that is there stays. So an import that was interrupted goes on when it is run again. Adds to `result`; a version that is
 * refused for what it is stands in `failed` and the others go on. Throws what the operations throw otherwise.
 */
export async function importModel(
  incoming: IncomingModel,
  result: ImportResult,
  options: ImportOptions,
  ports: ImportPorts,
): Promise<void> {
  const name = options.name ?? incoming.name;
  const problem = modelNameSchema.safeParse(name).error?.issues[0]?.message;
  if (problem !== undefined) {
    const problems = `${name} is no name of a model here: it ${problem}; import it alone and give it a --name`;
    note(result, incoming.name, new ModelyardError("invalid-input", { problems }), ports);
    return;
  }
  const work = await startWork(name, result, options, ports);
  let isComplete = false;
  for (const version of incoming.versions) {
    ports.uploads.signal?.throwIfAborted();
    const { reference: origin } = version.origin;
    const standing = work.versions.find((one) => isSame(one, version));
    if (standing !== undefined) result.standing.push({ reference: standing.reference, origin });
    const here = standing ?? (await register(version, work));
    if (here === undefined) continue;
    if (!isComplete) await completeModel(incoming, work);
    isComplete = true;
    await completeVersion(version, here, work);
    if (standing === undefined) await keepNew(version, here, work);
  }
  if (incoming.versions.length === 0 && work.model === undefined) await makeEmpty(incoming, work);
}

/** The model of here with all its versions, archived ones too. */
async function startWork(
  name: string,
  result: ImportResult,
  options: ImportOptions,
  ports: ImportPorts,
): Promise<Work> {
  const { client, uploads } = ports;
  const { signal } = uploads;
  const model = await findModelByName(client, name, signal);
  const aliases = new Map(model?.aliases.map(({ alias, version }) => [alias, version]));
  return { ...ports, name, model, versions: await versionsOf(client, name, signal), aliases, options, result };
}

/** Whether a version of here is the incoming one: it came from it, or it is it. */
function isSame({ lineage, ...version }: ModelVersion, { origin, digest }: Incoming): boolean {
  const { reference, createdAt } = lineage.origin ?? version;
  const fits = digest === undefined || digest === version.digest;
  return fits && reference === origin.reference && createdAt === origin.createdAt;
}

/** Why one version may be refused while the others are fine. */
const ofItsOwn: ReadonlySet<ErrorCode> = new Set([
  "unsafe-pickle",
  "unsafe-path",
  "not-a-pickle",
  "empty-file",
  "invalid-input",
  "digest-mismatch",
]);

async function register(version: Incoming, work: Work): Promise<ModelVersion | undefined> {
  const { origin } = version;
  const { client, name, options, result, tell } = work;
  try {
    const { input, notes = [] } = await version.prepare();
    const lineage = lineageHere(input.lineage, version, work);
    const { signal } = work.uploads;
    const here = await client.registerModel({ ...input, name, lineage, allowUnsafe: options.allowUnsafe }, { signal });
    result.imported.push({ reference: here.reference, origin: origin.reference, external: here.external });
    result.notes.push(...notes);
    tell(`${origin.reference} is ${here.reference} here${here.external ? ", without its files" : ""}`);
    return here;
  } catch (error) {
    if (!(error instanceof ModelyardError) || !ofItsOwn.has(error.code)) throw error;
    note(result, origin.reference, error, work);
    return undefined;
  }
}

function note(result: ImportResult, origin: string, error: ModelyardError, { tell }: Pick<ImportPorts, "tell">): void {
  result.failed.push({ origin, error: error.toPublic() });
  tell(`${origin} was not imported: ${error.message}`);
}

/** The parent of a version has another number here, if it is here at all. */
function lineageHere({ parent, ...lineage }: Lineage = {}, { origin }: Incoming, { versions }: Work): Lineage {
  if (parent === undefined) return { ...lineage, origin };
  const parentHere = versions.find((version) => (version.lineage.origin ?? version).reference === parent);
  return {
    ...lineage,
    ...(parentHere === undefined ? {} : { parent: parentHere.reference }),
    origin: { ...origin, parent },
  };
}

/** Says of the model as a whole what nobody said of it here. */
async function completeModel(incoming: IncomingModel, { client, name, model, uploads }: Work): Promise<void> {
  const lacking = Object.entries(incoming.tags).filter(([key]) => !Object.hasOwn(model?.tags ?? {}, key));
  const description = (model?.description ?? null) === null ? incoming.description : null;
  if (lacking.length === 0 && description === null) return;
  const said = { tags: Object.fromEntries(lacking), ...(description === null ? {} : { description }) };
  await client.updateModel({ name, ...said }, { signal: uploads.signal });
}

async function makeEmpty({ description, tags }: IncomingModel, work: Work): Promise<void> {
  const { client, name, result, uploads } = work;
  const said = { name, tags, ...(description === null ? {} : { description }) };
  await client.createModel(said, { signal: uploads.signal });
  result.notes.push(`${name} has no version there; the model was made`);
}

async function completeVersion({ aliases, stage }: Incoming, here: ModelVersion, work: Work): Promise<void> {
  const { client, name, options, result } = work;
  const { signal } = work.uploads;
  const { version } = here;
  if (here.stage === "None" && stage !== "None") await client.transitionStage({ name, version, stage }, { signal });
  for (const alias of aliases) {
    const standing = work.aliases.get(alias);
    if (standing === version) continue;
    if (standing !== undefined && !options.moveAliases) {
      const remedy = `\`modelyard model alias ${name} ${alias} ${version}\` moves it`;
      result.notes.push(`${name}@${alias} stays at version ${standing}; ${remedy}`);
      continue;
    }
    await client.setAlias({ name, alias, version }, { signal });
    work.aliases.set(alias, version);
  }
}

/** Only at first: who brings a version back from the archive keeps it. */
async function keepNew({ archived }: Incoming, here: ModelVersion, { client, name, versions, uploads }: Work) {
  versions.push(here);
  if (archived) await client.archiveVersion({ name, version: here.version }, { signal: uploads.signal });
}
