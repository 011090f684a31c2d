import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { S3mini } from "s3mini";
import { builtOnce } from "../built-once.ts";
import { freePort } from "../free-port.ts";

const program = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";

/**
 * versitygw, an S3 server in one program. It is compiled while nothing else wants the cores, and without optimisation, which would take
 * longer than all that is asked of it. Throws when there is no Go, or it cannot be fetched.
 */
async function buildProgram(): Promise<string> {
  const folder = await builtOnce("versitygw-1.8.0", async (folder) => {
    const env = { ...process.env, GOBIN: folder, CGO_ENABLED: "0" };
    await promisify(execFile)("nice", ["go", "install", "-gcflags=all=-N -l", program], { env });
  });
  return join(folder, "versitygw");
}

/** An S3 server with one bucket. */
export interface S3Server {
  /** The variables that AWS's tools read, for this server. */
  env: Record<string, string>;
  bucket: string;
  put(key: string, bytes: Uint8Array | string): Promise<void>;
  remove(): Promise<void>;
}

/** A running server, or the reason why there is none. */
export async function startS3Server(): Promise<S3Server | string> {
  const built = await buildProgram().catch((error: Error) => error);
  if (built instanceof Error)
    return `there is no S3 server here, because it could not be built with Go: ${built.message}`;
  const folder = await mkdtemp(join(tmpdir(), "modelyard-s3-"));
  const [keyId, secret, port, bucket] = ["testkey", "testsecret", await freePort(), "models"];
  await mkdir(join(folder, bucket));
  const env = { ...process.env, ROOT_ACCESS_KEY: keyId, ROOT_SECRET_KEY: secret };
  const child = spawn(built, ["--port", `127.0.0.1:${port}`, "posix", folder], { env, stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  const store = new S3mini({
    accessKeyId: keyId,
    secretAccessKey: secret,
    endpoint: `${endpoint}/${bucket}`,
    region: "us-east-1",
  });
  for (let waited = 0; !(await store.bucketExists().catch(() => false)); waited += 50) {
    if (waited > 20_000 || child.exitCode !== null) throw new Error("versitygw did not start");
    await sleep(50);
  }
  return {
    env: {
      AWS_ACCESS_KEY_ID: keyId,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_S3: endpoint,
    },
    bucket,
    async put(key, bytes) {
      await store.putObject(key, Buffer.from(bytes));
    },
    async remove() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
