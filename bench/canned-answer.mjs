/** What the bare server answers to so many rows, as long as a service's answer. */
export function cannedAnswer(rows) {
  return JSON.stringify(new Array(rows).fill(0));
}
