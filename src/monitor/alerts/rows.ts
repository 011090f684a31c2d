import { type SqlBool, sql } from "kysely";
import type { AlertState, Measured } from "../../contract/alerts.ts";
import type { Db } from "../../kernel/db.ts";
import type { AlertMemory } from "./step.ts";

interface AlertRow {
  name: string;
  condition: string;
  service: string | null;
  description: string | null;
  silenced_until: number | null;
  silence_reason: string | null;
  created_at: number;
  created_by: string;
}
interface StateRow {
  alert: string;
  service: string;
  state: AlertState;
  since: number;
  clear_since: number | null;
  told: AlertState;
  measured: string;
  evaluated_at: number;
}
interface Tables {
  alerts: AlertRow;
  alert_states: StateRow;
}

export interface StoredAlert {
  name: string;
  when: string;
  service: string | null;
  description: string | null;
  silencedUntil: number | null;
  silenceReason: string | null;
  createdAt: number;
  createdBy: string;
}

/** What is kept of an alert on a service. */
export interface StoredState extends AlertMemory {
  alert: string;
  service: string;
  /** The state that the last event told. */
  told: AlertState;
  measured: Measured[];
}

const toAlert = (row: AlertRow): StoredAlert => ({
  name: row.name,
  when: row.condition,
  service: row.service,
  description: row.description,
  silencedUntil: row.silenced_until,
  silenceReason: row.silence_reason,
  createdAt: row.created_at,
  createdBy: row.created_by,
});

const toState = (row: StateRow): StoredState => ({
  alert: row.alert,
  service: row.service,
  state: row.state,
  since: row.since,
  clearSince: row.clear_since,
  told: row.told,
  measured: JSON.parse(row.measured) as Measured[],
  at: row.evaluated_at,
});

export async function insertAlert(tx: Db, alert: StoredAlert): Promise<void> {
  const { name, when, service, description, silencedUntil, silenceReason, createdAt, createdBy } = alert;
  await tx
    .tables<Tables>()
    .insertInto("alerts")
    .values({
      ...{ name, condition: when, service, description },
      ...{ silenced_until: silencedUntil, silence_reason: silenceReason, created_at: createdAt, created_by: createdBy },
    })
    .execute();
}

export async function findAlert(db: Db, name: string): Promise<StoredAlert | undefined> {
  const row = await db.tables<Tables>().selectFrom("alerts").selectAll().where("name", "=", name).executeTakeFirst();
  return row === undefined ? undefined : toAlert(row);
}

export interface AlertFilter {
  /** Those that watch it, by name or as one of all. */
  service?: string | undefined;
  state?: AlertState | undefined;
  limit?: number;
  after?: string | undefined;
}

/** By name. */
export async function selectAlerts(db: Db, { service, state, limit, after }: AlertFilter = {}): Promise<StoredAlert[]> {
  let query = db.tables<Tables>().selectFrom("alerts").selectAll().orderBy("name");
  if (service !== undefined)
    query = query.where((eb) => eb.or([eb("service", "=", service), eb("service", "is", null)]));
  if (state !== undefined) {
    const here = service === undefined ? sql`` : sql`and s.service = ${service}`;
    query = query.where(
      sql<SqlBool>`exists (select 1 from alert_states s where s.alert = alerts.name and s.state = ${state} ${here})`,
    );
  }
  if (limit !== undefined) query = query.limit(limit);
  if (after !== undefined) query = query.where("name", ">", after);
  return (await query.execute()).map(toAlert);
}

export async function silence(tx: Db, name: string, until: number | null, reason: string | null): Promise<void> {
  const set = { silenced_until: until, silence_reason: reason };
  await tx.tables<Tables>().updateTable("alerts").set(set).where("name", "=", name).execute();
}

/** Deletes an alert; its states go with it. */
export async function removeAlert(tx: Db, name: string): Promise<void> {
  await tx.tables<Tables>().deleteFrom("alerts").where("name", "=", name).execute();
}

/** By alert and service; of one alert when it is named. */
export async function selectStates(db: Db, alert?: string): Promise<StoredState[]> {
  let query = db.tables<Tables>().selectFrom("alert_states").selectAll().orderBy("alert").orderBy("service");
  if (alert !== undefined) query = query.where("alert", "=", alert);
  return (await query.execute()).map(toState);
}

export async function keepState(tx: Db, { alert, service, ...kept }: StoredState): Promise<void> {
  const { state, since, told } = kept;
  const set = {
    ...{ state, since, clear_since: kept.clearSince, told },
    ...{ measured: JSON.stringify(kept.measured), evaluated_at: kept.at },
  };
  await tx
    .tables<Tables>()
    .insertInto("alert_states")
    .values({ alert, service, ...set })
    .onConflict((conflict) => conflict.columns(["alert", "service"]).doUpdateSet(set))
    .execute();
}

export async function removeState(tx: Db, alert: string, service: string): Promise<void> {
  await tx
    .tables<Tables>()
    .deleteFrom("alert_states")
    .where("alert", "=", alert)
    .where("service", "=", service)
    .execute();
}
