import { config } from "zod";

// The policy of the pages forbids making code of text: zod would try it for speed, and each try is a report. Imported before any schema is made.
config({ jitless: true });
