/**
 * Who may import whom: the rooms of ARCHITECTURE.md as rules.
 * `only(room, seen)` lets a room see itself and the listed folders of src; what is not listed is an error.
 */
const only = (name, from, seen, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { path: "^src/", pathNot: [from, ...seen.map((folder) => `^src/${folder}`)] },
});

// Each room sees the rooms left of it and itself.
const rooms = ["contract", "kernel", "records", "access", "events", "register", "use", "monitor", "update"];
const roomRules = rooms.map((room, place) =>
  only(
    `${room}-sees-only-what-is-left-of-it`,
    room === "use" ? "^src/use/(?!targets/)" : `^src/${room}/`,
    rooms.slice(0, place).map((other) => `${other}/`),
    "contract, kernel, records, access, events, register, use, monitor, update: left never imports right",
  ),
);

module.exports = {
  forbidden: [
    ...roomRules,
    only(
      "targets-see-their-port",
      "^src/use/targets/",
      ["contract/", "kernel/", "use/target\\.ts"],
      "a target sees contract, kernel and the port it fulfils; it starts the host as an artefact, never by import",
    ),
    only(
      "stores-see-their-ports",
      "^src/stores/",
      ["contract/", "kernel/", "[a-z]+/ports\\.ts"],
      "a store sees contract, kernel and the ports it fulfils",
    ),
    only(
      "host-sees-contract-kernel-and-records",
      "^src/host/",
      ["contract/", "kernel/", "records/"],
      "the data plane knows no step; what a record says is the same for it and for the server",
    ),
    {
      name: "host-loads-no-zod",
      severity: "error",
      comment: "the data plane starts quickly and idles in some 10 MB: it reads schemas' types, not schemas",
      from: { path: "^src/main/host\\.ts$" },
      to: { path: "node_modules/zod", reachable: true },
    },
    only("client-sees-contract", "^src/client/(?!files/)", ["contract/"], "the client runs wherever fetch does"),
    only("client-files-read-disks", "^src/client/files/", ["contract/", "kernel/", "client/"], "files of this machine"),
    {
      name: "client-is-browser-safe",
      severity: "error",
      from: { path: "^src/client/(?!files/)" },
      to: { dependencyTypes: ["core"] },
    },
    only("flow-is-a-client", "^src/flow/", ["contract/", "kernel/", "client/"], "a flow acts like any client"),
    only(
      "cli-is-a-client",
      "^src/doors/cli/",
      ["contract/", "kernel/", "client/", "flow/"],
      "the CLI reaches rooms only over HTTP",
    ),
    only(
      "doors-are-handed-the-handlers",
      "^src/doors/(?!cli/)",
      ["contract/", "kernel/"],
      "a door translates; it is given the handlers, it does not import them",
    ),
    {
      name: "only-main-joins",
      severity: "error",
      comment: "src/main joins the parts; nothing imports it",
      from: { pathNot: "^src/main/" },
      to: { path: "^src/main/" },
    },
    {
      name: "only-rows-and-stores-speak-sql",
      severity: "error",
      comment: "SQL stands in rows.ts (or the files of a folder rows), migrations and stores",
      from: { path: "^src/", pathNot: ["/rows\\.ts$", "/rows/", "^src/stores/", "^src/kernel/db\\.ts$"] },
      to: { path: "node_modules/kysely" },
    },
    {
      name: "kernel-names-kysely-as-a-type",
      severity: "error",
      comment: "kernel/db.ts says what a database is; it runs none",
      from: { path: "^src/kernel/" },
      to: { path: "node_modules/kysely", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "contract-is-browser-safe",
      severity: "error",
      comment: "the contract runs in browsers: zod and nothing of Node",
      from: { path: "^src/contract/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "pages-are-a-client",
      severity: "error",
      comment: "pages see the contract and the client, as any program elsewhere",
      from: { path: "^web/src/" },
      to: { path: "^src/", pathNot: ["^src/contract/", "^src/client/(?!files/)"] },
    },
    {
      name: "ui-has-no-data",
      severity: "error",
      comment: "what ui shows it is given",
      from: { path: "^web/src/ui/" },
      to: { path: "^web/src/", pathNot: ["^web/src/ui/", "^web/src/commands\\.gen\\.ts$"] },
    },
    {
      name: "features-never-import-each-other",
      severity: "error",
      from: { path: "^web/src/features/([^/]+)/" },
      to: { path: "^web/src/(features|routes)/", pathNot: "^web/src/features/$1/" },
    },
    {
      name: "pages-load-schemas-with-forms",
      severity: "error",
      comment: "zod and the whole contract are loaded when a form is opened: only ui/form/schemas.ts brings them",
      from: { path: "^web/src/", pathNot: "^web/src/ui/form/schemas\\.ts$" },
      to: { path: "^src/contract/operations?\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    { name: "no-cycles", severity: "error", from: { path: "^(src|web/src)/" }, to: { circular: true } },
    {
      name: "everything-resolves",
      severity: "error",
      from: { path: "^(src|web/src)/" },
      to: { couldNotResolve: true },
    },
    {
      name: "no-packages-for-development",
      severity: "error",
      comment: "what runs at a user's is in dependencies",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-tests-in-sources",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench|scripts)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
