import { useCallback, useEffect, useRef, useState } from "react";
import { type ChosenFile, placedFiles } from "./chosen-files.ts";
import { rateOf, type Sample, withSample } from "./rate.ts";
import { type Progress, type UploadedFile, uploadFiles } from "./upload-files.ts";

export interface UploadState {
  /** What is uploaded; undefined before something is chosen. */
  chosen: readonly ChosenFile[] | undefined;
  progress: Progress | undefined;
  /** Bytes a second. */
  rate: number | undefined;
  error: unknown;
  /** All bytes are on the server. */
  files: readonly UploadedFile[] | undefined;
}
const nothing: UploadState = {
  chosen: undefined,
  progress: undefined,
  rate: undefined,
  error: undefined,
  files: undefined,
};

/** Between two looks at the progress: a page need not be drawn for each packet. */
const pauseMs = 100;

/** An upload that this page shows: started when files are chosen, ended by `cancel` or when the page is left. */
export function useUpload() {
  const [state, setState] = useState(nothing);
  const running = useRef<AbortController>(undefined);
  const start = useCallback((chosen: readonly ChosenFile[]) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const set = (more: Partial<UploadState>) => {
      if (running.current === controller) setState((old) => ({ ...old, ...more }));
    };
    setState({ ...nothing, chosen });
    uploadFiles(placedFiles(chosen), { signal: controller.signal, tell: paced(set) }).then(
      (files) => set({ files, progress: undefined }),
      (error) => set({ error, progress: undefined }),
    );
  }, []);
  const cancel = useCallback(() => {
    running.current?.abort();
    running.current = undefined;
    setState(nothing);
  }, []);
  useEffect(() => () => running.current?.abort(), []);
  useLeaveWarning(state.progress !== undefined);
  return { ...state, start, cancel };
}

/** Tells progress with its rate, but not more often than a reader sees. */
function paced(set: (state: Partial<UploadState>) => void): (progress: Progress) => void {
  let samples: readonly Sample[] = [];
  let shownAt = 0;
  let shown: Progress | undefined;
  return (progress) => {
    const at = Date.now();
    const isNew = progress.doing !== shown?.doing || progress.waitMs !== shown?.waitMs;
    if (!isNew && at - shownAt < pauseMs) return;
    samples = withSample(progress.doing === shown?.doing ? samples : [], { at, done: progress.done });
    [shownAt, shown] = [at, progress];
    set({ progress, rate: rateOf(samples), error: undefined });
  };
}

/** The browser asks before a page is closed that still sends. */
function useLeaveWarning(isBusy: boolean) {
  useEffect(() => {
    if (!isBusy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isBusy]);
}
