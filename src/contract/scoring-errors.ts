/** The errors of the scoring host: a part of the one table (error-table.ts). */
export const scoringErrors = {
  "not-json": {
    status: 400,
    message: "The body is not JSON: {reason}",
    fix: 'Send a JSON object, for example {"data": [[1, 2, 3]]}.',
  },
  "not-utf8": {
    status: 400,
    message: "The body is not UTF-8 text",
    fix: "Send it in UTF-8, as JSON always is: in Python `json.dumps(…).encode()`; `iconv -f latin1 -t utf-8` makes it of a file in another encoding.",
  },
  "rows-invalid": {
    status: 400,
    message: "{reason}",
    fix: 'Send {"data": [[…], …]}: one list per row, also of a single one, every row with the same number of values.',
  },
  "tensors-invalid": {
    status: 400,
    message: "{reason}",
    fix: "Ask `GET /v2/models/<service>` for the inputs and outputs; docs/guide/request-languages.md shows bodies that fit.",
  },
  "repository-body-invalid": {
    status: 400,
    message: "{reason}",
    fix: 'Send no body, or a JSON object: {"ready": true} to list only what is ready. docs/guide/request-languages.md shows what is asked of the repository.',
  },
  "texts-invalid": {
    status: 400,
    message: "{reason}",
    fix: 'Send one text for each row: {"data": ["a text", "another"]} to `/score`, a BYTES tensor of shape [2, 1] by V2, {"inputs": ["a text", "another"]} to `/invocations`.',
  },
  "dataframe-invalid": {
    status: 400,
    message: "{reason}",
    fix: 'Send {"inputs": [[…], …]}, or {"dataframe_split": {"columns": […], "data": [[…], …]}} where the model names its columns; "params" only where its signature has them.',
  },
  "scoring-failed": {
    status: 500,
    message: "The model or its entry script raised an error",
    fix: "`modelyard service logs {service} --revision {revision} --request-id {requestId}` shows its traceback.",
  },
  "worker-died": {
    status: 502,
    message: "The worker died while it worked on this request",
    fix: "Send the request again; `modelyard service logs {service} --revision {revision}` shows why it died.",
  },
  "no-replica": {
    status: 503,
    message: "No replica of {service} is ready: {reason}",
    fix: "Try again in a few seconds; `modelyard service show {service}` shows the state of its replicas.",
  },
  "not-running": {
    status: 503,
    message: "The service {service} is stopped",
    fix: "Whoever runs it starts it with `modelyard service start {service}`; until then nothing asked of it is answered.",
  },
  "queue-full": {
    status: 503,
    message: "Too many requests wait for {service}",
    fix: "Try again later, give the service more replicas, or let more requests wait: `modelyard service update {service} --max-concurrent-requests N`.",
  },
  "scoring-timeout": {
    status: 504,
    message: "No answer within {timeoutMs} ms",
    fix: "Send fewer rows, or raise the limit: `modelyard service update {service} --timeout-ms N`.",
  },
  "queue-timeout": {
    status: 503,
    message: "No worker of {service} was free within {waitMs} ms",
    fix: "Try again later, give the service more replicas, or let requests wait longer: `modelyard service update {service} --max-queue-wait-ms N`.",
  },
  "host-full": {
    status: 503,
    message: "The scoring host has no room for the body of this request or its answer now",
    fix: "Try again in a few seconds, and keep fewer large requests in flight.",
  },
  "script-input-invalid": {
    status: 400,
    message: "{reason}",
    fix: "`GET /services/{service}/swagger.json` shows what the entry script takes, with an example.",
  },
  "encoding-invalid": {
    status: 400,
    message: "The body is not {encoding}, as its Content-Encoding says: {reason}",
    fix: "Send the whole body compressed as the header says, or as it is and without the header.",
  },
  "content-type-not-json": {
    status: 415,
    message: "Expects Content-Type to be application/json",
    fix: "Send the header `Content-Type: application/json`.",
  },
  "request-id-too-long": {
    status: 431,
    message: "{header} must not exceed 100 characters",
    fix: "Send a shorter id, or none: the answer has one in `x-request-id`.",
  },
  "swagger-version-unknown": {
    status: 404,
    message: "Swagger version [{version}] is not {problem} [{supported}].",
    fix: "Ask for one of these: `/swagger.json?version=3`.",
  },
  "upstream-failed": {
    status: 502,
    message: "The server behind {service} did not answer: {reason}",
    fix: "Send the request again; `modelyard service logs {service}` shows what is known of that server.",
  },
  "body-timeout": {
    status: 408,
    message: "The body of the request had not arrived after {timeoutMs} ms",
    fix: "Send the whole body at once; for a slow connection send fewer rows, or raise the limit: `modelyard service update {service} --timeout-ms N`.",
  },
  "host-stopped": {
    status: 503,
    message: "The scoring host stopped before the answer was whole",
    fix: "Send the request again.",
  },
} as const;
