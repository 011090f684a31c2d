import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkOnnxFile } from "../host/engines/onnx/check-file.ts";
import { compareInFolder } from "../host/engines/onnx/compare.ts";
import { runOnnxWorker } from "../host/engines/onnx/worker-program.ts";

// `--socket PATH`: a worker of the host there. Each with one line of JSON: `--check FILE` says whether the file can be served,
// `--compare FOLDER` which file of a compiled model answers as the model does.
const options = { socket: { type: "string" }, check: { type: "string" }, compare: { type: "string" } } as const;
const { values } = parseArgs({ options });

function tell(found: object): never {
  writeSync(1, `${JSON.stringify(found)}\n`);
  return process.exit(0);
}

if (values.check !== undefined) tell(await checkOnnxFile(values.check));
if (values.compare !== undefined) tell(await compareInFolder(values.compare));
if (values.socket === undefined) {
  writeSync(2, "give --socket PATH, --check FILE or --compare FOLDER\n");
  process.exit(2);
}
runOnnxWorker({
  socketPath: values.socket,
  log: (line) => void writeSync(2, `${line}\n`),
  exit: (code) => process.exit(code),
});
