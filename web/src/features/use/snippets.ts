import type { SpokenLanguage } from "../../../../src/contract/host.ts";

export const snippetKinds = ["curl", "python", "typescript", "java"] as const;
export type SnippetKind = (typeof snippetKinds)[number];

export interface SnippetRequest {
  url: string;
  /** The request's body, JSON text. */
  body: string;
  /** The key itself; "variable" reads it from the environment variable KEY; null sends none. */
  key: { secret: string } | "variable" | null;
}

/** Where a service answers in each language. */
export function addressOf(
  language: SpokenLanguage,
  { name, scoringUri }: { name: string; scoringUri: string },
): string {
  const base = scoringUri.replace(/\/score$/, "");
  return { azure: scoringUri, inference: `${base}/v2/models/${name}/infer`, mlflow: `${base}/invocations` }[language];
}

/** Bodies above this are read from the file body.json: no shell and no compiler takes a text of any length. */
const longestBody = 10_000;
const bodyFile = "body.json";

export const isFromFile = ({ body }: Pick<SnippetRequest, "body">): boolean => body.length > longestBody;

/** A program that sends one request and prints the answer, as it is pasted. */
export const snippetOf = (kind: SnippetKind, request: SnippetRequest): string => makers[kind](request);

/** What runs a snippet that is kept in the file of that name. */
export const howToRun: Record<SnippetKind, string> = {
  curl: "Paste it into a shell.",
  python: "Needs Python 3 alone: python3 score.py",
  typescript: "Needs no package: npx tsx score.ts, or node score.ts from Node 22.18 on",
  java: "Needs a JDK from 11 on: java Score.java",
};

/** A text as a POSIX shell reads it back. */
const inShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A text as Python and JavaScript read it back: in single quotes where JSON stays readable in them. */
const inQuotes = (text: string): string =>
  /^[^'\\\p{Cc}\u2028\u2029\p{Cs}]*$/u.test(text) ? `'${text}'` : JSON.stringify(text);

/** A text as Java reads it back, whatever the encoding of the source: the escapes of JSON are Java's, too. */
const inJava = (text: string): string =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const makers: Record<SnippetKind, (request: SnippetRequest) => string> = {
  curl: (request) => {
    const { url, body, key } = request;
    const authorization =
      key === null
        ? []
        : [
            key === "variable"
              ? `-H "Authorization: Bearer $KEY"`
              : `-H ${inShell(`Authorization: Bearer ${key.secret}`)}`,
          ];
    const parts = [
      `curl -sS ${inShell(url)}`,
      ...authorization,
      `-H 'Content-Type: application/json'`,
      isFromFile(request) ? `--data-binary @${bodyFile}` : `--data-raw ${inShell(body)}`,
    ];
    return parts.join(" \\\n  ");
  },
  python: (request) => {
    const { url, body, key } = request;
    const data = isFromFile(request) ? `open("${bodyFile}", "rb").read()` : `${inQuotes(body)}.encode()`;
    const value =
      key === null
        ? null
        : key === "variable"
          ? `"Bearer " + os.environ["KEY"]`
          : JSON.stringify(`Bearer ${key.secret}`);
    return [
      ...(key === "variable" ? ["import os"] : []),
      "import urllib.request",
      "",
      "request = urllib.request.Request(",
      `    ${JSON.stringify(url)},`,
      `    data=${data},`,
      "    headers={",
      ...(value === null ? [] : [`        "Authorization": ${value},`]),
      `        "Content-Type": "application/json",`,
      "    },",
      ")",
      "with urllib.request.urlopen(request) as answer:",
      "    print(answer.read().decode())",
    ].join("\n");
  },
  typescript: (request) => {
    const { url, body, key } = request;
    const value =
      key === null ? null : key === "variable" ? '"Bearer " + process.env.KEY' : JSON.stringify(`Bearer ${key.secret}`);
    return [
      ...(isFromFile(request) ? [`import { readFile } from "node:fs/promises";`, ""] : []),
      `const answer = await fetch(${JSON.stringify(url)}, {`,
      `  method: "POST",`,
      "  headers: {",
      ...(value === null ? [] : [`    Authorization: ${value},`]),
      `    "Content-Type": "application/json",`,
      "  },",
      `  body: ${isFromFile(request) ? `await readFile("${bodyFile}")` : inQuotes(body)},`,
      "});",
      'if (!answer.ok) throw new Error(answer.status + " " + (await answer.text()));',
      "console.log(await answer.text());",
    ].join("\n");
  },
  java: (request) => {
    const { url, body, key } = request;
    const value =
      key === null ? null : key === "variable" ? `"Bearer " + System.getenv("KEY")` : inJava(`Bearer ${key.secret}`);
    return [
      "import java.net.URI;",
      "import java.net.http.HttpClient;",
      "import java.net.http.HttpRequest;",
      "import java.net.http.HttpResponse;",
      ...(isFromFile(request) ? ["import java.nio.file.Path;"] : []),
      "",
      "public class Score {",
      "    public static void main(String[] args) throws Exception {",
      `        HttpRequest request = HttpRequest.newBuilder(URI.create(${inJava(url)}))`,
      ...(value === null ? [] : [`            .header("Authorization", ${value})`]),
      `            .header("Content-Type", "application/json")`,
      isFromFile(request)
        ? `            .POST(HttpRequest.BodyPublishers.ofFile(Path.of("${bodyFile}")))`
        : `            .POST(HttpRequest.BodyPublishers.ofString(${inJava(body)}))`,
      "            .build();",
      "        HttpResponse<String> answer =",
      "            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());",
      '        if (answer.statusCode() >= 400) throw new Exception(answer.statusCode() + " " + answer.body());',
      "        System.out.println(answer.body());",
      "    }",
      "}",
    ].join("\n");
  },
};
