import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { parseRequirements, requirementLines } from "../../src/use/image/requirements.ts";

const lines = (text: string): string[] => requirementLines(parseRequirements(text));

function refusal(text: string): string {
  try {
    parseRequirements(text, "r.txt");
  } catch (error) {
    expect(error).toBeInstanceOf(ModelyardError);
    expect((error as ModelyardError).code).toBe("environment-file-invalid");
    return String((error as ModelyardError).details.reason);
  }
  throw new Error("nothing was refused");
}

describe("a requirements file", () => {
  it("that says the same in another form gives the same lines", () => {
    const one = "# models\nScikit_Learn == 1.0.2\nnumpy>=1.2 , <2 # why\npandas\n";
    const other = "pandas\r\n\r\nNUMPY <2,>=1.2\nscikit-learn==1.0.2";
    expect(lines(one)).toEqual(["numpy<2,>=1.2", "pandas", "scikit-learn==1.0.2"]);
    expect(lines(other)).toEqual(lines(one));
  });

  it("keeps extras, markers and URLs", () => {
    expect(lines('Requests [Socks,security] (>=2) ; python_version<"3.8"')).toEqual([
      'requests[security,socks]>=2; python_version < "3.8"',
    ]);
    expect(lines("six @ https://x.example/six.zip ; os_name=='posix'")).toEqual([
      'six @ https://x.example/six.zip ; os_name == "posix"',
    ]);
    expect(lines("git+https://x.example/a.git@v1#egg=a")).toEqual(["git+https://x.example/a.git@v1#egg=a"]);
  });

  it("keeps hashes over continued lines, sorted", () => {
    const text = "six==1.16.0 \\\n    --hash=sha256:bb \\\n    --hash=sha256:AA\n";
    expect(lines(text)).toEqual(["six==1.16.0 --hash=sha256:aa --hash=sha256:bb"]);
  });

  it("keeps where pip looks, in long form; the last index counts", () => {
    const text = "-i https://a.example\n--extra-index-url=https://b.example\n-i https://c.example\n--pre\nsix";
    expect(lines(text)).toEqual([
      "--extra-index-url https://b.example",
      "--index-url https://c.example",
      "--pre",
      "six",
    ]);
  });

  it("with lines that cannot travel is refused with every line number", () => {
    const reason = refusal(
      "six\n-r base.txt\n-c limits.txt\n-e .\n./wheels/a.whl\nb @ file:///b.zip\n--find-links wheels\n",
    );
    for (const line of [2, 3, 4, 5, 6, 7]) expect(reason).toContain(`line ${line}: `);
    expect(reason).toContain("`-r base.txt` names a file");
  });

  it("with a line that is no requirement is refused with its number", () => {
    expect(refusal("six\n\nscikit-learn=1.0\n")).toContain("line 3: `scikit-learn=1.0` is not a requirement");
    expect(refusal("six \\\n  ==1 2\n")).toContain("line 1");
    expect(refusal("--unheard-of yes")).toContain("--unheard-of");
  });

  it("never shows a password in the refusal", () => {
    expect(refusal("--proxy https://me:secret@x.example")).not.toContain("secret");
    expect(refusal("six = https://me:secret@x.example")).not.toContain("secret");
  });

  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,6}([-_.][a-z0-9]{1,4})?$/);
  const version = fc.stringMatching(/^[0-9]{1,2}(\.[0-9]{1,2}){0,2}$/);
  const requirement = fc
    .tuple(name, fc.array(fc.tuple(fc.constantFrom("==", ">=", "<", "!=", "~="), version), { maxLength: 2 }))
    .map(([head, clauses]) => head + clauses.map(([operator, number]) => `${operator}${number}`).join(","));

  it("is read the same when its canonical form is read again, in any order", () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 8 }), (list) => {
        const once = lines(list.join("\n"));
        expect(lines(once.join("\n"))).toEqual(once);
        expect(lines(list.toReversed().join("\r\n# x\n"))).toEqual(once);
      }),
    );
  });

  it("of any text is either read or refused with a known error", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.string({ unit: "binary", maxLength: 40 }), (a, b) => {
        for (const text of [a, b, `${a}\\\n${b}`]) {
          try {
            const once = lines(text);
            expect(lines(once.join("\n"))).toEqual(once);
          } catch (error) {
            expect(error).toBeInstanceOf(ModelyardError);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
