import { monitorErrors } from "./monitor-errors.ts";
import { scoringErrors } from "./scoring-errors.ts";

/**
 * The one table of errors. `status` is the HTTP status, `message` and `fix` are public text with `{name}` placeholders
 * filled from the details of the error. Each code has a page in docs/errors/<code>.md; a test compares both ways.
 */
export const errorTable = {
  // asking
  "invalid-input": {
    status: 400,
    message: "The request is not valid: {problems}",
    fix: "Correct the named fields; /docs and `modelyard <command> --help` show every field with its type.",
  },
  unauthenticated: {
    status: 401,
    message: "No valid token or key came with the request",
    // which secret, and where it comes from, is another thing at each door
    fix: "Send `Authorization: Bearer <{secret}>`; {source}.",
  },
  forbidden: {
    status: 403,
    message: "The role {role} may not use {operation}; it takes {needed}",
    fix: "Use a token with the role {needed}: `modelyard token create --role {needed}`.",
  },
  "foreign-host": {
    status: 403,
    message: "The server does not answer under the host name {host}",
    fix: "Use 127.0.0.1 or localhost; for another name start the server with MODELYARD_ALLOWED_HOSTS=<name>.",
  },
  "foreign-origin": {
    status: 403,
    message: "A page of {origin} may not change anything here",
    fix: "Send the request from a program, or from a page of the server itself.",
  },
  "route-not-found": {
    status: 404,
    message: "There is nothing at {method} {path}",
    fix: "See the list of operations at /docs of the server; docs/guide/request-languages.md has the paths of the scoring port.",
  },
  "method-not-allowed": { status: 405, message: "{path} does not take {method}", fix: "Use {allowed}." },
  "body-too-large": {
    status: 413,
    message: "The body is larger than {limit} bytes",
    fix: "Send fewer rows or events in one request. The limit of a service is raised with `modelyard service update NAME --max-body-bytes N`; those of the server itself stand.",
  },
  internal: {
    status: 500,
    message: "Modelyard met an error of its own",
    fix: "Look for the request id in the log under MODELYARD_HOME/logs and report it.",
  },
  "disk-full": {
    status: 507,
    message: "The disk of the server is full; nothing was kept of this request",
    fix: "Free space where MODELYARD_HOME is and try again.",
  },
  // of the command line, which ends with it; 499 is what proxies write for a client that went away
  interrupted: {
    status: 499,
    message: "Interrupted; what the server works on goes on there",
    fix: "{next}",
  },
  // running
  "server-unreachable": {
    status: 503,
    message: "No Modelyard server answers at {url}",
    fix: "Start it with `modelyard server start`, or set MODELYARD_URL to a server that runs.",
  },
  "server-start-failed": {
    status: 503,
    message: "The server did not start: {reason}",
    fix: "Read {log}; `modelyard doctor` says what is missing.",
  },
  "port-taken": {
    status: 409,
    message: "Port {port} is in use by {holder}",
    fix: "Stop that process, or choose another port: `{variable}=<port>` (0 takes any free one).",
  },
  "tls-invalid": {
    status: 400,
    message: "TLS cannot be used with {file}: {reason}",
    fix: "Set MODELYARD_TLS_CERT to a certificate in PEM with its chain and MODELYARD_TLS_KEY to its private key in PEM without a passphrase.",
  },
  "lock-held": {
    status: 409,
    message: "{lock} is held by {holder}",
    fix: "Wait for it to finish, or stop that process.",
  },
  "not-supported": { status: 400, message: "{what}", fix: "{instead}" },
  // access
  "token-not-found": { status: 404, message: "There is no token {id}", fix: "`modelyard token list` shows them." },
  "sign-in-link-used": {
    status: 401,
    message: "This sign-in link was used already, or is older than a minute",
    fix: "Get a new one with `modelyard open`; each works once.",
  },
  "foreign-page": {
    status: 403,
    message: "The session of a browser is for the pages of this server; this request came {from}",
    fix: "Open the page of the server itself, or send a token: `Authorization: Bearer <token>`.",
  },
  // events
  "webhook-not-found": {
    status: 404,
    message: "There is no webhook {id}",
    fix: "`modelyard webhook list` shows them.",
  },
  "webhook-address-refused": {
    status: 400,
    message: "Webhooks may not go to {host}: {reason}",
    fix: "Use a host with a public address; for receivers inside your network start the server with MODELYARD_ALLOW_PRIVATE_WEBHOOKS=1.",
  },
  "event-not-found": {
    status: 404,
    message: "There is no event or delivery {event}",
    fix: "`modelyard events list --after 0` shows the events that are kept, `modelyard webhook deliveries ID` the deliveries.",
  },
  "too-many-streams": {
    status: 503,
    message: "{limit} streams of events are open already",
    fix: "Close pages or commands that follow events, or read pages of them: `modelyard events list`.",
  },
  // register
  "no-such-file": {
    status: 400,
    message: "There is no file or folder {path}",
    fix: "Check the path; relative paths start at the current folder.",
  },
  "empty-file": {
    status: 400,
    message: "{path} is empty",
    fix: "Name the file the training wrote, or trained on for a baseline; an empty one can be neither.",
  },
  "not-a-pickle": {
    status: 400,
    message: "{path} is not a pickle: {reason}",
    fix: "Write it with pickle.dump or joblib.dump, or give it the file extension of its real format.",
  },
  "unsafe-path": {
    status: 400,
    message: "The path {path} is not taken: {reason}",
    fix: "Use relative paths with / between names and without `..`, each once.",
  },
  "blob-not-found": {
    status: 404,
    message: "No uploaded file has the digest {digest}",
    fix: "Upload it first: POST /api/v1/blobs.",
  },
  "upload-incomplete": {
    status: 409,
    message: "{received} of {size} bytes of the file {digest} are here",
    fix: "Send the rest: POST /api/v1/blobs?digest={digest}&size={size}&offset={received}.",
  },
  "digest-mismatch": {
    status: 409,
    message: "The bytes of {path} have the digest {actual}, not {expected}",
    fix: "The copy is damaged: fetch or upload it again.",
  },
  "model-not-found": {
    status: 404,
    message: "There is no model {model}",
    fix: "`modelyard model list` shows what is registered.",
  },
  "model-exists": {
    status: 409,
    message: "There is already a model {model}",
    fix: "Choose another name, or register versions of the one that is there.",
  },
  "model-name-used": {
    status: 409,
    message: "The name {model} belonged to another model before; records and history still mean that one",
    fix: "Choose a name that no model had.",
  },
  "model-empty": {
    status: 404,
    message: "The model {model} has no version",
    fix: "Register one: `modelyard model register PATH --name {model}`. Archived versions are shown by `modelyard model list --name {model} --archived show`.",
  },
  "alias-not-found": {
    status: 404,
    message: "The model {model} has no alias {alias}",
    fix: "Set it with `modelyard model alias {model} {alias} VERSION`.",
  },
  "alias-protected": {
    status: 403,
    message: "The alias {alias} of {model} is protected; only the role admin may move or remove it",
    fix: "Use a token with the role admin, or another alias.",
  },
  "version-archived": {
    status: 409,
    message: "{model} is archived and cannot be deployed",
    fix: "Bring it back with `modelyard model restore {model}`, or use another version.",
  },
  "version-external": {
    status: 409,
    message: "The bytes of {model} are not here, only at {source}",
    fix: "Fetch them with `modelyard model pull {model}`.",
  },
  "version-has-files": {
    status: 409,
    message: "{model} has its files already; those of a version never change",
    fix: "Register the other files as a new version: `modelyard model register PATH --name NAME`.",
  },
  "bundle-invalid": {
    status: 400,
    message: "{bundle} is refused: {reason}",
    fix: "Get the bundle again from where it was exported. Nothing of it was registered.",
  },
  "source-unreadable": {
    status: 502,
    message: "{source} cannot be read: {reason}",
    fix: "Check the address, the network and the credentials in the environment, and run the command again: it goes on where it stopped.",
  },
  "unsafe-pickle": {
    status: 422,
    message: "{path} may run code of its own when it is loaded: {reason}",
    fix: "Save the model without it. Somebody with the role admin who trusts the file can register it with --allow-unsafe.",
  },
  "property-exists": {
    status: 409,
    message: "Properties are add-only and already set: {keys}",
    fix: "Use a tag for what changes, or register a new version.",
  },
  // tracking
  "experiment-not-found": {
    status: 404,
    message: "There is no experiment {experiment}",
    fix: "`mlflow.search_experiments()` shows them; `mlflow.set_experiment(NAME)` makes one.",
  },
  "experiment-exists": {
    status: 409,
    message: "There is already an experiment {experiment}",
    fix: "Use it with `mlflow.set_experiment`, or choose another name. A deleted experiment keeps its name.",
  },
  "run-not-found": { status: 404, message: "There is no run {run}", fix: "`mlflow.search_runs()` shows them." },
  "logged-model-not-found": {
    status: 404,
    message: "There is no logged model {model}",
    fix: "`mlflow.search_logged_models()` shows them.",
  },
  "artifact-not-found": {
    status: 404,
    message: "There is no artifact {path}",
    fix: "`MlflowClient().list_artifacts(RUN)` shows what a run holds.",
  },
  "upload-not-found": {
    status: 404,
    message: "There is no upload {upload}",
    fix: "It was completed, given up, or left alone for a day: begin a new one.",
  },
  "tag-not-found": {
    status: 404,
    message: "There is no tag {tag} on {owner}",
    fix: "Tags are named exactly, upper and lower case too.",
  },
  "version-in-use": { status: 409, message: "{model} is in use by {services}", fix: "Free it with {commands}." },
  // use
  "packages-unknown": {
    status: 400,
    message: "{problem}",
    fix: "Add {file} beside the model with the packages that trained it, or give --requirements.",
  },
  "interpreter-not-found": {
    status: 400,
    message: "Python {wanted} is needed and is not on this machine; looked for it in {searched}",
    fix: "Install it (for example `uv python install {example}`), or ask for another Python with --python.",
  },
  "conda-not-supported": {
    status: 400,
    message: "These conda packages have no counterpart on PyPI: {packages}",
    fix: "Put micromamba or conda on the PATH of the server, or remove them from the file.",
  },
  "environment-file-invalid": {
    status: 400,
    message: "{file} cannot be read: {reason}",
    fix: "Correct the line; one requirement each, in pip's own format.",
  },
  "package-not-found": {
    status: 400,
    message: "pip could not install `{requirement}`: {reason}",
    fix: "Correct that line of the requirements; the build log is {log}.",
  },
  "environment-failed": {
    status: 422,
    message: "The environment could not be built: {reason}",
    fix: "Read the build log: {log}.",
  },
  "script-invalid": {
    status: 400,
    message: "{script}: {reason}",
    fix: "An entry script defines init() and run(raw_data) at its top level.",
  },
  "sample-invalid": {
    status: 400,
    message: "The sample does not fit: {reason}",
    fix: "Write it as `/score` takes it: {form}. It is one for every language; clients may still speak the others.",
  },
  "onnx-invalid": {
    status: 422,
    message: "{model} does not run: {reason}",
    fix: "Run the file with onnxruntime where it was made; export it again, with an older opset when the reason names one.",
  },
  "image-not-found": {
    status: 404,
    message: "There is no image {image}",
    fix: "`modelyard image list` shows them; `modelyard image build` makes one.",
  },
  "image-in-use": {
    status: 409,
    message: "The image {image} is in use by {services}",
    fix: "Free it with {commands}.",
  },
  "service-exists": {
    status: 409,
    message: "There is already a service {service}",
    fix: "Change it with `modelyard service update {service}`, or choose another name.",
  },
  "service-not-found": {
    status: 404,
    message: "There is no service {service}",
    fix: "`modelyard service list` shows them.",
  },
  "service-stopped": {
    status: 409,
    message: "The service {service} is stopped",
    fix: "Start it with `modelyard service start {service}`.",
  },
  "service-busy": {
    status: 409,
    message: "The service {service} is being changed: {holder}",
    fix: "Wait for that change to end and try again.",
  },
  "change-ended": {
    status: 409,
    message: "A {ender} ended this change of {service} ({holder}) before its revision was ready",
    fix: "Nothing of it stays; the same command tries again. `modelyard service history {service}` shows what was done.",
  },
  "revision-not-found": {
    status: 404,
    message: "The service {service} has no revision {revision}",
    fix: "`modelyard service history {service}` shows them; only those that run answer.",
  },
  "revision-failed": {
    status: 422,
    message: "Revision {revision} of {service} did not become ready; nothing was changed. {reason}",
    fix: "Correct the cause and try again; `modelyard service logs {service} --revision {revision}` shows the whole log.",
  },
  "nothing-to-roll-back": {
    status: 409,
    message: "The service {service} has no earlier revision to go back to",
    fix: "`modelyard service history {service}` shows its revisions.",
  },
  "host-unreachable": {
    status: 503,
    message: "The scoring host does not answer: {reason}",
    fix: "`modelyard status` says what runs; `modelyard up` starts what does not.",
  },
  "not-compiled": {
    status: 422,
    message: "{model} is not compiled: {reason}",
    fix: "Leave `--accelerate require` out: then Python serves the model. docs/guide/compiled-models.md says what can be compiled.",
  },
  // scoring
  ...scoringErrors,
  ...monitorErrors,
  // flow
  "config-invalid": {
    status: 400,
    message: "{file} has {count} mistake(s):\n{problems}",
    fix: "Correct them; docs/guide/modelyard-yaml.md shows every field.",
  },
} as const satisfies Record<string, { status: number; message: string; fix: string }>;

export type ErrorCode = keyof typeof errorTable;
