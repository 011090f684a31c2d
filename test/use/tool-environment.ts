/** The environment of this test run, as the server hands its own to the tools it starts. */
export const toolEnvironment: Record<string, string> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
);
