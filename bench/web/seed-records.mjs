// Records straight into a database: 100,000 requests would take minutes and measure something else.
import { join } from "node:path";
import { inOneTransaction } from "../registry/seed.mjs";

/** Records of a service within the last half hour: older ones would leave for files meanwhile. */
export function seedRecords(folder, count) {
  inOneTransaction(join(folder, "modelyard.db"), (prepare) => {
    const record =
      prepare(`insert into records (sequence, id, service, revision, image, at, duration_ms, status, body, body_size, answer, answer_size,
      content_type, answer_type, caller, language) values (?, ?, 'digits', 1, ?, ?, ?, ?, ?, ?, ?, ?, 'application/json', 'application/json', ?, 'azure')`);
    const image = "0".repeat(64);
    prepare("insert into record_models values (?, 'digits:1')").run(image);
    prepare("update record_sequence set last = ?").run(count);
    const begun = Date.now() - 1_800_000;
    for (let index = 0; index < count; index += 1) {
      const status = index % 97 === 0 ? 500 : 200;
      const body = Buffer.from(
        JSON.stringify({ data: [Array.from({ length: 64 }, (_, place) => (index * place) % 17)] }),
      );
      const answer = Buffer.from(status === 200 ? `[${index % 10}]` : '{"error":{"code":"script-failed"}}');
      const id = `0193c1a0-7b5e-7c3d-9f00-${index.toString(16).padStart(12, "0")}`;
      const at = begun + Math.floor((index * 1_700_000) / count);
      const caller = index % 3 === 0 ? "key:primary" : "token:0123456789ab";
      const values = [at, 1 + (index % 40) / 10, status, body, body.length, answer, answer.length, caller];
      record.run(index + 1, id, image, ...values);
    }
  });
}
