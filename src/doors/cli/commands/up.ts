import { resolve } from "node:path";
import { Command } from "commander";
import { operations } from "../../../contract/operations.ts";
import type { Done, Planned, UpEvent } from "../../../flow/events.ts";
import type { GivenSettings, Wanted } from "../../../flow/wanted.ts";
import { type LockHolder, withProcessLock } from "../../../kernel/process-lock.ts";
import { connect } from "../connect.ts";
import { interruptedText } from "../goes-on.ts";
import { frontOption, withFronts } from "../local/front-flag.ts";
import { checkMembers, type Defined, flagsOf, progressLines, readFlags } from "../operation-command.ts";
import type { Given } from "../preparation.ts";
import { imageMembers, imagePaths } from "../prepare/image-flags.ts";
import { transferOptions } from "../prepare/transfer-line.ts";
import { givenUpstream, withoutUpstreamFlags } from "../prepare/upstream-flags.ts";
import { timeText } from "../present/text.ts";
import { homePaths } from "../settings.ts";
import { print, printJson, type Tools, talk } from "../tools.ts";
import { takesTexts } from "./takes-texts.ts";
import { doneText, plannedText } from "./up-text.ts";

/** `up`: the four steps in one command. Takes the flags of `service deploy`, which win over the file. */
export function upCommand(): Defined {
  const command = new Command("up")
    .description("Make a model file, or what modelyard.yaml says, a live service")
    .argument("[path]", "Folder with modelyard.yaml, that file, or a model file (default: .)")
    .addOption(frontOption())
    .option("--dry-run", "Only show what would be done");
  const flags = flagsOf("deployService", operations.deployService);
  for (const { option } of flags) command.addOption(option);
  return {
    command,
    run: async (options, before) => {
      const tools = await withFronts(options, before);
      const given = readFlags(flags, options, []);
      checkMembers(operations.deployService, given, imageMembers);
      const [{ wantedOfPath }, begun] = [await import("../../../flow/wanted-of-path.ts"), tools.system.clock.now()];
      const path = resolve(tools.system.cwd, String(options.path ?? "."));
      const wanted = withFlags(await wantedOfPath(path), given, tools);
      return options.dryRun === true ? plan(wanted, tools) : make(wanted, tools, begun);
    },
  };
}

async function plan(wanted: Wanted, tools: Tools): Promise<number> {
  const { planUp } = await import("../../../flow/plan-up.ts");
  const { client } = await connect(tools);
  const planned: Planned = await planUp(wanted, { client, uploads: transferOptions(tools, "Uploading") });
  if (tools.json) printJson(tools, planned);
  else print(tools, plannedText(planned));
  return 0;
}

async function make(wanted: Wanted, tools: Tools, begun: number): Promise<number> {
  const { up } = await import("../../../flow/up.ts");
  tellInterruption(tools);
  const { client, url } = await connect(tools);
  const { clock, signal } = tools.system;
  const path = homePaths(tools.settings.home).lock(`up-${wanted.service}`);
  const tell = teller(tools);
  const onWait = ({ pid, since }: LockHolder & { since: number }) => {
    const holder = `pid ${pid}, since ${timeText(since, clock.now())}`;
    tell({
      event: "step",
      step: "wait",
      message: `Another \`up\` of ${wanted.service} is running (${holder}); waiting`,
    });
  };
  const done: Done = await withProcessLock(path, { extra: { since: clock.now() }, signal, onWait }, () =>
    up(wanted, { client, tell, uploads: transferOptions(tools, "Uploading") }),
  );
  if (tools.json) printJson(tools, done);
  else {
    const { manifest } = await client.getImage({ digest: done.image }, { signal });
    const { sample } = manifest;
    const seconds = (clock.now() - begun) / 1000;
    print(
      tools,
      doneText(done, {
        url,
        seconds,
        sample,
        takesTexts: sample === null && (await takesTexts(done, manifest, tools.system)),
        samplePath: wanted.parts.sample,
        cwd: tools.system.cwd,
      }),
    );
  }
  return 0;
}

/** At an interrupt says what stays: at once, as not all that `up` is at can be broken off. */
function tellInterruption(tools: Tools): void {
  const { signal } = tools.system;
  const stop = tools.settings.url === undefined ? " The server keeps running: `modelyard down` stops it." : "";
  const text = interruptedText(tools, `The same command does what is left.${stop}`);
  // on a terminal a line of progress may stand there
  signal.addEventListener("abort", () => talk(tools, tools.terminal.stderr.isTTY ? `\n${text}` : text), { once: true });
}

/** Events as lines: JSON for programs on stdout, sentences for people on stderr. */
function teller(tools: Tools): (event: UpEvent) => void {
  const lines = progressLines(tools);
  return (event) => {
    if (tools.json) printJson(tools, event);
    else if (event.event === "step" || event.event === "log") lines?.(event);
  };
}

/** What the flags say wins over what the file says. */
function withFlags(wanted: Wanted, given: Given, tools: Tools): Wanted {
  const {
    models,
    image,
    python,
    accelerate,
    script: _s,
    sourceDir: _d,
    requirements,
    conda,
    sample: _p,
    ...others
  } = given;
  const settings = withoutUpstreamFlags(others);
  const upstream = givenUpstream(given, tools);
  const said = Object.entries(imagePaths(given, tools)).filter(([, value]) => value !== undefined);
  const parts = { ...wanted.parts, ...Object.fromEntries(said) };
  if (requirements !== undefined) parts.conda = undefined;
  if (conda !== undefined) parts.requirements = undefined;
  return {
    ...wanted,
    models: models === undefined ? wanted.models : (models as string[]).map((reference) => ({ reference })),
    image: image === undefined ? wanted.image : String(image),
    python: python === undefined ? wanted.python : String(python),
    accelerate: accelerate === undefined ? wanted.accelerate : (accelerate as Wanted["accelerate"]),
    upstream: upstream ?? wanted.upstream,
    parts,
    settings: { ...wanted.settings, ...(settings as GivenSettings) },
  };
}
