import type { InputOf } from "../src/contract/operations.ts";
import type { TestServer } from "./server.ts";

/** Uploads an entry script; what image build, deploy and update take as `script`. */
export async function script(
  server: Pick<TestServer, "client">,
  code: string,
  more: Record<string, string> = {},
): Promise<NonNullable<InputOf<"buildImage">["script"]>> {
  const files = await Promise.all(
    Object.entries({ "score.py": code, ...more }).map(async ([path, text]) => ({
      path,
      ...(await server.client.uploadBlob({}, { body: Buffer.from(text) })),
    })),
  );
  return { entry: "score.py", files };
}

/** Registers a model of a few bytes, for scripts that need none but must have one. */
export async function smallModel(server: Pick<TestServer, "client">, name: string, text: string): Promise<string> {
  const { digest, size } = await server.client.uploadBlob({}, { body: Buffer.from(text) });
  return (await server.client.registerModel({ name, files: [{ path: "model.txt", digest, size }] })).reference;
}

/** A script that answers the text of its model file and what it was sent; no packages needed. */
export const echoScript = `
import json, os
def init():
    global text
    text = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.txt")).read()
def run(raw_data):
    return {"model": text, "got": json.loads(raw_data)}
`;

/** Deploys a script without packages on a small model. */
export async function deployScript(
  server: Pick<TestServer, "client">,
  name: string,
  code: string,
  more: Partial<InputOf<"deployService">> = {},
) {
  const model = await smallModel(server, `${name}-model`, `${name} model`);
  return server.client.deployService({
    name,
    models: [model],
    script: await script(server, code),
    requirements: "",
    ...more,
  });
}

export interface Scored {
  status: number;
  requestId: string;
  text: string;
}

/** Sends a request as a client of the service does. */
export async function score(
  url: string,
  key: string | undefined,
  body: string,
  headers: Record<string, string> = {},
): Promise<Scored> {
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...authorization, ...headers },
  });
  return { status: answer.status, requestId: answer.headers.get("x-request-id") ?? "", text: await answer.text() };
}
