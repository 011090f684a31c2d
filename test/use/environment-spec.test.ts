import { describe, expect, it } from "vitest";
import type { ModelyardError } from "../../src/contract/errors.ts";
import { type EnvironmentSource, environmentSpec, specDigest } from "../../src/use/image/environment-spec.ts";

const pickle = (packages: Record<string, string | null>, numpyMajor: number | null = null): EnvironmentSource => ({
  kind: "pickle",
  packages: Object.entries(packages).map(([name, version]) => ({ name, version })),
  numpyMajor,
});
const requirements = (source: EnvironmentSource): string[] => environmentSpec(source).requirements;

function refusal(source: EnvironmentSource): ModelyardError {
  try {
    environmentSpec(source);
  } catch (error) {
    return error as ModelyardError;
  }
  throw new Error("nothing was refused");
}

describe("the environment of a pickle", () => {
  it("pins scikit-learn and fits numpy's major version", () => {
    expect(requirements(pickle({ "scikit-learn": "1.7.2", numpy: null, scipy: null }, 2))).toEqual([
      "numpy>=2",
      "scikit-learn==1.7.2",
      "scipy",
    ]);
    expect(requirements(pickle({ sklearn: "1.5.0" }, 1))).toEqual(["numpy<2", "scikit-learn==1.5.0"]);
  });

  it("of an old scikit-learn gets a numpy and scipy that it can be imported with", () => {
    expect(requirements(pickle({ "scikit-learn": "1.0.2" }))).toContain("numpy<2");
    expect(requirements(pickle({ "scikit-learn": "0.24.2", numpy: null }, 1))).toEqual([
      "numpy<1.24",
      "scikit-learn==0.24.2",
      "scipy<1.9",
    ]);
  });

  it("is refused without a scikit-learn version, in the words that say what to do", () => {
    const error = refusal(pickle({ "scikit-learn": null, numpy: null }));
    expect(error.code).toBe("packages-unknown");
    expect(error.message).toBe("no scikit-learn version in this file");
    expect(error.fix).toContain("Add requirements.txt beside the model");
  });

  it("is refused when it names packages whose versions no pickle holds", () => {
    expect(refusal(pickle({ xgboost: null, "scikit-learn": "1.5.0", lightgbm: null })).message).toBe(
      "no lightgbm and xgboost version in this file",
    );
  });

  it("has no packages when none is needed", () => {
    expect(requirements(pickle({}))).toEqual([]);
    expect(environmentSpec({ kind: "nothing" })).toEqual({ kind: "venv", python: null, requirements: [], notes: [] });
  });
});

describe("the environment of a file", () => {
  it("leaves Azure ML's own packages out and says so", () => {
    const text = "azureml-defaults\nazureml_core==1.0\ninference-schema\nsix==1.16.0";
    const spec = environmentSpec({ kind: "requirements", text });
    expect(spec.requirements).toEqual(["inference-schema", "six==1.16.0"]);
    expect(spec.notes).toHaveLength(2);
    expect(spec.notes.join()).toContain("azureml-core is not installed");
  });

  it("gets the numpy an old scikit-learn needs, but only when it leaves that open and uses no hashes", () => {
    const of = (text: string) => environmentSpec({ kind: "requirements", text });
    expect(of("scikit-learn==1.0.2").requirements).toEqual(["numpy<2", "scikit-learn==1.0.2"]);
    expect(of("scikit-learn==1.0.2").notes.join()).toContain("numpy<2 added");
    expect(of("scikit-learn==0.24.*\nnumpy\nscipy>=1").requirements).toEqual([
      "numpy<1.24",
      "scikit-learn==0.24.*",
      "scipy>=1",
    ]);
    expect(of("scikit-learn==1.0.2\nnumpy>=1").requirements).toContain("numpy>=1");
    expect(of("scikit-learn==1.0.2 --hash=sha256:aa").requirements).toHaveLength(1);
    expect(of("scikit-learn==1.5.0").requirements).toHaveLength(1);
  });

  it("of conda needs conda only where pip cannot do it", () => {
    const text = "dependencies: [python=3.8, gdal=3.1, six, {pip: [azureml-core, numpy]}]";
    const error = refusal({ kind: "conda", text });
    expect(error.code).toBe("conda-not-supported");
    expect(error.message).toContain("gdal=3.1");
    const spec = environmentSpec({ kind: "conda", text }, { condaTool: "/opt/bin/micromamba" });
    expect(spec).toMatchObject({ kind: "conda", python: "3.8", requirements: [] });
    expect(spec.conda).not.toContain("azureml-core");
    const plain = environmentSpec({ kind: "conda", text: "dependencies: [six]" }, { condaTool: "/opt/bin/micromamba" });
    expect(plain.kind).toBe("venv");
  });

  it("takes the Python that was asked for before that of the file", () => {
    const text = "dependencies: [python=3.8, six]";
    const spec = environmentSpec({ kind: "conda", text }, { python: "3.9" });
    expect(spec.python).toBe("3.9");
    expect(spec.notes.join()).toContain("instead of the 3.8");
  });
});

describe("the digest of a specification", () => {
  const of = (text: string, minor = "3.11") =>
    specDigest(environmentSpec({ kind: "requirements", text }), { minor, implementation: "cpython" });
  it("is the same for equal files and differs for another package or Python", () => {
    expect(of("b\na # x")).toBe(of("A\nb\n"));
    expect(of("a")).not.toBe(of("a==1"));
    expect(of("a")).not.toBe(of("a", "3.12"));
    expect(of("a")).toMatch(/^[0-9a-f]{64}$/);
  });
});
