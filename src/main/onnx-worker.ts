import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkOnnxFile } from "../host/engines/onnx/check-file.ts";
import { runOnnxWorker } from "../host/engines/onnx/worker-program.ts";

// `--socket PATH`: a worker of the host there. `--check FILE`: one line of JSON that says whether the file can be served.
const { values } = parseArgs({ options: { socket: { type: "string" }, check: { type: "string" } } });

if (values.check !== undefined) {
  writeSync(1, `${JSON.stringify(await checkOnnxFile(values.check))}\n`);
  process.exit(0);
}
if (values.socket === undefined) {
  writeSync(2, "give --socket PATH or --check FILE\n");
  process.exit(2);
}
runOnnxWorker({
  socketPath: values.socket,
  log: (line) => void writeSync(2, `${line}\n`),
  exit: (code) => process.exit(code),
});
