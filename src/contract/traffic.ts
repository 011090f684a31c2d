/** How the requests of a service are spread over its revisions, besides their shares. A request goes the first of these ways that fits. */
export interface Traffic {
  /** Tried in their order. One whose revision is not ready is passed over. */
  rules?: readonly TrafficRule[];
  /** A header whose value decides, by its hash and the shares: the same value stays with the same revision. Requests without it go by share. */
  sticky?: string | null;
  mirror?: Mirror | null;
}

/** Requests whose `header` has exactly this value go to `revision`. */
export interface TrafficRule {
  header: string;
  equals: string;
  revision: number;
}

/** A copy of this part of the requests (0 to 1) goes to a revision that answers no client; its answers are recorded as mirrored. */
export interface Mirror {
  revision: number;
  rate: number;
}

const mostRules = 100;
/** A field name (RFC 9110 §5.6.2) as Node gives it: in small letters. */
const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/;

/**
 * What is wrong with the traffic of a service with these revisions: a member and its mistake each, nothing when it is right. Where a revision
 * is named that is not there, `onAbsent` is told instead when it is given.
 */
export function trafficProblems(
  traffic: unknown,
  revisions: readonly { number: number; share: number }[],
  onAbsent?: (problem: string) => void,
): string[] {
  if (!isObject(traffic)) return ["traffic: is an object"];
  const problems: string[] = [];
  const isThere = (revision: unknown, problem: string) => {
    if (find(revision) !== undefined) return;
    // what is no number at all is no revision of any service
    if (onAbsent !== undefined && Number.isInteger(revision)) onAbsent(problem);
    else problems.push(problem);
  };
  const check = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  const find = (number: unknown) => revisions.find((revision) => revision.number === number);
  const { rules = [], sticky = null, mirror = null, ...unknown } = traffic;
  for (const name of Object.keys(unknown)) check(false, `traffic.${name}: is not known`);
  check(Array.isArray(rules) && rules.length <= mostRules, `traffic.rules: is a list of at most ${mostRules}`);
  for (const [index, rule] of (Array.isArray(rules) ? rules : []).entries()) {
    const at = `traffic.rules[${index}]`;
    const { header, equals, revision } = isObject(rule) ? rule : {};
    // a key in a rule would stand in every listing of the service
    check(
      isHeader(header) && header !== "authorization",
      `${at}.header: is the name of a header, in small letters, but authorization`,
    );
    check(typeof equals === "string" && equals !== "", `${at}.equals: is a text`);
    isThere(revision, `${at}.revision: is none of the service's`);
  }
  check(sticky === null || isHeader(sticky), "traffic.sticky: is the name of a header, in small letters");
  if (mirror !== null) {
    const { revision, rate } = isObject(mirror) ? mirror : {};
    const copied = find(revision);
    isThere(revision, "traffic.mirror.revision: is none of the service's");
    check((copied?.share ?? 0) === 0, "traffic.mirror.revision: has a share of the traffic; a mirror has none");
    check(typeof rate === "number" && rate > 0 && rate <= 1, "traffic.mirror.rate: is above 0 and at most 1");
  }
  return problems;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isHeader = (value: unknown): boolean => typeof value === "string" && headerName.test(value);
