/** Status codes of gRPC: https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
export const codes = {
  ok: 0,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** A call that ends with a status, and what its user is told. */
export class GrpcError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const byStatus: Readonly<Record<number, number>> = {
  400: codes.invalidArgument,
  401: codes.unauthenticated,
  403: codes.permissionDenied,
  404: codes.notFound,
  409: codes.failedPrecondition,
  413: codes.resourceExhausted,
  422: codes.failedPrecondition,
  429: codes.resourceExhausted,
  502: codes.unavailable,
  503: codes.unavailable,
  504: codes.deadlineExceeded,
};

/** The code that says in gRPC what a status says in HTTP. */
export const codeOfStatus = (status: number): number => byStatus[status] ?? codes.internal;

/** A message for the trailer `grpc-message`, which has ASCII alone: percent-encoded UTF-8. */
export const encodeMessage = (text: string): string =>
  text.replace(/[^\x20-\x24\x26-\x7e]/gu, (letter) =>
    Array.from(Buffer.from(letter, "utf8"), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** Milliseconds of a header `grpc-timeout`; undefined when there is none that can be read. */
export function timeoutOf(header: string | string[] | undefined): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(String(header ?? "")) ?? [];
  return digits === undefined ? undefined : Number(digits) * (unitMs[unit] ?? 1);
}
