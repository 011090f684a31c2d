import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import { quoted } from "./models-filter.ts";

/** What is said of a model as a whole: a page of models that holds it, or none when there is no such model. */
export const useModel = (name: string) =>
  useQuery(ask("listModelNames", { filter: `name = ${quoted(name)}`, pageSize: 1 }));
