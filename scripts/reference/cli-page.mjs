import { Writable } from "node:stream";
import { page, table } from "./markdown.mjs";

/** Lines for the commands that are no operation, and for arguments that stand for something else than the input. */
const examples = {
  up: ["modelyard up model.pkl", "modelyard up examples/digits --dry-run", "modelyard up --auth none --json"],
  open: ["modelyard open", "modelyard open /monitor", "modelyard open --no-browser"],
  status: ["modelyard status"],
  down: ["modelyard down"],
  doctor: ["modelyard doctor"],
  "server start": ["modelyard server start", "modelyard server start --foreground"],
  "server stop": ["modelyard server stop"],
  "model register": ["modelyard model register model.pkl --name digits --tag team=vision"],
  "model download": ["modelyard model download digits:1 --output model-files"],
  "model import": [
    "modelyard model import digits.tar",
    "modelyard model import http://127.0.0.1:5000 --model fraud",
    "modelyard model import --from mlflow-dir saved --name fraud",
    "modelyard model import model.onnx",
  ],
  "model export": [
    "modelyard model export digits@champion --output digits.tar",
    "modelyard model export digits iris --all-versions --output models.tar",
  ],
  "model pull": ["modelyard model pull fraud:3", "modelyard model pull fraud:3 --from fetched/fraud"],
  "service invoke": [
    "modelyard service invoke digits",
    `modelyard service invoke digits --data '{"data": [[0, 0, 5]]}'`,
    "modelyard service invoke digits --file sample.json",
  ],
  "label add": ["modelyard label add digits 0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e5f 7"],
  "label import": ["modelyard label import truth.csv --service digits"],
};

/** All commands that can be typed, as [name, command]. */
export function commandsOf(sources) {
  const program = sources.makeProgram(silentTools(), { exitCode: 0 });
  return program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [[command.name(), command]]
      : command.commands.map((leaf) => [`${command.name()} ${leaf.name()}`, leaf]),
  );
}

/** Every command with its arguments, flags and an example, as the CLI itself has them. */
export function cliPage(sources) {
  const operations = new Map(
    sources.operationEntries.map(([name, operation]) => [`${operation.cli.noun} ${operation.cli.verb}`, name]),
  );
  const leaves = commandsOf(sources);
  const sections = leaves.map(([name, command]) => commandSection(name, command, operations.get(name), sources));
  return page(
    "# Commands",
    "Every command takes `--help`, and `--json` for programs: data goes to stdout, talk and errors to stderr. See also [exit codes](../guide/exit-codes.md), [environment variables](../guide/environment-variables.md) and [permissions](permissions.md).",
    leaves.map(([name, command]) => `- [\`${name}\`](#${anchorOf(name)}) – ${command.description()}`).join("\n"),
    ...sections,
  );
}

const anchorOf = (name) => `modelyard-${name.replaceAll(" ", "-")}`;

function commandSection(name, command, operationName, sources) {
  const operation = sources.operationEntries.find(([one]) => one === operationName)?.[1];
  const usage = command.registeredArguments.map((one) => {
    const text = `${one.name()}${one.variadic ? "..." : ""}`;
    return one.required ? `<${text}>` : `[${text}]`;
  });
  return [
    `## modelyard ${name}`,
    `${command.description()}.${operation === undefined ? "" : ` Takes the role ${operation.role}.`}`,
    `    modelyard ${[name, ...usage, "[flags]"].join(" ")}`,
    parts(command),
    `Example:\n\n${(examples[name] ?? [exampleLine(operationName, operation, command, sources)]).map((line) => `    ${line}`).join("\n")}`,
  ].join("\n\n");
}

function parts(command) {
  const values = command.registeredArguments.map((argument) => [`\`${argument.name()}\``, argument.description]);
  const flags = command.options.map(({ flags: text, description, mandatory }) => [
    `\`${text}\``,
    mandatory ? `${description} (required)` : description,
  ]);
  return table(["Argument or flag", "Meaning"], [...values, ...flags]);
}

/** The example of the contract as a command line. An argument that it does not give, and the command needs, makes the page wrong: name the line above. */
function exampleLine(name, operation, command, { flagsOf }) {
  const input = operation.example.input;
  const positional = (operation.cli.arguments ?? []).map((argument) => input[argument] ?? modelOf(input));
  const given = positional.filter((value) => value !== undefined).length;
  if (given < command.registeredArguments.filter(({ required }) => required).length)
    throw new Error(`the example of ${operation.cli.noun} ${operation.cli.verb} lacks an argument`);
  const taken = new Set(operation.cli.arguments ?? []);
  const flags = flagsOf(name, operation).flatMap(({ member, option }) =>
    taken.has(member) || input[member] === undefined ? [] : flagTexts(option.long, input[member]),
  );
  return ["modelyard", operation.cli.noun, operation.cli.verb, ...positional, ...flags]
    .filter((part) => part !== undefined)
    .join(" ");
}

const modelOf = ({ name, version }) => (version === undefined ? name : `${name}:${version}`);

function flagTexts(long, value) {
  if (value === true) return [long];
  if (Array.isArray(value)) return value.map((one) => `${long} ${quoted(one)}`);
  if (typeof value === "object") return Object.entries(value).map(([key, one]) => `${long} ${quoted(`${key}=${one}`)}`);
  return [`${long} ${quoted(value)}`];
}

const quoted = (value) => (/^[\w:=./@-]+$/.test(String(value)) ? String(value) : `"${value}"`);

/** The commands are only looked at, never run. */
function silentTools() {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return {
    terminal: { stdin: [], stdout: nowhere, stderr: nowhere },
    settings: {},
    system: { version: "" },
    json: false,
  };
}
