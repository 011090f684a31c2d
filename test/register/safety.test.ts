import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import type { ModelyardError } from "../../src/contract/errors.ts";
import { dangerousOf } from "../../src/register/pickle/dangerous.ts";
import type { BlobStore } from "../../src/register/ports.ts";
import { unsafeFindings } from "../../src/register/safety/unsafe-findings.ts";
import { codeOf } from "../refusals.ts";
import { startServer, type TestServer } from "../server.ts";

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelyard-safety-"));
  execFileSync("python3", ["-c", makeFiles], { cwd: folder });
  server = await startServer();
}, 60_000);
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true });
});

/** Pickles that would run a command, packed in every way that is looked into. */
const makeFiles = `
import bz2, gzip, io, operator, os, pickle, struct, zipfile, zlib
class Evil:
    def __init__(self, call, *args): self.reduction = (call, args)
    def __reduce__(self): return self.reduction
class Hidden:
    def __reduce__(self): return (operator.methodcaller, ("system", "id"))
evil = [Evil(os.system, "id")]
def write(name, data): open(name, "wb").write(data)
for protocol in range(6):
    write("bad-system-p%d.pkl" % protocol, pickle.dumps(evil, protocol))
write("bad-eval.pkl", pickle.dumps(Evil(eval, "1")))
write("bad-open.pkl", pickle.dumps(Evil(open, "x")))
write("bad-getattr.pkl", pickle.dumps(Evil(getattr, 1, "real")))
write("bad-caller.pkl", pickle.dumps(Hidden()))
write("bad-dotted.pkl", b"\\x80\\x04\\x8c\\x06shutil\\x8c\\x09os.system\\x93\\x8c\\x02id\\x85R.")
write("bad-inst.pkl", b"(S'id'\\nios\\nsystem\\n.")
write("bad-unnamed.bin", pickle.dumps(evil))
write("bad-old-unnamed.bin", pickle.dumps(evil, 0))
write("bad-cut.bin", pickle.dumps(evil)[:-1] + b"\\xff")
write("bad-second.bin", pickle.dumps(1) + pickle.dumps({}) + pickle.dumps(evil))
write("bad-gzip.joblib", gzip.compress(pickle.dumps(evil)))
write("bad-zlib.joblib", zlib.compress(pickle.dumps(evil)))
write("bad-bzip2.joblib", bz2.compress(pickle.dumps([1])))
header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
header += b" " * (117 - len(header)) + b"\\n"
write("bad-objects.npy", b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(header)) + header + pickle.dumps(evil))
def archive(name, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(name, "w", method) as z:
        for path, data in members: z.writestr(path, data)
archive("bad-torch.pt", [("archive/version", "3"), ("archive/data.pkl", pickle.dumps(evil)), ("archive/data/0", b"x" * 9000)], zipfile.ZIP_STORED)
archive("bad-deflated.zip", [("a.txt", "x" * 2000), ("deep/model", pickle.dumps(["x" * 5000, evil]))])
archive("bad-traversal.zip", [("../../etc/cron.d/x", "x")])
def zipped(members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as z:
        for path, content in members: z.writestr(path, content)
    return data.getvalue()
archive("bad-nested.zip", [("inner.zip", zipped([("deeper.zip", zipped([("m.pkl", pickle.dumps(evil))]))]))])
archive("bad-packed-inside.zip", [("m.joblib", gzip.compress(pickle.dumps(evil)))])
write("bad-behind.bin", b"#!/bin/sh\\n" * 20 + zipped([("m.pkl", pickle.dumps(evil))]))
write("bad-both.pkl", pickle.dumps([1]) + zipped([("m.pkl", pickle.dumps(evil))]))
write("bad-command.pkl", b"\\x80\\x04cimaplib\\nIMAP4_stream\\nX\\x02\\x00\\x00\\x00id\\x85R.")
write("bad-bytes.pkl", b"\\x80\\x04ctorch.storage\\n_load_from_bytes\\nC\\x01x\\x85R.")
write("bad-model.pkl", b"\\x80\\x04cmlflow.pyfunc\\nload_model\\nX\\x01\\x00\\x00\\x00x\\x85R.")
archive("good-nested.zip", [("inner.zip", zipped([("m.pkl", pickle.dumps([1])), ("n", b"\\x78\\x9c" + b"x" * 99)]))])
archive("bad-packed.zip", [("data.pkl", pickle.dumps([1]))], zipfile.ZIP_BZIP2)
with zipfile.ZipFile("bad-bomb.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for i in range(11): z.writestr("%d" % i, b"\\0" * 100_000_000)
write("good-plain.pkl", pickle.dumps({"a": [1, 2.5, None, b"x"], "b": {1}, "e": ValueError("x"), "c": complex(1, 2)}))
write("good-text.txt", b"cos 1\\nsystem\\n")
write("good-bytes.bin", bytes(range(256)) * 100)
write("good-marked.bin", b"\\x80\\x04" + bytes(range(256)))
archive("good-torch.pt", [("archive/data.pkl", pickle.dumps({"w": 1})), ("archive/data/0", b"\\x80\\x02" + b"x" * 900)])
write("good-numbers.npy", b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", 60) + b"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }   \\n" + b"\\0" * 8)
`;

/** The scan of files as they lie in a folder. */
const scan = (path: string) => {
  const blobs = { pathOf: (name: string) => name } as BlobStore;
  return unsafeFindings(blobs, [{ path: path.split("/").at(-1) ?? "", digest: path, size: 1 }]);
};

test("a command in a pickle is found, whatever the pickle is packed in, and nothing else is taken for one", async () => {
  const names = await readdir(folder);
  expect(names.length).toBeGreaterThan(30);
  for (const name of names) {
    const found = await scan(join(folder, name));
    expect(found.length > 0, `${name}: ${JSON.stringify(found)}`).toBe(name.startsWith("bad-"));
  }
});

test("a finding says what would be imported and where", async () => {
  const reasons = async (name: string) => (await scan(join(folder, name))).map(({ reason }) => reason);
  expect(await reasons("bad-system-p2.pkl")).toEqual([expect.stringMatching(/^it imports (posix|nt|os)\.system$/)]);
  expect(await reasons("bad-dotted.pkl")).toEqual(["it imports shutil.os.system"]);
  expect(await reasons("bad-torch.pt")).toEqual([expect.stringMatching(/^archive\/data\.pkl: it imports/)]);
  expect(await reasons("bad-bzip2.joblib")).toEqual([expect.stringMatching(/bzip2.*cannot be checked/)]);
  expect(await reasons("bad-bomb.zip")).toEqual([expect.stringMatching(/unpacks to 1100000000/)]);
  expect(await reasons("bad-traversal.zip")).toEqual([expect.stringMatching(/leaves it: \.\.\/\.\./)]);
});

test("archives inside each other without end, and the only file of a model that is loaded as a pickle, are not passed unseen", async () => {
  const deep = `import io, zipfile
data = b"x"
for level in range(6):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z: z.writestr("inner.zip", data)
    data = out.getvalue()
open("deep.zip", "wb").write(data)`;
  execFileSync("python3", ["-c", deep], { cwd: folder });
  expect(await scan(join(folder, "deep.zip"))).toMatchObject([{ reason: expect.stringMatching(/more than 4 deep/) }]);
  await rm(join(folder, "deep.zip"));
  const blobs = { pathOf: () => join(folder, "bad-bzip2.joblib") } as unknown as BlobStore;
  const files = [{ path: "model.bin", digest: "x", size: 1 }];
  expect(await unsafeFindings(blobs, files)).toEqual([]);
  expect(await unsafeFindings(blobs, files, "Onnx")).toEqual([]);
  expect(await unsafeFindings(blobs, files, "scikit-learn")).toHaveLength(1);
});

test("pickles of estimators that can be read pass", async () => {
  const fixtures = new URL("fixtures/", import.meta.url).pathname;
  const names = (await readdir(fixtures)).filter((name) => /(?<!bz2|xz|lzma|lz4|old)\.(pkl|joblib)$/.test(name));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(await scan(join(fixtures, name)), name).toEqual([]);
  const globals =
    `sklearn.linear_model._logistic.LogisticRegression numpy._core.multiarray._reconstruct numpy.ndarray numpy.dtype
    copyreg._reconstructor builtins.object _codecs.encode functools.partial collections.OrderedDict torch._utils._rebuild_tensor_v2
    torch.FloatStorage cloudpickle.cloudpickle._make_function cloudpickle.cloudpickle._builtin_type pandas.core.frame.DataFrame
    pandas._libs.internals._unpickle_block numpy.random._pickle.__randomstate_ctor xgboost.sklearn.XGBClassifier builtins.bytearray
    sklearn.tree._tree.Tree joblib.numpy_pickle.NumpyArrayWrapper datetime.datetime builtins.ValueError pathlib.PosixPath
    operator.itemgetter __builtin__.object __main__.Model scipy.sparse._csr.csr_matrix`.split(/\s+/);
  expect(dangerousOf(globals)).toEqual([]);
});

test("bytes that are no archive or a broken one never throw", async () => {
  const zip = await readFile(join(folder, "bad-deflated.zip"));
  const path = join(folder, "any.bin");
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), bytes])),
        fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { maxLength: 8 }).map((changes) => {
          const copy = Buffer.from(zip);
          for (const [at, value] of changes) copy[at] = value;
          return copy;
        }),
      ),
      async (bytes) => {
        await writeFile(path, bytes);
        await scan(path);
      },
    ),
    { numRuns: 150 },
  );
  await rm(path);
});

test("registration refuses what is found, takes it from admin who asks for it, and writes that down", async () => {
  const register = async (name: string, path: string, more: object = {}, client = server.client) => {
    const { digest, size } = await server.client.uploadBlob({}, { body: await readFile(join(folder, path)) });
    return client.registerModel({ name, files: [{ path, digest, size }], ...more });
  };
  const refused = await register("evil", "bad-system-p4.pkl").catch((error: ModelyardError) => error);
  expect(refused).toMatchObject({
    code: "unsafe-pickle",
    message: expect.stringMatching(/bad-system-p4\.pkl.*\.system/),
  });
  expect(await codeOf(server.client.getModel({ name: "evil" }))).toBe("model-not-found");
  const { token } = await server.client.createToken({ role: "contributor", name: "carol" });
  const contributor = makeClient({ url: server.url, token, fetch });
  expect(await codeOf(register("evil", "bad-system-p4.pkl", { allowUnsafe: true }, contributor))).toBe("forbidden");
  expect((await register("evil", "bad-system-p4.pkl", { allowUnsafe: true })).version).toBe(1);
  const [entry] = (await server.client.getModelHistory({ name: "evil" })).items;
  expect(entry).toMatchObject({ action: "version.created", detail: { unsafe: [{ path: "bad-system-p4.pkl" }] } });
  expect((await register("good", "good-plain.pkl")).version).toBe(1);
});
