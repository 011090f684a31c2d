import fc from "fast-check";
import { expect, it } from "vitest";
import { givenUpstream, wordsOf } from "../../src/doors/cli/prepare/upstream-flags.ts";

const tools = { system: { cwd: "/work" } } as Parameters<typeof givenUpstream>[1];

it.each([
  ["python3 serve.py --port {port}", ["python3", "serve.py", "--port", "{port}"]],
  [`  node -e 'a "b" c'  "d e"f `, ["node", "-e", 'a "b" c', "d ef"]],
  ['x ""', ["x", ""]],
])("the command line %s is cut into its words", (line, words) => expect(wordsOf(line)).toEqual(words));

it("words in quotes come back as they are, and any line is read or refused", () => {
  const plain = fc.string().filter((text) => !text.includes("'"));
  fc.assert(
    fc.property(fc.array(plain, { minLength: 1 }), (words) => {
      expect(wordsOf(words.map((word) => `'${word}'`).join(" "))).toEqual(words);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (line) => {
      try {
        wordsOf(line);
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid-input" });
      }
    }),
  );
});

it("the flags make one server, and are told by their names when they do not", () => {
  const given = { upstream: "http://127.0.0.1:8000", score: "/v1/x", authorizationFile: "secret" };
  expect(givenUpstream(given, tools)).toEqual({
    url: "http://127.0.0.1:8000",
    health: "/health",
    score: "/v1/x",
    authorizationFile: "/work/secret",
  });
  expect(givenUpstream({ models: ["m"] }, tools)).toBeUndefined();
  for (const [wrong, words] of [
    [{ upstream: "here" }, "--upstream: is an address"],
    [{ health: "/h" }, "--health needs --upstream or --command"],
    [{ upstream: "http://a", command: "b" }, "--upstream and --command exclude each other"],
    [{ command: "a 'b" }, "a quote without its end"],
  ] as const)
    expect(() => givenUpstream(wrong, tools)).toThrow(words);
});
