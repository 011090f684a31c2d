import { lazyRouteComponent } from "@tanstack/react-router";
import { loadPart } from "../ui/load-part.ts";

/** A page by its name in a module that is loaded when somebody goes there. */
export const lazyPage: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => loadPart(load), name);
