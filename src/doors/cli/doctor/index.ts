import type { Check } from "./check.ts";
import { disk } from "./disk.ts";
import { home } from "./home.ts";
import { node } from "./node.ts";
import { ports } from "./ports.ts";
import { python } from "./python.ts";
import { venv } from "./venv.ts";

/** Every check, in the order they are told. */
export const checks: readonly Check[] = [node, python, venv, home, disk, ports];
