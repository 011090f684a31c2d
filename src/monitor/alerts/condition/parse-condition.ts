import { ModelyardError } from "../../../contract/errors.ts";
import { type Comparison, type Condition, type Operator, operators, type SignalShape } from "./condition.ts";
import { beyondBounds, boundsOf, readQuantity } from "./quantity.ts";
import { type Token, tokensOf } from "./tokens.ts";

const longestSpanMs = 90 * 86_400_000;

/**
 *     condition  = comparison { "and" comparison } { "over" span | "for" span }
 *     comparison = signal operator quantity [ "clear" quantity ]
 *     signal     = name [ "(" argument ")" ]
 *
 * Throws condition-invalid, whose text shows the place.
 */
export function parseCondition(text: string, signals: readonly SignalShape[]): Condition {
  const tokens = tokensOf(text, fail);
  let place = 0;
  const here = () => tokens[place] as Token;
  const takes = (word: string) => {
    if (here().text !== word || here().kind === "quoted") return false;
    place += 1;
    return true;
  };

  const comparisons = [comparison()];
  while (takes("and")) comparisons.push(comparison());
  let overMs: number | null = null;
  let forMs: number | null = null;
  while (here().kind !== "end") {
    const at = here();
    if (takes("over") && overMs === null) overMs = span("over");
    else if (takes("for") && forMs === null) forMs = span("for");
    else return fail(at.at, `expected ${expectedBehind(overMs, forMs)}, not ${shown(at)}`);
  }
  return { comparisons, overMs, forMs: forMs ?? 0 };

  function comparison(): Comparison {
    const signal = signalHere();
    const argument = argumentOf(signal);
    const { text: sign, at } = here();
    if (!operators.includes(sign as Operator)) fail(at, `expected one of > >= < <=, not ${shown(here())}`);
    place += 1;
    const operator = sign as Operator;
    const threshold = quantity(signal, argument);
    const clearAt = here().at;
    if (!takes("clear")) return { signal: signal.name, argument, operator, threshold, clear: threshold };
    const clear = quantity(signal, argument);
    if (operator.startsWith(">") ? clear > threshold : clear < threshold)
      fail(
        clearAt,
        `it clears where it does not fire: the value behind clear is ${operator.startsWith(">") ? "not above" : "not below"} the other`,
      );
    return { signal: signal.name, argument, operator, threshold, clear };
  }

  function signalHere(): SignalShape {
    const token = here();
    if (token.kind !== "word") return fail(token.at, `expected a signal such as p95, not ${shown(token)}`);
    const found = signals.find(({ name }) => name === token.text);
    if (found === undefined)
      return fail(
        token.at,
        `there is no signal ${token.text}; there are ${signals.map(({ name }) => name).join(", ")}`,
      );
    place += 1;
    return found;
  }

  function argumentOf({ name, argument, among }: SignalShape): string | null {
    const open = here();
    if (!takes("("))
      return argument === "needed"
        ? fail(open.at, `${name} is of something: write ${name}(${among?.[0] ?? "column"})`)
        : null;
    if (argument === "none") return fail(open.at, `nothing stands in brackets behind ${name}`);
    const token = here();
    if (token.kind !== "word" && token.kind !== "quoted")
      return fail(
        token.at,
        `expected the name of a column, "in quotes" where it has spaces or signs, not ${shown(token)}`,
      );
    if (among !== undefined && !among.includes(token.text))
      return fail(token.at, `${name} is of one of ${among.join(", ")}`);
    place += 1;
    const close = here();
    return takes(")") ? token.text : fail(close.at, `expected ), not ${shown(close)}`);
  }

  /** A threshold beyond all values is a mistake, such as 90 for 90%: it would hold always or never. */
  function quantity({ name, unit, bounds }: SignalShape, argument: string | null): number {
    const token = here();
    if (token.kind !== "number") return fail(token.at, `expected a number, not ${shown(token)}`);
    place += 1;
    const value = readQuantity(unit, token.number, token.suffix);
    if (typeof value === "string") return fail(token.at, value);
    const beyond = beyondBounds(value, bounds?.(argument) ?? boundsOf[unit]);
    return beyond === undefined
      ? value
      : fail(token.at, `${argument === null ? name : `${name}(${argument})`} ${beyond}`);
  }

  function span(word: string): number {
    const token = here();
    const value = token.kind === "number" ? readQuantity("time", token.number, token.suffix) : "";
    if (typeof value === "string")
      return fail(token.at, `expected a span behind ${word}, such as 5m, not ${shown(token)}`);
    if (value > longestSpanMs || value < (word === "over" ? 60_000 : 0))
      return fail(token.at, word === "over" ? "a window is 1m to 90d long" : "it is 0s to 90d");
    place += 1;
    return value;
  }

  function fail(at: number, reason: string): never {
    throw new ModelyardError("condition-invalid", { reason, condition: text, place: `${" ".repeat(at)}^` });
  }
}

const shown = ({ kind, text }: Token): string => (kind === "end" ? "the end" : text);

function expectedBehind(overMs: number | null, forMs: number | null): string {
  return ["and", ...(overMs === null ? ["over"] : []), ...(forMs === null ? ["for"] : []), "the end"].join(", ");
}
