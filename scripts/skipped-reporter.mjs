/** A reporter of vitest: what was not tested, and why. */
export default class SkippedReporter {
  onTestRunEnd(modules) {
    for (const module of modules)
      for (const test of module.children.allTests("skipped")) {
        const { note } = test.result();
        console.log(`skipped: ${test.fullName}${note === undefined ? "" : ` – ${note}`}`);
      }
  }
}
