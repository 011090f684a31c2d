import type { DriftTest } from "./drift-test.ts";
import { pooledContingency } from "./tests/chi-square.ts";
import { cumulativeHellinger, decileHellinger } from "./tests/hellinger.ts";
import { base2Js, cumulativeJs, evidentlyJs } from "./tests/jensen-shannon.ts";
import { exactKs, limitKs } from "./tests/kolmogorov-smirnov.ts";
import { azurePsi, cumulativePsi, decilePsi, evidentlyPsi } from "./tests/population-stability.ts";
import { azureWasserstein, evidentlyWasserstein, rawWasserstein, spreadWasserstein } from "./tests/wasserstein.ts";

/** Every test by its definition. */
export const driftTests: readonly DriftTest[] = [
  exactKs,
  limitKs,
  pooledContingency,
  decilePsi,
  evidentlyPsi,
  azurePsi,
  cumulativePsi,
  base2Js,
  evidentlyJs,
  cumulativeJs,
  rawWasserstein,
  evidentlyWasserstein,
  azureWasserstein,
  spreadWasserstein,
  decileHellinger,
  cumulativeHellinger,
];
