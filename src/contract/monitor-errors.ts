/** The errors of monitoring: a part of the one table (error-table.ts). */
export const monitorErrors = {
  "record-not-found": {
    status: 404,
    message: "There is no record {id}",
    fix: "`modelyard record list` shows what is kept, `modelyard service show NAME` for how long (recordDays, recordMb), `modelyard record status` what else is not there.",
  },
  "records-off": {
    status: 409,
    message: "The service {service} keeps no records (record: off)",
    fix: "Turn them on with `modelyard service update {service} --record all`; they begin with the next request. What it kept before is found by a longer --since.",
  },
  "baseline-not-found": {
    status: 404,
    message: "There is no baseline to compare the service {service} with",
    fix: "Take a window of its past, `modelyard baseline set {service} --since 7d`, or a file, `--file train.csv`; `modelyard model register --baseline train.csv` keeps one with a version.",
  },
  "baseline-too-small": {
    status: 422,
    message: "The service {service} has {rows} rows there; a baseline takes {needed}",
    fix: "Take a longer window, or a file: `modelyard baseline set {service} --file train.csv`.",
  },
  "labels-invalid": {
    status: 400,
    message: "Line {line} of the labels: {reason}",
    fix: "Correct the line and send the whole file again; labels before it may be kept already, and telling them again changes nothing.",
  },
  "labels-empty": {
    status: 400,
    message: "There are no labels in the file",
    fix: "Write one a line, below the header `id,value` where it is CSV: the request id, and what was true. `modelyard record list` shows the ids.",
  },
  "record-file-damaged": {
    status: 500,
    message: "The file of records {path} cannot be read: {reason}",
    fix: "Restore it from a backup; or delete it, and its records are gone.",
  },
  "service-elsewhere": {
    status: 409,
    message: "{source} tells of the service {service}, of which {first} told before",
    fix: "Send its events to /cloudevents?service=<another name>.",
  },
  "dataset-not-found": {
    status: 404,
    message: "There is no data set {dataset}",
    fix: "`modelyard dataset list` shows them.",
  },
  "dataset-empty": {
    status: 422,
    message: "No rows of {service} fit; {reasons}",
    fix: "Widen --since, or add labels; docs/errors/dataset-empty.md says what each reason means.",
  },
  "dataset-in-use": {
    status: 409,
    message: "The data set {dataset} is what {versions} was trained on",
    fix: "It is kept as long as these versions are: delete them first, or leave both.",
  },
  "dataset-erased": {
    status: 410,
    message: "The data set {dataset} held a record that was erased; its bytes are gone",
    fix: "`modelyard dataset rebuild {dataset}` builds it again without that record, under a new digest.",
  },
  "collection-not-found": {
    status: 404,
    message: "The service {service} has no collection {collection}",
    fix: "`modelyard collection list --service {service}` shows what its entry script collects.",
  },
  "condition-invalid": {
    status: 400,
    message: "The condition is not understood: {reason}\n  {condition}\n  {place}",
    fix: "Write it like `p95 > 200ms for 5m`; docs/guide/alerts.md has the grammar and every signal.",
  },
  "alert-not-found": {
    status: 404,
    message: "There is no alert {alert}",
    fix: "`modelyard alert list` shows them.",
  },
  "alert-exists": {
    status: 409,
    message: "There is already an alert {alert}",
    fix: "Choose another name, or delete that one first: `modelyard alert delete {alert}`.",
  },
} as const;
