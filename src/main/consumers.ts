import type { RecordConsumer } from "../monitor/collect/consumer.ts";
import { profileRecords } from "../monitor/profile/profile-records.ts";
import { countUsage } from "../monitor/usage/count-usage.ts";

/** What is made of records as they arrive. */
export const recordConsumers = (): readonly RecordConsumer[] => [countUsage, profileRecords()];
