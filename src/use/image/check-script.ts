import { ModelyardError } from "../../contract/errors.ts";
import type { ImageInput } from "../../contract/image.ts";
import type { Exec } from "../../kernel/exec.ts";
import type { BlobStore } from "../../register/ports.ts";

/**
 * Parses the script without running it. A name counts as defined when a def, an import or an assignment at the top level binds it;
 * a star import may bind anything. Syntax that the environment's own Python refuses is reported with its line.
 */
const checker = `
import ast, sys
try:
    tree = ast.parse(open(sys.argv[1], 'rb').read(), sys.argv[2])
except SyntaxError as error:
    print('line %s: %s' % (error.lineno, error.msg))
    sys.exit(1)
names = set()
def bind(body):
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            names.update(part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name))
        for inner in ('body', 'orelse', 'handlers', 'finalbody'):
            if isinstance(node, (ast.If, ast.Try, ast.ExceptHandler, ast.With)):
                bind(getattr(node, inner, []))
bind(tree.body)
run = 'run_batch' if 'run_batch' in names else 'run'
missing = [name for name in ('init', run) if name not in names and '*' not in names]
if missing:
    print('it does not define ' + ' and '.join(name + '()' for name in missing))
    sys.exit(1)
`;

/** Refuses an entry script that is not there, cannot be parsed, or has no init or run. */
export async function checkScript(
  { exec, blobs }: { exec: Exec; blobs: BlobStore },
  script: NonNullable<ImageInput["script"]>,
  python: string,
): Promise<void> {
  const file = script.files.find(({ path }) => path === script.entry);
  if (file === undefined)
    throw new ModelyardError("script-invalid", { script: script.entry, reason: "the source files do not hold it" });
  if (!/(^|\/)[A-Za-z_]\w*\.py$/.test(script.entry))
    throw new ModelyardError("script-invalid", {
      script: script.entry,
      reason: "its name is not that of a Python module",
    });
  const argv = [python, "-I", "-c", checker, blobs.pathOf(file.digest), script.entry] as const;
  const { code, stdout, stderr } = await exec({ argv, env: {}, timeoutMs: 30_000 });
  if (code !== 0)
    throw new ModelyardError("script-invalid", {
      script: script.entry,
      reason: stdout.trim() || stderr.trim().split("\n").at(-1) || "Python could not read it",
    });
}
