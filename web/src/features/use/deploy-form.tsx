import { Stack } from "@mantine/core";
import type { InputOf } from "../../../../src/contract/operations.ts";
import { commandOf } from "../../ui/command-line.ts";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { Section } from "../../ui/section.tsx";
import { DeployProgress } from "./deploy-progress.tsx";
import { deploy, useDeployment } from "./deployments.ts";
import { ModelPicker } from "./model-picker.tsx";
import { ScriptInput } from "./script-input.tsx";
import type { DeploySearch } from "./search.ts";
import { UpstreamInput } from "./upstream-input.tsx";

const usual = ["name", "models", "replicas", "auth", "record", "reason"] as const;
const image = ["image", "script", "sample", "requirements", "conda", "python", "accelerate", "upstream"] as const;
const limits = ["timeoutMs", "maxQueueWaitMs", "maxConcurrentRequests", "maxBodyBytes", "memoryMb"] as const;
const recording = ["recordAlso", "recordFields", "recordDays", "recordMb", "collect"] as const;
const rest = ["env", "corsOrigins", "target"] as const;

/** Makes a service of models, or of an image that stands. `onDone` is told when it answers. */
export function DeployForm({
  search: { model, image: digest, name },
  onName,
  onDone,
}: {
  search: DeploySearch;
  /** Called with the name when a deployment begins. */
  onName: (name: string) => void;
  onDone: (name: string) => void;
}) {
  const running = useDeployment(name ?? "");
  const start = async (input: InputOf<"deployService">) => {
    onName(input.name);
    if (await deploy(input)) onDone(input.name);
  };
  return (
    <Stack maw="48rem">
      {name === undefined ? null : <DeployProgress name={name} />}
      <Section title="Service">
        <OperationForm
          operation="deployService"
          fields={digest === undefined ? usual : ["name", "image", ...usual.slice(2)]}
          more={
            digest === undefined ? [...image, ...limits, ...recording, ...rest] : [...limits, ...recording, ...rest]
          }
          initial={{
            ...(model === undefined ? {} : { models: [model], name: serviceNameOf(model) }),
            ...(digest === undefined ? {} : { image: digest }),
            ...(name === undefined ? {} : { name }),
          }}
          inputs={{ models: ModelPicker, script: ScriptInput, upstream: UpstreamInput }}
          labels={{
            name: "Name",
            auth: "Authentication",
            record: "Recording",
            image: "Image",
            script: "Entry script",
            sample: "Sample request",
            conda: "conda.yml",
            requirements: "requirements.txt",
            accelerate: "Compile",
            python: "Python version",
            upstream: "Server of its own",
            env: "Variables",
            corsOrigins: "Origins",
            timeoutMs: "Time for one request, ms",
            maxQueueWaitMs: "Time in the queue, ms",
            maxConcurrentRequests: "Requests at a time",
            maxBodyBytes: "Largest body, bytes",
            memoryMb: "Memory of a worker, MB",
            recordAlso: "Recorded besides",
            recordFields: "Columns in records",
            recordDays: "Days records are kept",
            recordMb: "Room for records, MB",
            collect: "Collected data",
            target: "Runs at",
          }}
          submit="Deploy"
          command={commandOfDeploy}
          pending={running?.state === "running"}
          error={null}
          onSubmit={(input) => void start(input)}
        />
      </Section>
    </Stack>
  );
}

/** The command takes the script from the disk that the form took it from, and a flag for each part of an upstream. */
function commandOfDeploy(input: InputOf<"deployService">): string {
  const { script, upstream, ...rest } = input;
  const { url, health, score } = upstream ?? {};
  const isFolder = script !== undefined && script.files.length > 1;
  const flags = {
    script: isFolder ? `FOLDER/${script.entry}` : script?.entry,
    sourceDir: isFolder ? "FOLDER" : undefined,
    ...{ upstream: url, health, score },
  };
  return commandOf("deployService", { ...rest, ...flags } as unknown as typeof input);
}

/** A name for the service of a model: its own, as far as a service may have it. */
function serviceNameOf(model: string): string | undefined {
  const name = model
    .replace(/[:@].*$/s, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-\d]+|-+$/g, "")
    .slice(0, 32)
    .replace(/-+$/, "");
  return name.length < 3 ? undefined : name;
}
