import { randomUUID } from "node:crypto";
import type { Words } from "../web/filled.ts";

const texts: Record<string, string> = {
  model: "credit-risk",
  description: `Grades a loan as *good* or *bad* before it is granted.

- trained on the loans of 2021 to 2026
- not for loans above CHF 250,000

See the [model card](https://wiki.example.org/credit-risk).`,
  "model description": "Whether a loan will be paid back. Asked by the branch offices and by the web shop.",
  tag: "owner",
  "tag value": "credit team",
  property: "training-rows",
  "property value": "48,210",
  metric: "f1",
  source: "s3://models/credit-risk/2026-11",
  framework: "ScikitLearn",
  "framework version": "1.7.2",
  commit: "9c2cfb62788195c27d4c9837d9548b7ea5f16f6e",
  remote: "https://git.example.org/credit/risk",
  "run link": "https://ci.example.org/credit-risk/runs/4711",
  "training data": "loans-2026-10",
  file: "model-card",
  "file content": "# Credit risk",
  input: "region",
  output: "grade",
  type: "string",
  "sample output": '["good"]',
  alias: "challenger",
  "model tag": "domain",
  "model tag value": "lending",
  column: "region",
  category: "Zürich",
  "run tag": "trigger",
  "run tag value": "nightly",
  experiment: "support-intents",
  run: "nightly-2026-11-25",
  user: "training",
  param: "learning_rate",
  "param value": "0.05",
  artifact: "confusion-matrix",
  "artifact content": "0",
  "registered model": "support-intents",
  "registered description": "What a customer wants, from the first message.",
  "version description": "Trained on the messages of November.",
  variable: "standard",
  reason: "first service of the credit team",
  "update reason": "trained on the loans of November",
  "rollback reason": "more refusals than expected in Ticino",
  "log line": "vocabulary of 31,204 words is loaded",
  "log line of a request": "message of 12 words",
  error: "the message is empty",
  "answer member": "intent",
  answer: "change of address",
  request: "I have moved to Bern",
  body: "I have moved to Bern",
  "answered error": "a column is missing",
  label: "bad",
  alert: "Branch offices wait for the answer",
  silence: "load test until noon",
  token: "branch offices",
  webhook: "ci",
  "webhook description": "Starts the training when drift begins",
  "webhook path": "hooks/models",
  "webhook model": "credit-risk",
  "collected model": "support-intents",
  collected: "change of address",
  collection: "intents",
  "ruled column": "message",
  program: "training-pipeline/4.2",
  "renamed model": "churn-draft",
  "new name": "churn",
  "run id": "4b1f6c0e9d2a47c6a7d3",
  "logged model": "m-7f2c41d09b",
  server: "https://mlflow.example.org",
  reference: "risk-grading:12",
  creator: "credit team",
  parent: "risk-grading:11",
};

/** Words that might stand on somebody's own server. */
export const believable: Words = (field, most = 10_000) => {
  if (field === "correlation id") return `loan-${randomUUID().slice(0, 8)}`;
  if (field === "request id") return randomUUID();
  return (texts[field] ?? field).slice(0, most);
};
