import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { Agent, type RequestOptions, request } from "node:https";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeJsonLog } from "../../src/host/json-log.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { followTls, outOfTime, readTlsPair, tlsFilesOf } from "../../src/kernel/tls-files.ts";
import { key, makeFolder, service, startTestHost, sumsRevision, type TestHost, workerProgram } from "./host-fixture.ts";
import { makeHostProgram } from "./host-program.ts";

const hasOpenssl = (() => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

const folder = makeFolder();
const at = (name: string) => join(folder.path, name);
afterAll(folder.remove);

/** A self-signed certificate of 127.0.0.1 and its key. */
function makePair(name: string, days = 30): { cert: string; key: string } {
  const files = { cert: at(`${name}.pem`), key: at(`${name}-key.pem`) };
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-days", String(days), ...ec, ...names, "-keyout", files.key, "-out", files.cert],
    {
      stdio: "ignore",
    },
  );
  return files;
}

describe.skipIf(!hasOpenssl)(
  "TLS on the scoring port (skipped without the openssl command, which makes the certificates)",
  () => {
    let host: TestHost;
    let first: { cert: string; key: string };
    let second: { cert: string; key: string };
    const served = { cert: at("cert.pem"), key: at("key.pem") };
    const lines: string[] = [];
    const use = (cert: string, keyFile: string) => {
      copyFileSync(cert, served.cert);
      copyFileSync(keyFile, served.key);
    };

    beforeAll(async () => {
      first = makePair("first");
      second = makePair("second");
      use(first.cert, first.key);
      const log = makeJsonLog("host", systemClock, (line) => lines.push(line));
      host = await startTestHost({ tlsLookMs: 50 }, undefined, { tls: served, log });
      await host.serve(service([sumsRevision()]));
    });
    afterAll(async () => {
      await host.close();
    });

    /** One request; `name` is that of the certificate the connection has, and `port` tells connections apart. */
    function call(options: RequestOptions): Promise<{ status: number; text: string; name: string; port: number }> {
      const body = options.method === "POST" ? '{"data": [[1, 2, 3]]}' : undefined;
      return new Promise((resolve, reject) => {
        const { port } = new URL(host.url);
        const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
        const outgoing = request({ host: "127.0.0.1", port, headers, ...options }, (response) => {
          const socket = response.socket as TLSSocket;
          const name = String(socket.getPeerCertificate().subject.CN);
          const from = socket.localPort ?? 0;
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text, name, port: from }));
        });
        outgoing.on("error", reject);
        outgoing.end(body);
      });
    }
    const ca = () => [first, second].map(({ cert }) => readFileSync(cert, "utf8"));
    const ask = (more: RequestOptions = {}) =>
      call({ method: "POST", path: "/services/shop/score", agent: false, ca: ca(), ...more });
    const newName = async () => (await ask()).name;

    it("answers clients that know the certificate, tells its https address, and nothing without TLS", async () => {
      expect(host.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect((await host.seen(() => true)).scoringUrl).toBe(host.url);
      expect(await ask()).toMatchObject({ status: 200, text: "[6.0]", name: "first" });
      const swagger = await call({ path: "/services/shop/swagger.json", agent: false, ca: ca() });
      expect(JSON.parse(swagger.text).schemes).toEqual(["https"]);
      await expect(ask({ ca: undefined })).rejects.toThrow(/self-signed/);
      await expect(fetch(host.url.replace("https", "http"))).rejects.toThrow();
    });

    it("speaks TLS for gRPC as well, and nothing without it", async () => {
      const status = (url: string) =>
        new Promise((resolve, reject) => {
          const session = connectHttp2(url, { ca: ca() }).on("error", reject);
          const stream = session.request({
            ":method": "POST",
            ":path": "/inference.GRPCInferenceService/ServerLive",
            "content-type": "application/grpc",
          });
          stream.on("error", reject).on("trailers", (trailers) => resolve(trailers["grpc-status"]));
          stream.on("close", () => {
            reject(new Error("no answer"));
            session.destroy();
          });
          stream.resume().end(Buffer.alloc(5));
        });
      expect(await status(`https://${host.grpc}`)).toBe("0");
      await expect(status(`http://${host.grpc}`)).rejects.toThrow();
    });

    it("takes a new certificate for new connections, and goes on with those that are open", async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: ca() });
      const before = await ask({ agent });
      use(second.cert, second.key);
      await expect.poll(newName).toBe("second");
      expect(await ask({ agent })).toMatchObject({ status: 200, name: "first", port: before.port });
      agent.destroy();
      expect(lines.join("")).toContain("read anew");
    });

    it("goes on with the one before when the new pair does not fit, says so once, and takes it when it fits", async () => {
      const refusals = () => lines.filter((line) => line.includes("the one before goes on"));
      const before = refusals().length;
      copyFileSync(first.cert, served.cert);
      await expect.poll(() => refusals().length).toBe(before + 1);
      expect(refusals().at(-1)).toContain("it is not the key of");
      expect(await newName()).toBe("second");
      copyFileSync(first.key, served.key);
      await expect.poll(newName).toBe("first");
      rmSync(served.key);
      await expect.poll(() => refusals().at(-1)).toContain("ENOENT");
      expect((await ask()).status).toBe(200);
      expect(lines.join("")).not.toContain("PRIVATE KEY");
    });

    it("follows a link that is moved to other files", async () => {
      symlinkSync(second.cert, `${served.cert}.new`);
      symlinkSync(second.key, `${served.key}.new`);
      execFileSync("mv", ["-f", `${served.cert}.new`, served.cert]);
      execFileSync("mv", ["-f", `${served.key}.new`, served.key]);
      await expect.poll(newName).toBe("second");
    });

    it("goes on with the one before when the time of the new pair is over, or has not come", async () => {
      const brief = makePair("brief", 1);
      const files = { cert: at("kept.pem"), key: at("kept-key.pem") };
      copyFileSync(first.cert, files.cert);
      copyFileSync(first.key, files.key);
      const told: string[] = [];
      const used: string[] = [];
      const log = { info: () => {}, error: (seen: object) => told.push((seen as { reason: string }).reason) };
      const day = 24 * 3600 * 1000;
      let now = Date.now() + 5 * day;
      const pair = await readTlsPair(files);
      const end = followTls(files, { pair, everyMs: 20, clock: { now: () => now } }, log, ({ cert }) =>
        used.push(cert),
      );
      copyFileSync(brief.cert, files.cert);
      copyFileSync(brief.key, files.key);
      await expect.poll(() => told.at(-1)).toMatch(/kept\.pem: its time was over on /);
      expect(used).toEqual([]);
      now = Date.now() - 5 * day;
      expect(outOfTime(await readTlsPair(brief), now)).toMatch(/^its time comes on /);
      now = Date.now() + 3600 * 1000;
      // without another change of the files
      await expect.poll(() => used).toEqual([readFileSync(brief.cert, "utf8")]);
      end();
    });

    it("is refused in words when the pair cannot be used", async () => {
      writeFileSync(at("text.pem"), "no certificate");
      execFileSync("openssl", ["pkey", "-in", first.key, "-aes256", "-passout", "pass:x", "-out", at("locked.pem")]);
      const reasonOf = (cert: string, keyFile: string) =>
        readTlsPair({ cert, key: keyFile }).then(
          () => "none",
          (error: Error) => error.message,
        );
      expect(await reasonOf(at("none.pem"), first.key)).toBe(
        `TLS cannot be used with ${at("none.pem")}: it cannot be read (ENOENT)`,
      );
      expect(await reasonOf(at("text.pem"), first.key)).toContain("text.pem: it is no certificate in PEM");
      expect(await reasonOf(first.cert, at("text.pem"))).toContain("text.pem: it is no private key in PEM");
      expect(await reasonOf(first.cert, at("locked.pem"))).toContain("locked.pem: it has a passphrase");
      expect(await reasonOf(first.cert, second.key)).toContain(`second-key.pem: it is not the key of ${first.cert}`);
      await expect(startTestHost({}, undefined, { tls: { cert: first.cert, key: second.key } })).rejects.toThrow(
        "it is not the key of",
      );
    });
  },
);

describe.skipIf(!hasOpenssl)("TLS of several fronts (skipped without the openssl command)", () => {
  const hostProgram = makeHostProgram();
  const home = at("host");
  let host: ChildProcess;
  let exit: Promise<unknown>;
  let log = "";
  const served = { cert: at("served.pem"), key: at("served-key.pem") };
  const use = (pair: { cert: string; key: string }) => {
    copyFileSync(pair.cert, served.cert);
    copyFileSync(pair.key, served.key);
  };
  beforeAll(async () => {
    use(makePair("early"));
    await hostProgram.build();
    host = spawn(process.execPath, [hostProgram.path], {
      env: {
        PATH: process.env.PATH,
        MODELYARD_HOST_FOLDER: home,
        MODELYARD_SCORING_PORT: "0",
        MODELYARD_WORKER: workerProgram,
        MODELYARD_FRONTS: "2",
        MODELYARD_TLS_CERT: served.cert,
        MODELYARD_TLS_KEY: served.key,
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    host.stderr?.on("data", (chunk) => {
      log += chunk;
    });
    exit = new Promise((resolve) => host.once("exit", resolve));
  }, 60_000);
  afterAll(async () => {
    host.kill("SIGTERM");
    await exit;
    hostProgram.remove();
  });

  const file = (...front: string[]) =>
    JSON.parse(readFileSync(join(home, ...front, "host.json"), "utf8")) as { pid: number; scoringUrl: string };
  /** The name of the certificate on a new connection. */
  const newName = () =>
    new Promise<string>((resolve, reject) => {
      const port = Number(new URL(file().scoringUrl).port);
      const socket: TLSSocket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
      socket.on("error", reject);
    });

  it("serves with the last good pair in a front that is started again while the files are bad, and follows them then", async () => {
    await expect.poll(() => existsSync(join(home, "host.json")), { timeout: 30_000 }).toBe(true);
    const late = makePair("late");
    use(late);
    const timesRead = () => log.split("read anew").length - 1;
    await expect.poll(timesRead, { timeout: 30_000 }).toBe(3);
    writeFileSync(served.key, "half-writ");
    const front = () => file("fronts", "2").pid;
    const victim = front();
    process.kill(victim, "SIGKILL");
    await expect.poll(front, { timeout: 30_000 }).not.toBe(victim);
    const names = async () => [await newName(), await newName(), await newName(), await newName()];
    expect(new Set(await names())).toEqual(new Set(["late"]));
    use(makePair("latest"));
    await expect.poll(async () => [...new Set(await names())], { timeout: 30_000 }).toEqual(["latest"]);
    expect(log).not.toContain("PRIVATE KEY");
    const told = [host.pid, front()].map((pid) =>
      ["cmdline", "environ"].map((name) => readFileSync(`/proc/${pid}/${name}`, "utf8")).join(),
    );
    expect(told.join()).not.toContain("PRIVATE KEY");
  }, 90_000);
});

describe("the two variables", () => {
  it("go together", () => {
    expect(tlsFilesOf(undefined, "")).toBeUndefined();
    expect(tlsFilesOf("/a/c.pem", "/a/k.pem")).toEqual({ cert: "/a/c.pem", key: "/a/k.pem" });
    expect(() => tlsFilesOf("c.pem")).toThrow("MODELYARD_TLS_KEY: it is not set");
    expect(() => tlsFilesOf("", "k.pem")).toThrow("MODELYARD_TLS_CERT: it is not set");
  });
});
