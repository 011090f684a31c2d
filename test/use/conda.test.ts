import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ModelyardError } from "../../src/contract/errors.ts";
import { translateConda } from "../../src/use/image/conda.ts";
import { requirementLines } from "../../src/use/image/requirements.ts";

const translate = (text: string) => translateConda(text, (name) => name === "azureml-defaults");
const lines = (...dependencies: string[]): string[] =>
  requirementLines(translate(`dependencies:\n${dependencies.map((item) => `  - '${item}'\n`).join("")}`).requirements);

function refusal(text: string): string {
  try {
    translate(text);
  } catch (error) {
    expect((error as ModelyardError).code).toBe("environment-file-invalid");
    return String((error as ModelyardError).details.reason);
  }
  throw new Error("nothing was refused");
}

describe("a conda file", () => {
  it("as Azure ML writes it is said in pip's words", () => {
    const translation = translate(`# Conda environment specification
name: project_environment
channels: [conda-forge]
dependencies:
  - python=3.6.2
  - pip=20.0
  - pip:
    - azureml-defaults
    - inference-schema[numpy-support]
  - numpy=1.16
  - scikit-learn==0.20.3
  - py-xgboost>=0.80
  - libgcc-ng
`);
    expect(translation.python).toBe("3.6");
    expect(translation.notes.join()).toContain("python 3.6.2 is taken as 3.6");
    expect(requirementLines(translation.requirements)).toEqual([
      "azureml-defaults",
      "inference-schema[numpy-support]",
      "numpy==1.16.*",
      "scikit-learn==0.20.3",
      "xgboost>=0.80",
    ]);
    expect(translation.unsupported).toEqual([]);
  });

  it.each([
    ["scikit-learn=1.0.2", "scikit-learn==1.0.2.*"],
    ["numpy=1.16.2=py37h7e9f1db_0", "numpy==1.16.2"],
    ["numpy 1.16.2 py37_0", "numpy==1.16.2"],
    ["numpy >=1.2,<2", "numpy<2,>=1.2"],
    ["numpy=1.21.*", "numpy==1.21.*"],
    ["numpy>=1.21.*", "numpy>=1.21"],
    ["conda-forge::Pandas", "pandas"],
    ['numpy[version=">=1.2"]', "numpy>=1.2"],
    ["pytorch~=1.8", "torch~=1.8"],
  ])("with %s asks pip for %s", (conda, pip) => {
    expect(lines(conda)).toEqual([pip]);
  });

  it("names what only conda can install", () => {
    const { unsupported } = translate(
      "dependencies:\n- cudatoolkit=11\n- numpy\n- r-base\n- ours::tool=1\n- libspatial\n",
    );
    expect(unsupported).toEqual(["cudatoolkit=11", "r-base", "ours::tool=1", "libspatial"]);
  });

  it("leaves the choice of Python open when it does, and keeps a range", () => {
    expect(translate("dependencies: [numpy]").python).toBeNull();
    expect(translate("dependencies: ['python>=3.6,<3.9']").python).toBe(">=3.6,<3.9");
    expect(translate("dependencies: ['python=3.8']").python).toBe("3.8");
  });

  it("with mistakes is refused with the line of every one", () => {
    expect(refusal("dependencies:\n  - numpy\n - x\n")).toMatch(/^line 3: /);
    expect(refusal("- numpy\n")).toContain("not a conda environment file");
    expect(refusal("dependencies:\n- 3\n- npm: [left-pad]\n")).toMatch(/line 2: .*; line 3: /);
    expect(refusal("dependencies:\n- numpy\n- pip:\n  - six\n  - -r base.txt\n")).toContain("line 5: `-r base.txt`");
    expect(refusal("dependencies:\n- numpy=1.2|1.3\n")).toContain("line 2: `numpy=1.2|1.3`");
  });

  it("for conda itself loses its name, its prefix and what is never installed, and always has Python and pip", () => {
    const text =
      "name: x\nprefix: /home/me/x\ndependencies:\n- zlib\n- conda-forge::gdal\n- pip: [azureml-defaults, six]\n";
    expect(parse(translate(text).conda)).toEqual({
      channels: [],
      dependencies: ["conda-forge::gdal", "pip", "python", "zlib", { pip: ["six"] }],
    });
    const wished = translateConda("dependencies: [gdal, python=3.8]", () => false, "conda.yml", "3.9");
    expect(parse(wished.conda).dependencies).toEqual(["gdal", "pip", "python=3.9"]);
  });

  it("of any text is either read or refused with a known error", () => {
    const item = fc.oneof(fc.string({ maxLength: 20 }), fc.stringMatching(/^[a-z:]{1,8}[ =<>~!|,0-9.*]{0,8}$/));
    fc.assert(
      fc.property(fc.array(item, { maxLength: 4 }), fc.boolean(), (items, quoted) => {
        const text = `dependencies:\n${items.map((one) => `- ${quoted ? JSON.stringify(one) : one}\n`).join("")}`;
        try {
          translate(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ModelyardError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
