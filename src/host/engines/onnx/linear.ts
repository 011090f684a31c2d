import type { Graph } from "./graph.ts";

/**
 * Labels of a linear classifier by a product made here. The runtime needs 10 µs for a row when it is warm and 70 when it is called now and then, as for
 * a client that is alone; this needs 1 to 3 (docs/decisions/0018).
 */
export interface LinearLabels {
  /**
   * The texts of `count` rows, row-major; `run` asks the model itself: where rounding could decide, for a label that was not seen yet, for rows
   * of another width, and where there is so much to do that the runtime is quicker.
   */
  answer(rows: Float64Array, count: number, run: () => string[]): string[];
}

/** A step that takes each number by itself, with a constant for its column. */
type Scaling = (value: number, column: number) => number;

/** The scores of a row are its numbers, scaled, times `weights`, plus `intercepts`, which has one for each class. */
interface Linear {
  scalings: Scaling[];
  columns: number;
  /** By column, then by class. */
  weights: Float64Array;
  intercepts: Float64Array;
}

/** Products that are made here in one go, at 1 to 1.5 ns each. */
const mostProducts = 1 << 16;

/** `input` and `label` are names of values of the graph. Undefined when the label is not that of the highest of such scores. */
export function linearLabels(graph: Graph, input: string, label: string): LinearLabels | undefined {
  const linear = linearOf(graph, input, label);
  if (linear === undefined) return undefined;
  const { columns, intercepts } = linear;
  const highest = makeHighest(linear);
  /** By class, as the model itself answered it. */
  const texts: string[] = [];
  return {
    answer: (rows, count, run) => {
      if (rows.length !== count * columns || rows.length * intercepts.length > mostProducts) return run();
      const classes: number[] = [];
      let known = true;
      for (let row = 0; row < count; row += 1) {
        const found = highest(rows, row * columns);
        if (found === undefined) return run();
        known &&= texts[found] !== undefined;
        classes.push(found);
      }
      if (known) return classes.map((found) => texts[found] as string);
      const answered = run();
      for (const [row, found] of classes.entries()) texts[found] = answered[row] as string;
      return answered;
    },
  };
}

/** What stands between the number of the class and the label, and which of its inputs is the number; all else must be constant. */
const naming: Record<string, number> = { ArrayFeatureExtractor: 1, Gather: 1, Cast: 0, Reshape: 0 };

const scaling: Record<string, (by: (column: number) => number) => Scaling> = {
  Sub: (by) => (value, column) => value - by(column),
  Div: (by) => (value, column) => value / by(column),
  Mul: (by) => (value, column) => value * by(column),
  Add: (by) => (value, column) => value + by(column),
};

function linearOf(graph: Graph, input: string, label: string): Linear | undefined {
  const isFixed = (name: string) => name !== input && graph.makerOf(name) === undefined;
  let node = graph.makerOf(label);
  for (let place = naming[node?.operator ?? ""]; node !== undefined && place !== undefined; ) {
    if (!node.inputs.every((name, at) => at === place || isFixed(name))) return undefined;
    node = graph.makerOf(node.inputs[place] ?? "");
    place = naming[node?.operator ?? ""];
  }
  if (node?.operator !== "ArgMax" || node.numbers.axis !== 1) return undefined;
  const sum = graph.makerOf(node.inputs[0] ?? "");
  const product = graph.makerOf(sum?.inputs[0] ?? "");
  if (sum?.operator !== "Add" || product?.operator !== "MatMul") return undefined;
  const weights = graph.constant(product.inputs[1] ?? "");
  const intercepts = graph.constant(sum.inputs[1] ?? "")?.values;
  const [columns = 0, classes = 0, ...more] = weights?.dims ?? [];
  if (weights === undefined || intercepts?.length !== classes || more.length > 0 || classes < 2) return undefined;
  const scalings = scalingsOf(graph, input, product.inputs[0] ?? "", columns);
  return scalings && { scalings, columns, intercepts, weights: weights.values };
}

/** How the numbers of the input become those of the value `name`, step by step. */
function scalingsOf(graph: Graph, input: string, name: string, columns: number): Scaling[] | undefined {
  const scalings: Scaling[] = [];
  for (let at = name; at !== input; ) {
    const node = graph.makerOf(at);
    const make = scaling[node?.operator ?? ""];
    const by = graph.constant(node?.inputs[1] ?? "")?.values;
    if (node === undefined || make === undefined || (by?.length !== columns && by?.length !== 1)) return undefined;
    scalings.unshift(make((column) => by[by.length === 1 ? 0 : column] as number));
    at = node.inputs[0] ?? "";
  }
  return scalings;
}

/**
 * The class of the highest score of the row at `start`; undefined when a sum in another order could make it another one. Whatever the order, a sum of n
 * products is off by at most n·u / (1 − n·u) times the sum of their magnitudes, u being 2⁻⁵³ (Higham, Accuracy and Stability of Numerical Algorithms,
 * §3.1). So two scores that lie four times that apart do not change places; twice as much is asked for.
 */
function makeHighest({ scalings, columns, weights, intercepts }: Linear) {
  const classes = intercepts.length;
  const magnitudes = new Float64Array(classes);
  for (const [place, weight] of weights.entries())
    magnitudes[place % classes] = (magnitudes[place % classes] as number) + Math.abs(weight);
  const [largest, shift] = [Math.max(...magnitudes), Math.max(...intercepts.map(Math.abs))];
  const share = 8 * (columns + 2) * 2 ** -53;
  const score = makeScores({ columns, weights, intercepts });
  const row = new Float64Array(columns);
  return (rows: Float64Array, start: number): number | undefined => {
    let size = 0;
    for (let column = 0; column < columns; column += 1) {
      let value = rows[start + column] as number;
      for (const scale of scalings) value = scale(value, column);
      if (Math.abs(value) > size) size = Math.abs(value);
      row[column] = value;
    }
    const scores = score(row);
    let best = Number.NEGATIVE_INFINITY;
    let second = best;
    let found = 0;
    for (let one = 0; one < classes; one += 1) {
      const score = scores[one] as number;
      if (score > best) {
        second = best;
        best = score;
        found = one;
      } else if (score > second) second = score;
    }
    // false for what is no number or infinite
    return best - second > share * (size * largest + shift) + tiny ? found : undefined;
  };
}

/** Scores of one row, valid until the next. Four classes at a time, whose sums stay in registers: half the time of one by one. */
function makeScores({ columns, weights, intercepts }: Omit<Linear, "scalings">): (row: Float64Array) => Float64Array {
  const classes = intercepts.length;
  const room = Math.ceil(classes / 4) * 4;
  const padded = new Float64Array(columns * room);
  for (const [place, weight] of weights.entries())
    padded[Math.floor(place / classes) * room + (place % classes)] = weight;
  const first = new Float64Array(room);
  first.set(intercepts);
  const scores = new Float64Array(room);
  return (row) => {
    for (let one = 0; one < room; one += 4) {
      let a = first[one] as number;
      let b = first[one + 1] as number;
      let c = first[one + 2] as number;
      let d = first[one + 3] as number;
      for (let column = 0, at = one; column < columns; column += 1, at += room) {
        const value = row[column] as number;
        a += value * (padded[at] as number);
        b += value * (padded[at + 1] as number);
        c += value * (padded[at + 2] as number);
        d += value * (padded[at + 3] as number);
      }
      scores[one] = a;
      scores[one + 1] = b;
      scores[one + 2] = c;
      scores[one + 3] = d;
    }
    return scores;
  };
}

/** Far above what products lose that are too small for a float64 with all its digits. */
const tiny = 1e-290;
