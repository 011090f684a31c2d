import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "uplot/dist/uPlot.min.css";
import "./main.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api.ts";
import { nonce } from "./nonce.ts";
import { router } from "./routes/router.ts";
import { cssVariables, theme } from "./ui/theme.ts";

/** Loaded after the page: nothing is told before something was done. */
const Notifications = lazy(async () => ({ default: (await import("@mantine/notifications")).Notifications }));

const root = document.getElementById("root");
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
        <Suspense fallback={null}>
          <Notifications position="bottom-right" />
        </Suspense>
      </MantineProvider>
    </StrictMode>,
  );
