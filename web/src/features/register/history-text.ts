type Detail = Readonly<Record<string, unknown>>;

const wordOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** What is short enough for a line. */
const short = (text: string, most = 160): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const pairsOf = (detail: Detail): string =>
  Object.entries(detail)
    .filter(([, value]) => value !== null && value !== undefined && wordOf(value) !== "{}")
    .map(([key, value]) => `${key}: ${wordOf(value)}`)
    .join(", ");

/** What of a model or version changed; of a description only that it did. */
const changeText = ({ description, ...rest }: Detail): string => {
  const pairs = pairsOf(rest);
  if (description === undefined) return `Changed: ${pairs}`;
  return `Description ${description === null ? "removed" : "changed"}${pairs === "" ? "" : `, ${pairs}`}`;
};

/** How actions of a model's history read; `detail` is what the operation kept of the change. */
const texts: Readonly<Record<string, (detail: Detail) => string>> = {
  "model.created": () => "Model made",
  "model.deleted": () => "Model deleted",
  "model.updated": ({ renamedFrom, ...rest }) =>
    renamedFrom === undefined ? changeText(rest) : `Renamed from ${wordOf(renamedFrom)}`,
  "version.created": ({ unsafe }) => (unsafe === undefined ? "Registered" : "Registered although its pickle is unsafe"),
  "version.deleted": () => "Version deleted",
  "version.archived": () => "Archived",
  "version.restored": () => "Restored",
  "version.stage.changed": ({ from, to }) => `Stage ${wordOf(to)}, before ${wordOf(from)}`,
  "version.tag.set": ({ key, value }) => `Tag ${wordOf(key)} set to ${wordOf(value)}`,
  "version.tag.removed": ({ key }) => `Tag ${wordOf(key)} removed`,
  "model.tag.set": ({ key, value }) => `Tag ${wordOf(key)} set to ${wordOf(value)}`,
  "model.tag.removed": ({ key }) => `Tag ${wordOf(key)} removed`,
  "version.updated": changeText,
  "version.deployed": ({ service }) => `Went live in ${wordOf(service)}`,
  "version.undeployed": ({ service }) => `No longer answers in ${wordOf(service)}`,
  "version.files.attached": () => "Files pulled",
  "alias.set": ({ alias, version, before }) =>
    `Alias ${wordOf(alias)} set to version ${wordOf(version)}${typeof before === "number" ? `, before on ${before}` : ""}`,
  "alias.removed": ({ alias }) => `Alias ${wordOf(alias)} removed`,
};

/** A change of a model in words; what has no words of its own is told by its action and what was kept. */
export function historyText({ action, detail }: { action: string; detail: Detail }): string {
  const text = texts[action]?.(detail);
  if (text !== undefined) return short(text);
  const pairs = pairsOf(detail);
  const words = action.replaceAll(".", " ");
  return short(`${words.charAt(0).toUpperCase()}${words.slice(1)}${pairs === "" ? "" : `: ${pairs}`}`);
}
