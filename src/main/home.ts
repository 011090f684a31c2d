import { join } from "node:path";

/** Where everything of a home stands. */
export function homeFolders(home: string) {
  return {
    home,
    database: join(home, "modelyard.db"),
    blobs: join(home, "blobs"),
    images: join(home, "images"),
    environments: join(home, "environments"),
    cache: join(home, "cache"),
    records: join(home, "records"),
    logs: join(home, "logs"),
    host: join(home, "host"),
    run: join(home, "run"),
    sorting: join(home, "sorting"),
    serverLock: join(home, "run", "server.lock"),
    serverFile: join(home, "run", "server.json"),
    serverError: join(home, "run", "server-error.json"),
    serverPort: join(home, "run", "server-port"),
    recordKey: join(home, "record-key"),
    adminToken: join(home, "admin-token"),
  };
}
export type HomeFolders = ReturnType<typeof homeFolders>;
