const names = [
  "CUDA_VISIBLE_DEVICES",
  "GLIBC_TUNABLES",
  "LD_LIBRARY_PATH",
  "MKL_DEBUG_CPU_TYPE",
  "MKL_ENABLE_INSTRUCTIONS",
  "NPY_DISABLE_CPU_FEATURES",
  "ONEDNN_MAX_CPU_ISA",
  "OPENBLAS_CORETYPE",
  "TZ",
];

/** The variables that numerical libraries need to run well, or at all, on this machine; everything else stays out of processes with models. */
export function machineEnvironment(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
