import type { Preparation } from "../preparation.ts";
import { aboutDataset } from "./dataset-reference.ts";

export const getDataset: Preparation<"getDataset"> = aboutDataset;
