import { type IncomingHttpHeaders, request } from "node:http";
import { key } from "./host-fixture.ts";

const authorization = `Bearer ${key}`;

export interface Answer {
  status: number;
  message: string;
  headers: IncomingHttpHeaders;
  text: string;
  /** Whether the answer came to its end. */
  whole: boolean;
}

/** One request with full control of its headers and of when its body is written. */
export function send(
  url: string,
  {
    method = "GET",
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
  onData: (text: string) => void = () => {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers: { authorization, ...headers }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      const finish = (whole: boolean) =>
        resolve({
          status: response.statusCode ?? 0,
          message: response.statusMessage ?? "",
          headers: response.headers,
          text: Buffer.concat(chunks).toString("latin1"),
          whole,
        });
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        onData(chunk.toString("latin1"));
      });
      response.on("end", () => finish(true));
      response.on("error", () => finish(false));
    });
    call.on("error", reject);
    call.end(body);
  });
}
