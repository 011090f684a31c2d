import { describe, expect, it } from "vitest";
import { pipFailure, venvFailure } from "../../src/use/image/pip-failure.ts";

/** Outputs of real runs of pip, shortened. */
const outputs = {
  pip18: `Collecting zzz==1.0 (from -r r.txt (line 2))
  Could not find a version that satisfies the requirement zzz==1.0 (from -r r.txt (line 2)) (from versions: )
No matching distribution found for zzz==1.0 (from -r r.txt (line 2))`,
  pip23: `ERROR: Could not find a version that satisfies the requirement scikit-learn==99.0 (from versions: 0.9, 0.10, 1.0, 1.1, 1.2, 1.3, 1.4)
ERROR: No matching distribution found for scikit-learn==99.0`,
  conflict: `ERROR: Cannot install six==1.15.0 and six==1.16.0 because these package versions have conflicting dependencies.

The conflict is caused by:
    The user requested six==1.16.0
    The user requested six==1.15.0

To fix this you could try to:
ERROR: ResolutionImpossible: for help visit a page`,
  double:
    "Double requirement given: six==1.15.0 (from -r r.txt (line 2)) (already in six==1.16.0 (from -r r.txt (line 1)), name='six')",
  offline: `WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<x>: Failed to establish a new connection: [Errno 111] Connection refused')': /simple/six/
ERROR: Could not find a version that satisfies the requirement six==1.16.0 (from versions: none)
ERROR: No matching distribution found for six==1.16.0`,
  hiccup: `WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError("x")': /simple/six/
ERROR: Could not find a version that satisfies the requirement six==9 (from versions: 1.0, 1.16.0)
ERROR: No matching distribution found for six==9`,
  full: "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
  build: `Collecting thing==1.0
  error: subprocess-exited-with-error
  × python setup.py egg_info did not run successfully.
  ╰─> [6 lines of output]
      ModuleNotFoundError: No module named 'numpy.distutils'
error: metadata-generation-failed`,
};
const run = (output: string, ...requirements: string[]) => pipFailure({ output, requirements, log: "x.log" });

describe("a failed pip", () => {
  it("names the line that failed, from old and new pips", () => {
    expect(run(outputs.pip18, "six", "zzz==1.0").details).toMatchObject({ requirement: "zzz==1.0", log: "x.log" });
    expect(run(outputs.pip18, "six", "zzz==1.0").code).toBe("package-not-found");
    const error = run(outputs.pip23, "scikit-learn[x]==99.0");
    expect(error.details.requirement).toBe("scikit-learn[x]==99.0");
    expect(error.details.reason).toBe(
      "the index has no such version for this Python; it has … 0.10, 1.0, 1.1, 1.2, 1.3, 1.4",
    );
  });

  it("names both sides of a conflict", () => {
    for (const output of [outputs.conflict, outputs.double]) {
      const { code, details } = run(output, "six==1.15.0", "six==1.15.0");
      expect(code).toBe("package-not-found");
      expect(details.requirement).toBe("six==1.15.0");
      expect(details.reason).toContain("six==1.16.0");
    }
  });

  it("without a network is not blamed on the package", () => {
    const error = run(outputs.offline, "six==1.16.0");
    expect(error.code).toBe("environment-failed");
    expect(error.message).toContain("the package index cannot be reached ([Errno 111] Connection refused)");
    expect(run(outputs.hiccup, "six==9").code).toBe("package-not-found");
  });

  it("on a full disk says so", () => {
    expect(run(outputs.full, "six").code).toBe("disk-full");
  });

  it("at building from source names the package and the cause", () => {
    const { details } = run(outputs.build, "six", "thing==1.0");
    expect(details.requirement).toBe("thing==1.0");
    expect(details.reason).toContain("ModuleNotFoundError: No module named 'numpy.distutils'");
  });

  it("with an output nobody knows shows its last error", () => {
    expect(run("x\nERROR: strange https://me:secret@x.example\n").message).toContain("strange https://****@x.example");
    expect(run("").message).toContain("pip printed nothing");
  });
});

describe("a Python without venv", () => {
  it("is answered with the package to install", () => {
    const python = { path: "/usr/bin/python3.11", minor: "3.11" };
    const error = venvFailure(
      "The virtual environment was not created successfully because ensurepip is not\navailable.",
      python,
      "x.log",
    );
    expect(error.code).toBe("environment-failed");
    expect(error.message).toContain("python3-venv");
  });
});
