import { Badge } from "@mantine/core";
import { Link, Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { followEvents } from "../../live.ts";
import { loadPart } from "../../ui/load-part.ts";
import { Account } from "./account.tsx";
import { useKeys } from "./keys.ts";
import { places } from "./places.ts";
import { SearchButton } from "./search-button.tsx";
import type { Wish } from "./wish.ts";

const Search = lazy(() => loadPart(() => import("./search.tsx")));
const Help = lazy(() => loadPart(() => import("./help.tsx")));

/** What stands around every page: the four steps, search, who is signed in, and whether the page is live. */
export function Frame({ who }: { who: { name: string; role: string } }) {
  const [isLive, setLive] = useState(true);
  const [open, setOpen] = useState<"search" | "help">();
  const navigate = useNavigate();
  useEffect(() => followEvents(setLive), []);
  useHeadingFocus();
  const onWish = useCallback(
    (wish: Wish) => ("open" in wish ? setOpen(wish.open) : void navigate({ to: wish.to })),
    [navigate],
  );
  useKeys(places, onWish);
  return (
    <>
      <a className="shell-skip" href="#main">
        Skip to the content
      </a>
      <header className="shell-header">
        <div className="shell-bar">
          <Link to="/" className="shell-brand">
            <img src="/assets/icon.svg" width={22} height={22} alt="" />
            Modelyard
          </Link>
          <nav className="shell-steps" aria-label="Steps">
            {places.slice(0, -1).map(({ to, label }) => (
              <Link key={to} to={to} className="shell-step" activeOptions={{ exact: to === "/", includeSearch: false }}>
                {label}
              </Link>
            ))}
          </nav>
          <div className="shell-tools">
            {isLive ? null : (
              <Badge color="orange" role="status" style={{ flexShrink: 0 }}>
                Reconnecting
              </Badge>
            )}
            <SearchButton onOpen={() => setOpen("search")} />
            <Account who={who} onHelp={() => setOpen("help")} />
          </div>
        </div>
      </header>
      <main id="main" className="shell-main" tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense fallback={null}>
        {open === "search" ? <Search onClose={() => setOpen(undefined)} /> : null}
        {open === "help" ? <Help onClose={() => setOpen(undefined)} /> : null}
      </Suspense>
    </>
  );
}

/** After going to another page the focus is on its heading: who listens hears where they are, and Tab goes on from there. */
function useHeadingFocus(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
        if (fromLocation === undefined || !pathChanged) return;
        document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
      }),
    [router],
  );
}
